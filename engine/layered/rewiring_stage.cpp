// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "core/random.hpp"
#include "engine/layered/stages.hpp"

/// Synapses that come and go, always as many. Each has a sign that it keeps and a size: a little is taken from the size in every update, noise is added,
/// and where it falls below 0 the synapse is gone. Then others grow, drawn by chance from those that are not there, with a sign by chance.
/// Bellec, Kappel, Maass & Legenstein (2018) ICLR, "Deep rewiring".
namespace apical::layered {
namespace {

enum value { connectivity, shrink, noise, regrow, first_size, seed };

/// memory: of each weight its sign, 0 where there is no synapse; biases are always there; at the end the number of updates, -1 before the first weights.
class rewiring {
public:
    explicit rewiring(const stage_work& s) : s_(s), columns_(s.link.columns()), updates_(s.memory[s.memory.size() - 1]) {}

    void start() {
        for (auto& w : s_.link.w) w /= std::sqrt(s_.p[connectivity]);   // fewer inputs, as strong together
        auto places = possible();
        const auto count = wanted(places.size());
        auto draw = stream("first synapses");
        for (std::size_t k = 0; k < count; ++k) std::swap(places[k], places[k + draw.below(places.size() - k)]);
        for (std::size_t k = 0; k < count; ++k) s_.memory[places[k]] = s_.link.w[places[k]] < 0 ? -1 : 1;
        for (const auto k : places)
            if (s_.memory[k] == 0) s_.link.w[k] = 0;
        updates_ = -1;
    }
    void apply() {
        if (++updates_ == 0) return;   // first weights
        retract();
        if (s_.p[regrow] != 0) grow();
    }

private:
    random_stream stream(std::string_view purpose) const {
        return random_stream(static_cast<std::uint64_t>(s_.p[seed]), identity(purpose), s_.link.from << 32 | s_.link.to, static_cast<std::uint64_t>(updates_ + 1));
    }
    /// Where synapses may be.
    std::vector<std::size_t> possible() const {
        std::vector<std::size_t> all;
        for (std::size_t i = 0; i < s_.link.units; ++i)
            for (std::size_t j = 0; j < s_.link.inputs; ++j)
                if (s_.link.exists(i, j)) all.push_back(i*columns_ + j);
        return all;
    }
    std::size_t wanted(std::size_t of) const { return std::clamp(static_cast<std::size_t>(std::lround(s_.p[connectivity]*static_cast<double>(of))), std::size_t{1}, of); }

    void retract() {
        auto chance = stream("noise of synapses");
        for (const auto k : possible()) {
            double &sign = s_.memory[k], &w = s_.link.w[k];
            if (sign != 0) w = std::max(0.0, sign*w - s_.p[shrink] + (s_.p[noise] > 0 ? s_.p[noise]*chance.normal() : 0.0));
            if (sign == 0 || w == 0) sign = w = 0;
            else w *= sign;
        }
    }
    void grow() {
        auto places = possible();
        const auto count = wanted(places.size());
        const auto gone = std::ranges::partition(places, [&](std::size_t k) { return s_.memory[k] != 0; });
        std::size_t there = places.size() - gone.size();
        auto draw = stream("new synapses");
        std::vector<std::size_t> free(gone.begin(), gone.end());
        std::ranges::sort(free);
        for (std::size_t k = 0; there < count; ++k, ++there) {
            std::swap(free[k], free[k + draw.below(free.size() - k)]);
            s_.memory[free[k]] = draw.uniform() < 0.5 ? -1 : 1;
            s_.link.w[free[k]] = s_.memory[free[k]]*s_.p[first_size];
        }
    }

    const stage_work& s_;
    std::size_t columns_;
    double& updates_;
};

constexpr std::array fields{
    field{"connectivity", 0.1, "", "part of all possible synapses that are there", 1e-6, 1},
    field{"shrink", 1e-4, "", "taken from the size of a synapse in an update", 0, 1e3},
    field{"noise", 0, "", "standard deviation of what is added to the size of a synapse in an update", 0, 1e3},
    field{"regrow", 1, "", "1: for each that goes another one comes; 0: none does", 0, 1},
    field{"first_size", 1e-9, "", "of a synapse that has just come", 1e-300, 1e3},
    field{"seed", 0, "", "by which synapses are drawn", 0, 9007199254740992.0},
};

}  // namespace

stage_entry rewiring_stage() {
    return {"rewiring", "few of the possible synapses are there; those that shrink away are replaced by others", stage_order::weight, fields, 1, [](const stage_work& s) { rewiring(s).apply(); },
            [](const stage_work& s) { rewiring(s).start(); }};
}

}  // namespace apical::layered
