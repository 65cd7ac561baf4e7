// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <span>
#include <vector>

namespace apical {

/// What a thin branch makes of n active synapses on it: a step at `threshold`, and a slope before and after.
///
///     s(n) = 1/(1 + e^((threshold - n)/width)) + linear n + quadratic n^2
///
/// Poirazi, Brannon & Mel (2003) Neuron 37:989, figures and constants of their CA1 cell, with the width of the first implementations.
struct branch_subunit {
    double threshold = 3.6, width = 0.2, linear = 0.30, quadratic = 0.0114;
    double operator()(double n) const;
};

/// What the soma makes of the sum of its branches, as in the same paper: g(x) = 0.96 x/(1 + 1509 e^(-0.26 x)) [Hz].
double two_layer_rate(double x);

/// Spike rates of one cell under many placements of its synapses.
struct placements {
    int branches = 0;
    std::vector<int> group = {};            ///< [branches] branches of a group count alike: 0, 1, ... without gaps
    std::vector<double> active = {};        ///< [placements x branches] synapses active on each branch
    std::vector<double> rates = {};        ///< [placements] what the cell did [Hz]
    int size() const { return static_cast<int>(rates.size()); }
};

/// How well a model of the whole cell explains rates.
struct placement_fit {
    double explained = 0;                ///< share of the variance of the placements that were not fitted, 1 - residual/variance; can be below 0
    std::vector<double> predicted;       ///< [placements] rates, fitted ones included [Hz]
    std::vector<double> weight;          ///< [groups] of a branch, relative to the first group's
    branch_subunit branch;               ///< of two-layer models
};

/// Fits the even placements and judges by the odd ones a cell that adds all synapses up:  rate = g(sum_b weight_b n_b),  with a
/// sigmoid g. Throws invalid_input if the data do not fit together, are fewer than 40 placements or do not vary.
placement_fit fit_one_layer(const placements&);
/// The same for a cell whose branches are subunits:  rate = g(sum_b weight_b s(n_b)),  s sigmoid and linear.
placement_fit fit_two_layer(const placements&);

}  // namespace apical
