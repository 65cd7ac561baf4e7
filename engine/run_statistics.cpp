// SPDX-License-Identifier: BSD-3-Clause
#include "engine/run_statistics.hpp"

#include <algorithm>
#include <numeric>

#include "engine/communicator.hpp"
#include "engine/packed.hpp"

namespace apical {

double run_statistics::busy_sum() const { return std::accumulate(busy.begin(), busy.end(), 0.0); }

phase_seconds phases_of(std::span<const run_statistics> of_processes) {
    phase_seconds p;
    for (const auto& s : of_processes) {
        const auto threads = static_cast<double>(s.busy.size());
        const double busy = s.busy_sum(), deliver = std::min(s.delivery, busy);
        p.compute += busy - deliver, p.deliver += deliver;
        p.exchange += threads*s.exchange, p.wait += threads*s.wait;
        p.idle += std::max(0.0, threads*(s.wall - s.exchange - s.wait) - busy);
    }
    return p;
}

double imbalance(std::span<const run_statistics> of_processes) {
    double most = 0, sum = 0;
    std::size_t threads = 0;
    for (const auto& s : of_processes)
        for (const double b : s.busy) most = std::max(most, b), sum += b, ++threads;
    return sum > 0 ? most*static_cast<double>(threads)/sum : 1;
}

std::vector<run_statistics> gathered(const run_statistics& mine, communicator* ranks) {
    if (!ranks) return {mine};
    packer out;
    for (const double x : {mine.wall, mine.delivery, mine.exchange, mine.wait}) out.put(x);
    for (const auto n : {mine.spikes, mine.sent, mine.arrived, mine.exchanges, mine.rounds, mine.received}) out.put(n);
    out.put_list(std::span<const double>(mine.busy));
    std::vector<run_statistics> all;
    for (const auto& bytes : ranks->gather(out.bytes())) {
        unpacker in(bytes);
        auto& s = all.emplace_back();
        for (double* x : {&s.wall, &s.delivery, &s.exchange, &s.wait}) *x = in.get<double>();
        for (auto* n : {&s.spikes, &s.sent, &s.arrived, &s.exchanges, &s.rounds, &s.received}) *n = in.get<std::int64_t>();
        s.busy = in.get_list<double>();
    }
    return all;
}

}  // namespace apical
