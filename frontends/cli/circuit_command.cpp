// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include <fmt/format.h>
#include <sys/resource.h>

#include "analysis/spike_statistics.hpp"
#include "core/quantity_text.hpp"
#include "engine/packed.hpp"
#include "engine/plan.hpp"
#include "frontends/cli/command.hpp"
#include "frontends/cli/planned_model.hpp"
#include "frontends/cli/every_compartment.hpp"
#include "frontends/cli/processes.hpp"
#include "frontends/cli/run_log.hpp"
#include "frontends/cli/stopwatch.hpp"
#include "frontends/cli/watched_run.hpp"
#include "io/checkpoint.hpp"
#include "io/results.hpp"
#include "io/sonata/write_circuit.hpp"
#include "io/spikes.hpp"
#include "models/circuit_model.hpp"

namespace apical::cli {
namespace {

/// How a population fires after the transient.
struct activity {
    std::string population;
    int cells = 0;
    std::size_t spikes = 0;
    double rate = 0;           ///< mean [Hz]
    double irregularity = 0;   ///< coefficient of variation of the intervals, mean of cells with three spikes or more; NaN without any
};

activity activity_of(const population_spikes& s, int cells, double from, double until) {
    std::vector<std::vector<double>> trains(static_cast<std::size_t>(cells));
    for (std::size_t k = 0; k < s.times.size(); ++k)
        if (s.times[k] >= from) trains[s.cells[k]].push_back(s.times[k]);
    activity a{.population = s.population, .cells = cells};
    double sum = 0, counted = 0;
    for (const auto& t : trains) {
        a.spikes += t.size();
        if (const double cv = describe_spikes(t, from, until + 1e-9).interval_cv; !std::isnan(cv)) sum += cv, ++counted;
    }
    a.rate = static_cast<double>(a.spikes)/cells/(until - from)*1e3;
    a.irregularity = counted > 0 ? sum/counted : std::nan("");
    return a;
}

json::value listed(const models::circuit_model& c) {
    json::value options{.type = json::kind::array};
    for (const auto& o : c.options)
        options.items.push_back(json::object({{"name", json::text(o.name)}, {"default", json::text(o.value)}, {"meaning", json::text(o.meaning)}, {"choices", json::texts(o.choices)}}));
    return json::object({{"name", json::text(c.name)}, {"summary", json::text(c.summary)}, {"source", json::text(c.source)}, {"options", options}});
}

std::string described(const models::circuit_model& c) {
    std::vector<std::vector<std::string>> rows{{"option", "default", "meaning"}};
    for (const auto& o : c.options) {
        auto meaning = o.meaning;
        if (!o.choices.empty()) meaning += fmt::format(" ({})", fmt::join(o.choices, ", "));
        rows.push_back({o.name, o.value.empty() ? "-" : o.value, meaning});
    }
    return fmt::format("{}: {}\n{}\n{}", c.name, c.summary, wrapped(c.source, 2), columns(rows));
}

/// What a process has used so far.
struct use_of_process {
    double peak_bytes = 0;          ///< memory at the most
    double processor_seconds = 0;   ///< of all its threads, waiting for messages too
};
use_of_process used_here() {
    rusage u{};
    getrusage(RUSAGE_SELF, &u);
    const auto seconds = [](const timeval& t) { return static_cast<double>(t.tv_sec) + 1e-6*static_cast<double>(t.tv_usec); };
    return {1024.0*static_cast<double>(u.ru_maxrss), seconds(u.ru_utime) + seconds(u.ru_stime)};
}
/// Of all processes, on the first; processor time of the run alone, which began at `before`.
std::vector<use_of_process> used_by(const processes& all, const use_of_process& before) {
    auto mine = used_here();
    mine.processor_seconds -= before.processor_seconds;
    if (!all.ranks()) return {mine};
    packer out;
    out.put(mine);
    std::vector<use_of_process> of_all;
    for (const auto& bytes : all.ranks()->gather(out.bytes())) of_all.push_back(unpacker(bytes).get<use_of_process>());
    return of_all;
}

/// What a run tells.
struct told_run {
    std::vector<activity> populations;
    double connections, build_seconds, run_seconds, simulated_ms;
    std::vector<run_statistics> statistics;
    std::vector<use_of_process> processes;

