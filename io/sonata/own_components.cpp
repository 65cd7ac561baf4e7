// SPDX-License-Identifier: BSD-3-Clause
#include "io/sonata/own_components.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "core/error.hpp"
#include "io/output_file.hpp"
#include "morphology/read.hpp"

namespace apical::sonata {
namespace {

constexpr std::array ions{ion::na, ion::k, ion::ca, ion::cl};

/// A value of a component's file, which knows where it stands.
class entry {
public:
    entry(const json::value& v, std::string file, std::string path) : v_(v), file_(std::move(file)), path_(std::move(path)) {}

    std::string where() const { return fmt::format("{}:{} {}", file_, v_.line, path_); }
    [[noreturn]] void fail(const std::string& what, const std::string& hint = {}) const { throw invalid_input(where(), what, hint); }
    const json::value& of(json::kind k) const {
        if (v_.type != k) fail(fmt::format("is {}, expected {}", json::name_of(v_.type), json::name_of(k)));
        return v_;
    }
    bool is(json::kind k) const { return v_.type == k; }
    std::optional<entry> find(std::string_view name) const {
        const auto* m = of(json::kind::object).find(name);
        return m ? std::optional(entry(*m, file_, fmt::format("{}/{}", path_, name))) : std::nullopt;
    }
    entry need(std::string_view name) const {
        auto m = find(name);
        if (!m) fail(fmt::format("needs '{}'", name));
        return *m;
    }
    std::vector<entry> items() const {
        std::vector<entry> all;
        for (std::size_t i = 0; i < of(json::kind::array).items.size(); ++i) all.emplace_back(v_.items[i], file_, fmt::format("{}/{}", path_, i));
        return all;
    }
    std::vector<std::pair<std::string, entry>> members() const {
        std::vector<std::pair<std::string, entry>> all;
        for (const auto& [name, m] : of(json::kind::object).members) all.emplace_back(name, entry(m, file_, fmt::format("{}/{}", path_, name)));
        return all;
    }
    const std::string& text() const { return of(json::kind::text).text; }
    bool truth() const { return of(json::kind::boolean).boolean; }
    double number() const { return of(json::kind::number).number; }
    int whole(int low, int high) const {
        const double x = number();
        if (!(x >= low && x <= high && x == std::floor(x))) fail(fmt::format("is {}, expected a whole number from {} to {}", x, low, high));
        return static_cast<int>(x);
    }
    any_quantity quantity() const {
        try {
            return parse_quantity(text());
        } catch (const error& e) {
            fail(e.what());
        }
    }
    template <class Q> Q as() const { return Q::coherent(coherent(Q{})); }

private:
    template <dimension D> double coherent(apical::quantity<D>) const {
        const auto q = quantity();
        if (q.dimension != D) fail(fmt::format("is {}, expected a quantity in [{}]", text(), customary_unit(D)));
        return q.value;
    }
    const json::value& v_;
    std::string file_, path_;
};

/// Reads a file of which `read` makes something.
template <class F> auto read_file(const std::filesystem::path& file, const F& read) {
    constexpr std::size_t most_bytes = std::size_t{256} << 20;
    const auto document = json::parse(read_text(file, most_bytes), file.string());
    return read(entry(document, file.string(), ""));
}

json::value text_of(any_quantity q) { return json::text(exact_text(q)); }

json::value parameters_of(const std::map<std::string, any_quantity>& all) {
    auto o = json::object({});
    for (const auto& [name, q] : all) o.members.emplace_back(name, text_of(q));
    return o;
}
std::map<std::string, any_quantity> read_parameters(const std::optional<entry>& from) {
    std::map<std::string, any_quantity> all;
    if (from)
        for (const auto& [name, m] : from->members()) all[name] = m.quantity();
    return all;
}

// ---- values that are drawn

constexpr std::array kinds{"constant", "uniform", "normal", "lognormal"};

json::value random_of(const random_value& v) {
    if (v.of == random_value::kind::constant) return text_of(v.mean);
    auto o = json::object({{"of", json::text(kinds[static_cast<std::size_t>(v.of)])}, {"mean", text_of(v.mean)}, {"spread", text_of(v.spread)}});
    if (v.low) o.members.emplace_back("low", text_of(*v.low));
    if (v.high) o.members.emplace_back("high", text_of(*v.high));
    return o;
}
random_value read_random(const entry& e) {
    if (e.is(json::kind::text)) return e.quantity();
    const auto of = e.need("of");
    const auto known = std::ranges::find(kinds, of.text());
    if (known == kinds.end()) of.fail(fmt::format("'{}' is no distribution", of.text()), "uniform, normal and lognormal are known");
    random_value v(static_cast<random_value::kind>(known - kinds.begin()), e.need("mean").quantity(), e.need("spread").quantity());
    if (const auto m = e.find("low")) v.low = m->quantity();
    if (const auto m = e.find("high")) v.high = m->quantity();
    return v;
}

// ---- learning

json::value learning_of(const learning& l) {
    const auto bound = [](double x) { return std::isfinite(x) ? json::number(x) : json::value{}; };
    auto o = json::object({{"rule", json::text(l.rule)}, {"parameters", parameters_of(l.parameters)}, {"bounds", json::array({bound(l.low), bound(l.high)})}});
    const auto add = [&](const char* name, json::value v) { o.members.emplace_back(name, std::move(v)); };
    if (!l.published.empty()) add("published", json::text(l.published));
    if (l.unit) add("unit", text_of(*l.unit));
    add("interval", json::text(exact_text(l.interval))), add("start", json::text(exact_text(l.start))), add("stop", json::text(exact_text(l.stop)));
    if (!l.region.empty()) add("region", json::text(l.region));
    add("prediction_gain", json::number(l.prediction_gain)), add("prediction_rest", json::text(exact_text(l.prediction_rest)));
    if (!l.apical_at.empty()) add("apical_at", json::text(l.apical_at));
    if (l.total) add("total", json::number(*l.total)), add("total_interval", json::text(exact_text(l.total_interval)));
    return o;
}
learning read_learning(const entry& e) {
    learning l{.rule = e.need("rule").text(), .parameters = read_parameters(e.find("parameters"))};
    if (const auto m = e.find("published")) l.published = m->text();
    if (const auto m = e.find("unit")) l.unit = m->quantity();
    if (const auto m = e.find("bounds")) {
        const auto two = m->items();
        if (two.size() != 2) m->fail(fmt::format("has {} numbers", two.size()), "the lowest and the highest weight, null for none");
        l.low = two[0].is(json::kind::null) ? -std::numeric_limits<double>::infinity() : two[0].number();
        if (!two[1].is(json::kind::null)) l.high = two[1].number();
    }
    const auto time = [&](const char* name, duration& to) {
        if (const auto m = e.find(name)) to = m->as<duration>();
    };
    time("interval", l.interval), time("start", l.start), time("stop", l.stop), time("total_interval", l.total_interval);
    if (const auto m = e.find("region")) l.region = m->text();
    if (const auto m = e.find("prediction_gain")) l.prediction_gain = m->number();
    if (const auto m = e.find("prediction_rest")) l.prediction_rest = m->as<voltage>();
    if (const auto m = e.find("apical_at")) l.apical_at = m->text();
    if (const auto m = e.find("total")) l.total = m->number();
    return l;
}

// ---- cells

/// Values of a function at the compartments of a region, section by section; null elsewhere, where it may have none.
json::value values_of(const spatial_value::function& f, const cell& c, const compartments& tree, const std::string& region) {
    const auto inside = parse_region(region).bound_to(c.shape());
    auto all = json::array({});
    for (int s = 0; s < c.shape().size(); ++s) {
        auto list = json::array({});
        for (int k = 0; k < tree.count[static_cast<std::size_t>(s)]; ++k) {
            const auto& node = tree.nodes[static_cast<std::size_t>(tree.first[static_cast<std::size_t>(s)] + k)];
            const auto here = apical::at(c.shape(), {s, node.x});
            list.items.push_back(inside.contains(here) ? json::number(f(here)) : json::value{});
        }
        all.items.push_back(std::move(list));
    }
    return json::object({{"values", std::move(all)}});
}

/// What a painting is written with.
struct painting_place {
    const cell& whose;
    const compartments& tree;
    const std::string& region;
};

json::value spatial_of(const spatial_value& v, const painting_place& at) {
    if (const auto* q = std::get_if<any_quantity>(&v.value())) return text_of(*q);
    if (const auto* text = std::get_if<std::string>(&v.value())) return json::object({{"expression", json::text(*text)}});
    return values_of(std::get<spatial_value::function>(v.value()), at.whose, at.tree, at.region);
}
spatial_value read_spatial(const entry& e) {
    if (e.is(json::kind::text)) return e.quantity();
    const auto values = e.find("values");
    if (!values) return e.need("expression").text();
    std::vector<std::vector<double>> table;
    for (const auto& section : values->items()) {
        table.emplace_back();
        for (const auto& x : section.items()) table.back().push_back(x.is(json::kind::null) ? std::nan("") : x.number());
    }
    return spatial_value::function([table = std::move(table)](const place& p) {
        if (p.section >= std::ssize(table) || table[static_cast<std::size_t>(p.section)].empty()) return std::nan("");
        const auto& here = table[static_cast<std::size_t>(p.section)];
        return here[std::min(static_cast<std::size_t>(p.x*static_cast<double>(here.size())), here.size() - 1)];
    });
}

json::value painted(const mechanism& m, const painting_place& at) {
    auto parameters = json::object({});
    for (const auto& [name, v] : m.parameters) parameters.members.emplace_back(name, spatial_of(v, at));
    return json::object({{"mechanism", json::text(m.name)}, {"parameters", parameters}});
}
json::value painted(const cable& c, const painting_place& at) {
    return json::object({{"capacitance", spatial_of(c.capacitance, at)}, {"resistivity", json::text(exact_text(c.resistivity))}});
}
json::value painted(const ion_setting& s, const painting_place&) {
    return json::object({{"ion", json::text(ion_name(s.ion))}, {"e_rev", json::text(exact_text(s.e_rev))}, {"c_in", json::text(exact_text(s.c_in))}, {"c_out", json::text(exact_text(s.c_out))}});
}

void read_painting(const entry& e, cell& c) {
    const auto& region = e.need("region").text();
    if (const auto name = e.find("mechanism")) {
        mechanism m{name->text(), {}};
        if (const auto parameters = e.find("parameters"))
            for (const auto& [parameter, v] : parameters->members()) m.parameters.emplace(parameter, read_spatial(v));
        c.paint(region, std::move(m));
    } else if (const auto which = e.find("ion")) {
        const auto known = std::ranges::find_if(ions, [&](ion i) { return ion_name(i) == which->text(); });
        if (known == ions.end()) which->fail(fmt::format("'{}' is no ion", which->text()), "na, k, ca and cl are known");
        c.paint(region, ion_setting{*known, e.need("e_rev").as<voltage>(), e.need("c_in").as<concentration>(), e.need("c_out").as<concentration>()});
    } else {
        c.paint(region, cable{read_spatial(e.need("capacitance")), e.need("resistivity").as<quantity<dimensions::resistivity>>()});
    }
}

json::value sections_of(const morphology& shape) {
    auto list = json::array({});
    for (const auto& s : shape.sections()) {
        auto points = json::array({});
        for (const auto& p : s.points) points.items.push_back(json::array({json::number(p.x), json::number(p.y), json::number(p.z), json::number(p.diameter)}));
        list.items.push_back(json::object({{"type", json::number(static_cast<int>(s.type))}, {"parent", json::number(s.parent)}, {"parent_x", json::number(s.parent_x)}, {"points", points}}));
    }
    return list;
}
morphology read_sections(const entry& list) {
    morphology shape;
    for (const auto& e : list.items()) {
        section s{.type = static_cast<section_type>(e.need("type").whole(-1000000, 1000000)), .parent = e.need("parent").whole(-1, 1 << 30), .parent_x = e.need("parent_x").number()};
        for (const auto& p : e.need("points").items()) {
            const auto xyzd = p.items();
            if (xyzd.size() != 4) p.fail(fmt::format("has {} numbers", xyzd.size()), "x, y, z and diameter [um] are expected");
            s.points.push_back({xyzd[0].number(), xyzd[1].number(), xyzd[2].number(), xyzd[3].number()});
        }
        try {
            shape.add(std::move(s));
        } catch (const invalid_model& wrong) {
            e.fail(wrong.what());
        }
    }
    return shape;
}

biophysical_cell cell_in(const entry& e, const std::filesystem::path& morphology_file, axon_place axon) {
    std::vector<problem> warnings;
    morphology shape;
    if (const auto sections = e.find("sections")) {
        shape = read_sections(*sections);
    } else {
        auto read = read_morphology(morphology_file);
        shape = std::move(read.shape), warnings = std::move(read.warnings);
    }
    const auto list = e.need("compartments");
    std::vector<int> counts;
    for (const auto& n : list.items()) counts.push_back(n.whole(1, 32767));
    if (std::ssize(counts) != shape.size()) list.fail(fmt::format("has {} numbers for {} sections", counts.size(), shape.size()));
    biophysical_cell made{cell(std::move(shape), explicit_counts{counts}), {}, {}, std::move(warnings), {}};
    if (const auto v = e.find("v_init")) made.cell.start_at(v->as<voltage>());
    for (const auto& p : e.need("paint").items()) read_painting(p, made.cell);
    made.sections = section_numbers(made.cell.shape(), axon);
    for (const int s : made.sections) made.compartments.push_back(counts[static_cast<std::size_t>(s)]);
    return made;
}

}  // namespace

std::string exact_text(any_quantity q) {
    if (auto text = to_text(q); parse_quantity(text).value == q.value) return text;
    // in coherent units, whose factors are 1
    auto text = fmt::format("{}", q.value);
    const auto append = [&](std::string_view unit, int power) {
        if (power) text += power == 1 ? fmt::format(" {}", unit) : fmt::format(" {}^{}", unit, power);
    };
    const auto& d = q.dimension;
    append("um", d.length), append("ms", d.time), append("mV", d.voltage), append("nA", d.current), append("amol", d.amount), append("K", d.temperature);
    return text;
}

json::value cell_component(const cell& c, const compartments& tree, bool swc_holds_all) {
    auto counts = json::array({}), paintings = json::array({});
    for (const int n : tree.count) counts.items.push_back(json::number(n));
    for (const auto& p : c.paintings()) {
        auto what = std::visit([&](const auto& x) { return painted(x, painting_place{c, tree, p.region}); }, p.what);
        what.members.insert(what.members.begin(), {"region", json::text(p.region)});
        paintings.items.push_back(std::move(what));
    }
    auto o = json::object({});
    if (c.has_v_init()) o.members.emplace_back("v_init", json::text(exact_text(c.v_init())));
    o.members.emplace_back("paint", std::move(paintings));
    o.members.emplace_back("compartments", std::move(counts));
    if (!swc_holds_all) o.members.emplace_back("sections", sections_of(c.shape()));
    return o;
}

biophysical_cell read_cell_component(const std::filesystem::path& file, const std::filesystem::path& morphology_file) {
    return read_file(file, [&](const entry& e) { return cell_in(e, morphology_file, axon_place::second); });
}

std::optional<biophysical_cell> read_embedded_cell(const std::filesystem::path& file, const std::filesystem::path& morphology_file) {
    return read_file(file, [&](const entry& e) -> std::optional<biophysical_cell> {
        const auto own = e.is(json::kind::object) ? e.find("apical") : std::nullopt;
        return own ? std::optional(cell_in(*own, morphology_file, axon_place::last)) : std::nullopt;
    });
}

json::value neuron_component(const population& p) {
    auto o = json::object({{"compartments", json::number(p.cell.shape().size())}, {"parameters", parameters_of(p.cell.point()->parameters)}});
    if (p.cell.has_v_init()) o.members.emplace_back("v_init", json::text(exact_text(p.cell.v_init())));
    if (p.start) o.members.emplace_back("start", random_of(*p.start));
    return o;
}

point_component read_neuron_component(const std::filesystem::path& file, const std::string& name) {
    return read_file(file, [&](const entry& e) {
        point_component made{cell(neuron{name, read_parameters(e.find("parameters"))}, e.need("compartments").whole(1, 1000)), {}};
        if (const auto v = e.find("v_init")) made.cell.start_at(v->as<voltage>());
        if (const auto s = e.find("start")) made.start = read_random(*s);
        return made;
    });
}

json::value to_component(const projection_component& p) {
    auto o = json::object({{"projection", json::text(p.projection)}, {"order", json::number(p.order)}, {"receptor", json::text(p.receptor)}, {"parameters", parameters_of(p.parameters)},
                           {"weight_unit", text_of(p.weight_unit)}});
    if (p.short_term) {
        auto s = json::object({{"use", random_of(p.short_term->use)}, {"tau_recovery", random_of(p.short_term->tau_recovery)},
                               {"tau_facilitation", random_of(p.short_term->tau_facilitation)}, {"vesicles", json::number(p.short_term->vesicles)}});
        if (p.short_term->model != short_term_plasticity{}.model) s.members.emplace_back("model", json::text(p.short_term->model));
        auto others = json::object({});
        for (const auto& [name, value] : p.short_term->parameters) others.members.emplace_back(name, random_of(value));
        if (!others.members.empty()) s.members.emplace_back("parameters", std::move(others));
        if (p.lists_release) s.members.emplace_back("listed", json::boolean(true));
        o.members.emplace_back("short_term", std::move(s));
    }
    if (p.spontaneous_depletes) o.members.emplace_back("spontaneous_depletes", json::boolean(true));
    if (p.spontaneous.coherent() != 0) o.members.emplace_back("spontaneous", json::text(exact_text(p.spontaneous)));
    if (p.learns) o.members.emplace_back("learning", learning_of(*p.learns));
    if (!p.at.empty()) o.members.emplace_back("at", json::text(p.at));
    return o;
}

std::optional<projection_component> read_projection_component(const std::filesystem::path& file) {
    return read_file(file, [](const entry& whole) -> std::optional<projection_component> {
        const auto beside = whole.find("apical");
        if (!beside && !whole.find("projection")) return std::nullopt;
        const auto& e = beside ? *beside : whole;
        projection_component p{.projection = e.need("projection").text(), .order = e.need("order").whole(0, 1 << 30), .receptor = e.need("receptor").text()};
        p.parameters = read_parameters(e.find("parameters"));
        p.weight_unit = e.need("weight_unit").quantity();
        if (const auto s = e.find("short_term")) {
            p.short_term = short_term_plasticity{read_random(s->need("use")), read_random(s->need("tau_recovery")), read_random(s->need("tau_facilitation")), s->need("vesicles").whole(0, 1000)};
            if (const auto model = s->find("model")) p.short_term->model = model->text();
            if (const auto others = s->find("parameters"))
                for (const auto& [name, m] : others->members()) p.short_term->parameters.emplace(name, read_random(m));
            if (const auto listed = s->find("listed")) p.lists_release = listed->truth();
        }
        if (const auto depletes = e.find("spontaneous_depletes")) p.spontaneous_depletes = depletes->truth();
        if (const auto s = e.find("spontaneous")) p.spontaneous = s->as<quantity<dimensions::rate>>();
        if (const auto l = e.find("learning")) p.learns = read_learning(*l);
        if (const auto at = e.find("at")) p.at = at->text();
        return p;
    });
}

}  // namespace apical::sonata
