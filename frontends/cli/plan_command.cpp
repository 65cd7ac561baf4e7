// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "analysis/run_forecast.hpp"
#include "core/quantity_text.hpp"
#include "frontends/cli/command.hpp"
#include "frontends/cli/links.hpp"
#include "frontends/cli/planned_model.hpp"
#include "frontends/cli/processes.hpp"
#include "frontends/cli/stopwatch.hpp"

namespace apical::cli {
namespace {

double memory_of_machine() { return static_cast<double>(sysconf(_SC_PHYS_PAGES))*static_cast<double>(sysconf(_SC_PAGESIZE)); }
double memory_of_this_process() {
    std::ifstream file("/proc/self/statm");
    double all = 0, resident = 0;
    return file >> all >> resident ? resident*static_cast<double>(sysconf(_SC_PAGESIZE)) : 3e7;
}

std::string bytes(double n) {
    for (const char* unit : {"B", "kB", "MB", "GB"}) {
        if (n < 1000) return fmt::format("{:.3g} {}", n, unit);
        n /= 1000;
    }
    return fmt::format("{:.3g} TB", n);
}

std::string seconds(double s) {
    if (s < 1) return fmt::format("{:.3g} ms", 1000*s);
    if (s < 120) return fmt::format("{:.3g} s", s);
    return s < 7200 ? fmt::format("{:.3g} min", s/60) : fmt::format("{:.3g} h", s/3600);
}

/// "4 GB", "500 MB"; of rates "10 GB/s".
double parse_bytes(std::string text, const char* option, bool per_second = false) {
    const auto wrong = [&] { return invalid_model(option, fmt::format("'{}'", text), per_second ? "a number of kB/s, MB/s or GB/s, as 10 GB/s" : "a number of kB, MB, GB or TB, as 4 GB"); };
    double number = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (code != std::errc() || !(number > 0) || !std::isfinite(number)) throw wrong();
    auto unit = text.substr(static_cast<std::size_t>(end - text.data()));
    std::erase(unit, ' ');
    if (per_second) {
        if (!unit.ends_with("/s")) throw wrong();
        unit.resize(unit.size() - 2);
    }
    double factor = 1;
    for (const char* known : {"B", "kB", "MB", "GB", "TB"}) {
        if (unit == known) return number*factor;
        factor *= 1000;
    }
    throw wrong();
}

/// "4", "1,2,4", "1,2,4,...,10000": the dots go on by the ratio before them.
std::vector<int> parse_ranks(const std::string& text) {
    constexpr int most = 1000000;
    const auto wrong = [&] { return invalid_model("--ranks", fmt::format("'{}'", text), fmt::format("rising numbers from 1 to {}, as 4 or 1,2,4,...,10000", most)); };
    std::vector<int> all;
    bool is_open = false;
    for (std::size_t at = 0; at <= text.size();) {
        const auto end = std::min(text.find(',', at), text.size());
        const auto word = text.substr(at, end - at);
        at = end + 1;
        if (word == "...") {
            if (is_open || all.size() < 2) throw wrong();
            is_open = true;
            continue;
        }
        int n = 0;
        const auto [rest, code] = std::from_chars(word.data(), word.data() + word.size(), n);
        if (code != std::errc() || rest != word.data() + word.size() || n < 1 || n > most || (!all.empty() && n <= all.back())) throw wrong();
        if (is_open) {
            const double ratio = static_cast<double>(all.back())/all[all.size() - 2];
            for (double next = all.back()*ratio; next < n - 0.5; next *= ratio) all.push_back(static_cast<int>(std::lround(next)));
            is_open = false;
        }
        all.push_back(n);
    }
    if (all.empty() || is_open) throw wrong();
    return all;
}

/// One row of the table: so many processes.
struct row {
    run_forecast f;
    double efficiency = 1;                         ///< of strong or weak scaling
    std::optional<bool> fits;                      ///< what a process may have
};

json::value document(const rank_forecast& r) {
    return json::object({{"rank", json::number(r.rank)}, {"cells", json::number(static_cast<double>(r.cells))}, {"connections", json::number(r.connections)}, {"state_bytes", json::number(r.state_bytes)},
                         {"connection_bytes", json::number(r.connection_bytes)}, {"shared_bytes", json::number(r.shared_bytes)}, {"result_bytes", json::number(r.result_bytes)},
                         {"building_bytes", json::number(r.building_bytes)}, {"bytes", json::number(r.bytes())}, {"compute_seconds", json::number(r.rest_seconds + r.joint_seconds)}});
}

json::value document(const row& r) {
    const auto& f = r.f;
    constexpr std::size_t most_told = 64;
    std::vector<json::value> told;
    if (f.processes.size() <= most_told)
        for (const auto& p : f.processes) told.push_back(document(p));
    auto o = json::object({{"ranks", json::number(f.ranks)}, {"on_machine", json::number(f.on_machine)}, {"cells", json::number(f.cells)}, {"connections", json::number(f.connections)},
                           {"build_seconds", json::number(f.build_seconds)}, {"seconds_per_second", json::number(f.seconds())}, {"compute_seconds", json::number(f.compute_seconds)},
                           {"spike_seconds", json::number(f.spike_seconds)}, {"message_seconds", json::number(f.message_seconds)}, {"balance", json::number(f.balance)},
                           {"efficiency", json::number(r.efficiency)}, {"epoch_ms", json::number(f.epoch_ms)}, {"bytes_per_exchange", json::number(f.exchange_bytes)},
                           {"rounds_per_second", json::number(f.rounds)}, {"bytes_per_round", json::number(f.round_bytes)}, {"messages_per_round", json::number(f.round_messages)},
                           {"received_bytes_per_second", json::number(f.received_bytes())}, {"largest", document(f.largest())}});
    if (!told.empty()) o.members.emplace_back("processes", json::array(told));
    if (r.fits) o.members.emplace_back("fits", json::boolean(*r.fits));
    return o;
}

json::value document(const calibration& c) {
    std::vector<json::value> populations;
    for (const auto& p : c.populations)
        populations.push_back(json::object({{"name", json::text(p.name)}, {"cells", json::number(p.cells)}, {"cells_of_block", json::number(p.block)},
                                            {"microseconds_per_cell_and_ms", json::number(1e6*p.block_seconds/std::min(p.block, p.cells))}, {"contacts", json::number(p.contacts)},
                                            {"events_per_ms", json::number(p.events)}, {"nanoseconds_per_event", json::number(1e9*p.event_seconds)},
                                            {"nanoseconds_per_contact_built", json::number(1e9*p.contact_seconds)}, {"bytes", json::number(p.cell_bytes)},
                                            {"bytes_per_contact", json::number(p.contact_bytes)}, {"gap_ends", json::number(p.gap_ends)},
                                            {"microseconds_per_round_of_block", json::number(1e6*p.round_seconds)}}));
    return json::object({{"populations", json::array(populations)}, {"rounds_per_step", json::number(c.rounds)}, {"epoch_ms", json::number(c.epoch_ms)},
                         {"nanoseconds_per_lookup", json::number(1e9*c.lookup_seconds)}, {"nanoseconds_per_spike", json::number(1e9*c.spike_seconds)},
                         {"template_seconds", json::number(c.template_seconds)}, {"template_bytes", json::number(c.template_bytes)}, {"bytes_per_cell_everywhere", json::number(c.cell_bytes)}});
}

std::string text(const calibration& c) {
    std::vector<std::vector<std::string>> rows{{"population", "cells", "us per cell and ms", "contacts", "ns per event", "bytes", "bytes per contact"}};
    for (const auto& p : c.populations)
        rows.push_back({p.name, fmt::format("{}", p.cells), fmt::format("{:.3g}", 1e6*p.block_seconds/std::min(p.block, p.cells)), fmt::format("{:.0f}", p.contacts),
                        fmt::format("{:.3g}", 1e9*p.event_seconds), fmt::format("{:.0f}", p.cell_bytes), fmt::format("{:.1f}", p.contact_bytes)});
    return columns(rows);
}

std::string text(const std::vector<row>& all, bool weak) {
    std::vector<std::vector<std::string>> rows{{"processes", "cells each", "memory", "building", "1 s takes", "computing", "spikes", "messages", "received", "balance", weak ? "weak" : "strong", ""}};
    for (const auto& r : all) {
        const auto& f = r.f;
        rows.push_back({fmt::format("{}", f.ranks), fmt::format("{:.0f}", f.cells/f.ranks), bytes(f.largest().bytes()), seconds(f.build_seconds), seconds(f.seconds()), seconds(f.compute_seconds),
                        seconds(f.spike_seconds), seconds(f.message_seconds), bytes(f.received_bytes()), fmt::format("{:.3f}", f.balance), fmt::format("{:.0f} %", 100*r.efficiency),
                        r.fits && !*r.fits ? "does not fit" : ""});
    }
    return columns(rows);
}

/// Of the processes of one run: all if they are few, else the one with most to do and that with least.
std::string text(const run_forecast& f) {
    constexpr std::size_t few = 16;
    std::vector<const rank_forecast*> told;
    for (const auto& p : f.processes) told.push_back(&p);
    if (told.size() > few) {
        const auto work = [](const rank_forecast* p) { return p->rest_seconds + p->joint_seconds; };
        const auto [least, most] = std::ranges::minmax_element(told, {}, work);
        told = {*most, *least};
    }
    std::vector<std::vector<std::string>> rows{{"process", "cells", "connections", "states", "connections'", "shared", "results", "building", "memory", "computes for 1 s"}};
    for (const auto* p : told)
        rows.push_back({fmt::format("{}", p->rank), fmt::format("{}", p->cells), fmt::format("{:.0f}", p->connections), bytes(p->state_bytes), bytes(p->connection_bytes), bytes(p->shared_bytes),
                        bytes(p->result_bytes), bytes(p->building_bytes), bytes(p->bytes()), seconds(p->rest_seconds + p->joint_seconds)});
    auto out = columns(rows) + '\n';
    if (f.epoch_ms > 0) out += fmt::format("Spikes are exchanged every {:g} ms: {} to each process every time.\n", f.epoch_ms, bytes(f.exchange_bytes));
    if (f.rounds > 0) out += fmt::format("Voltages at gap junctions are exchanged {:.0f} times a second of biology: {} in {:.0f} messages to a process every time.\n", f.shares, bytes(f.round_bytes), f.round_messages);
    return out;
}

struct plan_command {
    static constexpr bool is_parallel = true;
    static constexpr auto name = "plan", summary = "Tell what a run would need, before it is run: memory, time and messages of each process";
    named_model what;
    std::string ranks, memory, latency = "2 us", bandwidth = "10 GB/s", short_run;
    std::vector<std::string> rates{"5 Hz"};
    int threads = 0, cores = 0, on_machine = 0;
    bool weak = false;

