// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "core/math.hpp"
#include "core/members.hpp"
#include "core/schema.hpp"

/// A learning rule is one file: a struct that says what a synapse keeps, what it can see, and by how much its weight changes on which
/// occasion. It has no loops, indices, times or queues; whoever hosts it, a network of detailed cells or a layered net of rate units,
/// keeps the traces, tells the occasions and applies the changes. A rule sees what its records declare and nothing else: what is not
/// local cannot be written down.
///
///     struct pair_stdp : rule {
///         static constexpr rule_info info{...};
///         template <class V> struct parameters { V a_plus, a_minus, tau_plus, tau_minus; };
///         static constexpr parameters<field> defaults{...};
///         template <class V> struct pre { V trace; };
///         static pre<reading> hears(const parameters<double>& p) { return {spikes().trace(p.tau_plus)}; }
///         template <class V> struct post { V trace; };
///         static post<reading> sees(const parameters<double>& p) { return {spikes().trace(p.tau_minus)}; }
///         template <class V> static V on_arrival(kept<pair_stdp, V>&, const local<pair_stdp, V>& at) { return -at.p.a_minus*at.post.trace; }
///         template <class V> static V on_spike(kept<pair_stdp, V>&, const local<pair_stdp, V>& at) { return at.p.a_plus*at.pre.trace; }
///     };
namespace apical::plasticity {

/// What a rule says about itself.
struct rule_info {
    std::string_view name;         ///< catalogue name: that of the struct and of the file
    std::string_view summary;      ///< one line
    std::string_view source;       ///< the paper, with its year
    /// Names of the phases of a trial, in their order, of rules that compare phases.
    std::array<std::string_view, 4> phases = {};
};

/// Signals, by where they exist. Events happen; the others have a value at all times.
enum class signal : int {
    spike,             ///< event. Before the synapse: a spike's arrival there. Behind it: a spike of the cell
    burst,             ///< event: the second spike of two closer than the burst interval
    onset,             ///< event: the first spike of a burst, or a single one
    plateau,           ///< event: a plateau potential begins, here; its value is 1 while it lasts
    back_propagation,  ///< event: a spike of the cell arrives here, backwards
    rate,              ///< activity: of a rate unit its output; of a spiking neuron spikes per ms, low-passed
    potential,         ///< membrane potential here [mV]; of a rate unit its summed input
    slope,             ///< derivative of activity by summed input, of a rate unit
    calcium,           ///< free calcium here [mM]
    prediction,        ///< what the dendrite alone would have the soma do: its potential, attenuated
    apical,            ///< what the apical dendrite feels
    error,             ///< what a feedback projection brings to this neuron
    modulator,         ///< concentration of a neuromodulator in this region
};
inline constexpr int signal_count = static_cast<int>(signal::modulator) + 1;
constexpr std::string_view name_of(signal s) {
    constexpr std::string_view names[] = {"spike", "burst", "onset", "plateau", "back_propagation", "rate", "potential", "slope", "calcium", "prediction",
                                          "apical", "error", "modulator"};
    return names[static_cast<int>(s)];
}
constexpr bool is_event(signal s) { return s <= signal::back_propagation; }

/// A signal as a rule reads it: as it is, filtered, late, or as it was at the end of a phase. A value: each function gives a changed copy.
/// Traces follow the convention that an event reads them as they were just before it, and adds its own share afterwards.
struct reading {
    enum class filter { none, trace, nearest, low_pass };

    signal of = signal::spike;
    filter by = filter::none;
    std::array<double, 3> tau{};       ///< time constants [ms]; of a cascade of low-passes several, ending with 0
    double jump = 1;                   ///< of a trace, at an event
    double late = 0;                   ///< [ms]
    int phase = -1;                    ///< as it was at the end of this phase; -1: now
    std::string_view name = {};        ///< of a modulator

