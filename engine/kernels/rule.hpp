// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <type_traits>

#include "core/pack.hpp"
#include "engine/catalogue.hpp"
#include "engine/kernels/rule_view.hpp"

/// add_rule<R>(catalogue) compiles a learning rule and lists it.
namespace apical::kernels {

template <class R> using rule_parameters = typename R::template parameters<double>;

/// Records of the columns of a view at some synapses.
template <class V, template <class> class Record> [[gnu::always_inline]] inline Record<V> columns_at(const double* first, std::size_t stride, std::size_t k) {
    return make_record<Record<V>>([&](std::size_t i) {
        if constexpr (std::is_same_v<V, double>) return first[i*stride + k];
        else return V::load(first + i*stride + k);
    });
}
template <class Record, class V> [[gnu::always_inline]] inline Record same_for_all(const double* values) {
    return make_record<Record>([&](std::size_t i) { return V(values[i]); });
}

/// What some synapses of a view see.
template <class R, class V> [[gnu::always_inline]] inline plasticity::local<R, V> seen_at(const synapse_view& v, std::size_t k) {
    const auto at = [&](const double* from) {
        if constexpr (std::is_same_v<V, double>) return from[k];
        else return V::load(from + k);
    };
    return {at(v.weight), columns_at<V, R::template pre>(v.pre, v.pre_stride, k), same_for_all<typename R::template post<V>, V>(v.post),
            same_for_all<typename R::template third<V>, V>(v.third), same_for_all<typename R::template parameters<V>, V>(v.parameters),
            plasticity::noisy<R> && v.chance ? at(v.chance) : V(0.0)};
}

/// One function of a rule for some synapses: F is a call of it.
template <class R, class V, class F> [[gnu::always_inline]] inline void answer_at(const synapse_view& v, std::size_t k, F&& f) {
    auto kept = columns_at<V, R::template synapse>(v.kept, v.kept_stride, k);
    const auto seen = seen_at<R, V>(v, k);
    V change(0.0);
    if constexpr (std::is_invocable_v<F, decltype(kept)&, decltype(seen)&>) change = f(kept, seen);
    else if constexpr (std::is_same_v<V, double>) change = f(kept, seen, v.elapsed[k]);
    else change = f(kept, seen, V::load(v.elapsed + k));
    const auto put = [&](const V& x, double* to) {
        if constexpr (std::is_same_v<V, double>) *to = x;
        else x.store(to);
    };
    double* to = v.kept + k;
    for_each_member(kept, [&](const V& x) { put(x, to), to += v.kept_stride; });
    if (!v.change) return put(math::at_most(math::at_least(seen.w + change, V(v.low)), V(v.high)), v.weight + k);
    if constexpr (std::is_same_v<V, double>) v.change[k] += change;
    else put(V::load(v.change + k) + change, v.change + k);
}

/// A copy of what synapses of a view share, for long rows: what the loop writes cannot be part of it, so that it is read once.
template <class R> struct shared_values {
    static constexpr std::size_t posts = member_count<typename R::template post<double>>(), thirds = member_count<typename R::template third<double>>(),
                                 parameters = member_count<rule_parameters<R>>();
    std::array<double, posts + thirds + parameters + 1> values{};

    /// The view with pointers into the copy.
    synapse_view of(synapse_view v) {
        const auto keep = [&](const double*& from, std::size_t count, std::size_t at) {
            if (!from) return;
            std::copy_n(from, count, values.begin() + static_cast<std::ptrdiff_t>(at));
            from = values.data() + at;
        };
        keep(v.post, posts, 0), keep(v.third, thirds, posts), keep(v.parameters, parameters, posts + thirds);
        return v;
    }
};

/// The same for all, whole packs first.
template <class R, class F> [[gnu::always_inline]] inline void answer(const synapse_view& v, F&& f) {
    std::size_t k = 0;
    for (; k + native_width <= v.count; k += native_width) answer_at<R, native_pack>(v, k, f);
    for (; k < v.count; ++k) answer_at<R, double>(v, k, f);
}

template <class R> struct answers {
    static void arrival(const synapse_view& v) { answer<R>(v, [](auto& kept, const auto& at) { return R::on_arrival(kept, at); }); }
    static void spike(const synapse_view& v) { answer<R>(v, [](auto& kept, const auto& at) { return R::on_spike(kept, at); }); }
    static void burst(const synapse_view& v) { answer<R>(v, [](auto& kept, const auto& at) { return R::on_burst(kept, at); }); }
    static void onset(const synapse_view& v) { answer<R>(v, [](auto& kept, const auto& at) { return R::on_onset(kept, at); }); }
    static void plateau(const synapse_view& v) { answer<R>(v, [](auto& kept, const auto& at) { return R::on_plateau(kept, at); }); }
    static void back_propagation(const synapse_view& v) { answer<R>(v, [](auto& kept, const auto& at) { return R::on_back_propagation(kept, at); }); }
    static void step(const synapse_view& v) {
        answer<R>(v, [&](auto& kept, const auto& at) { return R::each_step(kept, at, std::remove_cvref_t<decltype(at.w)>(v.dt)); });
    }
    static void phase_end(const synapse_view& v) {
        shared_values<R> shared;
        answer<R>(shared.of(v), [](auto& kept, const auto& at) { return R::at_phase_end(kept, at); });
    }
    static void relax(const synapse_view& v) {
        answer<R>(v, [&](auto& kept, const auto& at, auto elapsed) { return R::relax(kept, at, elapsed); });
    }
};

template <class R> rule_parameters<R> parameters_of(const double* values) {
    return make_record<rule_parameters<R>>([&](std::size_t i) { return values[i]; });
}
template <class Record> void write_members(const Record& r, auto* to) {
    for_each_member(r, [&](const auto& x) { *to++ = x; });
}

template <class R> std::shared_ptr<const rule_table> table_of_rule() {
    using namespace plasticity;
    auto t = std::make_shared<rule_table>();
    const auto set = [&](occasion o, void (*f)(const synapse_view&)) { t->on[static_cast<std::size_t>(o)] = f; };
    if constexpr (answers_arrival<R>) set(occasion::arrival, answers<R>::arrival);
    if constexpr (answers_spike<R>) set(occasion::spike, answers<R>::spike);
    if constexpr (answers_burst<R>) set(occasion::burst, answers<R>::burst);
    if constexpr (answers_onset<R>) set(occasion::onset, answers<R>::onset);
    if constexpr (answers_plateau<R>) set(occasion::plateau, answers<R>::plateau);
    if constexpr (answers_back_propagation<R>) set(occasion::back_propagation, answers<R>::back_propagation);
    if constexpr (answers_step<R>) set(occasion::step, answers<R>::step);
    if constexpr (answers_phase_end<R>) set(occasion::phase_end, answers<R>::phase_end);
    if constexpr (relaxing<R>) t->relax = answers<R>::relax;
    if constexpr (member_count<typename R::template pre<double>>() > 0) t->hears = [](const double* p, reading* to) { write_members(R::hears(parameters_of<R>(p)), to); };
    if constexpr (member_count<typename R::template post<double>>() > 0) t->sees = [](const double* p, reading* to) { write_members(R::sees(parameters_of<R>(p)), to); };
    if constexpr (member_count<typename R::template third<double>>() > 0) t->is_told = [](const double* p, reading* to) { write_members(R::is_told(parameters_of<R>(p)), to); };
    if constexpr (fading<R>) t->fades = [](const double* p, double* to) { write_members(R::fades(parameters_of<R>(p)), to); };
    if constexpr (beginning<R>) t->begins = [](double w, const double* p, double* to) { write_members(R::begins(w, parameters_of<R>(p)), to); };
    if constexpr (late_feeling<R>) t->after_arrival = [](const double* p) { return R::after_arrival(parameters_of<R>(p)); };
    return t;
}

template <class R> rule_schema schema_of_rule() {
    using namespace plasticity;
    rule_schema s;
    s.name = R::info.name, s.summary = R::info.summary, s.source = R::info.source;
    for (const auto phase : R::info.phases)
        if (!phase.empty()) s.phases.emplace_back(phase);
    for_each_member(R::defaults, [&](const field& f) { s.parameters.push_back(f); });
    if constexpr (requires { R::keeps; }) for_each_member(R::keeps, [&](const field& f) { s.kept.push_back(f); });
    static_assert(member_count<typename R::template synapse<double>>() == 0 || requires { R::keeps; }, "what a synapse keeps is described by `keeps`");
    s.pre = member_count<typename R::template pre<double>>();
    s.post = member_count<typename R::template post<double>>();
    s.third = member_count<typename R::template third<double>>();
    s.is_clocked = answers_step<R>, s.is_noisy = noisy<R>;
    if constexpr (requires { R::published; })
        for (const auto& set : R::published) {
            std::vector<double> values(member_count<rule_parameters<R>>());
            write_members(set.values, values.data());
            s.published.push_back({std::string(set.name), std::string(set.source), std::move(values)});
        }
    return s;
}

}  // namespace apical::kernels

namespace apical {

/// Compiles a rule and lists it. Throws invalid_model if the name is taken.
template <class R> void add_rule(catalogue& c) { c.add(rule_entry{kernels::schema_of_rule<R>(), kernels::table_of_rule<R>()}); }

}  // namespace apical
