// SPDX-License-Identifier: BSD-3-Clause
#include "io/sonata/own_extension.hpp"

#include <fmt/format.h>

#include "io/experiment_build.hpp"
#include "io/output_file.hpp"
#include "io/sonata/own_components.hpp"

namespace apical::sonata {
namespace {

using members = std::vector<std::pair<std::string, json::value>>;

template <dimension D> json::value text_of(quantity<D> q) { return json::text(exact_text(q)); }

json::value whole(std::uint64_t n) {
    auto v = json::number(static_cast<double>(n));
    v.text = fmt::format("{}", n);
    return v;
}

members on(const target& t) {
    members m{{"population", json::text(t.population)}};
    if (t.at != target{}.at) m.emplace_back("at", json::text(t.at));
    if (!t.cells.empty()) {
        auto cells = json::array({});
        for (const int c : t.cells) cells.items.push_back(json::number(c));
        m.emplace_back("cells", std::move(cells));
    }
    return m;
}

json::value joined(members first, members more) {
    first.insert(first.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
    return json::object(std::move(first));
}

members source(const step_current& s) { return {{"type", json::text("step")}, {"delay", text_of(s.delay)}, {"duration", text_of(s.duration)}, {"amplitude", text_of(s.amplitude)}}; }
members source(const ramp_current& s) {
    return {{"type", json::text("ramp")}, {"delay", text_of(s.delay)}, {"duration", text_of(s.duration)}, {"from", text_of(s.from)}, {"to", text_of(s.to)}};
}
members source(const noise_current& s) {
    return {{"type", json::text("noise")}, {"delay", text_of(s.delay)}, {"duration", text_of(s.duration)}, {"mean", text_of(s.mean)}, {"sd", text_of(s.sd)}, {"tau", text_of(s.tau)},
            {"stream", whole(s.stream)}};
}
members source(const waveform_current& s) {
    auto points = json::array({});
    for (std::size_t i = 0; i < s.times_ms.size(); ++i)
        points.items.push_back(json::object({{"time", text_of(duration::coherent(s.times_ms[i]))}, {"current", text_of(current::coherent(s.values_nA[i]))}}));
    return {{"type", json::text("waveform")}, {"points", std::move(points)}};
}
members source(const epsp_current& s) {
    return {{"type", json::text("epsp")}, {"onset", text_of(s.onset)}, {"peak", text_of(s.peak)}, {"tau_rise", text_of(s.tau_rise)}, {"tau_decay", text_of(s.tau_decay)}};
}

json::value stimuli_of(const circuit& c) {
    auto list = json::array({});
    for (const auto& i : c.injections) list.items.push_back(joined(std::visit([](const auto& s) { return source(s); }, i.source), on(i.on)));
    for (const auto& v : c.clamps) {
        auto levels = json::array({});
        for (const auto& [from, level] : v.levels) levels.items.push_back(json::object({{"from", text_of(from)}, {"voltage", text_of(level)}}));
        list.items.push_back(joined({{"type", json::text("voltage_clamp")}, {"levels", std::move(levels)}, {"stop", text_of(v.stop)}, {"series", text_of(v.series)}}, on(v.on)));
    }
    return list;
}

json::value receptors_of(const circuit& c) {
    auto list = json::array({});
    for (const auto& r : c.receptors) {
        members parameters;
        for (const auto& [name, q] : r.parameters) parameters.emplace_back(name, json::text(exact_text(q)));
        list.items.push_back(joined(joined({{"label", json::text(r.label)}, {"receptor", json::text(r.name)}}, on(r.on)).members, std::move(parameters)));
    }
    return list;
}

json::value trains_of(const circuit& c) {
    auto list = json::array({});
    for (const auto& t : c.spike_trains) {
        auto times = json::array({});
        for (const double x : t.times_ms) times.items.push_back(text_of(duration::coherent(x)));
        list.items.push_back(json::object({{"onto", json::text(t.receptor)}, {"times", std::move(times)}, {"weight", json::text(exact_text(t.weight.quantity()))}, {"delay", text_of(t.delay)}}));
    }
    return list;
}

json::value poisson_of(const circuit& c) {
    auto list = json::array({});
    for (const auto& t : c.poisson_trains)
        list.items.push_back(json::object({{"onto", json::text(t.receptor)}, {"rate", text_of(t.rate)}, {"weight", json::text(exact_text(t.weight.quantity()))}, {"start", text_of(t.start)},
                                           {"duration", text_of(t.duration)}, {"stream", whole(t.stream)}}));
    return list;
}

json::value gaps_of(const circuit& c) {
    auto list = json::array({});
    const auto end = [](const gap_junction::end& e) {
        return json::object({{"population", json::text(e.population)}, {"cell", json::number(e.cell)}, {"at", json::text(e.at)}});
    };
    for (const auto& g : c.gap_junctions) list.items.push_back(json::object({{"a", end(g.a)}, {"b", end(g.b)}, {"conductance", text_of(g.conductance)}}));
    return list;
}

json::value probes_of(const circuit& c) {
    auto list = json::array({});
    for (const auto& p : c.probes)
        list.items.push_back(joined({{"label", json::text(p.label)}, {"variable", json::text(p.variable)}, {"interval", text_of(p.interval)}, {"start", text_of(p.start)}}, on(p.on)));
    return list;
}

json::value detectors_of(const circuit& c) {
    auto list = json::array({});
    for (const auto& d : c.detectors) list.items.push_back(joined({{"threshold", text_of(d.threshold)}}, on(d.on)));
    return list;
}

json::value meters_of(const circuit& c) {
    auto list = json::array({});
    for (const auto& m : c.meters)
        list.items.push_back(json::object({{"label", json::text(m.label)}, {"population", json::text(m.population)}, {"start", text_of(m.start)}, {"stop", text_of(m.stop)}, {"rest", text_of(m.rest)},
                                           {"interval", text_of(m.interval)}}));
    return list;
}

members effect_of(const modulator_effect& e) {
    members m{{"parameter", json::text(e.parameter)}, {"scale", json::number(e.scale)}, {"half", json::number(e.half)}, {"hill", json::number(e.hill)},
              {"tau_on", text_of(e.tau_on)}, {"tau_off", text_of(e.tau_off)}, {"interval", text_of(e.interval)}};
    const auto add = [&](const char* name, const std::string& text) {
        if (!text.empty()) m.emplace_back(name, json::text(text));
    };
    add("population", e.population), add("projection", e.projection), add("at", e.at), add("mechanism", e.mechanism);
    if (e.shift) m.emplace_back("shift", json::text(exact_text(*e.shift)));
    return m;
}

json::value modulators_of(const circuit& c) {
    auto list = json::array({});
    for (const auto& m : c.modulators) {
        auto releases = json::array({}), sources = json::array({}), effects = json::array({});
        for (const auto& [at, amount] : m.releases) releases.items.push_back(json::object({{"at", text_of(duration::coherent(at))}, {"amount", json::number(amount)}}));
        for (const auto& s : m.sources)
            sources.items.push_back(json::object({{"population", json::text(s.population)}, {"amount", json::number(s.amount)}, {"delay", text_of(s.delay)}}));
        for (const auto& e : m.effects) effects.items.push_back(json::object(effect_of(e)));
        list.items.push_back(json::object({{"name", json::text(m.name)}, {"region", json::text(m.region)}, {"tau", text_of(m.tau)}, {"baseline", json::number(m.baseline)},
                                           {"releases", std::move(releases)}, {"sources", std::move(sources)}, {"effects", std::move(effects)}}));
    }
    return list;
}

json::value weights_of(const circuit& c) {
    auto list = json::array({});
    for (const auto& w : c.weight_probes)
        list.items.push_back(json::object({{"label", json::text(w.label)}, {"projection", json::text(w.projection)}, {"interval", text_of(w.interval)}, {"start", text_of(w.start)}}));
    return list;
}

json::value run_of(const run_options& o, duration until) {
    return json::object({{"until", text_of(until)}, {"dt", text_of(o.dt)}, {"scheme", json::text(name_of(o.scheme))}, {"max_change", text_of(o.max_change)}, {"max_error", text_of(o.max_error)},
                         {"rates", json::text(name_of(o.rates))}, {"temperature", text_of(o.temperature)}, {"constants", json::text(name_of(o.constants))}, {"seed", whole(o.seed)},
                         {"neurons", json::text(name_of(o.neurons))}, {"tolerance", json::number(o.tolerance)}, {"steps_per_input", json::number(o.steps_per_input)},
                         {"gap_tolerance", text_of(o.gap_tolerance)}});
}

}  // namespace

json::value extension_of(const circuit& c, const run_options& run, duration until) {
    members all{{"run", run_of(run, until)}};
    const auto add = [&](const char* name, json::value list) {
        if (!list.items.empty()) all.emplace_back(name, std::move(list));
    };
    add("stimuli", stimuli_of(c)), add("receptors", receptors_of(c)), add("spike_trains", trains_of(c)), add("poisson_trains", poisson_of(c));
    add("gap_junctions", gaps_of(c)), add("probes", probes_of(c)), add("energy", meters_of(c));
    add("modulators", modulators_of(c)), add("weights", weights_of(c));
    all.emplace_back("detectors", detectors_of(c));
    return json::object(std::move(all));
}

void read_extension(const std::filesystem::path& file, circuit& to, run_options& run) {
    const auto document = json::parse(read_text(file), file.string());
    apical::findings found;
    const auto fields = json::read<experiment_file::experiment_fields>(document, file.string(), found);
    for (const auto* name : {"cells", "populations", "projections", "spike_sources", "protocol", "output"})
        if (const auto* m = document.find(name)) found.add(fmt::format("{}:{} /{}", file.string(), m->line, name), "belongs to the files of nodes and edges, or to the configuration");
    found.throw_if_any<invalid_input>();
    experiment_file::builder b{.file = fields, .folder = file.parent_path(), .found = found};
    b.out.model.populations = to.populations, b.out.until = fields.run.value.until.value_or(duration{});
    // what modulators and probes of weights may name
    for (const auto& s : to.spike_sources) b.out.model.spike_sources.push_back({.name = s.name, .size = s.size});
    for (const auto& p : to.projections) b.out.model.projections.push_back({.name = p.name, .learns = p.learns});
    experiment_file::build_inputs(b);
    experiment_file::build_connections(b);
    experiment_file::build_learning(b);
    experiment_file::build_meters(b);
    found.throw_if_any<invalid_input>();
    const auto take = [](auto& list, auto& more) { list.insert(list.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end())); };
    auto& m = b.out.model;
    take(to.injections, m.injections), take(to.clamps, m.clamps), take(to.receptors, m.receptors), take(to.spike_trains, m.spike_trains), take(to.poisson_trains, m.poisson_trains);
    take(to.gap_junctions, m.gap_junctions), take(to.probes, m.probes), take(to.meters, m.meters), take(to.modulators, m.modulators), take(to.weight_probes, m.weight_probes);
    to.detectors = std::move(m.detectors);
    auto options = fields.run.value.options;
    options.threads = run.threads, options.ranks = run.ranks, options.lanes = run.lanes;
    run = options;
}

}  // namespace apical::sonata
