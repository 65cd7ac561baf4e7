// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plasticity/rule.hpp"

namespace apical::plasticity {

/// Weights of the unit that is nearest to the input, and by as much as they are excited with it those of its neighbours, go towards the input.
///
///     dw = eta ease y (x - w)
///
/// y: excitation by neighbours, 1 of the winner; ease: how plastic the map still is, which all units are told.
struct self_organizing_map : rule {
    static constexpr rule_info info{.name = "self_organizing_map", .summary = "the nearest unit and its neighbours go towards the input", .source = "Kohonen (1982) Biol Cybern 43:59"};

    template <class V> struct parameters { V eta; };
    static constexpr parameters<field> defaults{{"eta", 1, "", "learning rate at ease 1", 0, 1e3}};

    template <class V> struct pre { V x; };
    static constexpr pre<reading> hears(const parameters<double>&) { return {rate()}; }
    template <class V> struct post { V y; };
    static constexpr post<reading> sees(const parameters<double>&) { return {rate()}; }
    template <class V> struct third { V ease; };
    static constexpr third<reading> is_told(const parameters<double>&) { return {modulator("ease")}; }

    template <class V> static constexpr V at_phase_end(kept<self_organizing_map, V>&, const local<self_organizing_map, V>& at) {
        return at.p.eta*at.third.ease*at.post.y*(at.pre.x - at.w);
    }
};

}  // namespace apical::plasticity
