// SPDX-License-Identifier: BSD-3-Clause
#include "engine/layered/plastic_link.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/error.hpp"
#include "core/math.hpp"

namespace apical::layered {
namespace {

using plasticity::occasion;
using plasticity::reading;
using plasticity::signal;

constexpr std::size_t most_members = 22;   // of a record

/// Throws if the trials of a layered net do not have what is read.
void check_reading(const reading& r, const scheme& s, const std::string& where) {
    const auto offered = s.offers();
    if (std::ranges::find(offered, r.of) == offered.end()) {
        std::vector<std::string_view> names;
        for (const auto o : offered) names.push_back(name_of(o));
        throw invalid_model(where, fmt::format("reads the signal '{}', which this net does not offer", name_of(r.of)), fmt::format("it offers {}", fmt::join(names, ", ")));
    }
    if ((r.by == reading::filter::trace || r.by == reading::filter::nearest) && (!s.is_in_time() || !is_event(r.of)))
        throw invalid_model(where, fmt::format("reads a trace of '{}'", name_of(r.of)), "rate units have values at all times, which may be low-passed");
    if (r.phase >= s.phases())
        throw invalid_model(where, fmt::format("reads '{}' at the end of phase {} of the trial", name_of(r.of), r.phase + 1), fmt::format("the scheme has {}", s.phases()));
    const double steps = r.late/s.dt();
    if (r.late > 0 && (steps < 0.5 || std::abs(steps - std::round(steps)) > 1e-6*steps))
        throw invalid_model(where, fmt::format("reads '{}' {:g} ms late", name_of(r.of), r.late), fmt::format("whole steps, of {:g} ms", s.dt()));
}

/// An event as the unit it travels to knows of it. It arrives at the beginning of a step, and its trace has faded at the end.
reading arriving(reading r, double travel) {
    r.late += travel;
    if (r.by == reading::filter::trace || r.by == reading::filter::nearest) r.jump *= math::exp(-travel/r.tau[0]);
    return r;
}

void check_occasions(const rule_entry& rule, const scheme& s, const std::string& where) {
    for (const auto o : {occasion::arrival, occasion::spike, occasion::burst, occasion::onset, occasion::plateau, occasion::back_propagation})
        if (rule.answers(o))
            throw invalid_model(where, s.is_in_time() ? "learns at events, and layered nets tell rules of steps and phases" : "learns from events, and rate units have none",
                                "apical rules lists those that answer phases or steps");
    if (!rule.answers(occasion::step) && !rule.answers(occasion::phase_end)) throw invalid_model(where, "answers neither steps nor phases");
    if (rule.schema.is_noisy || rule.kernels->relax) throw unsupported(where, "noise and relaxation of synapses are not part of layered nets");
}

}  // namespace

plastic_link::plastic_link(const description& d, const wiring& w, const scheme& s, observers& all, std::size_t index)
    : link_(d.link), index_(index), kernels_(d.rule.kernels), parameters_(d.parameters), fades_(d.rule.fades(d.parameters)), told_(d.rule.schema.third),
      kept_count_(d.rule.schema.kept.size()), rate_(d.rate*s.rate_of_link(d.link)), both_ways_(d.both_ways), stages_(*d.stages, d.where) {
    check_occasions(d.rule, s, d.where);
    const auto& link = w.links[link_];
    const auto sources = [&](const std::vector<reading>& readings, std::size_t group, double later = 0) {
        std::vector<source> list;
        for (auto r : readings) {
            if (is_event(r.of) && later > 0) r = arriving(r, later);
            check_reading(r, s, d.where);
            if (r.of == signal::modulator) throw invalid_model(d.where, "reads a modulator as if it were of a unit", "what is told belongs to all");
            list.push_back(all.add(r, group));
        }
        return list;
    };
    hears_ = sources(d.rule.hears(d.parameters), link.from, s.travel()), sees_ = sources(d.rule.sees(d.parameters), link.to);
    if (both_ways_) hears_back_ = sources(d.rule.hears(d.parameters), link.to), sees_back_ = sources(d.rule.sees(d.parameters), link.from);
    for (const auto& r : d.rule.is_told(d.parameters)) {
        check_reading(r, s, d.where);
        if (r.name != s.tells()) throw invalid_model(d.where, fmt::format("reads '{}', which this net does not offer", r.name), fmt::format("it offers '{}'", s.tells()));
    }
    if (both_ways_ && kept_count_ > 0) throw invalid_model(d.where, "synapses that remember cannot learn both ways");
    change_.assign(link.w.size(), 0.0);
    if (both_ways_) change_back_.assign(link.inputs*link.units, 0.0);
    for (const auto& k : d.rule.schema.kept) kept_.insert(kept_.end(), link.w.size(), k.value);
}

void plastic_link::start(wiring& w) {
    auto& link = w.links[link_];
    stages_.start(link);
    if (!kernels_->begins) return;
    std::vector<double> one(kept_count_);
    for (std::size_t k = 0; k < link.w.size(); ++k) {
        kernels_->begins(link.w[k], parameters_.data(), one.data());
        for (std::size_t m = 0; m < kept_count_; ++m) kept_[m*link.w.size() + k] = one[m];
    }
}

void plastic_link::gather_columns(const observed_trial& t, const std::vector<source>& from, std::size_t columns, std::vector<double>& to) const {
    to.resize(from.size()*columns);
    for (std::size_t m = 0; m < from.size(); ++m) std::copy_n(t.seen[from[m].of].value(from[m].phase).begin(), columns, to.begin() + static_cast<std::ptrdiff_t>(m*columns));
}

void plastic_link::gather(observed_trial& t, const wiring& w, std::size_t links) const {
    const auto& link = w.links[link_];
    gather_columns(t, hears_, link.columns(), t.heard[index_]);
    if (both_ways_) gather_columns(t, hears_back_, link.units, t.heard[links + index_]);
}

void plastic_link::tell(const observed_trial& t, std::size_t unit, const std::vector<source>& sees, double* post, double* third) const {
    for (std::size_t m = 0; m < sees.size(); ++m) post[m] = t.seen[sees[m].of].value(sees[m].phase)[unit];
    for (std::size_t m = 0; m < told_; ++m) third[m] = t.is_last_phase ? t.t.nudging : 0;
}

kernels::synapse_view plastic_link::view(const dense& link, double dt, const double* post, const double* third) const {
    return {.count = link.columns(), .kept_stride = link.w.size(), .pre_stride = link.columns(), .post = post, .third = third, .parameters = parameters_.data(), .dt = dt};
}

void plastic_link::begin_alone(observed_trial& t) const { t.kept[index_] = kept_, t.change[index_].assign(change_.size(), 0.0); }

void plastic_link::learn_alone(occasion o, double dt, observed_trial& t, wiring& w) const {
    const auto answer = kernels_->on[static_cast<std::size_t>(o)];
    if (!answer) return;
    auto& link = w.links[link_];
    std::array<double, most_members> post{}, third{};
    auto v = view(link, dt, post.data(), third.data());
    v.pre = t.heard[index_].data();
    for (std::size_t i = 0; i < link.units; ++i) {
        const std::size_t at = i*link.columns();
        v.weight = link.w.data() + at, v.change = t.change[index_].data() + at, v.kept = t.kept[index_].data() + at;
        tell(t, i, sees_, post.data(), third.data());
        answer(v);
    }
}

void plastic_link::collect(const observed_trial& t) {
    for (std::size_t k = 0; k < change_.size(); ++k) change_[k] += t.change[index_][k];
}

void plastic_link::learn(occasion o, double dt, std::span<observed_trial> trials, wiring& w, std::size_t from, std::size_t to) {
    const auto answer = kernels_->on[static_cast<std::size_t>(o)];
    if (!answer) return;
    auto& link = w.links[link_];
    const std::size_t columns = link.columns();
    std::array<double, most_members> post{}, third{};
    auto v = view(link, dt, post.data(), third.data());
    for (std::size_t i = from; i < to; ++i) {
        v.weight = link.w.data() + i*columns, v.change = change_.data() + i*columns;
        if (kept_count_ > 0) v.kept = kept_.data() + i*columns;
        for (const auto& t : trials) {
            v.pre = t.heard[index_].data();
            tell(t, i, sees_, post.data(), third.data());
            answer(v);
        }
    }
}

void plastic_link::learn_backwards(occasion o, double dt, std::span<observed_trial> trials, const wiring& w, std::size_t links, std::size_t from, std::size_t to) {
    const auto answer = kernels_->on[static_cast<std::size_t>(o)];
    if (!answer) return;
    const auto& link = w.links[link_];
    const std::size_t columns = link.units;
    std::array<double, most_members> post{}, third{};
    std::vector<double> weights(columns);
    kernels::synapse_view v{.count = columns, .weight = weights.data(), .pre_stride = columns, .post = post.data(), .third = third.data(), .parameters = parameters_.data(), .dt = dt};
    for (std::size_t j = from; j < to; ++j) {
        for (std::size_t i = 0; i < columns; ++i) weights[i] = link.row(i)[j];
        v.change = change_back_.data() + j*columns;
        for (const auto& t : trials) {
            v.pre = t.heard[links + index_].data();
            tell(t, j, sees_back_, post.data(), third.data());
            answer(v);
        }
    }
}

void plastic_link::fade(double ms, std::vector<double>& kept) const {
    const std::size_t n = change_.size();
    for (std::size_t m = 0; m < fades_.size(); ++m) {
        if (fades_[m] <= 0) continue;
        const double left = math::exp(-ms/fades_[m]);
        for (std::size_t k = 0; k < n; ++k) kept[m*n + k] *= left;
    }
}

void plastic_link::finish_changes(const wiring& w, double factor) {
    const auto& link = w.links[link_];
    if (both_ways_)
        for (std::size_t i = 0; i < link.units; ++i)
            for (std::size_t j = 0; j < link.inputs; ++j) change_[i*link.columns() + j] += change_back_[j*link.units + i];
    if (!link.has_self)
        for (std::size_t i = 0; i < link.units; ++i) change_[i*link.columns() + i] = 0;
    for (double& x : change_) x *= factor*rate_;
}

void plastic_link::forget_changes() { std::ranges::fill(change_, 0.0), std::ranges::fill(change_back_, 0.0); }

std::vector<double> plastic_link::take_changes(const wiring& w, double factor) {
    finish_changes(w, factor);
    auto taken = change_;
    forget_changes();
    return taken;
}

void plastic_link::apply(wiring& w, double factor) {
    finish_changes(w, factor);
    stages_.apply(w.links[link_], change_);
    forget_changes();
}

void plastic_link::transfer(image& i) {
    i(kept_);
    stages_.transfer(i);
}

}  // namespace apical::layered
