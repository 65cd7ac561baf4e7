// SPDX-License-Identifier: BSD-3-Clause
#include "engine/layered/ranks.hpp"

namespace apical::layered {

std::vector<std::vector<double>> ranks::exchange(const std::vector<double>& mine) const {
    if (!all_) return {mine};
    const auto given = all_->gather(std::as_bytes(std::span(mine)));
    // to all in one message: how many numbers of each, then the numbers
    std::vector<double> message;
    for (const auto& g : given) message.push_back(static_cast<double>(g.size()/sizeof(double)));
    for (const auto& g : given) {
        const std::size_t at = message.size();
        message.resize(at + g.size()/sizeof(double));
        if (!g.empty()) std::memcpy(message.data() + at, g.data(), g.size());
    }
    const auto bytes = all_->broadcast(std::as_bytes(std::span(message)));
    message.resize(bytes.size()/sizeof(double));
    if (!bytes.empty()) std::memcpy(message.data(), bytes.data(), bytes.size());
    std::vector<std::vector<double>> everyones;
    auto from = message.begin() + static_cast<std::ptrdiff_t>(size());
    for (std::size_t r = 0; r < size(); ++r) {
        const auto to = from + static_cast<std::ptrdiff_t>(message[r]);
        everyones.emplace_back(from, to);
        from = to;
    }
    return everyones;
}

}  // namespace apical::layered
