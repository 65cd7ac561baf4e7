// SPDX-License-Identifier: BSD-3-Clause
#include <string>
#include <vector>

#include <fmt/format.h>

#include "analysis/reduction.hpp"
#include "core/quantity_text.hpp"
#include "engine/catalogue.hpp"
#include "frontends/cli/command.hpp"
#include "models/model.hpp"

namespace apical::cli {
namespace {

/// Parameters of a point neuron in the units that its tables have.
std::vector<std::pair<std::string, std::string>> parameter_texts(const neuron& n) {
    std::vector<std::pair<std::string, std::string>> out;
    const auto known = catalogue::built_in();
    for (const auto& f : known.neuron_at(n.name, "reduce").schema.parameters)
        if (const auto q = n.parameters.find(std::string(f.name)); q != n.parameters.end())
            out.emplace_back(std::string(f.name), fmt::format("{:.6g} {}", q->second.value/parse_unit(f.unit).value, f.unit));
    return out;
}

json::value document(const point_reduction& r) {
    json::value steps{.type = json::kind::array};
    for (std::size_t k = 0; k < r.currents.size(); ++k)
        steps.items.push_back(json::object({{"nA", json::number(r.currents[k])}, {"cell_hz", json::number(r.of_cell[k])}, {"point_hz", json::number(r.of_point[k])}}));
    std::vector<std::pair<std::string, json::value>> parameters;
    for (const auto& [name, value] : parameter_texts(r.point)) parameters.emplace_back(name, json::text(value));
    return json::object({{"rest_mV", json::number(r.rest)}, {"resistance_Mohm", json::number(r.resistance)}, {"time_constant_ms", json::number(r.time_constant)},
                         {"rheobase_nA", json::number(r.rheobase)}, {"deviation_hz", json::number(r.deviation)}, {"steps", steps},
                         {"cell", json::object({{"model", json::text(r.point.name)}, {"options", json::object(parameters)}})}});
}

std::string text(const std::string& of, const point_reduction& r) {
    std::vector<std::vector<std::string>> steps{{"current [nA]", of + " [Hz]", r.point.name + " [Hz]"}}, parameters{{"option", "value"}};
    for (std::size_t k = 0; k < r.currents.size(); ++k)
        steps.push_back({fmt::format("{:.3f}", r.currents[k]), fmt::format("{:.1f}", r.of_cell[k]), fmt::format("{:.1f}", r.of_point[k])});
    for (const auto& [name, value] : parameter_texts(r.point)) parameters.push_back({name, value});
    return fmt::format("{}: rests at {:.2f} mV, {:.1f} Mohm, {:.2f} ms, rheobase {:.3f} nA\n\n{}\nrates differ by {:.2f} Hz (rms)\n\n{}", of, r.rest, r.resistance,
                       r.time_constant, r.rheobase, columns(steps), r.deviation, columns(parameters));
}

struct reduce_command {
    static constexpr auto name = "reduce", summary = "Fit a point neuron to a ready cell: rest, resistance, time constant, rates";
    std::string model, dt = "0.05 ms", settle = "500 ms", step = "1 s";
    std::vector<std::string> set;

    void bind(CLI::App& app) {
        app.add_option("MODEL", model, "a ready cell; `apical models` lists them")->required();
        app.add_option("--set", set, "an option of the cell, NAME=VALUE");
        app.add_option("--dt", dt, "time step")->capture_default_str();
        app.add_option("--settle", settle, "before a current begins")->capture_default_str();
        app.add_option("--step", step, "how long it lasts")->capture_default_str();
    }

    int execute(const console& io) const {
        models::option_values values;
        for (const auto& given : set) {
            const auto equals = given.find('=');
            if (equals == std::string::npos) throw invalid_input("--set", fmt::format("'{}' is not NAME=VALUE", given), "--set biophysics=biophys1");
            values[given.substr(0, equals)] = given.substr(equals + 1);
        }
        const auto cell = models::build(model, values);
        run_options run;
        for (auto& m : models::all())
            if (m.name == model) run.temperature = m.temperature;
        const auto time = [](const std::string& t, const char* where) { return duration::coherent(parse_as(t, dimensions::time, where)); };
        run.dt = time(dt, "--dt");
        const auto r = reduce_to_point(cell, run, {.settle = time(settle, "--settle"), .step = time(step, "--step")});
        io.result(document(r), text(model, r));
        return ok;
    }
};

}  // namespace

void add_reduce(CLI::App& program, const console& io, int& code) { add<reduce_command>(program, io, code); }

}  // namespace apical::cli
