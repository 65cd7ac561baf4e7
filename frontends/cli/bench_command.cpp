// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>

#include <fmt/format.h>

#include "core/quantity_text.hpp"
#include "frontends/cli/command.hpp"
#include "frontends/cli/stopwatch.hpp"
#include "io/results.hpp"
#include "models/model.hpp"

namespace apical::cli {
namespace {

/// What one scheme costs.
struct timing {
    apical::scheme scheme;
    double compile_seconds = 0;
    double run_seconds = 0;             ///< median
    double fastest = 0, slowest = 0;    ///< of the repeats
    long compartments = 0, steps = 0, spikes = 0;
    int lanes = 0;
    std::size_t bytes_per_cell = 0, shared_bytes = 0;

    double ns_per_compartment_step() const { return 1e9*run_seconds/(static_cast<double>(compartments)*static_cast<double>(steps)); }
};

double median(std::vector<double> x) {
    std::ranges::sort(x);
    const auto n = x.size();
    return n % 2 ? x[n/2] : 0.5*(x[n/2 - 1] + x[n/2]);
}

json::value document(const timing& t) {
    return json::object({{"scheme", json::text(name_of(t.scheme))}, {"compile_seconds", json::number(t.compile_seconds)},
                         {"run_seconds", json::number(t.run_seconds)}, {"fastest_seconds", json::number(t.fastest)}, {"slowest_seconds", json::number(t.slowest)},
                         {"compartments", json::number(static_cast<double>(t.compartments))}, {"steps", json::number(static_cast<double>(t.steps))},
                         {"ns_per_compartment_step", json::number(t.ns_per_compartment_step())}, {"lanes", json::number(t.lanes)},
                         {"bytes_per_cell", json::number(static_cast<double>(t.bytes_per_cell))},
                         {"shared_bytes", json::number(static_cast<double>(t.shared_bytes))}, {"spikes", json::number(static_cast<double>(t.spikes))}});
}

struct bench_command {
    static constexpr auto name = "bench", summary = "Time the simulation of cells that fire: one ready model under a somatic current";
    int cells = 1, lanes = 0, threads = 1, repeats = 3;
    std::string model = "l5pc", morphology, until = "200 ms", dt = "0.025 ms", amplitude = "0.793 nA", rates_name = "tabulated", energy;

    void bind(CLI::App& app) {
        app.add_option("--cells", cells, "number of cells")->capture_default_str()->check(CLI::Range(1, 1000000));
        app.add_option("--lanes", lanes, "cells side by side in SIMD lanes; 0 chooses")->capture_default_str()->check(CLI::Range(0, 64));
        app.add_option("--threads", threads, "number of threads")->capture_default_str()->check(CLI::Range(1, 4096));
        app.add_option("--repeats", repeats, "runs of each scheme; the median counts")->capture_default_str()->check(CLI::Range(1, 1000));
        app.add_option("--model", model, "a ready model")->capture_default_str();
        app.add_option("--morphology", morphology, "an SWC or ASC file, for models that have a choice");
        app.add_option("--until", until, "simulated time")->capture_default_str();
        app.add_option("--dt", dt, "time step")->capture_default_str();
        app.add_option("--rates", rates_name, "tabulated; functions: rates computed anew in every step; or single: gates and currents in single precision")->capture_default_str();
        app.add_option("--energy", energy, "keep an energy ledger that reads in such intervals, \"0.7 ms\"");
        app.add_option("--amplitude", amplitude, "current into the soma, from 10 ms on")->capture_default_str();
    }

