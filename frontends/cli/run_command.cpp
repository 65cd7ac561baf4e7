// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "core/quantity_text.hpp"
#include "engine/plan.hpp"
#include "frontends/cli/command.hpp"
#include "frontends/cli/flight_record.hpp"
#include "frontends/cli/energy.hpp"
#include "frontends/cli/stopwatch.hpp"
#include "frontends/cli/verification.hpp"
#include "frontends/cli/watched_run.hpp"
#include "frontends/cli/work_precision.hpp"
#include "io/checkpoint.hpp"
#include "io/results.hpp"

namespace apical::cli {
namespace {

constexpr double customary_step = 0.025;   ///< [ms] of fixed-step runs

/// The cells whose own steps cost more than customary ones.
std::vector<cell_steps> dear_cells(const simulation& done) {
    auto all = done.steps_of_cells();
    std::erase_if(all, [](const cell_steps& s) { return !s.cost_more_than_fixed(customary_step); });
    return all;
}

json::value dear_document(const simulation& done) {
    json::value list{.type = json::kind::array};
    for (const auto& s : dear_cells(done))
        list.items.push_back(json::object({{"population", json::text(done.model().populations[static_cast<std::size_t>(s.population)].name)}, {"cell", json::number(s.cell)},
                                           {"steps", json::number(static_cast<double>(s.accepted))}, {"rejected", json::number(static_cast<double>(s.rejected))},
                                           {"mean_step_ms", json::number(s.mean())}}));
    return list;
}

std::string dear_text(const simulation& done) {
    constexpr std::size_t most = 5;
    const auto dear = dear_cells(done);
    std::string out;
    for (std::size_t i = 0; i < std::min(dear.size(), most); ++i)
        out += fmt::format("{} {}: {} steps of {:.2g} ms on average, each worth {:g} fixed ones or more, cost more than steps of {:g} ms under crank_nicolson\n",
                           done.model().populations[static_cast<std::size_t>(dear[i].population)].name, dear[i].cell, dear[i].accepted, dear[i].mean(), dear[i].worth, customary_step);
    if (dear.size() > most) out += fmt::format("and so do those of {} more cells\n", dear.size() - most);
    if (!dear.empty()) out += "how exact either is, 'apical convergence' tells\n";
    return out;
}

/// What "apical run" tells when it is done.
json::value document(const experiment& e, const simulation& done, const run_times& times, const std::vector<std::filesystem::path>& files) {
    const auto s = summary(done.model());
    json::value populations{.type = json::kind::array}, written{.type = json::kind::array};
    const auto spikes = by_population(done.spikes(), e.model, e.output.spike_time);
    for (std::size_t i = 0; i < s.populations.size(); ++i) {
        const auto& p = s.populations[i];
        populations.items.push_back(json::object({{"name", json::text(p.population)}, {"cells", json::number(p.cells)},
                                                  {"compartments", json::number(p.compartments)}, {"lanes", json::number(p.lanes)},
                                                  {"bytes_per_cell", json::number(static_cast<double>(p.bytes_per_cell))},
                                                  {"spikes", json::number(static_cast<double>(spikes[i].times.size()))}}));
    }
    for (const auto& f : files) written.items.push_back(json::text(f.string()));
    return json::object({{"simulated_ms", json::number(done.time())}, {"dt_ms", json::number(e.run.dt.coherent())},
                         {"scheme", json::text(name_of(e.run.scheme))}, {"compile_seconds", json::number(times.compile_seconds)},
                         {"run_seconds", json::number(times.run_seconds)},
                         {"ns_per_compartment_step", json::number(nanoseconds_per_compartment_step(s, e, times))},
                         {"populations", populations}, {"files", written}});
}

std::string text(const experiment& e, const simulation& done, const run_times& times, const std::vector<std::filesystem::path>& files) {
    const auto s = summary(done.model());
    const auto spikes = by_population(done.spikes(), e.model, e.output.spike_time);
    std::vector<std::vector<std::string>> rows{{"population", "cells", "compartments", "spikes"}};
    for (std::size_t i = 0; i < s.populations.size(); ++i) {
        const auto& p = s.populations[i];
        rows.push_back({p.population, fmt::format("{}", p.cells), fmt::format("{}", p.compartments), fmt::format("{}", spikes[i].times.size())});
    }
    auto out = columns(rows);
    const bool is_fixed = !coupled(e.run.scheme) && e.run.scheme != scheme::automatic;
    out += fmt::format("\n{:g} ms in {}, {}: {:.3g} s, {:.3g} ns per compartment and {}; compiled in {:.3g} s\n", done.time(),
                       is_fixed ? fmt::format("steps of {:g} ms", e.run.dt.coherent()) : "steps that cells choose", name_of(e.run.scheme), times.run_seconds,
                       nanoseconds_per_compartment_step(s, e, times), is_fixed ? "step" : "dt", times.compile_seconds);
    for (const auto& f : files) out += f.string() + '\n';
    return out;
}

/// A run from its file to its results.
struct flight {
    experiment e;
    std::vector<setting> changed;
    overwrite mode = overwrite::no;
    std::filesystem::path energy_file, accuracy_file;
    std::optional<run_log> log;
    watch_options watch;
    std::optional<checkpoint> resumed;
    std::optional<simulation> sim;
    std::optional<report_stream> reports;
    run_times times;
};

struct run_command {
    static constexpr bool is_parallel = true;
    static constexpr auto name = "run", summary = "Run an experiment and write its spikes, traces and report";
    std::string file, out, dt, scheme_name, wanted_accuracy, checkpoint_every, checkpoint_file, resume_file, log_file, balance_name = "measured";
    int threads = 0, verify_cells = 4;
    std::vector<std::string> set;
    bool replace = false, wants_energy = false, wants_verification = false;

