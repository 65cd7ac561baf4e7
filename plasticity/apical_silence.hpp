// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plasticity/rule.hpp"

namespace apical::plasticity {

/// Synapses of interneurons learn to keep an apical dendrite at rest, whatever feedback brings: to cancel what can be foreseen.
///
///     dw = eta (v_rest - v_apical) x
struct apical_silence : rule {
    static constexpr rule_info info{.name = "apical_silence", .summary = "interneurons cancel what feedback brings", .source = "Sacramento, Costa, Bengio & Senn (2018) NeurIPS 31:8721"};

    template <class V> struct parameters { V eta, v_rest; };
    static constexpr parameters<field> defaults{{"eta", 0.1, "", "learning rate", -1e6, 1e6}, {"v_rest", 0, "", "potential of an apical dendrite at rest", -1e3, 1e3}};

    template <class V> struct pre { V x; };
    static constexpr pre<reading> hears(const parameters<double>&) { return {rate()}; }
    template <class V> struct post { V v; };
    static constexpr post<reading> sees(const parameters<double>&) { return {apical_potential()}; }

    template <class V> static constexpr V at_phase_end(kept<apical_silence, V>&, const local<apical_silence, V>& at) { return at.p.eta*(at.p.v_rest - at.post.v)*at.pre.x; }
};

}  // namespace apical::plasticity
