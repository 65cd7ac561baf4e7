// SPDX-License-Identifier: BSD-3-Clause
#include "tests/laws/neuron_laws.hpp"

#include <filesystem>
#include <set>

#include <gtest/gtest.h>

#include "generated/neurons.hpp"

namespace apical {
namespace {

template <class Law> void of_every_neuron(Law law) {
    all_neurons::for_each([&]<class M>() {
        const auto found = law.template operator()<M>();
        EXPECT_TRUE(found.empty()) << M::info.name << laws::listed(found);
    });
}

TEST(neuron_laws, are_asked_of_every_file_of_the_folder) {
    std::set<std::string> files, names;
    for (const auto& file : std::filesystem::directory_iterator(APICAL_SOURCE_DIR "/neurons"))
        if (file.path().extension() == ".hpp" && file.path().stem() != "neuron") files.insert(file.path().stem().string());
    all_neurons::for_each([&]<class M>() { names.insert(std::string(M::info.name)); });
    EXPECT_EQ(names, files) << "the name of a model is that of its file";
    EXPECT_GE(all_neurons::size, 10);
}
TEST(neuron_laws, schema_is_complete) {
    of_every_neuron([]<class M>() { return laws::schema_is_complete<M>(); });
}
TEST(neuron_laws, published_sets_are_in_range) {
    of_every_neuron([]<class M>() { return laws::published_sets_are_in_range<M>(); });
}
TEST(neuron_laws, rest_is_a_fixed_point) {
    of_every_neuron([]<class M>() { return laws::rest_is_a_fixed_point<M>(); });
}
TEST(neuron_laws, rates_are_the_limit_of_small_steps) {
    of_every_neuron([]<class M>() { return laws::rates_are_the_limit_of_small_steps<M>(); });
}
TEST(neuron_laws, steps_are_of_second_order) {
    of_every_neuron([]<class M>() { return laws::steps_are_of_second_order<M>(); });
}
TEST(neuron_laws, packs_equal_doubles) {
    of_every_neuron([]<class M>() { return laws::neuron_packs_equal_doubles<M>(); });
}
TEST(neuron_laws, a_spike_ends_below_the_threshold) {
    of_every_neuron([]<class M>() { return laws::a_spike_ends_below_the_threshold<M>(); });
}
TEST(neuron_laws, nothing_hides_a_nan) {
    of_every_neuron([]<class M>() { return laws::nothing_hides_a_nan<M>(); });
}

/// Neurons that are wrong, each in one way; the first is sound: c v' = g (e - v) + I.
struct sound {
    static constexpr neuron_info info{.name = "sound", .summary = "a test neuron", .source = "Nobody (2020)"};
    template <class V> struct parameters { V c, e, g, top; };
    static constexpr parameters<field> defaults{{"c", 100, "pF", "capacitance", 0.1, 1e3},
                                                {"e", -70, "mV", "resting potential", -200, 200},
                                                {"g", 10, "nS", "leak conductance", 0, 1e6},
                                                {"top", -50, "mV", "threshold", -200, 200}};
    static constexpr std::array<parameter_set<parameters<double>>, 1> published{{{"one", "Nobody (2020)", {100, -70, 10, -50}}}};
    template <class V> struct state { V v; };
    static constexpr state<field> meaning{{"v", -70, "mV", "potential", -1000, 1000}};
    static constexpr state<double> rest(const parameters<double>& p) { return {p.e}; }
    template <class V> static constexpr state<V> rates(const state<V>& s, const parameters<V>& p, const surroundings<V>& at) {
        return {at.free*(p.g*(p.e - s.v) + at.in[0].i - at.in[0].g*s.v)/p.c};
    }
    template <class V> static constexpr state<V> advance(const state<V>& s, const parameters<V>& p, const surroundings<V>& at, double dt) {
        return neurons::runge_kutta<sound>(s, p, at, dt);
    }
    template <class V> static constexpr V excess(const state<V>& s, const parameters<V>& p) { return s.v - p.top; }
    static constexpr state<double> spiked(const state<double>&, const parameters<double>& p) { return {p.e}; }
};
struct wrong_rest : sound {
    static constexpr state<double> rest(const parameters<double>& p) { return {p.e + 1e-3}; }
};
struct far_from_rest : sound {   // says that it does not rest there, and starts far away
    static constexpr neuron_info info{.name = "far_from_rest", .summary = "a test neuron", .source = "Nobody (2020)", .rests = false};
    static constexpr state<double> rest(const parameters<double>& p) { return {p.e + 10}; }
};
struct deaf : sound {          // steps forget the input
    template <class V> static constexpr state<V> advance(const state<V>& s, const parameters<V>& p, const surroundings<V>& at, double dt) {
        auto without = at;
        without.in[0] = {V(0.5)*at.in[0].i, at.in[0].g};
        return neurons::runge_kutta<sound>(s, p, without, dt);
    }
};
struct restless : sound {      // moves while it is refractory
    template <class V> static constexpr state<V> advance(const state<V>& s, const parameters<V>& p, const surroundings<V>& at, double dt) {
        auto freed = at;
        freed.free = V(1.0);
        return neurons::runge_kutta<sound>(s, p, freed, dt);
    }
};
struct euler : sound {
    template <class V> static constexpr state<V> advance(const state<V>& s, const parameters<V>& p, const surroundings<V>& at, double dt) {
        return {s.v + V(dt)*rates(s, p, at).v};
    }
};
struct two_faced : sound {
    template <class V> static constexpr state<V> advance(const state<V>& s, const parameters<V>& p, const surroundings<V>& at, double dt) {
        auto next = neurons::runge_kutta<sound>(s, p, at, dt);
        if constexpr (std::is_same_v<V, double>) next.v = next.v*3/3;
        return next;
    }
};
struct stuck : sound {
    static constexpr state<double> spiked(const state<double>& s, const parameters<double>& p) { return {p.top + 1 + 0*s.v}; }
};
struct hiding : sound {
    template <class V> static constexpr state<V> advance(const state<V>& s, const parameters<V>& p, const surroundings<V>& at, double dt) {
        const auto next = neurons::runge_kutta<sound>(s, p, at, dt);
        return {math::select(next.v < V(1e3), next.v, V(1e3))};
    }
};
struct out_of_range : sound {
    static constexpr std::array<parameter_set<parameters<double>>, 1> published{{{"one", "no year", {2e3, -70, 10, -50}}}};
};

TEST(neuron_laws_can_fail, a_sound_neuron_breaks_none) {
    for (const auto& found : {laws::schema_is_complete<sound>(), laws::published_sets_are_in_range<sound>(), laws::rest_is_a_fixed_point<sound>(),
                              laws::rates_are_the_limit_of_small_steps<sound>(), laws::steps_are_of_second_order<sound>(),
                              laws::neuron_packs_equal_doubles<sound>(), laws::a_spike_ends_below_the_threshold<sound>(),
                              laws::nothing_hides_a_nan<sound>()})
        EXPECT_TRUE(found.empty()) << laws::listed(found);
}
TEST(neuron_laws_can_fail, each_law_catches_its_own) {
    EXPECT_EQ(laws::published_sets_are_in_range<out_of_range>().size(), 2u) << "the value and the year";
    EXPECT_FALSE(laws::rest_is_a_fixed_point<wrong_rest>().empty());
    EXPECT_FALSE(laws::rest_is_a_fixed_point<far_from_rest>().empty());
    EXPECT_FALSE(laws::rates_are_the_limit_of_small_steps<deaf>().empty());
    EXPECT_FALSE(laws::rates_are_the_limit_of_small_steps<restless>().empty());
    EXPECT_FALSE(laws::steps_are_of_second_order<euler>().empty());
    EXPECT_FALSE(laws::neuron_packs_equal_doubles<two_faced>().empty());
    EXPECT_FALSE(laws::a_spike_ends_below_the_threshold<stuck>().empty());
    EXPECT_FALSE(laws::nothing_hides_a_nan<hiding>().empty());
}

}  // namespace
}  // namespace apical