    json::value document() const {
        json::value list{.type = json::kind::array}, used{.type = json::kind::array};
        for (const auto& p : processes) used.items.push_back(json::object({{"peak_bytes", json::number(p.peak_bytes)}, {"processor_seconds", json::number(p.processor_seconds)}}));
        for (const auto& a : populations)
            list.items.push_back(json::object({{"name", json::text(a.population)}, {"cells", json::number(a.cells)}, {"spikes", json::number(static_cast<double>(a.spikes))},
                                               {"rate_hz", json::number(a.rate)}, {"irregularity", std::isnan(a.irregularity) ? json::value{} : json::number(a.irregularity)}}));
        return json::object({{"simulated_ms", json::number(simulated_ms)}, {"connections", json::number(connections)}, {"build_seconds", json::number(build_seconds)},
                             {"run_seconds", json::number(run_seconds)}, {"populations", list},
                             {"statistics", cli::document(statistics)}, {"processes", used}});
    }
    std::string text() const {
        std::vector<std::vector<std::string>> rows{{"population", "cells", "spikes", "rate [Hz]", "irregularity"}};
        for (const auto& a : populations)
            rows.push_back({a.population, fmt::format("{}", a.cells), fmt::format("{}", a.spikes), fmt::format("{:.3f}", a.rate), std::isnan(a.irregularity) ? "-" : fmt::format("{:.2f}", a.irregularity)});
        return columns(rows) + fmt::format("\n{} connections, built in {:.3g} s; {:g} ms in {:.3g} s\n", connections, build_seconds, simulated_ms, run_seconds);
    }
};

struct circuit_command {
    static constexpr bool is_parallel = true;
    static constexpr auto name = "circuit", summary = "Run a ready circuit and tell how its populations fire; without a name, list what there is";
    std::string which, scale, time = "1 s", transient = "0 ms", dt, out, film, export_to, checkpoint_file, checkpoint_every, resume_file, balance_name = "measured";
    std::vector<std::string> set;
    int threads = 1;
    std::uint64_t seed = 0;
    bool replace = false, only_shows = false;

    void bind(CLI::App& app) {
        app.add_option("NAME", which, "run this one");
        app.add_flag("--options", only_shows, "show its options instead");
        app.add_option("--set", set, "an option, as state=slow_oscillation")->take_all()->allow_extra_args(false);
        app.add_option("--scale", scale, "the same as --set scale=...");
        app.add_option("--time", time, "simulated time")->capture_default_str();
        app.add_option("--transient", transient, "spikes before are not counted")->capture_default_str();
        app.add_option("--dt", dt, "time step, in place of the circuit's own");
        app.add_option("--threads", threads, "number of threads")->capture_default_str()->check(CLI::Range(1, 4096));
        app.add_option("--seed", seed, "of the random numbers")->capture_default_str();
        app.add_option("--balance", balance_name, "how much work cells are taken to be when processes share them: measured, or counted by rows and states")->capture_default_str();
        app.add_option("--checkpoint", checkpoint_file, "writes one at the end and on SIGUSR1 and SIGTERM");
        app.add_option("--checkpoint-every", checkpoint_every, "also after so much simulated time");
        app.add_option("--resume", resume_file, "goes on from a checkpoint, on any number of processes and threads");
        app.add_option("--out", out, "folder for spikes.h5, traces, summary.json and report.html; without it nothing is written");
        app.add_option("--film", film, "record every compartment of a cell, POPULATION or POPULATION:CELL, and show it move in report.html");
        app.add_option("--export", export_to, "write the circuit into this folder as SONATA files, for others to run; it is run here only if there is an --out too");
        app.add_flag("--overwrite", replace, "replace results that are there already");
    }

