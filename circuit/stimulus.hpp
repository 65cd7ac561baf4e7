// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/quantity_text.hpp"
#include "core/units.hpp"

namespace apical {

namespace nmodl {
class mechanism;
}

/// Cells of a population, and a place on each of them.
struct target {
    std::string population;
    std::string at = "soma(0.5)";      ///< a location expression; more than one location means one copy at each
    std::vector<int> cells = {};       ///< indices within the population; empty: all
};

/// Currents into the cell; positive depolarises. All are evaluated at the midpoint of a step (backward Euler alike).
struct step_current {
    apical::duration delay, duration;
    current amplitude;
};
/// Linear from `from` to `to` within its duration, zero outside.
struct ramp_current {
    apical::duration delay, duration;
    current from, to;
};
/// Ornstein-Uhlenbeck noise: mean, standard deviation and correlation time; sampled exactly at the steps.
/// Each cell has its own stream, keyed by (seed, population, cell, place). Uhlenbeck & Ornstein (1930) Phys Rev 36:823.
struct noise_current {
    apical::duration delay, duration;
    current mean, sd;
    apical::duration tau;
    std::uint64_t stream = 0;          ///< two noise currents with the same number and target are the same noise
};
/// Linear between the points, zero before the first and after the last.
struct waveform_current {
    std::vector<double> times_ms;      ///< increasing
    std::vector<double> values_nA;
};
/// An EPSP-like current of peak amplitude `peak`: rise and decay time constants, Hay et al. (2011).
struct epsp_current {
    duration onset, tau_rise = 0.5*units::ms, tau_decay = 5*units::ms;
    current peak;
};
using current_source = std::variant<step_current, ramp_current, noise_current, waveform_current, epsp_current>;

struct injection {   ///< a current into places of cells
    target on;
    current_source source;
};

/// Single-electrode voltage clamp behind a series resistance. The command holds each level from its time on; before the first
/// time and after `stop` the electrode is off.
struct voltage_clamp {
    target on;
    std::vector<std::pair<duration, voltage>> levels;
    duration stop = 1e9*units::ms;
    resistance series = 0.01*units::Mohm;
};

/// A receptor of the catalogue at a place. Events reach it by its label.
struct receptor {
    std::string label;
    target on;
    std::string name;                                   ///< in the catalogue: "exp2syn", "ampa_nmda", ...
    std::map<std::string, any_quantity> parameters;     ///< those that differ from the defaults
    std::shared_ptr<const nmodl::mechanism> imported = {};   ///< a point process read from NMODL; null: one of the catalogue
};

/// What an event weighs: a conductance [uS] or, where the receptor says so, a current [nA].
class event_weight {
public:
    event_weight() : weight_{0, dimensions::conductance} {}
    event_weight(any_quantity weight) : weight_(weight) {}
    template <dimension D> event_weight(quantity<D> weight) : weight_{weight.coherent(), D} {}
    double coherent() const { return weight_.value; }
    const any_quantity& quantity() const { return weight_; }
    bool operator==(const event_weight&) const = default;

private:
    any_quantity weight_;
};

/// A spike train onto the receptors of a label.
struct spike_train {
    std::string receptor;
    std::vector<double> times_ms;
    event_weight weight;
    apical::duration delay = 0*units::ms;
};

/// Random events onto the receptors of a label, from `start` for `duration`: at each receptor those of many independent inputs whose
/// rates sum to `rate`. Each receives its own, keyed by (seed, population, cell, place, stream): the number of events in a step is
/// Poisson distributed, and they arrive at its beginning.
struct poisson_train {
    std::string receptor;
    quantity<dimensions::rate> rate;
    event_weight weight;               ///< of each event
    apical::duration start = 0*units::ms, duration = 1e9*units::ms;
    std::uint64_t stream = 0;          ///< trains onto one label differ if their numbers do
};

}  // namespace apical
