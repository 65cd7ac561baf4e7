// SPDX-License-Identifier: BSD-3-Clause
#include <sstream>
#include <string>

#include <fmt/format.h>

#include "core/units.hpp"
#include "frontends/cli/command.hpp"
#include "io/output_file.hpp"
#include "morphology/check.hpp"
#include "morphology/compartments.hpp"
#include "morphology/read.hpp"
#include "morphology/swc.hpp"
#include "morphology/synthesis.hpp"

namespace apical::cli {
namespace {

json::value number(double x) { return json::number(x); }

json::value document(const size_summary& s) {
    return json::object({{"name", json::text(s.name)}, {"sections", number(s.sections)}, {"points", number(s.points)}, {"stems", number(s.stems)},
                         {"tips", number(s.tips)}, {"bifurcations", number(s.bifurcations)}, {"max_order", number(s.max_order)},
                         {"length_um", number(s.length)}, {"area_um2", number(s.area)}, {"volume_um3", number(s.volume)},
                         {"mean_diameter_um", number(s.mean_diameter)}, {"longest_path_um", number(s.longest_path)}});
}

json::value problems_of(const std::vector<problem>& problems) {
    json::value list{.type = json::kind::array};
    for (const auto& p : problems)
        list.items.push_back(json::object({{"where", json::text(p.where)}, {"what", json::text(p.what)}, {"hint", json::text(p.hint)}}));
    return list;
}

/// A file, or "family/index" for a generated shape.
reading load(const std::string& name) {
    const auto slash = name.find('/');
    for (const auto family : cell_families()) {
        if (name.substr(0, slash) != name_of(family)) continue;
        const auto index = slash == name.npos ? std::string("0") : name.substr(slash + 1);
        if (index.empty() || index.find_first_not_of("0123456789") != index.npos || index.size() > 18)
            throw invalid_input(name, fmt::format("'{}' is not the number of a generated shape", index), "write it as l5_tufted_pyramidal/0");
        return {synthesise(family, std::stoull(index)), {}};
    }
    return read_morphology(name);
}

/// Counts of compartments by a rule, with the usual cable: 100 ohm cm, 1 uF/cm2.
struct cut {
    morphology shape;
    std::vector<int> counts;
    compartments tree;
};
cut cut_up(const morphology& shape, const std::string& rule) {
    const std::vector<cable_properties> cables(static_cast<std::size_t>(shape.size()));
    auto counts = compartment_counts(shape, parse_compartment_rule(rule), cables);
    auto tree = discretise(shape, counts, cables);
    return {shape, std::move(counts), std::move(tree)};
}

struct morphology_command {
    static constexpr auto name = "morphology", summary = "Look at a morphology file: sizes, what is suspicious in it, its compartments; or convert it";
    std::string file, action = "summary", out, rule = "d_lambda(0.1, 100 Hz)";
    bool replace = false;

    void bind(CLI::App& app) {
        app.add_option("FILE", file, "SWC or Neurolucida ASC file, or a generated shape such as l5_tufted_pyramidal/0")->required();
        app.add_option("ACTION", action, "summary, check, convert or compartments")
            ->capture_default_str()
            ->check(CLI::IsMember({"summary", "check", "convert", "compartments"}));
        app.add_option("--out", out, "convert: the SWC file to write");
        app.add_option("--rule", rule, "compartments: how finely to cut; for 100 ohm cm and 1 uF/cm2")->capture_default_str();
        app.add_flag("--overwrite", replace, "convert: replace the file if it is there");
    }

    int execute(const console& io) const {
        const auto read = load(file);
        for (const auto& w : read.warnings) io.remark("warning: " + w.text());
        if (action == "convert") return convert(read, io);
        if (action == "compartments") return list_compartments(read, io);
        return action == "check" ? list_problems(read, io) : summarise(read, io);
    }

    int summarise(const reading& read, const console& io) const {
        const auto r = check(read.shape);
        std::vector<std::vector<std::string>> rows{{"type", "sections", "points", "tips", "length [um]", "area [um2]", "mean diameter [um]", "longest path [um]"}};
        json::value types{.type = json::kind::array};
        const auto add_row = [&](const size_summary& s) {
            rows.push_back({s.name, fmt::format("{}", s.sections), fmt::format("{}", s.points), fmt::format("{}", s.tips), fmt::format("{:.1f}", s.length),
                            fmt::format("{:.1f}", s.area), fmt::format("{:.3f}", s.mean_diameter), fmt::format("{:.1f}", s.longest_path)});
        };
        for (const auto& s : r.types) {
            add_row(s);
            types.items.push_back(document(s));
        }
        add_row(r.all);
        auto text = columns(rows);
        if (!r.suspicious.empty()) text += fmt::format("\n{} suspicious: apical morphology {} check\n", r.suspicious.size(), file);
        io.result(json::object({{"file", json::text(file)}, {"types", types}, {"all", document(r.all)},
                                {"suspicious", number(static_cast<double>(r.suspicious.size()))}, {"warnings", problems_of(read.warnings)}}), text);
        return ok;
    }

    int list_problems(const reading& read, const console& io) const {
        const auto r = check(read.shape);
        std::vector<problem> all;
        for (const auto& s : r.suspicious) all.push_back({s.where, s.what, s.hint});
        io.result(json::object({{"file", json::text(file)}, {"all", document(r.all)}, {"suspicious", problems_of(all)},
                                {"warnings", problems_of(read.warnings)}}), r.text());
        return ok;
    }

    int convert(const reading& read, const console& io) const {
        if (out.empty()) throw CLI::RequiredError("convert: --out");
        std::ostringstream swc;
        write_swc(read.shape, swc);
        write_text(out, swc.str(), replace ? overwrite::yes : overwrite::no);
        io.result(json::object({{"file", json::text(out)}}), out + "\n");
        return ok;
    }

    int list_compartments(const reading& read, const console& io) const {
        const auto c = cut_up(read.shape, rule);
        std::vector<std::vector<std::string>> rows{{"section", "compartments", "length [um]", "area [um2]", "distance [um]"}};
        json::value sections{.type = json::kind::array};
        long total = 0;
        for (int s = 0; s < c.shape.size(); ++s) {
            const int n = c.counts[static_cast<std::size_t>(s)];
            total += n;
            const double distance = c.shape.distance({s, 0.5});
            rows.push_back({c.shape.name(s), fmt::format("{}", n), fmt::format("{:.2f}", c.shape.length(s)), fmt::format("{:.2f}", c.shape.area(s)), fmt::format("{:.2f}", distance)});
            sections.items.push_back(json::object({{"name", json::text(c.shape.name(s))}, {"compartments", number(n)}, {"length_um", number(c.shape.length(s))},
                                                   {"area_um2", number(c.shape.area(s))}, {"distance_um", number(distance)}}));
        }
        io.result(json::object({{"rule", json::text(rule)}, {"compartments", number(static_cast<double>(total))}, {"nodes", number(c.tree.size())}, {"sections", sections}}),
                  columns(rows) + fmt::format("\n{} compartments, {} nodes\n", total, c.tree.size()));
        return ok;
    }
};

}  // namespace

void add_morphology(CLI::App& program, const console& io, int& code) { add<morphology_command>(program, io, code); }

}  // namespace apical::cli
