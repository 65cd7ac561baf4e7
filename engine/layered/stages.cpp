// SPDX-License-Identifier: BSD-3-Clause
#include "engine/layered/stages.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/math.hpp"
#include "core/random.hpp"

namespace apical::layered {
namespace {

/// memory: the running sum.
void momentum(const stage_work& s) {
    for (std::size_t k = 0; k < s.change.size(); ++k) s.change[k] = s.memory[k] = s.p[0]*s.memory[k] + s.change[k];
}

/// memory: mean, mean square, and at the end how many updates there were. Kingma & Ba (2015).
void adam(const stage_work& s) {
    const std::size_t n = s.change.size();
    double *mean = s.memory.data(), *square = mean + n, &updates = s.memory[2*n];
    ++updates;
    const double first = 1 - std::pow(s.p[1], updates), second = 1 - std::pow(s.p[2], updates);
    for (std::size_t k = 0; k < n; ++k) {
        mean[k] = s.p[1]*mean[k] + (1 - s.p[1])*s.change[k];
        square[k] = s.p[2]*square[k] + (1 - s.p[2])*s.change[k]*s.change[k];
        s.change[k] = s.p[0]*(mean[k]/first)/(std::sqrt(square[k]/second) + s.p[3]);
    }
}

void manhattan(const stage_work& s) {
    for (double& x : s.change) x = s.p[0]*((x > 0) - (x < 0));
}

/// memory: largest change of each receiving unit, at the start of its row.
void max_norm(const stage_work& s) {
    const std::size_t columns = s.link.columns();
    for (std::size_t i = 0; i < s.link.units; ++i) {
        double* row = s.change.data() + i*columns;
        double& largest = s.memory[i*columns];
        largest *= 1 - 1/s.p[0];
        for (std::size_t j = 0; j < columns; ++j) largest = std::max(largest, std::abs(row[j]));
        for (std::size_t j = 0; j < columns; ++j) row[j] *= s.p[1]/std::max(largest, s.p[2]);
    }
}

void soft_bounds(const stage_work& s) {
    for (std::size_t k = 0; k < s.change.size(); ++k) s.change[k] *= s.change[k] > 0 ? s.p[1] - s.link.w[k] : s.link.w[k] - s.p[0];
}

void decay(const stage_work& s) {
    for (std::size_t k = 0; k < s.change.size(); ++k) s.change[k] -= s.p[0]*s.link.w[k];
}

void clip(const stage_work& s) {
    for (double& w : s.link.w) w = std::clamp(w, s.p[0], s.p[1]);
}

/// A unit's sign is drawn by its number and a seed of the stage, and so is the same in all projections from it.
template <class F> void by_sign(const stage_work& s, F&& f) {
    const std::size_t columns = s.link.columns();
    for (std::size_t j = 0; j < s.link.inputs; ++j) {
        const double sign = random_stream(static_cast<std::uint64_t>(s.p[1]), identity("sign of a unit"), s.link.from, j).uniform() < s.p[0] ? 1 : -1;
        for (std::size_t i = 0; i < s.link.units; ++i) s.link.w[i*columns + j] = f(sign, s.link.w[i*columns + j]);
    }
}
void dale(const stage_work& s) {
    by_sign(s, [](double sign, double w) { return sign*std::max(0.0, sign*w); });
}
void dale_from_start(const stage_work& s) {
    by_sign(s, [](double sign, double w) { return sign*std::abs(w); });
}

template <class F> void scale_rows(const stage_work& s, F&& size_of) {
    for (std::size_t i = 0; i < s.link.units; ++i) {
        double* row = s.link.w.data() + i*s.link.columns();
        const double size = size_of(row, s.link.inputs);
        for (std::size_t j = 0; size > 0 && j < s.link.inputs; ++j) row[j] *= s.p[0]/size;
    }
}
void l1(const stage_work& s) {
    scale_rows(s, [](const double* row, std::size_t n) {
        double sum = 0;
        for (std::size_t j = 0; j < n; ++j) sum += std::abs(row[j]);
        return sum;
    });
}
void l2(const stage_work& s) {
    scale_rows(s, [](const double* row, std::size_t n) { return std::sqrt(dot(row, row, n)); });
}

void no_self(const stage_work& s) {
    for (std::size_t i = 0; s.link.from == s.link.to && i < s.link.units; ++i) s.link.w[i*s.link.columns() + i] = 0;
}

/// memory: how many updates there were. Robbins & Monro (1951).
void slow_down(const stage_work& s) {
    for (double& x : s.change) x /= 1 + s.memory[0]/s.p[0];
    ++s.memory[0];
}

/// w = 1/(1 + (offset (1 - x)/x)^gain), 0 at x = 0 and 1 at x = 1.
void contrast(const stage_work& s) {
    for (double& w : s.link.w) {
        const double x = std::clamp(w, 0.0, 1.0);
        w = x == 0 ? 0 : s.p[2]/(1 + std::pow(s.p[1]*(1 - x)/x, s.p[0]));
    }
}

constexpr std::array momentum_fields{field{"keep", 0.9, "", "part of the change before that goes on", 0, 1}};
constexpr std::array adam_fields{field{"rate", 1e-3, "", "step", 0, 1e3}, field{"mean", 0.9, "", "kept of the mean in an update", 0, 1},
                                 field{"square", 0.999, "", "kept of the mean square in an update", 0, 1}, field{"floor", 1e-8, "", "added to the root of the mean square", 1e-300, 1}};
constexpr std::array manhattan_fields{field{"step", 1e-3, "", "by which every weight moves", 0, 1e3}};
constexpr std::array max_norm_fields{field{"updates", 1000, "", "after which a largest change is forgotten", 1, 1e9},
                                     field{"size", 0.15, "", "that the largest change of a unit is given", 0, 1e3}, field{"floor", 1e-3, "", "of the largest change", 1e-300, 1e3}};
constexpr std::array bound_fields{field{"low", 0, "", "of the weight", -1e9, 1e9}, field{"high", 1, "", "of the weight", -1e9, 1e9}};
constexpr std::array decay_fields{field{"rate", 1e-6, "", "part of the weight that is lost in an update", 0, 1}};
constexpr std::array dale_fields{field{"excitatory", 0.8, "", "part of the units whose weights are positive", 0, 1}, field{"seed", 0, "", "by which they are drawn", 0, 9007199254740992.0}};
constexpr std::array contrast_fields{field{"gain", 6, "", "steepness", 1e-3, 100}, field{"offset", 1, "", "of the middle", 1e-3, 100}, field{"scale", 1, "", "of the weight", -1e6, 1e6}};
constexpr std::array slow_down_fields{field{"updates", 1000, "", "after which changes are half of what they would be", 1e-9, 1e15}};
constexpr std::array length_fields{field{"length", 1, "", "of a unit's weights, without the bias", 0, 1e9}};

constexpr std::array simple_entries{
    stage_entry{"momentum", "changes go on for a while", stage_order::change, momentum_fields, 1, momentum},
    stage_entry{"adam", "changes over the root of their mean square", stage_order::change, adam_fields, 2, adam},
    stage_entry{"manhattan", "the sign of the change alone", stage_order::change, manhattan_fields, 0, manhattan},
    stage_entry{"max_norm", "changes over the largest of the unit", stage_order::change, max_norm_fields, 1, max_norm},
    stage_entry{"soft_bounds", "changes in proportion to what is left to the bound", stage_order::change, bound_fields, 0, soft_bounds},
    stage_entry{"slow_down", "changes become smaller the more there were", stage_order::change, slow_down_fields, 1, slow_down},
    stage_entry{"decay", "weights shrink", stage_order::change, decay_fields, 0, decay},
    stage_entry{"clip", "weights stay between bounds", stage_order::weight, bound_fields, 0, clip},
    stage_entry{"dale", "all weights from a unit have its sign; one that would change it is 0", stage_order::weight, dale_fields, 0, dale, dale_from_start},
    stage_entry{"no_self", "a unit has no weight onto itself", stage_order::weight, {}, 0, no_self},
    stage_entry{"l1", "the sizes of a unit's weights sum to a constant", stage_order::weight, length_fields, 0, l1},
    stage_entry{"l2", "a unit's weights have a constant length", stage_order::weight, length_fields, 0, l2},
    stage_entry{"contrast", "the weight that acts is a steep function of the one that learns, from 0 to 1", stage_order::transform, contrast_fields, 0, contrast},
};

}  // namespace

std::span<const stage_entry> all_stages() {
    static const auto all = [] {
        std::vector<stage_entry> list(simple_entries.begin(), simple_entries.end());
        list.insert(list.end(), {rmax_stage(), cooling_stage(), rewiring_stage(), disc_stage()});
        return list;
    }();
    return all;
}

pipeline::pipeline(const std::vector<weight_stage>& stages, const std::string& where) {
    const auto entries = all_stages();
    std::vector<std::string> names;
    for (const auto& e : entries) names.emplace_back(e.name);
    for (const auto& s : stages) {
        const auto at = fmt::format("{} / stage '{}'", where, s.name);
        const auto found = std::ranges::find(entries, s.name, &stage_entry::name);
        if (found == entries.end()) throw invalid_model(at, "unknown stage", suggestion(s.name, names));
        if (!steps_.empty() && found->when < steps_.back().entry->when)
            throw invalid_model(at, fmt::format("comes after '{}'", steps_.back().entry->name), "first what acts on changes, then what acts on weights, then transformations");
        steps_.push_back({&*found, completed_values(found->fields, s.values, at), {}});
    }
}

void pipeline::start(dense& link) {
    std::vector<double> none(link.w.size(), 0.0);
    for (auto& s : steps_) {
        s.memory.assign(s.entry->remembers > 0 ? s.entry->remembers*link.w.size() + 1 : 0, 0.0);
        if (s.entry->start) s.entry->start({link, none, s.values, s.memory});
    }
    run(link, none, stage_order::weight);
    finish(link);
}

void pipeline::apply(dense& link, std::vector<double>& change) {
    if (!learned_.empty()) link.w.swap(learned_);
    run(link, change, stage_order::change);
    for (std::size_t k = 0; k < change.size(); ++k) link.w[k] += change[k];
    run(link, change, stage_order::weight);
    finish(link);
}

void pipeline::finish(dense& link) {
    if (steps_.empty() || steps_.back().entry->when != stage_order::transform) return;
    learned_ = link.w;
    std::vector<double> none;
    run(link, none, stage_order::transform);
}

void pipeline::run(dense& link, std::vector<double>& change, stage_order when) {
    for (auto& s : steps_)
        if (s.entry->when == when) s.entry->apply({link, change, s.values, s.memory});
}

void pipeline::transfer(image& i) {
    i(learned_);
    for (auto& s : steps_) i(s.memory);
}

}  // namespace apical::layered