    void bind(CLI::App& app) {
        app.add_option("EXPERIMENT", file, "JSON file; docs/reference/experiment.md describes it")->required();
        app.add_option("--out", out, "folder for the results, in place of the file's");
        app.add_option("--threads", threads, "number of threads, in place of the file's")->check(CLI::Range(1, 4096));
        app.add_option("--balance", balance_name, "how much work cells are taken to be when processes share them: measured, or counted by rows and states")->capture_default_str();
        app.add_option("--dt", dt, "time step, such as \"0.1 ms\", in place of the file's");
        app.add_option("--scheme", scheme_name, "crank_nicolson (cn), backward_euler (be), auto, precise or cvode, in place of the file's");
        app.add_option("--set", set, "any value of the file, as /run/seed=3")->take_all()->allow_extra_args(false);
        app.add_option("--accuracy", wanted_accuracy, "choose scheme and step so that spike times are this exact, such as \"0.1 ms\": tries them on some cells first");
        app.add_flag("--verify", wants_verification, "also tell how wrong it is: run some cells again in smaller steps");
        app.add_option("--verify-cells", verify_cells, "how many of each population")->capture_default_str()->check(CLI::Range(1, 1000000));
        app.add_flag("--energy", wants_energy, "also tell the ATP of every cell: of the file's energy meters, or of the whole run");
        app.add_option("--checkpoint", checkpoint_file, "where checkpoints go: on SIGUSR1, on SIGTERM (which ends the run, with exit code 4), and at the end");
        app.add_option("--checkpoint-every", checkpoint_every, "also after every so much simulated time, such as \"100 ms\"; to checkpoint.h5 among the results unless --checkpoint says where");
        app.add_option("--resume", resume_file, "go on from this checkpoint, on any number of processes and threads");
        app.add_option("--log", log_file, "add to this file what the run does, a JSON object a line: progress, rate, spikes, where the time goes");
        app.add_flag("--overwrite", replace, "replace results that are there already");
    }

    std::vector<setting> settings() const {
        std::vector<setting> all;
        for (const auto& s : set) {
            const auto equals = s.find('=');
            if (equals == s.npos || !s.starts_with('/')) throw CLI::ValidationError("--set", fmt::format("'{}' is not /pointer=value", s));
            all.push_back({s.substr(0, equals), s.substr(equals + 1)});
        }
        if (!dt.empty()) all.push_back({"/run/dt", dt});
        if (!scheme_name.empty()) all.push_back({"/run/scheme", std::string(name_of(parse_scheme(scheme_name)))});
        if (threads > 0) all.push_back({"/run/threads", std::to_string(threads)});
        return all;
    }

