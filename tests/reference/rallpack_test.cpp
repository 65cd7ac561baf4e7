// SPDX-License-Identifier: BSD-3-Clause
#include <gtest/gtest.h>

#include "tests/models/reference.hpp"
#include "tests/reference/cables.hpp"

/// The Rallpacks of Bhalla, Bilitch & Bower (1992) Trends Neurosci 15:453.
namespace apical {
namespace {

using namespace units;

double relative_rms(const std::vector<double>& v, const std::vector<double>& exact) {
    double error = 0, size = 0;
    for (std::size_t i = 0; i < v.size(); ++i) error += (v[i] - exact[i])*(v[i] - exact[i]), size += (exact[i] + 65)*(exact[i] + 65);
    return std::sqrt(error/size);
}

TEST(rallpack_1, is_met_to_one_in_a_hundred_thousand) {
    simulation sim(test::driven(test::passive(test::one_cable(1000, 1), fixed_count{1000}), "dend[0](0.0005)", 0.1,
                                {"dend[0](0.0005)", "dend[0](0.9995)"}, 0.5),
                   {.dt = 0.0125*ms});
    sim.run(250*ms);
    const test::sealed_cylinder exact{1};
    const double scale = 0.1*test::r_infinity(1);
    for (std::size_t end = 0; end < 2; ++end) {
        const auto& r = sim.recordings()[end];
        std::vector<double> expected;
        for (std::size_t i = 0; i < r.rows(); ++i)
            expected.push_back(i ? scale*exact.after(r.time(i)/40, 0.0005, end ? 0.9995 : 0.0005) - 65 : -65);
        const double error = relative_rms(r.samples, expected);
        EXPECT_LT(error, 1e-5) << "end " << end;
        RecordProperty(end ? "relative_rms_far" : "relative_rms_near", std::to_string(error));
    }
}

/// Ten generations, each branch with two daughters 2^(-2/3) as thick and 2^(-1/3) as long.
morphology binary_tree() {
    morphology m;
    m.add(test::straight(32, 16));
    for (int first = 0, level = 1; level < 10; ++level) {
        const int last = m.size();
        for (int parent = first; parent < last; ++parent)
            for (int k = 0; k < 2; ++k) m.add(test::straight(32*std::pow(2, -level/3.0), 16*std::pow(2, -2*level/3.0), parent));
        first = last;
    }
    return m;
}

TEST(rallpack_2, is_its_equivalent_cylinder_and_all_leaves_agree) {
    auto model = test::driven(test::passive(binary_tree(), fixed_count{1}), "dend[0](0)", 0.1, {"dend[0](0)"}, 1);
    model.probes.push_back({"leaves", {"cell", "tips(all)", {}}, "v", 1*ms, 0*ms});
    simulation sim(model, {.dt = 0.0125*ms});
    sim.run(250*ms);
    const test::sealed_cylinder exact{0.08};
    const double scale = 0.1*test::r_infinity(16);
    const auto &root = sim.recordings()[0], &leaves = sim["leaves"];
    ASSERT_EQ(leaves.columns(), 512u);
    for (std::size_t i = 1; i < root.rows(); ++i) {
        EXPECT_NEAR(root.samples[i], scale*exact.after(root.time(i)/40, 0, 0) - 65, 1e-3) << root.time(i) << " ms";
        EXPECT_NEAR(leaves.samples[i*512], scale*exact.after(root.time(i)/40, 0, 0.08) - 65, 1e-3) << root.time(i) << " ms";
        for (std::size_t k = 1; k < 512; ++k)
            ASSERT_NEAR(leaves.samples[i*512 + k], leaves.samples[i*512], 1e-12*65) << "leaf " << k << " at " << root.time(i) << " ms";
    }
}

/// Spike times at both ends of the squid cable.
std::pair<std::vector<double>, std::vector<double>> rallpack_3(scheme s, double dt) {
    cell c(test::one_cable(1000, 1), fixed_count{1000});
    c.paint("all", cable{.capacitance = 1*uF/cm2, .resistivity = 100*ohm*cm});
    c.paint("all", mechanism{"pas", {{"g", 2.5e-5*S/cm2}, {"e_rev", -65*mV}}});
    c.paint("all", mechanism{"hh_na", {}}).paint("all", mechanism{"hh_k", {}});
    auto model = test::driven(c, "dend[0](0.0005)", 0.1, {"dend[0](0.0005)", "dend[0](0.9995)"});
    simulation sim(model, {.dt = dt*ms, .scheme = s});
    sim.run(250*ms);
    const auto crossings = [&](const recording& r) {
        std::vector<double> times;
        for (std::size_t i = 1; i < r.rows(); ++i)
            if (r.samples[i - 1] < 0 && r.samples[i] >= 0)
                times.push_back(r.time(i - 1) + dt*(0 - r.samples[i - 1])/(r.samples[i] - r.samples[i - 1]));
        return times;
    };
    return {crossings(sim.recordings()[0]), crossings(sim.recordings()[1])};
}

TEST(rallpack_3, is_neurons_with_backward_euler) {
    const auto [near, far] = rallpack_3(scheme::backward_euler, 0.05);
    const reference::table expected("rallpack3.csv");
    std::vector<double> near_ref, far_ref;
    for (std::size_t i = 0; i < expected.size(); ++i)
        if (expected.number(i, "secondorder") == 0 && std::abs(expected.number(i, "dt_ms") - 0.05) < 1e-9)
            (expected.text(i, "end") == "x0" ? near_ref : far_ref).push_back(expected.number(i, "t_ms"));
    ASSERT_EQ(near.size(), near_ref.size());
    ASSERT_EQ(far.size(), far_ref.size());
    for (std::size_t i = 0; i < near.size(); ++i) EXPECT_NEAR(near[i], near_ref[i], 1e-4) << "spike " << i;
    for (std::size_t i = 0; i < far.size(); ++i) EXPECT_NEAR(far[i], far_ref[i], 1e-4) << "spike " << i;
}

TEST(rallpack_3, converges_with_the_default_scheme) {
    const auto [near, far] = rallpack_3(scheme::crank_nicolson, 0.0125);
    ASSERT_EQ(near.size(), 18u);
    ASSERT_EQ(far.size(), 17u);
    EXPECT_NEAR(near[0], 1.3063, 0.002);
    EXPECT_NEAR(near[1], 16.0043, 0.005);
    EXPECT_NEAR(near[2], 30.5457, 0.005);
    EXPECT_NEAR(near.back(), 248.521, 0.02);
    EXPECT_NEAR(far[0], 4.071, 0.002);
    EXPECT_NEAR(far.back(), 236.6794, 0.02);
}

}  // namespace
}  // namespace apical
