// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <vector>

#include "channels/channel.hpp"

namespace apical {

/// What crossed the membrane of one cell between two times, as an energy meter has summed it. The sums are of the very terms the
/// scheme advances v with, so with a reading in every step they balance to rounding.
struct charge_account {
    struct compartment {
        int section = 0;
        double x = 0;                   ///< its centre
        double area = 0;                ///< [um2]; 0 for a point without membrane that holds receptors
        double capacitance = 0;         ///< [nF]
        double v_start = 0, v_stop = 0; ///< [mV]
        double v_peak = 0;              ///< the highest at the times of reading [mV]
        double overlap = 0;             ///< integral of min(inward sodium, outward potassium current) [pC]
    };
    /// One mechanism of one compartment.
    struct passage {
        std::size_t compartment = 0;
        std::string mechanism;
        bool is_receptor = false;
        ion carries = ion::none;
        double charge = 0;              ///< outward [pC]
        double calcium = 0;             ///< the calcium in it, of receptors that are permeable to more than that [pC]
        double conductance = 0;         ///< without ion: (i - calcium)/(v - e_rev) over time [uS ms]
        double e_rev = 0;               ///< without ion [mV]; NaN if the mechanism has no such parameter
        double e_na = 0, e_k = 0;       ///< of the compartment [mV]
        double events = 0;              ///< that reached the receptors
    };

    std::string population;
    int cell = 0;
    double start = 0, stop = 0;         ///< [ms]; equal if the meter has no such window
    std::vector<std::string> sections;  ///< names
    std::vector<compartment> compartments;
    std::vector<passage> passages;
    double injected = 0;                ///< into the cell, by current sources [pC]
    double clamped = 0;                 ///< and by voltage clamps [pC]
};

}  // namespace apical