    /// Scheme and step with which the experiment is as exact as asked for, found by trying them all on some of its cells.
    std::vector<setting> choose(experiment& e, const console& io) const {
        const auto error = duration::coherent(parse_as(wanted_accuracy, dimensions::time, "--accuracy"));
        const auto w = measure_work_precision(e.model, e.run, e.until, {.cells_per_population = verify_cells, .candidates = {}});
        const auto best = w.cheapest(error);
        if (!best) throw invalid_model("--accuracy", fmt::format("no scheme tried has spike times within {}", wanted_accuracy), "'apical convergence' shows what each does");
        const auto& p = w.points[*best];
        const int lanes = e.run.lanes;
        e.run = p.options, e.run.lanes = lanes;
        io.remark(fmt::format("accuracy {}: {} is the cheapest of {} ways on {} cells{}", wanted_accuracy, p.setting, w.points.size(), w.cells,
                              p.spikes > 0 ? fmt::format(", 95 % of {} spikes within {:.2g} ms", p.spikes, p.p95) : fmt::format(", voltages within {:.2g} mV", p.voltage)));
        const auto quantity = [](double x, const char* unit) { return fmt::format("{} {}", x, unit); };
        return {{"/run/scheme", std::string(name_of(e.run.scheme))}, {"/run/dt", quantity(e.run.dt.coherent(), "ms")},
                {"/run/steps_per_input", fmt::format("{}", e.run.steps_per_input)}, {"/run/max_change", quantity(e.run.max_change.coherent(), "mV")},
                {"/run/max_error", quantity(e.run.max_error.coherent(), "mV")}, {"/run/neurons", std::string(name_of(e.run.neurons))},
                {"/run/tolerance", fmt::format("{}", e.run.tolerance)}};
    }

    /// Runs; if a cell diverges, leaves its last steps behind, unless there are several processes. False if a signal has ended it early.
    bool fly(flight& f, const watch_options& watch, const processes& all) const {
        const auto& e = f.e;
        try {
            return watched_run(*f.sim, e.until, watch, all);
        } catch (const diverged& failure) {
            const auto& io = all.io();
            io.end_progress();
            if (all.ranks()) throw;   // the others wait: no time to run the cell again
            const auto record = e.output.folder / "diverged.json";
            try {
                std::error_code ignored;   // write_flight says what is wrong
                std::filesystem::create_directories(e.output.folder, ignored);
                write_flight(record, record_flight(e.model, e.run, failure.at(), e.until), file, f.changed, f.mode);
                io.remark(fmt::format("the last steps of the cell are in {0}; 'apical replay {0}' runs it again", record.string()));
            } catch (const error& why) {
                io.remark(fmt::format("the last steps of the cell are not written: {}", why.what()));
            }
            throw;
        }
    }

    /// What looks at all cells from one process cannot be had from several.
    void check_processes(const experiment& e, const processes& all) const {
        if (all.size() == 1) return;
        findings found;
        const auto refuse = [&](const char* option, const char* why) { found.add(option, fmt::format("{}, and {} processes were started", why, all.size()), "start it without mpirun, or leave this out"); };
        if (!wanted_accuracy.empty()) refuse("--accuracy", "tries schemes on some cells, which one process does");
        if (wants_verification) refuse("--verify", "runs some cells again, which one process does");
        if (wants_energy || !e.model.meters.empty()) refuse("energy", "accounts of charges stay with the process that has the cell");
        found.throw_if_any<unsupported>();
    }

    /// Everything that can be found wrong before anything is computed.
    void prepare(flight& f, const processes& all) const {
        auto& e = f.e;
        f.changed = settings();
        e = read_experiment(file, f.changed);
        check_processes(e, all);
        if (!wanted_accuracy.empty()) {
            const auto chosen = choose(e, all.io());
            f.changed.insert(f.changed.end(), chosen.begin(), chosen.end());
        }
        for (const auto& w : e.warnings) all.io().remark("warning: " + w.text());
        if (!out.empty()) e.output.folder = out;
        f.mode = replace ? overwrite::yes : overwrite::no;
        check_results(e, f.mode);
        if (wants_energy && e.model.meters.empty())
            for (const auto& p : e.model.populations)
                if (!p.cell.point()) e.model.meters.push_back({.label = p.name, .population = p.name, .start = 0*units::ms, .stop = e.until, .rest = 0*units::ms});
        f.energy_file = e.output.folder / "energy.csv", f.accuracy_file = e.output.folder / "verification.json";
        const auto must_be_free = [&](const std::filesystem::path& path) {
            if (std::error_code ignored; !replace && std::filesystem::exists(path, ignored))
                throw invalid_input(path.string(), "already exists", "choose another folder, or allow overwriting");
        };
        if (!e.model.meters.empty()) must_be_free(f.energy_file);
        if (wants_verification) must_be_free(f.accuracy_file);
        prepare_watch(f, all);
    }

