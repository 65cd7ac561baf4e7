// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/math.hpp"
#include "core/random.hpp"
#include "models/tasks/task.hpp"

namespace apical::models {
namespace {

/// Spikes of so many inputs with a probability in each row, [rows][inputs].
std::vector<double> noise(std::size_t rows, std::size_t inputs, double probability, std::uint64_t seed) {
    std::vector<double> x(rows*inputs);
    random_stream draw(seed, identity("frozen noise"));
    for (double& v : x) v = draw.uniform() < probability ? 1 : 0;
    return x;
}

/// An example of seven cues and a question, and the side that had more: 0, 1.
void add_example(data_set& d, random_stream draw) {
    constexpr std::size_t cues = 7, group = 10, rows_of_cue = 2, rows_of_gap = 1, rows_of_question = 3;
    constexpr double of_signal = 0.04, of_noise = 0.01;   // 40 and 10 Hz
    std::vector<double> x(d.inputs, 0.0), t(2, 0.0);
    const std::size_t channels = d.inputs/d.rows;
    const auto activate = [&](std::size_t row, std::size_t which, double p) { std::fill_n(x.begin() + static_cast<std::ptrdiff_t>(row*channels + which*group), group, p); };
    for (std::size_t row = 0; row < d.rows; ++row) activate(row, 3, of_noise);
    std::size_t right = 0;
    for (std::size_t cue = 0; cue < cues; ++cue) {
        const std::size_t side = draw.below(2);
        right += side;
        for (std::size_t k = 0; k < rows_of_cue; ++k) activate(cue*(rows_of_cue + rows_of_gap) + k, side, of_signal);
    }
    for (std::size_t k = 0; k < rows_of_question; ++k) activate(d.rows - 1 - k, 2, of_signal);
    t[right > cues/2 ? 1 : 0] = 1;
    d.add(x, t);
}

}  // namespace

data_set pattern_generation(std::uint64_t seed) {
    constexpr std::size_t rows = 500, inputs = 20;
    data_set d{"pattern_generation", rows*inputs, rows, {}, {}, rows, rows};
    random_stream draw(seed, identity("pattern"));
    std::vector<double> t(rows, 0.0);
    for (const double frequency : {2.0, 4.0, 6.0}) {
        const double amplitude = draw.uniform(0.5, 1.5), phase = draw.uniform(0, 2*std::numbers::pi);
        for (std::size_t k = 0; k < rows; ++k) t[k] += amplitude*std::sin(2*std::numbers::pi*frequency*1e-3*static_cast<double>(k) + phase)/1.5;
    }
    d.add(noise(rows, inputs, 0.05, seed), t);
    return d;
}

data_set spike_pattern(std::uint64_t seed) {
    constexpr std::size_t rows = 1000, inputs = 100, spikes = 5;
    data_set d{"spike_pattern", rows*inputs, rows, {}, {}, rows, rows};
    random_stream draw(seed, identity("spike pattern"));
    std::vector<double> t(rows, 0.0);
    for (std::size_t k = 0; k < spikes; ++k) t[100 + k*180 + draw.below(100)] = 1;   // apart by more than a unit rests
    d.add(noise(rows, inputs, 0.005, seed), t);
    return d;
}

data_set evidence(int examples, std::uint64_t seed) {
    if (examples < 1 || examples > 100000) throw invalid_model("task 'evidence'", fmt::format("{} examples", examples), "1 to 100000");
    constexpr std::size_t rows = 45, inputs = 40;
    data_set d{"evidence", rows*inputs, 2, {}, {}, rows, 1};
    for (int e = 0; e < examples; ++e) add_example(d, random_stream(seed, identity("evidence"), static_cast<std::uint64_t>(e)));
    return d;
}

}  // namespace apical::models
