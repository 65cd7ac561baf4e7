// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "analysis/run_forecast.hpp"
#include "core/quantity_text.hpp"
#include "frontends/cli/command.hpp"
#include "io/experiment.hpp"

namespace apical::cli {
namespace {

double memory_of_machine() { return static_cast<double>(sysconf(_SC_PHYS_PAGES))*static_cast<double>(sysconf(_SC_PAGESIZE)); }

std::string bytes(double n) {
    for (const char* unit : {"B", "kB", "MB", "GB"}) {
        if (n < 1000) return fmt::format("{:.3g} {}", n, unit);
        n /= 1000;
    }
    return fmt::format("{:.3g} TB", n);
}
std::string bytes(std::size_t n) { return bytes(static_cast<double>(n)); }

std::string seconds(double s) {
    if (s < 120) return fmt::format("{:.3g} s", s);
    return s < 7200 ? fmt::format("{:.3g} min", s/60) : fmt::format("{:.3g} h", s/3600);
}

json::value document(const run_forecast& f, double needed, double there) {
    std::vector<json::value> populations, ranks;
    for (const auto& p : f.populations)
        populations.push_back(json::object({{"name", json::text(p.name)}, {"cells", json::number(p.cells)}, {"microseconds_per_cell_and_ms", json::number(p.microseconds)}}));
    const auto count = [](auto n) { return json::number(static_cast<double>(n)); };
    for (const auto& r : f.ranks)
        ranks.push_back(json::object({{"rank", count(r.rank)}, {"cells", count(r.cells)}, {"connections", count(r.connections)}, {"state_bytes", count(r.state_bytes)},
                                      {"connection_bytes", count(r.connection_bytes)}, {"shared_bytes", count(r.shared_bytes)}, {"result_bytes", count(r.result_bytes)}, {"seconds", json::number(r.seconds)}}));
    return json::object({{"populations", json::array(populations)}, {"ranks", json::array(ranks)}, {"seconds", json::number(f.seconds)}, {"balance", json::number(f.balance)},
                         {"epoch_ms", json::number(f.epoch_ms)}, {"exchanges", json::number(f.exchanges)}, {"bytes_per_exchange", json::number(f.exchange_bytes)},
                         {"bytes_per_joint_solution", json::number(f.joint_bytes)}, {"machine_bytes_needed", json::number(needed)}, {"machine_bytes", json::number(there)},
                         {"fits", json::boolean(needed <= there)}});
}

std::string text(const run_forecast& f, double needed, double there, int processes, int on_machine) {
    std::vector<std::vector<std::string>> costs{{"population", "cells", "us per cell and ms"}}, ranks{{"process", "cells", "connections", "states", "connections'", "shared", "results", "memory", "computes"}};
    for (const auto& p : f.populations) costs.push_back({p.name, fmt::format("{}", p.cells), fmt::format("{:.3g}", p.microseconds)});
    for (const auto& r : f.ranks)
        ranks.push_back({fmt::format("{}", r.rank), fmt::format("{}", r.cells), fmt::format("{}", r.connections), bytes(r.state_bytes), bytes(r.connection_bytes),
                         bytes(r.shared_bytes), bytes(r.result_bytes), bytes(r.bytes()), seconds(r.seconds)});
    auto out = columns(costs) + '\n' + columns(ranks) + '\n';
    out += fmt::format("The longest of {} computes for {}, {:.3g} times the mean.\n", processes, seconds(f.seconds), f.balance);
    if (f.epoch_ms > 0)
        out += fmt::format("Spikes are exchanged every {:g} ms, {:.0f} times, {} to each process every time, {} in all.\n", f.epoch_ms, f.exchanges, bytes(f.exchange_bytes), bytes(f.exchange_bytes*f.exchanges));
    if (f.joint_bytes > 0) out += fmt::format("Gap junctions: {} to each process, several times a step.\n", bytes(f.joint_bytes));
    return out + (needed <= there ? fmt::format("{} processes need {} of the {} of this machine.\n", on_machine, bytes(needed), bytes(there))
                                  : fmt::format("This would not fit: {} processes need {}, and this machine has {}.\n", on_machine, bytes(needed), bytes(there)));
}

struct plan_command {
    static constexpr auto name = "plan", summary = "Tell what a run would need, before it is run: memory, time and messages of each process";
    std::string file, rate = "5 Hz";
    int ranks = 1, threads = 0, on_machine = 0, look_at = 4;

    void bind(CLI::App& app) {
        app.add_option("EXPERIMENT", file, "JSON file")->required();
        app.add_option("--ranks", ranks, "processes that will run it")->capture_default_str()->check(CLI::Range(1, 1000000));
        app.add_option("--threads", threads, "of each process, in place of the file's")->check(CLI::Range(1, 4096));
        app.add_option("--on-machine", on_machine, "processes that share a machine such as this; all, if not given")->check(CLI::Range(1, 1000000));
        app.add_option("--rate", rate, "at which cells are taken to fire")->capture_default_str();
        app.add_option("--look-at", look_at, "processes whose tables are built, one after the other")->capture_default_str()->check(CLI::Range(1, 1000000));
    }

    int execute(const console& io) const {
        const auto e = read_experiment(file);
        const auto per_ms = parse_as(rate, dimensions::rate, "--rate");
        if (!(per_ms >= 0)) throw invalid_model("--rate", fmt::format("'{}' is negative", rate));
        const auto f = forecast(e.model, e.run, e.until, {.ranks = ranks, .threads = threads > 0 ? threads : e.run.threads, .rate = quantity<dimensions::rate>::coherent(per_ms), .most_ranks = look_at});
        std::size_t most = 0;
        for (const auto& r : f.ranks) most = std::max(most, r.bytes());
        const int together = on_machine > 0 ? std::min(on_machine, ranks) : ranks;
        const double needed = static_cast<double>(most)*together, there = memory_of_machine();
        io.result(document(f, needed, there), text(f, needed, there, ranks, together));
        return ok;
    }
};

}  // namespace

void add_plan(CLI::App& program, const console& io, int& code) { add<plan_command>(program, io, code); }

}  // namespace apical::cli
