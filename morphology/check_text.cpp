// SPDX-License-Identifier: BSD-3-Clause
#include <map>

#include <fmt/format.h>

#include "morphology/check.hpp"

namespace apical {
namespace {

constexpr int shown_of_a_kind = 5;

std::string_view description(soma_form form) {
    switch (form) {
        case soma_form::none: return "none";
        case soma_form::sphere: return "sphere (a cylinder as long as wide)";
        case soma_form::contour: return "outline (21 points along its long axis)";
        case soma_form::frusta: return "stack of frusta";
        case soma_form::several_sections: return "several sections";
    }
    return "";
}

std::string sizes(const morphology_report& r) {
    auto text = fmt::format("{:<8}{:>9}{:>8}{:>7}{:>6}{:>7}{:>10}{:>11}{:>12}{:>12}{:>8}{:>8}{:>10}\n", "type", "sections",
                            "points", "stems", "tips", "bifs", "max order", "length um", "area um2", "volume um3", "diam",
                            "taper", "path um");
    const auto row = [&](const size_summary& s) {
        text += fmt::format("{:<8}{:>9}{:>8}{:>7}{:>6}{:>7}{:>10}", s.name, s.sections, s.points, s.stems, s.tips,
                            s.bifurcations, s.max_order);
        text += fmt::format("{:>11.1f}{:>12.1f}{:>12.1f}{:>8.3f}{:>8.3f}{:>10.2f}\n", s.length, s.area, s.volume,
                            s.mean_diameter, s.taper, s.longest_path);
    };
    for (const auto& type : r.types) row(type);
    row(r.all);
    return text;
}

std::string profile(const morphology_report& r) {
    if (r.diameters.empty()) return {};
    auto text = fmt::format("\n{:<8}{:>14}{:>11}{:>8}\n", "type", "path um", "length um", "diam");
    for (const auto& bin : r.diameters) {
        const auto range = fmt::format("{:.0f}-{:.0f}", bin.from, bin.to);
        text += fmt::format("{:<8}{:>14}{:>11.1f}{:>8.3f}\n", bin.name, range, bin.length, bin.mean_diameter);
    }
    return text;
}

std::string suspicions(const morphology_report& r) {
    if (r.suspicious.empty()) return "\nnothing suspicious\n";
    auto text = fmt::format("\nsuspicious ({}):\n", r.suspicious.size());
    std::map<suspicion, int> seen;
    for (const auto& s : r.suspicious) {
        if (++seen[s.kind] <= shown_of_a_kind) text += fmt::format("  {}: {}; {}\n", s.where, s.what, s.hint);
    }
    int hidden = 0;
    for (const auto& [kind, n] : seen) hidden += n > shown_of_a_kind ? n - shown_of_a_kind : 0;
    if (hidden > 0) text += fmt::format("  and {} more like these\n", hidden);
    return text;
}

}  // namespace

std::string morphology_report::text() const {
    auto text = sizes(*this) + fmt::format("\nsoma: {}\n", description(soma));
    if (harmless_repeats > 0) text += fmt::format("points drawn twice, without effect: {}\n", harmless_repeats);
    return text + profile(*this) + suspicions(*this);
}

}  // namespace apical
