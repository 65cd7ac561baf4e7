// SPDX-License-Identifier: BSD-3-Clause
#include "models/tasks/task.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numbers>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/math.hpp"
#include "core/random.hpp"

namespace apical::models {
namespace {

void require(bool is_right, const char* task, int n, const char* hint) {
    if (!is_right) throw invalid_model(fmt::format("task '{}'", task), fmt::format("of size {}", n), hint);
}

/// k of n units active, drawn without repetition.
std::vector<double> some_active(random_stream& draw, std::size_t n, std::size_t k) {
    std::vector<double> x(n, 0.0);
    std::fill_n(x.begin(), k, 1.0);
    for (std::size_t i = n; i > 1; --i) std::swap(x[i - 1], x[draw.below(i)]);
    return x;
}

/// 0: the one drop, 1: the other, 2: the dots.
std::size_t yin_yang_class(double x, double y) {
    constexpr double r_big = 0.5, r_small = 0.1;
    const auto distance_to = [&](double centre) { return std::hypot(x - centre, y - r_big); };
    const double right = distance_to(1.5*r_big), left = distance_to(0.5*r_big);
    if (right < r_small || left < r_small) return 2;
    const bool is_yin = (right <= r_small || (left > r_small && left <= 0.5*r_big)) || (y > r_big && right > 0.5*r_big);
    return is_yin ? 0 : 1;
}

learning_task in_time(data_set train, data_set test, std::vector<int> hidden, std::map<std::string, double> settings, std::string rule) {
    return {{}, {}, std::move(train), std::move(test), std::move(hidden), std::move(settings), std::move(rule)};
}

struct made_up {
    std::string_view name, summary;
    std::function<learning_task(std::uint64_t)> make;
};

const std::vector<made_up>& tasks() {
    const auto alike = [](data_set d, std::vector<int> hidden) {
        auto train = d;
        return learning_task{.name = {}, .summary = {}, .train = std::move(train), .test = std::move(d), .hidden = std::move(hidden)};
    };
    static const std::vector<made_up> all{
        {"encoder_4_2_4", "one of 4 units, through 2", [=](std::uint64_t) { return alike(encoder(4), {2}); }},
        {"encoder_8_3_8", "one of 8 units, through 3", [=](std::uint64_t) { return alike(encoder(8), {3}); }},
        {"parity", "whether an odd number of 4 inputs is active", [=](std::uint64_t) { return alike(parity(4), {16}); }},
        {"parity_5", "whether an odd number of 5 inputs is active", [=](std::uint64_t) { return alike(parity(5), {20}); }},
        {"bars", "which of 8 bars are in a picture of 4 x 4", [](std::uint64_t seed) { return learning_task{.name = {}, .summary = {}, .train = bars(4, 500, seed), .test = bars(4, 500, seed + 1), .hidden = {32}}; }},
        {"bars_8x8", "which of 16 bars are in a picture of 8 x 8", [](std::uint64_t seed) { return learning_task{.name = {}, .summary = {}, .train = bars(8, 12000, seed), .test = bars(8, 2000, seed + 1), .hidden = {64}}; }},
        {"random_pairs", "10 pairs of pictures of 25 units, 6 of which are active", [=](std::uint64_t seed) { return alike(random_pairs(10, seed), {49}); }},
        {"yin_yang", "three classes in a plane, as four inputs", [](std::uint64_t seed) { return learning_task{.name = {}, .summary = {}, .train = yin_yang(3000, seed), .test = yin_yang(1000, seed + 1), .hidden = {60}}; }},
        {"gaussian", "points of a plane that vary most in one direction; nothing to be told", [=](std::uint64_t seed) { return alike(gaussian(5000, seed), {}); }},
        {"unit_square", "points of a square, for 10 x 10 units; nothing to be told",
         [](std::uint64_t seed) { return learning_task{.name = {}, .summary = {}, .train = unit_square(5000, 100, seed), .test = unit_square(2000, 100, seed + 1)}; }},
        {"oriented_spots", "two long spots of light on a retina of 54 x 54, for 24 x 24 units; nothing to be told",
         [](std::uint64_t seed) { return learning_task{.name = {}, .summary = {}, .train = oriented_spots(2000, 54, 576, seed), .test = oriented_spots(200, 54, 576, seed + 1)}; }},
        {"pattern_generation", "in time: a sum of sines, from noise that is the same in every trial", [](std::uint64_t seed) { return in_time(pattern_generation(seed), pattern_generation(seed), {30}, {}, "eprop"); }},
        {"spike_pattern", "in time: a train of five spikes, from a hundred trains", [](std::uint64_t seed) { return in_time(spike_pattern(seed), spike_pattern(seed), {}, {{"dt", 0.5}}, "superspike"); }},
        {"evidence", "in time: which side had more of seven cues, a second later",
         [](std::uint64_t seed) {
             return in_time(evidence(640, seed), evidence(128, seed + 1), {100}, {{"hold", 50}, {"chance", 1}, {"answer", 150}, {"adaptation", 0.0174}}, "eprop");
         }},
    };
    return all;
}

}  // namespace

data_set encoder(int n) {
    require(n >= 2 && n <= 1000, "encoder", n, "2 to 1000");
    data_set d{"encoder", static_cast<std::size_t>(n), static_cast<std::size_t>(n), {}, {}};
    for (int i = 0; i < n; ++i) {
        std::vector<double> x(d.inputs, 0.0);
        x[static_cast<std::size_t>(i)] = 1;
        d.add(x, x);
    }
    return d;
}

data_set parity(int n) {
    require(n >= 1 && n <= 16, "parity", n, "1 to 16");
    data_set d{"parity", static_cast<std::size_t>(n), 1, {}, {}};
    for (unsigned pattern = 0; pattern < 1u << n; ++pattern) {
        std::vector<double> x;
        int active = 0;
        for (int i = 0; i < n; ++i) x.push_back((pattern >> i & 1) != 0 ? 1 : -1), active += x.back() > 0;
        d.add(x, {active % 2 == 1 ? 1.0 : 0.0});
    }
    return d;
}

data_set bars(int n, int examples, std::uint64_t seed) {
    require(n >= 2 && n <= 100, "bars", n, "2 to 100");
    const auto side = static_cast<std::size_t>(n);
    data_set d{"bars", side*side, 2*side, {}, {}};
    for (int e = 0; e < examples; ++e) {
        random_stream draw(seed, identity("bars"), static_cast<std::uint64_t>(e));
        std::vector<double> x(d.inputs, 0.0), t(d.outputs, 0.0);
        for (std::size_t b = 0; b < d.outputs; ++b) {
            if (draw.uniform() >= 1.0/n) continue;
            t[b] = 1;
            for (std::size_t k = 0; k < side; ++k) x[b < side ? b*side + k : k*side + b - side] = 1;
        }
        d.add(x, t);
    }
    return d;
}

data_set random_pairs(int pairs, std::uint64_t seed) {
    require(pairs >= 1 && pairs <= 10000, "random_pairs", pairs, "1 to 10000");
    data_set d{"random_pairs", 25, 25, {}, {}};
    for (int p = 0; p < pairs; ++p) {
        random_stream draw(seed, identity("random pairs"), static_cast<std::uint64_t>(p));
        const auto x = some_active(draw, 25, 6);
        d.add(x, some_active(draw, 25, 6));
    }
    return d;
}

data_set yin_yang(int examples, std::uint64_t seed) {
    require(examples >= 1 && examples <= 1000000, "yin_yang", examples, "1 to 1000000 examples");
    data_set d{"yin_yang", 4, 3, {}, {}};
    for (int e = 0; e < examples; ++e) {
        random_stream draw(seed, identity("yin yang"), static_cast<std::uint64_t>(e));
        const auto wanted = draw.below(3);   // classes are equally frequent
        double x = 0, y = 0;
        do x = draw.uniform(), y = draw.uniform();
        while (std::hypot(x - 0.5, y - 0.5) > 0.5 || yin_yang_class(x, y) != wanted);
        std::vector<double> t(3, 0.0);
        t[wanted] = 1;
        d.add({x, y, 1 - x, 1 - y}, t);
    }
    return d;
}

data_set gaussian(int examples, std::uint64_t seed) {
    require(examples >= 1 && examples <= 10000000, "gaussian", examples, "1 to 10000000 examples");
    const double angle = std::numbers::pi*random_stream(seed, identity("direction of a gaussian")).uniform();
    data_set d{"gaussian", 2, 1, {}, {}};
    for (int e = 0; e < examples; ++e) {
        random_stream draw(seed, identity("gaussian"), static_cast<std::uint64_t>(e));
        const double along = draw.normal(0, 1.5), across = draw.normal(0, 0.5);
        d.add({along*std::cos(angle) - across*std::sin(angle), along*std::sin(angle) + across*std::cos(angle)}, {0});
    }
    return d;
}

data_set unit_square(int examples, int units, std::uint64_t seed) {
    require(examples >= 1 && examples <= 10000000 && units >= 1, "unit_square", examples, "1 to 10000000 examples, 1 unit or more");
    data_set d{"unit_square", 2, static_cast<std::size_t>(units), {}, {}};
    for (int e = 0; e < examples; ++e) {
        random_stream draw(seed, identity("unit square"), static_cast<std::uint64_t>(e));
        const double x = draw.uniform(), y = draw.uniform();
        d.add({x, y}, std::vector<double>(d.outputs, 0.0));
    }
    return d;
}

data_set oriented_spots(int examples, int side, int units, std::uint64_t seed) {
    require(examples >= 1 && examples <= 1000000 && side >= 2 && side <= 1000 && units >= 1, "oriented_spots", examples, "1 to 1000000 examples, of 2 x 2 to 1000 x 1000, 1 unit or more");
    constexpr double density = 24, across = 0.044194, along = 0.20624, brightness = 0.7;
    data_set d{"oriented_spots", static_cast<std::size_t>(side)*static_cast<std::size_t>(side), static_cast<std::size_t>(units), {}, {}};
    for (int e = 0; e < examples; ++e) {
        random_stream draw(seed, identity("oriented spots"), static_cast<std::uint64_t>(e));
        std::vector<double> light(d.inputs, 0.0);
        for (int spot = 0; spot < 2; ++spot) {
            const double x = draw.uniform(0, side), y = draw.uniform(0, side), angle = draw.uniform(0, std::numbers::pi);
            for (std::size_t k = 0; k < d.inputs; ++k) {
                const double right = (static_cast<double>(k % static_cast<std::size_t>(side)) + 0.5 - x)/density, down = (static_cast<double>(k/static_cast<std::size_t>(side)) + 0.5 - y)/density;
                const double u = (right*std::cos(angle) + down*std::sin(angle))/along, v = (down*std::cos(angle) - right*std::sin(angle))/across;
                light[k] = std::max(light[k], brightness*math::exp<double>(-(u*u + v*v)/2));
            }
        }
        d.add(light, std::vector<double>(d.outputs, 0.0));
    }
    return d;
}

std::vector<std::string> generated_tasks() {
    std::vector<std::string> names;
    for (const auto& t : tasks()) names.emplace_back(t.name);
    return names;
}

learning_task generated_task(std::string_view name, std::uint64_t seed) {
    for (const auto& t : tasks()) {
        if (t.name != name) continue;
        auto made = t.make(seed);
        made.name = t.name, made.summary = t.summary;
        return made;
    }
    throw invalid_model("task '" + std::string(name) + "'", "unknown task", suggestion(name, generated_tasks()));
}

}  // namespace apical::models