    void bind(CLI::App& app) {
        app.add_option("MODEL", what.name, "an experiment, a SONATA configuration or the name of a ready circuit")->required();
        app.add_option("--set", what.set, "of a ready circuit: an option, as cells=1000")->take_all()->allow_extra_args(false);
        app.add_option("--scale", what.scale, "of a ready circuit: the same as --set scale=...");
        app.add_option("--time", what.time, "simulated time, in place of the model's; of a ready circuit, 1 s if not given");
        app.add_option("--dt", what.dt, "time step, in place of the model's own");
        app.add_option("--seed", what.seed, "of a ready circuit")->capture_default_str();
        app.add_option("--ranks", ranks, "processes that will run it, as 4 or 1,2,4,...,10000; those that a launcher has started, if not given");
        app.add_flag("--weak", weak, "so many circuits side by side, one a process, instead of one circuit on all");
        app.add_option("--threads", threads, "of each process, in place of the file's")->check(CLI::Range(1, 4096));
        app.add_option("--cores", cores, "of a machine; as many as this has, if not given")->check(CLI::Range(1, 100000));
        app.add_option("--on-machine", on_machine, "processes that share a machine; as many as have cores of their own, if not given")->check(CLI::Range(1, 1000000));
        app.add_option("--memory", memory, "that each process may have, as 4 GB; tells how few processes do");
        app.add_option("--rate", rates, "at which cells fire; POPULATION=RATE for some, the last without a name for the others")->capture_default_str()->take_all()->allow_extra_args(false);
        app.add_option("--short-run", short_run, "runs the model here for this long, and takes the rates from it");
        app.add_option("--latency", latency, "of a message; measured under a launcher")->capture_default_str();
        app.add_option("--bandwidth", bandwidth, "with which a process receives; measured under a launcher")->capture_default_str();
    }