    /// x' = -x/tau, and at an event x += jump.
    constexpr reading trace(double tau_ms, double by_how_much = 1) const {
        reading r = *this;
        return r.by = filter::trace, r.tau[0] = tau_ms, r.jump = by_how_much, r;
    }
    /// The same, but at an event x = jump: only the nearest one counts.
    constexpr reading nearest(double tau_ms, double to = 1) const {
        reading r = trace(tau_ms, to);
        return r.by = filter::nearest, r;
    }
    /// tau x' = signal - x. Of what is low-passed already: the next of a cascade.
    constexpr reading low_pass(double tau_ms) const {
        reading r = *this;
        r.by = filter::low_pass;
        for (double& t : r.tau)
            if (t == 0) return t = tau_ms, r;
        return r;
    }
    constexpr reading delayed(double ms) const {
        reading r = *this;
        return r.late = ms, r;
    }
    /// As it was at the end of a phase, one of rule_info::phases.
    constexpr reading after(int of_phase) const {
        reading r = *this;
        return r.phase = of_phase, r;
    }
    constexpr bool is_trace() const { return by == filter::trace || by == filter::nearest; }
    bool operator==(const reading&) const = default;
};
constexpr reading spikes() { return {.of = signal::spike}; }
constexpr reading bursts() { return {.of = signal::burst}; }
constexpr reading onsets() { return {.of = signal::onset}; }
constexpr reading plateaus() { return {.of = signal::plateau}; }
constexpr reading back_propagations() { return {.of = signal::back_propagation}; }
constexpr reading rate() { return {.of = signal::rate}; }
constexpr reading potential() { return {.of = signal::potential}; }
constexpr reading slope() { return {.of = signal::slope}; }
constexpr reading calcium() { return {.of = signal::calcium}; }
constexpr reading prediction() { return {.of = signal::prediction}; }
constexpr reading apical_potential() { return {.of = signal::apical}; }
constexpr reading error_signal() { return {.of = signal::error}; }
constexpr reading modulator(std::string_view name) { return {.of = signal::modulator, .name = name}; }

/// What a rule inherits: records it does not need are empty.
struct rule {
    template <class V> struct parameters {};
    template <class V> struct synapse {};      ///< what each synapse keeps, besides its weight
    template <class V> struct pre {};          ///< what it hears from its axon; `hears(p)` says of each member what it is
    template <class V> struct post {};         ///< what it sees where it sits and of its cell; `sees(p)`
    template <class V> struct third {};        ///< what is told to all synapses of a region or neuron; `is_told(p)`
};

/// What a synapse of a rule keeps.
template <class R, class V> using kept = typename R::template synapse<V>;

/// All that a synapse of a rule can see. V is double or a pack of synapses that share `post` and `third`.
template <class R, class V> struct local {
    V w;                                       ///< its weight, in the rule's own unit
    typename R::template pre<V> pre;
    typename R::template post<V> post;
    typename R::template third<V> third;
    typename R::template parameters<V> p;
    V chance;                                  ///< a standard normal number of this synapse and occasion, of rules that say `is_noisy`
};

/// Occasions, and the function of a rule that each calls if there is one:  V f(kept<R, V>&, const local<R, V>&[, V dt])  returns the change of
/// the weight.
enum class occasion : int {
    arrival,           ///< on_arrival: a presynaptic spike arrives
    spike,             ///< on_spike: the cell spikes
    burst,             ///< on_burst
    onset,             ///< on_onset
    plateau,           ///< on_plateau: one begins
    back_propagation,  ///< on_back_propagation
    step,              ///< each_step: a step of dt [ms] of the clock
    phase_end,         ///< at_phase_end: the last phase of a trial has ended
};
inline constexpr int occasion_count = static_cast<int>(occasion::phase_end) + 1;

namespace detail {
template <class R> using kept_d = kept<R, double>;
template <class R> using local_d = local<R, double>;
}  // namespace detail

template <class R> concept answers_arrival = requires(detail::kept_d<R>& k, const detail::local_d<R>& at) { R::template on_arrival<double>(k, at); };
template <class R> concept answers_spike = requires(detail::kept_d<R>& k, const detail::local_d<R>& at) { R::template on_spike<double>(k, at); };
template <class R> concept answers_burst = requires(detail::kept_d<R>& k, const detail::local_d<R>& at) { R::template on_burst<double>(k, at); };
template <class R> concept answers_onset = requires(detail::kept_d<R>& k, const detail::local_d<R>& at) { R::template on_onset<double>(k, at); };
template <class R> concept answers_plateau = requires(detail::kept_d<R>& k, const detail::local_d<R>& at) { R::template on_plateau<double>(k, at); };
template <class R> concept answers_back_propagation = requires(detail::kept_d<R>& k, const detail::local_d<R>& at) { R::template on_back_propagation<double>(k, at); };
template <class R> concept answers_step = requires(detail::kept_d<R>& k, const detail::local_d<R>& at) { R::template each_step<double>(k, at, 0.1); };
template <class R> concept answers_phase_end = requires(detail::kept_d<R>& k, const detail::local_d<R>& at) { R::template at_phase_end<double>(k, at); };

/// `fades(p)` of a rule: time constants with which what a synapse keeps decays by itself [ms]; 0: it does not.
template <class R> concept fading = requires(const typename R::template parameters<double>& p) { R::fades(p); };
/// `begins(w, p)` of a rule: what a synapse of this weight keeps at the start; else the values that `keeps` gives.
template <class R> concept beginning = requires(const typename R::template parameters<double>& p) { R::begins(0.5, p); };
/// `relax(kept, local, elapsed)` of a rule: what a synapse keeps goes on by itself for `elapsed` [ms] in a way of its own, and returns the
/// change of the weight; whoever hosts it calls it before every occasion.
template <class R> concept relaxing = requires(detail::kept_d<R>& k, const detail::local_d<R>& at) { R::template relax<double>(k, at, 0.1); };
/// `after_arrival(p)` of a rule: how much later than the spike its arrival is felt [ms].
template <class R> concept noisy = requires { requires R::is_noisy; };
template <class R> concept late_feeling = requires(const typename R::template parameters<double>& p) { R::after_arrival(p); };

/// [x]+
template <class V> [[gnu::always_inline]] constexpr V positive(V x) { return math::at_least(x, V(0.0)); }

}  // namespace apical::plasticity