    int list(const console& io) const {
        std::vector<std::vector<std::string>> rows{{"circuit", "summary"}};
        json::value all{.type = json::kind::array};
        for (const auto& c : models::all_circuits()) {
            rows.push_back({c.name, c.summary});
            all.items.push_back(listed(c));
        }
        io.result(all, columns(rows));
        return ok;
    }

    std::filesystem::path summary_file() const { return std::filesystem::path(out)/"summary.json"; }

    /// Everything that would be in the way of the results is told before anything is computed.
    void check_outputs(const experiment& e, overwrite mode) const {
        if (out.empty()) return;
        check_results(e, mode);
        if (std::error_code ignored; mode == overwrite::no && std::filesystem::exists(summary_file(), ignored))
            throw invalid_input(summary_file().string(), "already exists", "choose another folder, or allow overwriting");
    }

    /// A probe of every compartment of the cell that is filmed, from the end of the transient on, as often as some millions of samples allow.
    void add_film(experiment& e, duration from) const {
        if (film.empty()) return;
        constexpr double most_samples = 4e6, frame = 0.1;   // [1, ms]
        const auto colon = film.rfind(':');
        const auto name = film.substr(0, colon);
        const auto wanted = std::ranges::find(e.model.populations, name, &population::name);
        std::vector<std::string> names;
        for (const auto& p : e.model.populations) names.push_back(p.name);
        if (wanted == e.model.populations.end()) throw invalid_model("--film", fmt::format("no population '{}'", name), suggestion(name, names));
        if (wanted->cell.point()) throw invalid_model("--film", fmt::format("'{}' are point neurons", name), "cells with compartments can be filmed");
        int cell = 0;
        if (colon != film.npos && (std::from_chars(film.data() + colon + 1, film.data() + film.size(), cell).ptr != film.data() + film.size() || cell < 0 || cell >= wanted->size))
            throw invalid_model("--film", fmt::format("'{}' is no cell of '{}'", film.substr(colon + 1), name), fmt::format("0 to {}", wanted->size - 1));
        const auto places = every_compartment(wanted->cell);
        const double count = static_cast<double>(std::ranges::count(places, ',') + 1), dt = e.run.dt.coherent();
        const double interval = std::ceil(std::max(frame, (e.until - from).coherent()*count/most_samples)/dt - 1e-9)*dt;
        e.model.probes.push_back({"film", {name, places, {cell}}, "v", duration::coherent(interval), from});
    }

    int execute(const console& io) const {
        if (!which.empty() && !only_shows && !export_to.empty()) {
            require_one_process("circuit --export");
            write_files(io);
            if (out.empty()) return ok;
        }
        if (!which.empty() && !only_shows) return run_together(io, [&](const processes& all) { return run(all); });
        require_one_process(name);
        if (which.empty()) return list(io);
        const auto chosen = models::circuit_named(which);
        io.result(listed(chosen), described(chosen));
        return ok;
    }

    static duration as_time(const std::string& text, const char* where) { return duration::coherent(parse_as(text, dimensions::time, where)); }

    /// The circuit with the options given, and how to run it.
    experiment chosen_experiment() const {
        experiment e;
        const auto chosen = models::circuit_named(which);
        e.title = chosen.name, e.until = as_time(time, "--time");
        e.model = models::build_circuit(which, option_values(set, scale)), e.output.folder = out;
        e.run.dt = dt.empty() ? chosen.dt : as_time(dt, "--dt"), e.run.temperature = chosen.temperature, e.run.seed = seed, e.run.threads = threads;
        return e;
    }