    std::vector<double> given_rates(const circuit& c) const {
        const auto parsed = [](const std::string& s) {
            const double per_ms = parse_as(s, dimensions::rate, "--rate");
            if (!(per_ms >= 0)) throw invalid_model("--rate", fmt::format("'{}' is negative", s));
            return per_ms;
        };
        std::vector<double> all(c.populations.size(), 0.005);
        for (const auto& r : rates)
            if (r.find('=') == r.npos) all.assign(all.size(), parsed(r));
        for (const auto& r : rates) {
            const auto equals = r.find('=');
            if (equals == r.npos) continue;
            const auto found = std::ranges::find(c.populations, r.substr(0, equals), &population::name);
            if (found == c.populations.end()) throw invalid_model("--rate", fmt::format("no population '{}'", r.substr(0, equals)));
            all[static_cast<std::size_t>(found - c.populations.begin())] = parsed(r.substr(equals + 1));
        }
        return all;
    }
    /// Of all populations in the second half of a run.
    std::vector<double> rates_of_run(const described_model& m, const console& io) const {
        const auto length = duration::coherent(parse_as(short_run, dimensions::time, "--short-run"));
        if (!(length > 0*units::ms)) throw invalid_model("--short-run", fmt::format("'{}'", short_run), "a time");
        simulation s(m.model, m.run);
        s.run(length, io.progress_line());
        io.end_progress();
        std::vector<double> all(m.model.populations.size(), 0.0);
        const double half = length.coherent()/2;
        for (const auto& k : s.spikes())
            if (k.time >= half) all[static_cast<std::size_t>(k.population)] += 1/half/m.model.populations[static_cast<std::size_t>(k.population)].size;
        return all;
    }

