// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/cli/planned_model.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

#include <fmt/format.h>

#include "core/quantity_text.hpp"
#include "frontends/cli/command.hpp"
#include "io/experiment.hpp"
#include "io/json.hpp"
#include "io/output_file.hpp"
#include "io/sonata/build_circuit.hpp"
#include "models/circuit_model.hpp"

namespace apical::cli {
namespace {

duration time_in(const std::string& text, const char* option) { return duration::coherent(parse_as(text, dimensions::time, option)); }

described_model ready(const named_model& w) {
    const auto chosen = models::circuit_named(w.name);
    described_model m{models::build_circuit(w.name, option_values(w.set, w.scale)), {}, time_in(w.time.empty() ? "1 s" : w.time, "--time")};
    m.run.dt = w.dt.empty() ? chosen.dt : time_in(w.dt, "--dt"), m.run.temperature = chosen.temperature, m.run.seed = w.seed;
    return m;
}

/// SONATA's configurations say where nodes and edges are.
bool is_sonata(const std::string& file) {
    const auto top = json::parse(read_text(file), file);
    return std::ranges::any_of(std::initializer_list<const char*>{"network", "networks", "manifest", "components"}, [&](const char* name) { return top.find(name) != nullptr; });
}

described_model sonata_circuit(const std::string& file) {
    sonata::findings found;
    const auto files = std::make_shared<const sonata::circuit_files>(sonata::read_circuit(file, found));
    found.throw_if_errors();
    auto built = sonata::build_circuit(files, {}, found);
    found.throw_if_errors();
    return {std::move(built.model), built.run, built.until};
}

}  // namespace

std::map<std::string, std::string> option_values(const std::vector<std::string>& set, const std::string& scale) {
    std::map<std::string, std::string> all;
    for (const auto& s : set) {
        const auto equals = s.find('=');
        if (equals == s.npos) throw CLI::ValidationError("--set", fmt::format("'{}' is not option=value", s));
        all[s.substr(0, equals)] = s.substr(equals + 1);
    }
    if (!scale.empty()) all["scale"] = scale;
    return all;
}

described_model describe(const named_model& w) {
    if (std::ranges::any_of(models::all_circuits(), [&](const models::circuit_model& c) { return c.name == w.name; })) return ready(w);
    if (!w.name.ends_with(".json")) return ready(w);   // says which circuits there are
    if (!w.set.empty() || !w.scale.empty()) throw invalid_model("--set", fmt::format("'{}' is no ready circuit", w.name), "change the file");
    auto m = is_sonata(w.name) ? sonata_circuit(w.name) : [&] {
        auto e = read_experiment(w.name);
        const bool keeps_all = e.output.csv || !e.output.traces;
        return described_model{std::move(e.model), e.run, e.until, keeps_all ? HUGE_VAL : static_cast<double>(e.output.held_samples)};
    }();
    if (!w.time.empty()) m.until = time_in(w.time, "--time");
    if (!w.dt.empty()) m.run.dt = time_in(w.dt, "--dt");
    return m;
}

}  // namespace apical::cli
