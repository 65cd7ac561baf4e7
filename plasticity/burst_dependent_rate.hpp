// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plasticity/rule.hpp"

namespace apical::plasticity {

/// `burst_dependent` for units that stand for many cells: rates of events and bursts in place of the spikes.
///
///     dw = eta (B - P E) x,   P: bursts over events before the teacher speaks
struct burst_dependent_rate : rule {
    static constexpr rule_info info{.name = "burst_dependent_rate", .summary = "bursts above their usual share potentiate; for rates", .source = "Payeur, Guerguiev, Zenke, Richards & Naud (2021) Nat Neurosci 24:1010",
                                    .phases = {"prediction", "teaching"}};

    template <class V> struct parameters { V eta; };
    static constexpr parameters<field> defaults{{"eta", 0.2, "", "learning rate", -1e6, 1e6}};

    template <class V> struct pre { V events; };
    static constexpr pre<reading> hears(const parameters<double>&) { return {rate()}; }
    template <class V> struct post { V bursts, events, bursts_before, events_before; };
    static constexpr post<reading> sees(const parameters<double>&) { return {plasticity::bursts(), rate(), plasticity::bursts().after(0), rate().after(0)}; }

    template <class V> static constexpr V at_phase_end(kept<burst_dependent_rate, V>&, const local<burst_dependent_rate, V>& at) {
        const V usual = at.post.bursts_before/math::at_least(at.post.events_before, V(1e-12));
        return at.p.eta*(at.post.bursts - usual*at.post.events)*at.pre.events;
    }
};

}  // namespace apical::plasticity
