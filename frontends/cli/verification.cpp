// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/cli/verification.hpp"

#include <cmath>

#include <fmt/format.h>

#include "frontends/cli/console.hpp"

namespace apical::cli {
namespace {

using rows = std::vector<std::vector<std::string>>;

json::value document(const verification::estimate& e) {
    return json::object({{"value", json::number(e.value)}, {"low", json::number(e.low)}, {"high", json::number(e.high)}});
}
/// "0.0123 (0.011 to 0.013)"
std::string words(const verification::estimate& e) {
    return std::isnan(e.value) ? "none" : fmt::format("{:.3g} ({:.3g} to {:.3g})", e.value, e.low, e.high);
}

rows spike_rows(const verification& v) {
    rows all{{"population", "cells", "spikes", "missed", "extra", "median [ms]", "95 % [ms]", "largest [ms]"}};
    for (const auto& p : v.populations)
        all.push_back({p.name, fmt::format("{}", p.cells), fmt::format("{}", p.spikes), fmt::format("{}", p.missed), fmt::format("{}", p.extra),
                       words(p.median), words(p.p95), words(p.largest)});
    return all;
}
rows probe_rows(const verification& v) {
    rows all{{"probe", "variable", "unit", "rms", "largest"}};
    for (const auto& p : v.probes) all.push_back({p.label, p.variable, p.unit, words(p.rms), words(p.largest)});
    return all;
}
html::table table_of(rows all, std::string title, std::string caption) {
    auto header = std::move(all.front());
    all.erase(all.begin());
    return {.title = std::move(title), .caption = std::move(caption), .header = std::move(header), .rows = std::move(all)};
}

/// What the run was compared with.
std::string refinements(const verification& v) {
    return std::isnan(v.max_error) ? fmt::format("in steps of {:g} and {:g} ms", v.dt/2, v.dt/4)
                                   : fmt::format("with errors of a step below {:g} and {:g} mV", v.max_error/10, v.max_error/100);
}

}  // namespace

json::value document(const verification& v) {
    json::value populations{.type = json::kind::array}, probes{.type = json::kind::array};
    for (const auto& p : v.populations)
        populations.items.push_back(json::object({{"name", json::text(p.name)}, {"cells", json::number(p.cells)}, {"spikes", json::number(p.spikes)},
                                                  {"missed", json::number(p.missed)}, {"extra", json::number(p.extra)},
                                                  {"median_error_ms", document(p.median)}, {"p95_error_ms", document(p.p95)},
                                                  {"largest_error_ms", document(p.largest)}}));
    for (const auto& p : v.probes)
        probes.items.push_back(json::object({{"label", json::text(p.label)}, {"variable", json::text(p.variable)}, {"unit", json::text(p.unit)},
                                             {"rms_error", document(p.rms)}, {"largest_error", document(p.largest)}}));
    return json::object({{"dt_ms", json::number(v.dt)}, {"until_ms", json::number(v.until)}, {"populations", populations}, {"probes", probes}});
}

std::string text(const verification& v) {
    auto out = fmt::format("\nerrors of spike times, from runs {}\n{}", refinements(v), columns(spike_rows(v)));
    if (!v.probes.empty()) out += "\nerrors of probes\n" + columns(probe_rows(v));
    return out;
}

std::vector<html::figure> tables(const verification& v) {
    std::vector<html::figure> all{table_of(spike_rows(v), "Errors of spike times",
                                           fmt::format("Some cells were run again {} on the same inputs. In brackets: the bounds.", refinements(v)))};
    if (!v.probes.empty()) all.push_back(table_of(probe_rows(v), "Errors of probes", "Over all samples of the same cells."));
    return all;
}

}  // namespace apical::cli
