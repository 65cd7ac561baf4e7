// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plasticity/rule.hpp"

namespace apical::plasticity {

/// How coincidence changes when the outputs are drawn a little towards the target. As nudging becomes weak this is the gradient of
/// the error at the free fixed point, exactly.
///
///     dw = eta/beta (x_nudged y_nudged - x_free y_free)
struct equilibrium_propagation : rule {
    static constexpr rule_info info{.name = "equilibrium_propagation", .summary = "coincidence with nudged outputs less that without", .source = "Scellier & Bengio (2017) Front Comput Neurosci 11:24",
                                    .phases = {"free", "nudged"}};

    template <class V> struct parameters { V eta; };
    static constexpr parameters<field> defaults{{"eta", 0.1, "", "learning rate", -1e6, 1e6}};

    template <class V> struct pre { V free, nudged; };
    static constexpr pre<reading> hears(const parameters<double>&) { return {rate().after(0), rate().after(1)}; }
    template <class V> struct post { V free, nudged; };
    static constexpr post<reading> sees(const parameters<double>&) { return {rate().after(0), rate().after(1)}; }
    template <class V> struct third { V beta; };
    static constexpr third<reading> is_told(const parameters<double>&) { return {modulator("nudging")}; }

    template <class V> static constexpr V at_phase_end(kept<equilibrium_propagation, V>&, const local<equilibrium_propagation, V>& at) {
        return at.p.eta/at.third.beta*(at.pre.nudged*at.post.nudged - at.pre.free*at.post.free);
    }
};

}  // namespace apical::plasticity
