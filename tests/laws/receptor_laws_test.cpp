// SPDX-License-Identifier: BSD-3-Clause
#include "tests/laws/receptor_laws.hpp"

#include <gtest/gtest.h>

#include "generated/channels.hpp"

namespace apical {
namespace {

template <class Law> void of_every_receptor(Law law) {
    all_receptors::for_each([&]<class R>() {
        const auto found = law.template operator()<R>();
        EXPECT_TRUE(found.empty()) << R::info.name << laws::listed(found);
    });
}

/// The same of those that let current through: an event that moves the potential at once is no current.
template <class Law> void of_every_current(Law law) {
    of_every_receptor([&]<class R>() -> laws::faults {
        if constexpr (R::info.weight_unit == "mV") return {};
        else return law.template operator()<R>();
    });
}

TEST(receptor_laws, schema_is_complete) {
    of_every_receptor([]<class R>() { return laws::schema_is_complete<R>(); });
}
TEST(receptor_laws, current_has_its_sign) {
    of_every_current([]<class R>() { return laws::receptor_current_has_its_sign<R>(); });
}
TEST(receptor_laws, slope_is_the_derivative) {
    of_every_receptor([]<class R>() { return laws::receptor_slope_is_the_derivative<R>(); });
}
TEST(receptor_laws, steps_compose) {
    of_every_receptor([]<class R>() { return laws::receptor_steps_compose<R>(); });
}
TEST(receptor_laws, linear_receptors_superpose) {
    of_every_receptor([]<class R>() { return laws::linear_receptors_superpose<R>(); });
}
TEST(receptor_laws, the_peak_is_the_weight) {
    of_every_current([]<class R>() { return laws::the_peak_is_the_weight<R>(); });
}
TEST(receptor_laws, events_fade) {
    of_every_current([]<class R>() { return laws::events_fade<R>(); });
}
TEST(receptor_laws, packs_equal_doubles) {
    of_every_receptor([]<class R>() { return laws::receptor_packs_equal_doubles<R>(); });
}

/// Receptors that are wrong, each in one way; the first is sound.
struct sound {
    static constexpr receptor_info info{.name = "sound", .summary = "a test receptor", .source = "Nobody (2020)"};
    template <class V> struct parameters { V tau, e_rev; };
    static constexpr parameters<field> defaults{{"tau", 3, "ms", "time constant", 0.1, 100},
                                                {"e_rev", 0, "mV", "reversal potential", -200, 200}};
    template <class V> struct state { V g; };
    static constexpr state<field> meaning{{"g", 0, "uS", "conductance", 0, 1}};

    static constexpr state<double> on_event(state<double> s, const parameters<double>&, double w) { return {s.g + w}; }
    template <class V> static constexpr state<V> advance(state<V> s, const parameters<V>& p, double dt) {
        return {s.g*math::exp<V>(V(-dt)/p.tau)};
    }
    template <class V, class U> static constexpr U current(const state<V>& s, const parameters<V>& p, U v) {
        return s.g*(v - p.e_rev);
    }
};
/// Ends at a limit but says it is linear.
struct saturating : sound {
    static constexpr state<double> on_event(state<double> s, const parameters<double>&, double w) {
        return {s.g + w*(1 - s.g)};
    }
};
struct unscaled : sound {
    static constexpr state<double> on_event(state<double> s, const parameters<double>& p, double w) { return {s.g + w/p.tau}; }
};
struct euler : sound {
    template <class V> static constexpr state<V> advance(state<V> s, const parameters<V>& p, double dt) {
        return {s.g - s.g*V(dt)/p.tau};
    }
};
struct unforgetting : sound {
    template <class V> static constexpr state<V> advance(state<V> s, const parameters<V>&, double) { return s; }
};
/// A block whose derivative is left out.
struct flat_slope : sound {
    template <class V> static constexpr V block(V v) { return math::logistic<V>(v*V(0.062)); }
    template <class V> static constexpr V block(dual<V> v) { return block(v.value); }
    template <class V, class U> static constexpr U current(const state<V>& s, const parameters<V>& p, U v) {
        return (s.g*block(v))*(v - p.e_rev);
    }
};
struct inward : sound {
    template <class V, class U> static constexpr U current(const state<V>& s, const parameters<V>& p, U v) {
        return s.g*(p.e_rev - v);
    }
};
/// Says that its weights are currents and lets the potential drive them.
struct driven : sound {
    static constexpr receptor_info info{.name = "driven", .summary = "a test receptor", .source = "Nobody (2020)", .weight_unit = "nA"};
};
struct two_faced : sound {
    template <class V> static constexpr state<V> advance(state<V> s, const parameters<V>& p, double dt) {
        if constexpr (std::is_same_v<V, double>) return {s.g*std::exp(-dt/p.tau)};
        else return sound::advance<V>(s, p, dt);
    }
};

TEST(receptor_laws_can_fail, a_sound_receptor_breaks_none) {
    for (const auto& found : {laws::schema_is_complete<sound>(), laws::receptor_current_has_its_sign<sound>(),
                              laws::receptor_slope_is_the_derivative<sound>(), laws::receptor_steps_compose<sound>(),
                              laws::linear_receptors_superpose<sound>(), laws::the_peak_is_the_weight<sound>(),
                              laws::events_fade<sound>(), laws::receptor_packs_equal_doubles<sound>()})
        EXPECT_TRUE(found.empty()) << laws::listed(found);
}
TEST(receptor_laws_can_fail, a_saturating_receptor_is_not_linear) {
    EXPECT_FALSE(laws::linear_receptors_superpose<saturating>().empty());
}
TEST(receptor_laws_can_fail, a_wrong_scale_is_caught) {
    EXPECT_FALSE(laws::the_peak_is_the_weight<unscaled>().empty());
}
TEST(receptor_laws_can_fail, explicit_euler_is_caught) {
    EXPECT_FALSE(laws::receptor_steps_compose<euler>().empty());
}
TEST(receptor_laws_can_fail, a_receptor_that_never_closes_is_caught) {
    EXPECT_FALSE(laws::events_fade<unforgetting>().empty());
}
TEST(receptor_laws_can_fail, a_missing_term_of_the_slope_is_caught) {
    EXPECT_FALSE(laws::receptor_slope_is_the_derivative<flat_slope>().empty());
}
TEST(receptor_laws_can_fail, a_wrong_sign_is_caught) {
    EXPECT_FALSE(laws::receptor_current_has_its_sign<inward>().empty());
}
TEST(receptor_laws_can_fail, a_current_that_the_potential_drives_is_caught) {
    EXPECT_FALSE(laws::receptor_current_has_its_sign<driven>().empty());
}
TEST(receptor_laws_can_fail, a_formula_of_its_own_for_packs_is_caught) {
    EXPECT_FALSE(laws::receptor_packs_equal_doubles<two_faced>().empty());
}

}  // namespace
}  // namespace apical