    experiment setup(const console& io) const {
        models::option_values options;
        if (!morphology.empty()) options["morphology"] = std::filesystem::absolute(morphology).string();
        experiment e;
        e.model.populations.push_back({.name = "cell", .cell = models::build(model, options, &e.warnings), .size = cells});
        for (const auto& w : e.warnings) io.remark("warning: " + w.text());
        const auto site = e.model.populations.front().cell.shape().find("soma") >= 0 ? "soma(0.5)" : "axon[0](0.5)";
        const auto quantity_of = [](const std::string& text, dimension d, const char* where) { return parse_as(text, d, where); };
        e.until = duration::coherent(quantity_of(until, dimensions::time, "--until"));
        e.run.dt = duration::coherent(quantity_of(dt, dimensions::time, "--dt"));
        const auto current_in = current::coherent(quantity_of(amplitude, dimensions::current, "--amplitude"));
        e.model.injections.push_back({{"cell", site}, step_current{10*units::ms, e.until, current_in}});
        e.model.detectors.push_back({.on = {"cell", site}});
        if (!energy.empty()) {
            const auto interval = duration::coherent(quantity_of(energy, dimensions::time, "--energy"));
            e.model.meters.push_back({.label = "energy", .population = "cell", .start = 0*units::ms, .stop = e.until, .rest = 0*units::ms, .interval = interval});
        }
        e.run.threads = threads;
        e.run.lanes = lanes;
        e.run.rates = parse_rates(rates_name);
        return e;
    }

    timing measure(experiment e, apical::scheme s) const {
        e.run.scheme = s;
        timing t{.scheme = s};
        std::vector<double> seconds;
        stopwatch watch;
        const auto compiled = compile(e.model, e.run);
        t.compile_seconds = watch.lap();
        for (int k = 0; k < repeats; ++k) {
            simulation sim(compiled);
            watch.lap();
            sim.run(e.until);
            seconds.push_back(watch.lap());
            t.spikes = static_cast<long>(sim.spikes().size());
            t.steps = std::lround(sim.time()/e.run.dt.coherent());
        }
        const auto sizes = apical::summary(*compiled);
        t.run_seconds = median(seconds);
        t.fastest = std::ranges::min(seconds);
        t.slowest = std::ranges::max(seconds);
        t.compartments = compartments_in(sizes);
        t.lanes = sizes.populations.front().lanes;
        t.bytes_per_cell = sizes.populations.front().bytes_per_cell;
        t.shared_bytes = sizes.shared_bytes;
        return t;
    }

    int execute(const console& io) const {
        const auto e = setup(io);
        json::value schemes{.type = json::kind::array};
        std::vector<std::vector<std::string>> rows{{"scheme", "ns/compartment/step", "run [s]", "fastest", "slowest", "compile [s]", "lanes", "bytes/cell", "spikes"}};
        timing last;
        for (const auto s : {scheme::crank_nicolson, scheme::backward_euler}) {
            last = measure(e, s);
            schemes.items.push_back(document(last));
            rows.push_back({std::string(name_of(s)), fmt::format("{:.2f}", last.ns_per_compartment_step()), fmt::format("{:.4f}", last.run_seconds),
                            fmt::format("{:.4f}", last.fastest), fmt::format("{:.4f}", last.slowest), fmt::format("{:.4f}", last.compile_seconds),
                            fmt::format("{}", last.lanes), fmt::format("{}", last.bytes_per_cell), fmt::format("{}", last.spikes)});
        }
        io.result(json::object({{"model", json::text(model)}, {"cells", json::number(cells)}, {"threads", json::number(threads)}, {"rates", json::text(rates_name)},
                                {"simulated_ms", json::number(e.until.coherent())}, {"dt_ms", json::number(e.run.dt.coherent())},
                                {"repeats", json::number(repeats)}, {"schemes", schemes}}),
                  fmt::format("{} x {}, {} compartments in all, {} for {} in steps of {}, {} thread{}; median of {}\n\n", cells, model, last.compartments, amplitude,
                              until, dt, threads, threads == 1 ? "" : "s", repeats) + columns(rows));
        return ok;
    }
};

}  // namespace

void add_bench(CLI::App& program, const console& io, int& code) { add<bench_command>(program, io, code); }

}  // namespace apical::cli
