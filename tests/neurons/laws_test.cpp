// SPDX-License-Identifier: BSD-3-Clause
#include <filesystem>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include "generated/neurons.hpp"
#include "tests/neurons/neuron_laws.hpp"

namespace apical {
namespace {

template <class Law> void of_every_neuron(Law law) {
    all_neurons::for_each([&]<class M>() {
        const auto found = law.template operator()<M>();
        EXPECT_TRUE(found.empty()) << M::info.name << ": " << fmt::format("{}", fmt::join(found, "\n"));
    });
}

TEST(neuron_laws, are_asked_of_every_file_of_the_folder) {
    std::set<std::string> files, names;
    for (const auto& file : std::filesystem::directory_iterator(APICAL_SOURCE_DIR "/neurons"))
        if (file.path().extension() == ".hpp" && file.path().stem() != "neuron") files.insert(file.path().stem().string());
    all_neurons::for_each([&]<class M>() { names.insert(std::string(M::info.name)); });
    EXPECT_EQ(names, files) << "the name of a model is that of its file";
    EXPECT_GE(all_neurons::size, 9);
}
TEST(neuron_laws, schema_is_complete) {
    of_every_neuron([]<class M>() { return laws::schema_is_complete<M>(); });
}
TEST(neuron_laws, steps_follow_the_rates) {
    of_every_neuron([]<class M>() { return laws::steps_follow_the_rates<M>(); });
}
TEST(neuron_laws, a_refractory_neuron_waits) {
    of_every_neuron([]<class M>() { return laws::a_refractory_neuron_waits<M>(); });
}
TEST(neuron_laws, packs_equal_doubles) {
    of_every_neuron([]<class M>() { return laws::packs_equal_doubles<M>(); });
}
TEST(neuron_laws, a_spike_ends) {
    of_every_neuron([]<class M>() { return laws::a_spike_ends<M>(); });
}

/// A sound model, and ways to spoil it.
struct sound : neurons::lif {};
struct euler : neurons::lif {
    template <class V> static constexpr state<V> advance(const state<V>& s, const parameters<V>& p, const surroundings<V>& at, double dt) {
        return {s.v + V(dt)*rates(s, p, at).v};
    }
};
struct impatient : neurons::lif {
    template <class V> static constexpr state<V> advance(const state<V>& s, const parameters<V>& p, surroundings<V> at, double dt) {
        at.free = V(1.0);
        return neurons::lif::advance(s, p, at, dt);
    }
};
struct two_faced : neurons::lif {
    template <class V> static constexpr state<V> advance(const state<V>& s, const parameters<V>& p, const surroundings<V>& at, double dt) {
        auto x = neurons::lif::advance(s, p, at, dt);
        if constexpr (!std::is_same_v<V, double>) x.v = x.v*V(1.0000000001);
        return x;
    }
};
struct endless : neurons::lif {
    static constexpr state<double> spiked(const state<double>&, const parameters<double>& p) { return {p.v_threshold + 1}; }
};
struct nameless : neurons::lif {
    static constexpr neuron_info info{.name = "nameless", .summary = "none", .source = "hearsay"};
};

TEST(neuron_laws_can_fail, a_sound_model_breaks_none) {
    EXPECT_TRUE(laws::schema_is_complete<sound>().empty());
    EXPECT_TRUE(laws::steps_follow_the_rates<sound>().empty());
    EXPECT_TRUE(laws::a_refractory_neuron_waits<sound>().empty());
    EXPECT_TRUE(laws::packs_equal_doubles<sound>().empty());
    EXPECT_TRUE(laws::a_spike_ends<sound>().empty());
}
TEST(neuron_laws_can_fail, each_is_caught) {
    EXPECT_FALSE(laws::schema_is_complete<nameless>().empty());
    EXPECT_FALSE(laws::steps_follow_the_rates<euler>().empty());
    EXPECT_FALSE(laws::steps_follow_the_rates<impatient>().empty());
    EXPECT_FALSE(laws::a_refractory_neuron_waits<impatient>().empty());
    EXPECT_FALSE(laws::packs_equal_doubles<two_faced>().empty());
    EXPECT_FALSE(laws::a_spike_ends<endless>().empty());
}

}  // namespace
}  // namespace apical
