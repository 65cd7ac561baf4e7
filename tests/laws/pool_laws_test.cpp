// SPDX-License-Identifier: BSD-3-Clause
#include "tests/laws/pool_laws.hpp"

#include <gtest/gtest.h>

#include "generated/channels.hpp"

namespace apical {
namespace {

template <class Law> void of_every_pool(Law law) {
    all_pools::for_each([&]<class P>() {
        const auto found = law.template operator()<P>();
        EXPECT_TRUE(found.empty()) << P::info.name << laws::listed(found);
    });
}

TEST(pool_laws, schema_is_complete) {
    of_every_pool([]<class P>() { return laws::schema_is_complete<P>(); });
}
TEST(pool_laws, the_pool_has_one_rest) {
    of_every_pool([]<class P>() { return laws::the_pool_has_one_rest<P>(); });
}
TEST(pool_laws, the_pool_relaxes_monotonically) {
    of_every_pool([]<class P>() { return laws::the_pool_relaxes_monotonically<P>(); });
}
TEST(pool_laws, the_pool_stays_positive) {
    of_every_pool([]<class P>() { return laws::the_pool_stays_positive<P>(); });
}
TEST(pool_laws, inward_current_fills_the_pool) {
    of_every_pool([]<class P>() { return laws::inward_current_fills_the_pool<P>(); });
}
TEST(pool_laws, the_pool_keeps_in_no_time) {
    of_every_pool([]<class P>() { return laws::the_pool_keeps_in_no_time<P>(); });
}
TEST(pool_laws, the_pool_is_a_semigroup) {
    of_every_pool([]<class P>() { return laws::the_pool_is_a_semigroup<P>(); });
}
TEST(pool_laws, packs_equal_doubles) {
    of_every_pool([]<class P>() { return laws::pool_packs_equal_doubles<P>(); });
}

/// Pools that are wrong, each in one way; the first is sound.
struct sound {
    static constexpr pool_info info{.name = "sound", .summary = "a test pool", .source = "Nobody (2020)"};
    template <class V> struct parameters { V decay, c_min; };
    static constexpr parameters<field> defaults{{"decay", 100, "ms", "time constant of removal", 1, 1e4},
                                                {"c_min", 1e-4, "mM", "concentration at rest", 0, 1}};
    template <class V> static constexpr V advance(V c, const parameters<V>& p, V i, double dt) {
        const V target = math::at_least(p.c_min - i, V(0.0));
        return math::fma(math::approach<V>(V(dt)/p.decay), target - c, c);
    }
};
struct euler : sound {
    template <class V> static constexpr V advance(V c, const parameters<V>& p, V i, double dt) {
        return c + V(dt)/p.decay*(p.c_min - i - c);
    }
};
struct leaky_rest : sound {
    template <class V> static constexpr V advance(V c, const parameters<V>& p, V, double dt) {
        return c*math::exp<V>(V(-dt)/p.decay);
    }
};
struct wrong_sign : sound {
    template <class V> static constexpr V advance(V c, const parameters<V>& p, V i, double dt) {
        return sound::advance<V>(c, p, -i, dt);
    }
};
struct two_faced : sound {
    template <class V> static constexpr V advance(V c, const parameters<V>& p, V i, double dt) {
        if constexpr (std::is_same_v<V, double>) return c + (1 - std::exp(-dt/p.decay))*(p.c_min - i - c);
        else return sound::advance<V>(c, p, i, dt);
    }
};

TEST(pool_laws_can_fail, a_sound_pool_breaks_none) {
    for (const auto& found : {laws::schema_is_complete<sound>(), laws::the_pool_has_one_rest<sound>(),
                              laws::the_pool_relaxes_monotonically<sound>(), laws::the_pool_stays_positive<sound>(),
                              laws::inward_current_fills_the_pool<sound>(), laws::the_pool_keeps_in_no_time<sound>(),
                              laws::the_pool_is_a_semigroup<sound>(), laws::pool_packs_equal_doubles<sound>()})
        EXPECT_TRUE(found.empty()) << laws::listed(found);
}
TEST(pool_laws_can_fail, explicit_euler_is_caught) {
    EXPECT_FALSE(laws::the_pool_relaxes_monotonically<euler>().empty() && laws::the_pool_has_one_rest<euler>().empty());
    EXPECT_FALSE(laws::the_pool_stays_positive<euler>().empty());
    EXPECT_FALSE(laws::the_pool_is_a_semigroup<euler>().empty());
}
TEST(pool_laws_can_fail, a_pool_that_empties_is_caught) {
    EXPECT_FALSE(laws::the_pool_has_one_rest<leaky_rest>().empty());
    EXPECT_FALSE(laws::inward_current_fills_the_pool<leaky_rest>().empty());
}
TEST(pool_laws_can_fail, a_wrong_sign_is_caught) {
    EXPECT_FALSE(laws::inward_current_fills_the_pool<wrong_sign>().empty());
}
TEST(pool_laws_can_fail, a_formula_of_its_own_for_packs_is_caught) {
    EXPECT_FALSE(laws::pool_packs_equal_doubles<two_faced>().empty());
}

struct jumpy : sound {
    template <class V> static constexpr V advance(V, const parameters<V>& p, V i, double) { return p.c_min - i; }
};
TEST(pool_laws_can_fail, a_jump_in_no_time_is_caught) {
    EXPECT_FALSE(laws::the_pool_keeps_in_no_time<jumpy>().empty());
}

}  // namespace
}  // namespace apical
