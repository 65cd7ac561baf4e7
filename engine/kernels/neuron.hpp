// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <string>

#include "core/pack.hpp"
#include "engine/catalogue.hpp"
#include "engine/kernels/neuron_view.hpp"
#include "neurons/neuron.hpp"

/// add_neuron<M>(catalogue) compiles a neuron model and lists it.
namespace apical::kernels {

template <class M> using neuron_parameters = typename M::template parameters<double>;
template <class M> using neuron_state = typename M::template state<double>;

template <class M> concept spiking = requires(const neuron_state<M>& s, const neuron_parameters<M>& p) { M::excess(s, p); };
template <class M> concept refractory = requires(const neuron_parameters<M>& p) { M::refractory(p); };
template <class M> concept releasing = requires(const neuron_state<M>& s, const neuron_parameters<M>& p) { M::released(s, p); };
template <class M> concept turning = requires(const neuron_state<M>& s, const neuron_parameters<M>& p) { M::next_turn(s, p); };
template <class M> concept straightening = requires(const neuron_state<M>& s, const neuron_parameters<M>& p, const surroundings<double>& at) {
    M::straightened(s, p, at, 0.1);
};

template <class R> R gathered(const double* from, std::size_t stride = 1) {
    return make_record<R>([&](std::size_t i) { return from[i*stride]; });
}
template <class R> void scattered(const R& record, double* to, std::size_t stride = 1) {
    for_each_member(record, [&](double x) { *to = x, to += stride; });
}

/// Where the excess rises through 0 within a step of `most` [ms], given that it does, to 1e-13 ms, from the side where it has; to about
/// 1e-12 ms, from either side, if the model straightens it and resets.
/// The steps are those of the model's own `advance`, so that the whole stays of its order.
template <class M>
double spike_within(const neuron_state<M>& s, const neuron_parameters<M>& p, const surroundings<double>& at, double most) {
    constexpr double close = 1e-13;
    const auto measure = [&](double h) {
        if constexpr (straightening<M>) return M::straightened(s, p, at, h);
        else return M::excess(M::advance(s, p, at, h), p);
    };
    if (M::excess(s, p) > 0) return 0;
    double low = 0, high = most, last = 0, at_low = measure(0), at_high = measure(most);
    for (int n = 0, side = 0; n < 60 && high - low > close; ++n) {
        double guess = high - at_high*(high - low)/(at_high - at_low);
        if (n % 6 == 5 || !(guess > low && guess < high)) guess = 0.5*(low + high);
        // a guess at an end of the bracket goes a little beyond it, so that the next closes the bracket from the other side
        guess = math::at_most(math::at_least(guess, low + 0.5*close), high - 0.5*close);
        if (!(guess > low && guess < high)) break;
        // what is straight converges faster than in proportion: two guesses 1e-7 ms apart are right to about 1e-12
        if (straightening<M> && M::info.resets && math::absolute(guess - last) < 1e-7) return guess;
        const double value = measure(guess);
        last = guess;
        // the end that stays twice counts for less, after Anderson and Bjorck
        if (value > 0) {
            if (side == 1) at_low *= value < at_high ? 1 - value/at_high : 0.5;
            high = guess, at_high = value, side = 1;
        } else {
            if (side == -1) at_high *= value > at_low ? 1 - value/at_low : 0.5;
            low = guess, at_low = value, side = -1;
        }
    }
    return high;
}

/// A step in which something happens: a spike, the end of refractoriness, or both and more than once.
template <class M> class eventful_step {
public:
    eventful_step(const neuron_view& n, int cell, const surroundings<double>& at)
        : n_(n), cell_(cell), at_(at), p_(gathered<neuron_parameters<M>>(n.parameters)), hold_(n.hold[cell]), left_(n.dt) {}

    /// From the state at the beginning; writes the state at the end. False if spikes follow each other without end.
    bool operator()(neuron_state<M> s) {
        constexpr int most_spikes = 1000;
        for (int spikes = 0; left_ > 0;) {
            if (hold_ > 0) {
                s = wait(s);
                continue;
            }
            at_.free = 1;
            const auto next = M::advance(s, p_, at_, left_);
            const bool is_above = M::excess(s, p_) > 0;
            const bool rises = (M::excess(next, p_) > 0 && (M::info.resets || !is_above)) || (n_.jumps && is_above);
            if (!rises) {
                s = next;
                break;
            }
            if (++spikes > most_spikes) return false;
            s = spike(s);
        }
        scattered(s, n_.states + cell_, n_.stride);
        n_.hold[cell_] = hold_;
        return true;
    }

private:
    neuron_state<M> wait(const neuron_state<M>& s) {
        const double h = hold_ < left_ ? hold_ : left_;
        at_.free = 0;
        const auto next = M::advance(s, p_, at_, h);
        left_ -= h;
        hold_ = h < hold_ ? hold_ - h : 0;
        return hold_ > 0 ? next : release(next);
    }
    neuron_state<M> release(const neuron_state<M>& s) {
        if constexpr (releasing<M>) return M::released(s, p_);
        else return s;
    }
    neuron_state<M> spike(const neuron_state<M>& s) {
        const double h = spike_within<M>(s, p_, at_, left_);
        const auto there = h > 0 ? M::advance(s, p_, at_, h) : s;
        left_ -= h;
        n_.spikes->push_back({cell_, n_.dt - left_});
        const auto next = M::spiked(there, p_);
        if constexpr (refractory<M>) hold_ = M::refractory(p_);
        return hold_ > 0 ? next : release(next);
    }

    const neuron_view& n_;
    int cell_;
    surroundings<double> at_;
    neuron_parameters<M> p_;
    double hold_, left_;
};

/// Neurons of which something happens, one by one, from the states in memory.
template <class M> [[gnu::noinline]] bool run_eventful(const neuron_view& n, int first, const double* happens, int width) {
    bool fine = true;
    for (int cell = first; cell < first + width; ++cell) {
        if (!(happens[cell - first] > 0)) continue;
        surroundings<double> here{};
        for (int c = 0; c < M::info.compartment_count(); ++c) {
            const auto at = static_cast<std::size_t>(c)*n.stride + static_cast<std::size_t>(cell);
            here.in[static_cast<std::size_t>(c)] = {n.i[at], n.g[at]};
        }
        fine = eventful_step<M>(n, cell, here)(gathered<neuron_state<M>>(n.states + cell, n.stride)) && fine;
    }
    return fine;
}

template <class V> V loaded(const double* from) {
    if constexpr (std::is_same_v<V, double>) return *from;
    else return V::load(from);
}
template <class V> void stored(const V& x, double* to) {
    if constexpr (std::is_same_v<V, double>) *to = x;
    else x.store(to);
}

/// f(x, y) for the members of two records, in order.
template <class R, class F> [[gnu::always_inline]] inline void for_each_pair(const R& a, const R& b, F&& f) {
    const void* of_b[most_members] = {};
    std::size_t n = 0, k = 0;
    for_each_member(b, [&](const auto& y) { of_b[n++] = &y; });
    for_each_member(a, [&](const auto& x) { f(x, *static_cast<const std::remove_cvref_t<decltype(x)>*>(of_b[k++])); });
}

/// 1 where a potential of the state has left the limit, or is no number.
template <class M, class V> [[gnu::always_inline]] inline V lost(const typename M::template state<V>& s, double limit) {
    V sum(0.0);
    int k = 0;
    for_each_member(s, [&](const V& x) {
        for (const int voltage : M::info.voltage)
            if (voltage == k) sum += math::select(math::absolute(x) < V(limit), V(0.0), V(1.0));
        ++k;
    });
    return sum;
}

/// Which lanes need the long way in this step: 1 there, else 0.
template <class M, class V>
[[gnu::always_inline]] inline V eventful(const typename M::template state<V>& before, const typename M::template state<V>& after,
                                         const typename M::template parameters<V>& p, V hold, const neuron_view& n) {
    V happens(0.0);
    if constexpr (refractory<M>) happens = math::select(hold > V(0.0), math::select(hold > V(n.dt), V(0.0), V(1.0)), V(0.0));
    if constexpr (spiking<M>) {
        V rises = math::select(M::excess(after, p) > V(0.0), V(1.0), V(0.0));
        if constexpr (!M::info.resets) rises = math::select(M::excess(before, p) > V(0.0), V(0.0), rises);
        else if (n.jumps) rises = math::select(M::excess(before, p) > V(0.0), V(1.0), rises);
        if constexpr (refractory<M>) rises = math::select(hold > V(0.0), V(0.0), rises);
        happens += rises;
    }
    return happens;
}

/// Steps of whole packs. Where something happens the states are left as they were, and `happens`, [cells], is above 0: a branch
/// here would wait for the end of the step and hold up the steps after it. False if a potential left the limit.
template <class M, class V> bool run_packs(const neuron_view n, double* happens) {
    using state = typename M::template state<V>;
    using parameters = typename M::template parameters<V>;
    constexpr int width = static_cast<int>(sizeof(V)/sizeof(double));
    constexpr auto compartments = static_cast<std::size_t>(M::info.compartment_count());
    const auto p = make_record<parameters>([&](std::size_t i) { return V(n.parameters[i]); });
    surroundings<V> at{};
    V beyond(0.0);
    for (int k = 0; k < n.cells; k += width) {
        const auto before = make_record<state>([&](std::size_t i) { return loaded<V>(n.states + i*n.stride + k); });
        for (std::size_t c = 0; c < compartments; ++c) at.in[c] = {loaded<V>(n.i + c*n.stride + k), loaded<V>(n.g + c*n.stride + k)};
        V hold(0.0);
        at.free = V(1.0);
        if constexpr (refractory<M>) {
            hold = loaded<V>(n.hold + k);
            at.free = math::select(hold > V(0.0), V(0.0), V(1.0));
        }
        const auto after = M::advance(before, p, at, n.dt);
        const V event = eventful<M, V>(before, after, p, hold, n);
        const auto is_event = event > V(0.0);
        double* to = n.states + k;
        for_each_pair(before, after, [&](const V& was, const V& is) { stored(math::select(is_event, was, is), to), to += n.stride; });
        if constexpr (refractory<M>) stored(math::select(is_event, hold, math::at_least(hold - V(n.dt), V(0.0))), n.hold + k);
        stored(event, happens + k);
        beyond += math::select(is_event, V(0.0), lost<M, V>(after, n.v_limit));
    }
    return !math::any_positive(beyond);
}

template <class M, class V> bool neuron_run(const neuron_view& n) {
    constexpr int width = static_cast<int>(sizeof(V)/sizeof(double));
    alignas(64) double happens[most_neurons];
    bool fine = run_packs<M, V>(n, happens);
    if constexpr (spiking<M>)
        for (int k = 0; k < n.cells; k += width)
            if (math::any_positive(loaded<V>(happens + k))) fine = run_eventful<M>(n, k, happens + k, width) && fine;
    return fine;
}

template <class M> neuron_schema schema_of_neuron() {
    neuron_schema s{.name = std::string(M::info.name), .summary = std::string(M::info.summary), .source = std::string(M::info.source),
                    .compartments = {}, .voltage = {}, .has_spikes = spiking<M>, .resets = M::info.resets, .answers_each = M::info.answers_each, .parameters = {}, .states = {}};
    for (int c = 0; c < M::info.compartment_count(); ++c) {
        s.compartments.emplace_back(M::info.compartments[static_cast<std::size_t>(c)]);
        s.voltage.push_back(M::info.voltage[static_cast<std::size_t>(c)]);
    }
    for_each_member(M::defaults, [&](const field& f) { s.parameters.push_back(f); });
    for_each_member(M::meaning, [&](const field& f) { s.states.push_back(f); });
    return s;
}

/// The functions of one neuron on plain arrays.
template <class M> struct plain {
    using state = neuron_state<M>;
    using parameters = neuron_parameters<M>;
    static void rest(const double* p, double* s) { scattered(M::rest(gathered<parameters>(p)), s); }
    static void rates(const double* s, const double* p, const neuron_drive& in, double* out) {
        surroundings<double> at{};
        for (std::size_t c = 0; c < at.in.size(); ++c) at.in[c] = {in.i[c], in.g[c]};
        at.free = in.free;
        scattered(M::rates(gathered<state>(s), gathered<parameters>(p), at), out);
    }
    static void decayed(double* s, const double* p, double time) {
        surroundings<double> at{};
        at.free = 1;
        scattered(M::advance(gathered<state>(s), gathered<parameters>(p), at, time), s);
    }
    static double excess(const double* s, const double* p) { return M::excess(gathered<state>(s), gathered<parameters>(p)); }
    static void spiked(double* s, const double* p) { scattered(M::spiked(gathered<state>(s), gathered<parameters>(p)), s); }
    static double refractory(const double* p) { return M::refractory(gathered<parameters>(p)); }
    static void released(double* s, const double* p) { scattered(M::released(gathered<state>(s), gathered<parameters>(p)), s); }
    static double next_turn(const double* s, const double* p) { return M::next_turn(gathered<state>(s), gathered<parameters>(p)); }
    static void turned(double* s, const double* p) { scattered(M::turned(gathered<state>(s), gathered<parameters>(p)), s); }
};

template <class M> std::shared_ptr<const neuron_table> table_of_neuron() {
    auto t = std::make_shared<neuron_table>();
    t->run[0] = neuron_run<M, double>, t->run[1] = neuron_run<M, twin<native_pack>>;
    t->rest = plain<M>::rest, t->rates = plain<M>::rates, t->decayed = plain<M>::decayed;
    if constexpr (spiking<M>) t->excess = plain<M>::excess, t->spiked = plain<M>::spiked;
    if constexpr (refractory<M>) t->refractory = plain<M>::refractory;
    if constexpr (releasing<M>) t->released = plain<M>::released;
    if constexpr (turning<M>) t->next_turn = plain<M>::next_turn, t->turned = plain<M>::turned;
    return t;
}

}  // namespace apical::kernels

namespace apical {

/// Compiles the neuron model M into the catalogue. Throws invalid_model if its name is taken.
template <class M> void add_neuron(catalogue& c) { c.add(neuron_entry{kernels::schema_of_neuron<M>(), kernels::table_of_neuron<M>()}); }

}  // namespace apical
