// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/cli/run_log.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <system_error>

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace apical::cli {
namespace {

/// Spikes of all processes; seconds of wall time of the first.
std::pair<double, double> spikes_and_wall(std::span<const run_statistics> all) {
    std::int64_t spikes = 0;
    for (const auto& s : all) spikes += s.spikes;
    return {static_cast<double>(spikes), all.empty() ? 0 : all.front().wall};
}

}  // namespace

json::value document(std::span<const run_statistics> all) {
    const auto p = phases_of(all);
    const auto [spikes, wall] = spikes_and_wall(all);
    std::int64_t sent = 0, received = 0;
    for (const auto& s : all) sent += s.sent, received = std::max(received, s.received);
    const auto of_first = [&](std::int64_t run_statistics::*n) { return json::number(all.empty() ? 0 : static_cast<double>(all.front().*n)); };
    return json::object({{"processes", json::number(static_cast<double>(all.size()))},
                         {"threads", json::number(all.empty() ? 0 : static_cast<double>(all.front().busy.size()))},
                         {"phase_seconds", json::object({{"compute", json::number(p.compute)}, {"deliver", json::number(p.deliver)}, {"exchange", json::number(p.exchange)},
                                                         {"wait", json::number(p.wait)}, {"idle", json::number(p.idle)}})},
                         {"imbalance", json::number(imbalance(all))}, {"spikes", json::number(spikes)}, {"spikes_sent", json::number(static_cast<double>(sent))},
                         {"exchanges", of_first(&run_statistics::exchanges)}, {"rounds", of_first(&run_statistics::rounds)}, {"received_bytes", json::number(static_cast<double>(received))},
                         {"spikes_per_wall_second", json::number(wall > 0 ? spikes/wall : 0)}});
}

std::string text(std::span<const run_statistics> all) {
    const auto p = phases_of(all);
    const auto [spikes, wall] = spikes_and_wall(all);
    if (!(p.sum() > 0)) return {};
    const auto share = [&](double x) { return 100*x/p.sum(); };
    return fmt::format("{} x {}: {:.0f} % computing, {:.0f} % delivering, {:.0f} % exchanging, {:.0f} % waiting, {:.0f} % idle; imbalance {:.2f}; {:.3g} spikes a second\n",
                       all.size() == 1 ? "1 process" : fmt::format("{} processes", all.size()), all.front().busy.size() == 1 ? "1 thread" : fmt::format("{} threads", all.front().busy.size()),
                       share(p.compute), share(p.deliver), share(p.exchange), share(p.wait), share(p.idle), imbalance(all), wall > 0 ? spikes/wall : 0);
}

run_log::run_log(const std::filesystem::path& path) : file_(std::fopen(path.c_str(), "ab")) {
    if (!file_) throw invalid_input(path.string(), "cannot be opened: " + std::generic_category().message(errno));
}

void run_log::tell(std::string_view event, std::vector<std::pair<std::string, json::value>> members) {
    const auto now = std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
    const auto since_second = now.time_since_epoch() % std::chrono::seconds(1);
    members.insert(members.begin(), {{"event", json::text(event)}, {"at", json::text(fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(now)), since_second.count()))}});
    const auto line = json::to_line(json::object(std::move(members))) + '\n';
    std::fwrite(line.data(), 1, line.size(), file_.get());
    std::fflush(file_.get());
}

}  // namespace apical::cli
