// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/image.hpp"
#include "engine/network.hpp"

namespace apical {

/// Concentrations of some neuromodulators, from step to step. Whoever needs them has some of its own: they all come out alike.
class concentrations {
public:
    /// `fields`: which of network_plan::fields.
    concentrations(const network_plan& net, const std::vector<std::size_t>& fields, double dt);

    /// Spikes on their way, some of which release something. Inputs arrive every `each` steps.
    void receive(std::span<const sent_spike> spikes, std::int64_t each);
    /// So much of a field of the network, if it is one of these, at the beginning of a step.
    void release(std::size_t field, std::int64_t step, double amount);
    /// One step on, to the beginning of `step`. What is released at the beginning of a step is there at its beginning.
    void follow(std::int64_t step);
    /// Those of the fields, in their order.
    const double* data() const { return now_.data(); }
    double operator[](std::size_t n) const { return now_[n]; }
    void transfer(image& i);

private:
    struct coming { std::int64_t step; std::size_t which; double amount; };

    const network_plan* net_;
    std::vector<std::size_t> fields_;
    double dt_;
    std::vector<double> left_;                     // [fields] what a step leaves of a concentration above its baseline
    std::vector<double> now_;
    std::vector<std::size_t> next_release_;        // [fields]
    std::vector<coming> coming_;                   // releases under way
};

}  // namespace apical
