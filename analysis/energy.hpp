// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "engine/charges.hpp"
#include "engine/simulation.hpp"

namespace apical {

/// What pumping ions back costs, and what else a synapse costs. Attwell & Laughlin (2001) J Cereb Blood Flow Metab 21:1133.
struct energy_costs {
    double sodium = 1.0/3;          ///< ATP per Na+: the Na+/K+ pump moves three out
    double calcium = 1;             ///< ATP per Ca2+: the calcium pump, or 3 Na+ through the exchanger
    double chloride = 1.0/2;        ///< ATP per Cl- that came in: KCC2 takes it out with a K+, of which the pump returns two
    /// ATP per event at a receptor that passes sodium, beyond the receptor's own current: uptake and recycling of the glutamate 1.1e4,
    /// presynaptic calcium 1.2e4, cycling of the vesicle 821. An event counts as one vesicle.
    double vesicle = 1.1e4 + 1.2e4 + 821;
    /// Of all the brain's energy, what does not serve signals. Du et al. (2008) PNAS 105:6409.
    double housekeeping_share = 1.0/3;
};

/// The ATP of one cell in one span of time.
struct energy_account {
    /// What one mechanism of one section moved of one ion. `ion::none` is charge whose ions are not known.
    struct item {
        int section = 0;
        std::string mechanism;
        apical::ion ion = ion::none;
        double charge = 0;          ///< outward [pC]
        double ions = 0;            ///< net, towards the side they must be pumped from
        double atp = 0;
    };
    /// Release and recycling of transmitter at the receptors of one section.
    struct synapse_item {
        int section = 0;
        std::string mechanism;
        double events = 0;
        double atp = 0;
    };

    double duration = 0;            ///< [ms]
    std::vector<std::string> sections;
    std::vector<item> items;        ///< by section, then mechanism as the cell holds them, then ion
    std::vector<synapse_item> synapses;
    double capacitive_minimum = 0;  ///< Na+ ions that charge every compartment from v at the start to its peak
    double overlap = 0;             ///< integral of min(inward sodium, outward potassium current) over time and membrane [pC]
    double sodium_load = 0;         ///< of sodium channels: inward [pC]
    /// Ionic, synaptic and capacitive charge minus the injected one, over the sum of all magnitudes: how well the sums balance.
    double residual = 0;

    double atp() const;                             ///< of ions and synapses
    double atp(ion) const;                          ///< of pumping one ion
    double atp_in(int section) const;               ///< of ions and synapses
    double atp_of(std::string_view mechanism) const;
};

/// ATP from charges. Non-specific conductances are split into sodium and potassium by the chord that their reversal potential E
/// gives: g_na = g (E - E_K)/(E_Na - E_K), kept within [0, g].
energy_account energy_of(const charge_account& charges, const energy_costs& costs = {});

/// The ATP of a cell while a meter ran, beside that at rest.
struct energy_report {
    static constexpr double none = std::numeric_limits<double>::quiet_NaN();

    std::string label, population;
    int cell = 0;
    energy_account active, rest;
    int spikes = 0;                     ///< of the cell's detectors, in the meter's time
    double rest_rate = none;            ///< [ATP/s]; none without a span at rest
    double housekeeping_rate = 0;       ///< [ATP/s], estimated: in proportion to all ATP of the active span
    double above_rest = none;           ///< [ATP] in the active span, beyond the resting rate
    double per_spike = none;            ///< above_rest over spikes
    double sodium_above_rest = none;    ///< Na+ ions through sodium channels, beyond those at rest
    double excess_ratio = none;         ///< sodium_above_rest over spikes times the capacitive minimum
    double separability = none;         ///< 1 - overlap/sodium load of the active span. Crotty, Sangrey & Levy (2006) J Neurophysiol 96:1237
};

/// Of one cell. Throws what simulation::charges throws.
energy_report energy(const simulation& done, std::string_view meter, int cell = 0, const energy_costs& costs = {});

}  // namespace apical