    int execute(const console& io) const {
        return run_together(io, [&](const processes& all) {
            links between{parse_as(latency, dimensions::time, "--latency")*1e-3, parse_bytes(bandwidth, "--bandwidth", true)};
            if (all.ranks()) between = measured_links(*all.ranks());
            if (all.is_first()) tell(all, between);
            if (all.ranks()) all.ranks()->least(0);   // the others wait: they would take the cores that are measured
            return ok;
        });
    }

    void tell(const processes& all, const links& between) const {
        const double before = memory_of_this_process();
        const auto numbers = parse_ranks(ranks.empty() ? fmt::format("{}", all.size()) : ranks);
        const std::optional<double> allowed = memory.empty() ? std::nullopt : std::optional(parse_bytes(memory, "--memory"));
        stopwatch watch;
        auto m = describe(what);
        const double describing = watch.lap();
        if (threads > 0) m.run.threads = threads;
        forecast_options o{.threads = m.run.threads, .rates = short_run.empty() ? given_rates(m.model) : rates_of_run(m, all.io()),
                           .cores = cores > 0 ? cores : static_cast<int>(std::max(1u, std::thread::hardware_concurrency())), .on_machine = on_machine,
                           .latency = between.latency, .bandwidth = between.bandwidth, .held_samples = m.held_samples, .program_bytes = before, .describing_seconds = describing};
        const forecaster f(m.model, m.run, m.until, o);
        std::vector<row> rows;
        const double alone = f.on(1).seconds();
        for (const int n : numbers) {
            row r{f.on(n, weak), 1, {}};
            r.efficiency = alone/(r.f.seconds()*(weak ? 1 : n));
            if (allowed) r.fits = r.f.largest().bytes() <= *allowed;
            if (n != numbers.back() && r.f.processes.size() > 64) r.f.processes = {r.f.largest()};   // 10 000 of many rows are a lot
            rows.push_back(std::move(r));
        }
        finish(f, m, o, between, rows, allowed, all.io());
    }

    void finish(const forecaster& f, const described_model& m, const forecast_options& o, const links& between, const std::vector<row>& rows, std::optional<double> allowed, const console& io) const {
        const auto& last = rows.back().f;
        const double there = memory_of_machine(), needed = last.largest().bytes()*last.on_machine;
        std::vector<json::value> list, told_rates;
        for (const auto& r : rows) list.push_back(document(r));
        for (std::size_t n = 0; n < o.rates.size(); ++n) told_rates.push_back(json::object({{"population", json::text(m.model.populations[n].name)}, {"rate_hz", json::number(1000*o.rates[n])}}));
        auto document = json::object({{"costs", cli::document(f.costs())}, {"rates", json::array(told_rates)}, {"until_ms", json::number(m.until.coherent())}, {"threads", json::number(o.threads)}, {"cores", json::number(o.cores)},
                                      {"latency_seconds", json::number(between.latency)}, {"bandwidth_bytes_per_second", json::number(between.bandwidth)}, {"weak", json::boolean(weak)},
                                      {"runs", json::array(list)}, {"machine_bytes_needed", json::number(needed)}, {"machine_bytes", json::number(there)}, {"fits", json::boolean(needed <= there)}});
        auto out = cli::text(f.costs()) + '\n' + cli::text(rows, weak) + '\n' + cli::text(last);
        out += fmt::format("{} of biology on {} processes: {}, after {} of building.\n", seconds(1e-3*m.until.coherent()), last.ranks, seconds(last.seconds()*1e-3*m.until.coherent()), seconds(last.build_seconds));
        out += needed <= there ? fmt::format("{} of its processes need {} of the {} of this machine.\n", last.on_machine, bytes(needed), bytes(there))
                               : fmt::format("This would not fit: {} of its processes need {}, and this machine has {}.\n", last.on_machine, bytes(needed), bytes(there));
        if (allowed && !weak) {
            const auto fewest = f.fewest(*allowed);
            document.members.emplace_back("fewest_ranks", fewest ? json::number(*fewest) : json::value{});
            const auto& one = rows.back().f.largest();
            out += fewest ? fmt::format("With {} each, {} processes are enough.\n", bytes(*allowed), *fewest)
                          : fmt::format("With {} each, no number of processes is enough: what every process has is {}, the results on process 0 are {}.\n", bytes(*allowed), bytes(one.shared_bytes), bytes(one.result_bytes));
        }
        io.result(document, out);
    }
};

}  // namespace

void add_plan(CLI::App& program, const console& io, int& code) { add<plan_command>(program, io, code); }

}  // namespace apical::cli
