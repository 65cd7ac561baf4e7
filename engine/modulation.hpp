// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/aligned.hpp"
#include "core/image.hpp"
#include "engine/concentrations.hpp"

namespace apical {

struct plan;

/// What neuromodulators do to the cells of one block: a copy of the parameters they change, kept up with the concentrations. Parameters
/// change at the beginnings of steps and hold for the whole step. Empty, and then never asked, where nothing has effects.
class modulation {
public:
    modulation() = default;
    modulation(const plan& p, int population);

    bool is_empty() const { return !what_; }
    void receive(std::span<const sent_spike> spikes, std::int64_t each);
    void release(std::size_t field, std::int64_t step, double amount);
    /// To the beginning of a step: concentrations, and what follows from them. Once a step, in order.
    void begin_step(std::int64_t step);
    /// The parameters of a region, of point neurons 0, as they are now; null: they are as the plan says. Where they are stays.
    const double* parameters(std::size_t region) const { return region >= now_.size() || now_[region].empty() ? nullptr : now_[region].data(); }
    /// By what events of a group are multiplied now.
    double strength(std::size_t group) const { return group < strengths_.size() ? strengths_[group] : 1; }
    void transfer(image& i);

private:
    void apply();
    double wanted(std::size_t effect) const;

    const modulation_plan* what_ = nullptr;
    std::vector<concentrations> fields_;                         // one, or none
    std::vector<std::span<const double>> rest_;                  // [regions] what they are without modulators
    std::vector<aligned_vector> now_;                            // [regions] empty: nothing changes there
    std::vector<double> strengths_;                              // [groups]
    struct remainder { double on, off; };
    std::vector<remainder> left_;                                // [effects] of the way to where R tends, after one of its intervals; 0: none
    std::vector<double> occupied_;                               // [effects] R
};

}  // namespace apical
