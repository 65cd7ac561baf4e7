// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plasticity/rule.hpp"

namespace apical::plasticity {

/// A calcium spike, which what comes from above and the unit's own activity bring about together, says learn; activity without one says
/// unlearn. What comes from above chooses who learns and leaves the output alone. Weights want normalisation: the stages clip and l1.
///
///     dw = eta x y (1 if apical + back y > threshold, else -gamma)
struct koerding_koenig : rule {
    static constexpr rule_info info{.name = "koerding_koenig", .summary = "bursts say learn, single spikes unlearn", .source = "Koerding & Koenig (2001) J Comput Neurosci 11:207"};

    template <class V> struct parameters { V eta, gamma, back, threshold; };
    static constexpr parameters<field> defaults{
        {"eta", 0.05, "", "learning rate", -1e6, 1e6},
        {"gamma", 0.3, "", "unlearning over learning", 0, 1e3},
        {"back", 0.5, "", "what a rate adds to the apical dendrite, by back-propagating spikes", 0, 1e3},
        {"threshold", 0.8, "", "of a calcium spike", -1e3, 1e3},
    };

    template <class V> struct pre { V x; };
    static constexpr pre<reading> hears(const parameters<double>&) { return {rate()}; }
    template <class V> struct post { V y, apical; };
    static constexpr post<reading> sees(const parameters<double>&) { return {rate(), apical_potential()}; }

    template <class V> static constexpr V at_phase_end(kept<koerding_koenig, V>&, const local<koerding_koenig, V>& at) {
        return at.p.eta*at.pre.x*at.post.y*math::select(at.post.apical + at.p.back*at.post.y > at.p.threshold, V(1.0), -at.p.gamma);
    }
};

}  // namespace apical::plasticity
