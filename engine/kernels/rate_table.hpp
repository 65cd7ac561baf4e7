// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <vector>

#include "core/aligned.hpp"
#include "engine/kernels/view.hpp"

namespace apical::kernels {

/// Where the gates of a region tend to, and how much of the way they go in one step, as polynomials over intervals of the voltage.
///
/// Both are functions of the voltage alone for most published channels. A polynomial of degree 6 on half a millivolt gives them to
/// twelve digits and more, whatever the formula behind them, for six multiplications each, and a vector holds as many of them as it
/// has lanes. In single precision degree 3 gives all digits there are, and a vector holds twice as many.
/// Channels whose functions are not that smooth, because a published formula jumps or bends, are left out.
class rate_table {
public:
    /// A channel whose states follow the voltage.
    struct channel {
        const mechanism_table* kernels;
        int first, states;                          ///< columns of the region's states, or of its gates of single precision
        double q;                                   ///< rate factor of the temperature
    };
    enum class precision { as_double, single };

    static constexpr double low = -150, high = 100; ///< the voltages covered [mV]
    static constexpr int per_mv = 2;                ///< intervals in a millivolt
    static constexpr int intervals = static_cast<int>((high - low)*per_mv);
    static constexpr int strip = 256;               ///< elements best advanced together: their places are found before
    /// By how much a table may differ from the channel's own functions, relative to them.
    static constexpr double tolerance = 1e-12, single_tolerance = 1e-6;
    /// Gates of single precision that go less of their way than this in a step, at some voltage, carry along what rounding leaves over: else they
    /// would come to rest where the step is lost in rounding, up to 2^-25 over the way from their target.
    static constexpr double slow = 0x1p-8;

    /// For steps of dt [ms].
    rate_table(const std::vector<channel>& channels, double dt, precision p = precision::as_double);

    /// By index in the constructor's list: whether the channel is in the table.
    bool holds(std::size_t channel) const { return held_[channel]; }
    std::size_t bytes() const { return coefficients_.size()*sizeof(double) + singles_.size()*sizeof(float); }

    /// Whether the voltages of pack k are in the range covered.
    static bool covers(const region_view& r, int k);
    /// Advances the gates of packs first to last - 1 of a region by dt. Their voltages must be in the range covered.
    void advance(const region_view& r, int first, int last) const;

private:
    using function = std::vector<double>;           // [intervals x (degree + 1)] coefficients
    template <class Real> void add(const channel& c, double dt, std::vector<function>& functions);

    std::vector<bool> held_;
    std::vector<int> columns_;                      // [gates]
    std::vector<bool> is_slow_;                     // [gates]
    aligned_vector coefficients_;                   // one of them is empty
    aligned_singles singles_;
};

}  // namespace apical::kernels
