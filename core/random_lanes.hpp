// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

#include "core/pack.hpp"

namespace apical {

/// philox() of N counters and keys at once, one a lane; words are in the lower halves of the lanes. Between the rounds the upper
/// halves hold whatever comes: products do not look at them.
template <int N> struct philox_lanes {
    using words = typename detail::vector_of<N>::unsigned_words;
    words counter[4], key[2];

    /// Both draws of a block, 64 bits a lane.
    struct draws { words first, second; };
    [[gnu::always_inline]] draws operator()() const {
        const words low = words{} + 0xffffffffu;
        const words multiplier_a = words{} + 0xD2511F53u, multiplier_b = words{} + 0xCD9E8D57u;
        const words weyl_a = words{} + 0x9E3779B9u, weyl_b = words{} + 0xBB67AE85u;
        words c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3], k0 = key[0], k1 = key[1];
        for (int round = 0; round < 10; ++round) {
            if (round > 0) k0 += weyl_a, k1 += weyl_b;
            const words a = math::product_of_halves<N>(c0, multiplier_a), b = math::product_of_halves<N>(c2, multiplier_b);
            c0 = (b >> 32) ^ c1 ^ k0, c1 = b;
            c2 = (a >> 32) ^ c3 ^ k1, c3 = a;
        }
        return {(c0 & low) | c1 << 32, (c2 & low) | c3 << 32};
    }
};

}  // namespace apical