    void write_files(const console& io) const {
        const auto e = chosen_experiment();
        std::vector<std::string> names;
        std::string text;
        for (const auto& f : write_sonata(e.model, export_to, {e.run, e.until, replace ? overwrite::yes : overwrite::no})) names.push_back(f.string()), text += f.string() + '\n';
        io.result(json::object({{"files", json::texts(names)}}), text);
    }

    int run(const processes& all) const {
        experiment e;
        duration from;
        std::optional<struct checkpoint> resumed;
        std::optional<duration> every;
        const auto mode = replace ? overwrite::yes : overwrite::no;
        all.together([&] {
            e = chosen_experiment(), from = as_time(transient, "--transient");
            if (!(from.coherent() >= 0 && from < e.until)) throw invalid_model("--transient", fmt::format("{} of {}", transient, time), "shorter than the run");
            add_film(e, from);
            check_outputs(e, mode);
            if (!checkpoint_every.empty()) {
                every = as_time(checkpoint_every, "--checkpoint-every");
                if (checkpoint_file.empty()) throw invalid_model("--checkpoint-every", "there is no file for checkpoints", "--checkpoint FILE");
                if (!(*every >= e.run.dt)) throw invalid_model("--checkpoint-every", fmt::format("'{}' is less than a step", checkpoint_every));
            }
            if (!checkpoint_file.empty() && all.is_first()) check_replaceable(checkpoint_file);
            if (!resume_file.empty() && all.is_first()) resumed = read_checkpoint(resume_file);
        });
        stopwatch watch;
        std::optional<simulation> sim;
        all.together([&] {
            auto options = e.run;
            options.ranks = all.ranks();
            sim.emplace(e.model, options);
        });
        auto connections = static_cast<double>(sim->model().network.connections);
        if (all.ranks()) connections = all.ranks()->sum(connections);
        run_times times{.compile_seconds = watch.lap()};
        if (!resume_file.empty()) all.together([&] { resume(*sim, resumed, resume_file, all); });
        std::optional<report_stream> reports;
        if (!out.empty()) all.together([&] { reports = stream_results(e, *sim, mode, resume_file); });
        watch.lap();
        const auto before = used_here();
        const bool is_done = watched_run(*sim, e.until, {.checkpoint = checkpoint_file, .every = every, .reports = reports ? &*reports : nullptr}, all);
        all.io().end_progress();
        times.run_seconds = watch.lap();
        if (!is_done) {
            all.io().remark(fmt::format("stopped at {:g} ms; go on with --resume {}", sim->time(), checkpoint_file));
            return stopped;
        }
        sim->collect();
        times.of_processes = gathered(sim->statistics(), all.ranks());
        const auto used = used_by(all, before);
        all.together([&] {
            if (!all.is_first()) return;
            finish(e, *sim, from, connections, times, used, all.io());
            if (reports) reports->commit();
            all.io().remark(cli::text(times.of_processes));
        });
        return ok;
    }

    /// Writes the results and tells what came out.
    void finish(const experiment& e, const simulation& sim, duration from, double connections, const run_times& times, const std::vector<use_of_process>& used,
                const console& io) const {
        told_run told{.populations = {}, .connections = connections, .build_seconds = times.compile_seconds, .run_seconds = times.run_seconds, .simulated_ms = e.until.coherent(),
                      .statistics = times.of_processes, .processes = used};
        const auto spikes = by_population(sim.spikes(), e.model);
        for (std::size_t i = 0; i < spikes.size(); ++i) told.populations.push_back(activity_of(spikes[i], e.model.populations[i].size, from.coherent(), e.until.coherent()));
        if (!out.empty()) {
            const auto mode = replace ? overwrite::yes : overwrite::no;
            create_folder(out);
            write_results(e, sim, times, mode);
            write_text(summary_file(), json::to_text(told.document()), mode);
        }
        io.result(told.document(), told.text());
    }
};

}  // namespace

void add_circuit(CLI::App& program, const console& io, int& code) { add<circuit_command>(program, io, code); }

}  // namespace apical::cli
