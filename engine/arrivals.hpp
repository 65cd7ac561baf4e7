// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/aligned.hpp"
#include "core/image.hpp"

namespace apical {

/// Events on their way to a block of cells, a slot for each step; each slot in the order in which they were sent.
class arrivals {
public:
    struct event {
        double weight;
        std::uint32_t element;
        std::uint16_t group;
    };

    /// With room for what arrives up to so many steps ahead.
    explicit arrivals(std::int64_t depth = 0) : slots_(static_cast<std::size_t>(depth)) {}
    void add(std::int64_t step, event e) { slot(step).push_back(e); }
    std::span<const event> at(std::int64_t step) const { return slots_.empty() ? std::span<const event>() : slot(step); }
    void clear(std::int64_t step) { if (!slots_.empty()) slot(step).clear(); }
    /// The first step from `from` to before `to` at which something arrives; `to` if there is none.
    std::int64_t next(std::int64_t from, std::int64_t to) const {
        if (slots_.empty()) return to;
        while (from < to && slot(from).empty()) ++from;
        return from;
    }
    std::size_t depth() const { return slots_.size(); }
    void transfer(image& i) {
        i(slots_, [&](auto& slot) { i(slot, [&](event& e) { i(e.weight), i(e.element), i(e.group); }); });
    }

private:
    std::vector<event>& slot(std::int64_t step) { return slots_[static_cast<std::size_t>(step) % slots_.size()]; }
    const std::vector<event>& slot(std::int64_t step) const { return slots_[static_cast<std::size_t>(step) % slots_.size()]; }

    std::vector<std::vector<event>> slots_;
};

/// The same for a block of point neurons, of which many events reach each neuron: sums of weights, a row of neurons for each step and
/// synapse.
class arrival_sums {
public:
    arrival_sums() = default;
    arrival_sums(std::int64_t depth, std::size_t synapses, std::size_t stride)
        : depth_(static_cast<std::size_t>(depth)), synapses_(synapses), stride_(stride), sums_(depth_*synapses*stride, 0.0), used_(depth_*synapses, 0) {}
    void add(std::int64_t step, std::size_t synapse, std::size_t neuron, double weight) {
        const auto row = row_of(step, synapse);
        used_[row] = 1;
        sums_[row*stride_ + neuron] += weight;
    }
    /// [stride]; null if nothing arrives.
    const double* at(std::int64_t step, std::size_t synapse) const {
        if (depth_ == 0) return nullptr;
        const auto row = row_of(step, synapse);
        return used_[row] ? sums_.data() + row*stride_ : nullptr;
    }
    void clear(std::int64_t step, std::size_t synapse) {
        if (depth_ == 0) return;
        const auto row = row_of(step, synapse);
        if (!used_[row]) return;
        used_[row] = 0;
        std::fill_n(sums_.begin() + static_cast<std::ptrdiff_t>(row*stride_), stride_, 0.0);
    }
    /// The sums of a synapse so many steps, fewer than depth(), after the one of a slot; they are taken to be used.
    double* row_after(std::size_t slot, std::size_t steps, std::size_t synapse) {
        const auto row = (slot + steps < depth_ ? slot + steps : slot + steps - depth_)*synapses_ + synapse;
        used_[row] = 1;
        return sums_.data() + row*stride_;
    }
    std::size_t slot_of(std::int64_t step) const { return static_cast<std::size_t>(step) % depth_; }
    std::size_t depth() const { return depth_; }
    void transfer(image& i) { i(sums_), i(used_, i); }

private:
    std::size_t row_of(std::int64_t step, std::size_t synapse) const { return static_cast<std::size_t>(step) % depth_*synapses_ + synapse; }

    std::size_t depth_ = 0, synapses_ = 0, stride_ = 0;
    aligned_vector sums_;
    std::vector<char> used_;
};

}  // namespace apical