    void prepare_watch(flight& f, const processes& all) const {
        f.watch.checkpoint = checkpoint_file;
        if (!checkpoint_every.empty()) {
            f.watch.every = duration::coherent(parse_as(checkpoint_every, dimensions::time, "--checkpoint-every"));
            if (!(*f.watch.every >= f.e.run.dt)) throw invalid_model("--checkpoint-every", fmt::format("'{}' is less than a step", checkpoint_every));
            if (checkpoint_file.empty()) f.watch.checkpoint = f.e.output.folder / "checkpoint.h5";
        }
        if (!all.is_first()) return;
        if (!f.watch.checkpoint.empty()) {
            check_replaceable(f.watch.checkpoint);
            if (f.watch.checkpoint.has_parent_path()) create_folder(f.watch.checkpoint.parent_path());
        }
        if (!resume_file.empty()) f.resumed = read_checkpoint(resume_file);
        if (!log_file.empty()) f.watch.log = &f.log.emplace(log_file);
    }

    /// Takes up the run where a checkpoint has left it; the first process has read it.
    void resume(flight& f, const processes& all) const {
        if (!resume_file.empty()) cli::resume(*f.sim, f.resumed, resume_file, all);
    }

    int execute(const console& io) const {
        return run_together(io, [&](const processes& all) { return run(all); });
    }
    int run(const processes& all) const {
        flight f;
        stopwatch watch;
        all.together([&] { prepare(f, all); });
        watch.lap();
        std::shared_ptr<const plan> compiled;
        all.together([&] {
            auto options = f.e.run;
            options.ranks = all.ranks(), options.balance = parse_balance(balance_name);
            compiled = compile(f.e.model, options);
        });
        f.times.compile_seconds = watch.lap();
        for (const auto& w : apical::summary(*compiled).warnings) all.io().remark("warning: " + w.text());
        all.together([&] { f.sim.emplace(compiled); });
        all.together([&] { resume(f, all); });
        all.together([&] { f.reports = stream_results(f.e, *f.sim, f.mode, resume_file); });
        if (f.reports) f.watch.reports = &*f.reports;
        if (f.watch.log)
            f.watch.log->tell("start", {{"experiment", json::text(file)}, {"time_ms", json::number(f.sim->time())}, {"until_ms", json::number(f.e.until.coherent())}, {"processes", json::number(all.size())},
                                        {"threads", json::number(f.e.run.threads)}, {"compile_seconds", json::number(f.times.compile_seconds)}});
        watch.lap();
        const bool is_done = fly(f, f.watch, all);
        all.io().end_progress();
        f.times.run_seconds = watch.lap();
        if (!is_done) {
            if (f.watch.log) f.watch.log->tell("stopped", {{"time_ms", json::number(f.sim->time())}});
            all.io().remark(fmt::format("stopped at {:g} ms; go on with --resume {}", f.sim->time(), f.watch.checkpoint.string()));
            return stopped;
        }
        f.sim->collect();
        f.times.of_processes = gathered(f.sim->statistics(), all.ranks());
        all.together([&] {
            if (all.is_first()) finish(f, all.io());
        });
        return ok;
    }

    /// Writes the results and tells what came out.
    void finish(flight& f, const console& io) const {
        const auto& e = f.e;
        const auto& statistics = f.times.of_processes;
        const auto& sim = *f.sim;
        std::optional<verification> accuracy;
        if (wants_verification) accuracy = verify(e.model, e.run, e.until, {.cells_per_population = verify_cells, .spikes = sim.spikes()});
        const auto consumption = energy_reports(sim);
        auto more = figures(consumption);
        if (accuracy)
            for (auto& t : tables(*accuracy)) more.push_back(std::move(t));
        auto files = write_results(e, sim, f.times, f.mode, more);
        if (f.reports) f.reports->commit();
        if (accuracy) {
            write_text(f.accuracy_file, json::to_text(cli::document(*accuracy)), f.mode);
            files.push_back(f.accuracy_file);
        }
        if (!consumption.empty()) {
            write_text(f.energy_file, csv(consumption), f.mode);
            files.push_back(f.energy_file);
        }
        auto told = document(e, sim, f.times, files);
        json::put(told, "/statistics", cli::document(statistics));
        if (!consumption.empty()) json::put(told, "/energy", cli::document(consumption));
        if (coupled(e.run.scheme)) json::put(told, "/dearer_than_fixed", dear_document(sim));
        if (accuracy) json::put(told, "/verification", cli::document(*accuracy));
        if (f.watch.log) f.watch.log->tell("end", {{"time_ms", json::number(sim.time())}, {"run_seconds", json::number(f.times.run_seconds)}, {"statistics", cli::document(statistics)}});
        io.result(told, text(e, sim, f.times, files) + cli::text(statistics) + dear_text(sim) + (consumption.empty() ? "" : cli::text(consumption)) + (accuracy ? cli::text(*accuracy) : ""));
    }
};

}  // namespace

void add_run(CLI::App& program, const console& io, int& code) { add<run_command>(program, io, code); }

}  // namespace apical::cli
