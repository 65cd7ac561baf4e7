// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include <gtest/gtest.h>

#include "tests/nmodl/small_language.hpp"

namespace apical::nmodl {
namespace {

using testing::model;

/// States m, h, s; the block of a KINETIC and what one step of it is.
struct solved : model {
    block step;
    solved(const std::string& text, bool is_steady = false, const std::string& method = "sparse") {
        states({{"m", 0.1}, {"h", 0.6}, {"s", 0.3}});
        for (const auto& [name, value] : {std::pair{"dt", 0.1}, std::pair{"a", 0.3}, std::pair{"b", 0.2}, std::pair{"k", 1.5}, std::pair{"vol", 2.}}) { (*this)[name] = value; }
        step = integrate_kinetic(p, parse_block(text), method, is_steady, {}, found);
    }
};

std::string step_of(const std::string& text) {
    const solved s(text);
    return s.text(s.step);
}

TEST(kinetic, linear_reactions_are_one_linear_system) {
    EXPECT_EQ(step_of("~ m <-> h (a, b)"),
              "old_m = m; old_h = h; solve linear m h {flux_1 = a*m - b*h} 0 = m - old_m + dt*flux_1, 0 = h - old_h - dt*flux_1,"
              " J00 = 1 + dt*a, J01 = -dt*b, J10 = -dt*a, J11 = 1 + dt*b,");
}

TEST(kinetic, rates_are_computed_once) {
    EXPECT_EQ(step_of("~ m + h <-> s (k*exp(v), b)"),
              "old_m = m; old_h = h; old_s = s; k_1f = k*exp(v);"
              " solve m h s {d_flux_1_m = k_1f*h; d_flux_1_h = k_1f*m; flux_1 = k_1f*m*h - b*s}"
              " 0 = m - old_m + dt*flux_1, 0 = h - old_h + dt*flux_1, 0 = s - old_s - dt*flux_1,"
              " J00 = 1 + dt*d_flux_1_m, J01 = dt*d_flux_1_h, J02 = -dt*b, J10 = dt*d_flux_1_m, J11 = 1 + dt*d_flux_1_h, J12 = -dt*b,"
              " J20 = -dt*d_flux_1_m, J21 = -dt*d_flux_1_h, J22 = 1 + dt*b,");
}

TEST(kinetic, of_linear_reactions_rates_are_those_of_before) {
    EXPECT_EQ(step_of("r = a*s ~ m <-> h (r, 0)"), "old_m = m; old_h = h; r = a*s; solve linear m h {flux_1 = r*m} 0 = m - old_m + dt*flux_1, 0 = h - old_h - dt*flux_1,"
                                                   " J00 = 1 + dt*r, J10 = -dt*r, J11 = 1,");
    const auto lagged = step_of("~ m <-> h (a*h, 0)");
    EXPECT_NE(lagged.find("solve linear"), std::string::npos);
    EXPECT_EQ(lagged.find("J01"), std::string::npos) << lagged;
    EXPECT_NE(step_of("~ 2 m <-> h (a*h, 0)").find("J01"), std::string::npos);
}

TEST(kinetic, amounts_are_kept_to_rounding) {
    const std::pair<const char*, std::vector<double>> cases[]{
        {"~ m <-> h (a, b) ~ h <-> s (k, a)", {1, 1, 1}},
        {"~ m + h <-> s (k, a) ~ 2 h <-> m (b, k)", {2, 1, 3}},
        {"~ m + h <-> s (k, a)", {1, 0, 1}},
        {"COMPARTMENT vol {m} COMPARTMENT 3*vol {h s} ~ m <-> h (a, b) ~ h <-> s (k, a)", {2, 6, 6}}};
    for (const auto& [text, weights] : cases) {
        solved s(text);
        const auto amount = [&, w = weights] { return w[0]*s["m"] + w[1]*s["h"] + w[2]*s["s"]; };
        const double before = amount();
        for (int i = 0; i < 1000; ++i) { s.run(s.step); }
        EXPECT_NEAR(amount(), before, 1e-13*before) << text;
    }
}

TEST(kinetic, converges_to_the_solution_with_order_one) {
    // m' = -k*m*m, by 2 m -> h
    const auto error = [](int n) {
        solved s("~ 2 m -> (k/2)");
        s["dt"] = 2./n;
        for (int i = 0; i < n; ++i) { s.run(s.step); }
        return std::fabs(s["m"] - 0.1/(1 + 1.5*0.1*2));
    };
    EXPECT_NEAR(std::log2(error(40)/error(80)), 1, 0.02);
}

TEST(kinetic, conserve_takes_the_place_of_the_equation_of_what_it_names_last) {
    const auto text = step_of("~ m <-> h (a, b) CONSERVE m + h = 1");
    EXPECT_NE(text.find("0 = m - old_m + dt*(a*m - b*h), 0 = m + h - 1,"), std::string::npos) << text;
    const auto other = step_of("~ m <-> h (a, b) CONSERVE h + m = 1");
    EXPECT_NE(other.find("0 = m + h - 1, 0 = h - old_h"), std::string::npos) << other;
    const auto volumes = step_of("COMPARTMENT vol {m h} ~ m <-> h (a, b) CONSERVE m + 2 h = vol");
    EXPECT_NE(volumes.find("0 = vol*m + 2*vol*h - vol,"), std::string::npos) << volumes;
    const auto two = step_of("~ m + h <-> s (a, b) CONSERVE h + s = 1 CONSERVE m + s = 2");
    EXPECT_NE(two.find("0 = h + s - 1, 0 = m + s - 2,"), std::string::npos) << two;
}

TEST(kinetic, rest_is_where_all_fluxes_vanish) {
    solved chain("~ m <-> h (a, b) ~ h <-> s (k, a)", true);
    chain.run(chain.step);
    EXPECT_NEAR(chain["m"], 0.1, 1e-14);
    EXPECT_NEAR(chain["h"], 0.15, 1e-14);
    EXPECT_NEAR(chain["s"], 0.75, 1e-14);
    solved far("~ m + h <-> s (1e4*k, a) ~ 2 h <-> m (b, k)", true);
    far["m"] = 30;
    far["h"] = 1e-3;
    far["s"] = 0;
    far.run(far.step);
    EXPECT_NEAR(1e4*1.5*far["m"]*far["h"]/(0.3*far["s"]), 1, 1e-9);
    EXPECT_NEAR(0.2*far["h"]*far["h"]/(1.5*far["m"]), 1, 1e-9);
    EXPECT_NEAR(2*far["m"] + far["h"] + 3*far["s"], 60.001, 1e-9);
    for (const auto* x : {"m", "h", "s"}) { EXPECT_GT(far[x], 0) << x; }
}

TEST(kinetic, what_the_block_computes_is_of_the_solution) {
    solved s("~ m -> (k) out = 2*m");
    s.run(s.step);
    EXPECT_EQ(s["out"], 2*s["m"]);
    EXPECT_NEAR(s["m"], 0.1/1.15, 1e-15);
}

TEST(kinetic, reactions_in_a_branch_run_if_it_is_taken) {
    for (const double v : {-1., 1.}) {
        solved s("if (v > 0) { ~ m -> (k) } ~ h -> (a)");
        s["v"] = v;
        s.run(s.step);
        EXPECT_NEAR(s["m"], v > 0 ? 0.1/1.15 : 0.1, 1e-15);
        EXPECT_NEAR(s["h"], 0.6/1.03, 1e-15);
    }
}

TEST(kinetic, diffusion_is_recorded_with_its_volumes) {
    model m;
    m.array("c", {1, 2});
    m.states({{"s", 0}});
    integrate_kinetic(m.p, m.parse_block("COMPARTMENT vol {c} COMPARTMENT 2*vol {s} LONGITUDINAL_DIFFUSION D*vol {c[0] c[1] s} ~ c[0] <-> c[1] (a, b) ~ c[1] <-> s (a, b)"),
                      "sparse", false, {}, m.found);
    ASSERT_EQ(m.p.diffusion.size(), 3);
    ASSERT_EQ(m.p.diffusion_volumes.size(), 3);
    EXPECT_EQ(m.p.diffusion[1].first, m.find("c"));
    EXPECT_EQ(m.text(m.p.diffusion[1].second), "D*vol");
    EXPECT_EQ(m.text(m.p.diffusion_volumes[1]), "vol");
    EXPECT_EQ(m.text(m.p.diffusion_volumes[2]), "2*vol");
}

TEST(kinetic, tells_what_cannot_be_solved) {
    const auto told = [](const std::string& text, const std::string& method = "sparse") {
        const solved s(text, false, method);
        return s.found.all().empty() ? "" : s.found.all()[0].message;
    };
    EXPECT_EQ(told("~ m <-> h (a, b)", "cnexp"), "METHOD cnexp is not one for KINETIC blocks");
    EXPECT_EQ(told("~ m <-> h (a, b) CONSERVE s = 1"), "CONSERVE names no state of a reaction, or only such as another CONSERVE determines");
    for (const auto* sum : {"m + h = m*h", "m = h*h"}) {
        EXPECT_EQ(told("~ m <-> h (a, b) CONSERVE " + std::string(sum)), "CONSERVE: not a sum of states, each times a number") << sum;
    }
    model m;
    m.array("c", {1, 2});
    integrate_kinetic(m.p, m.parse_block("~ c[i] <-> c[0] (a, b)"), "sparse", false, {}, m.found);
    ASSERT_TRUE(m.found.has_errors());
    EXPECT_EQ(m.found.all()[0].message, "the element of c in this reaction is not known before the run");
}

TEST(rates, of_reactions_are_fluxes_over_volumes) {
    model m;
    m.states({{"m", 0.1}, {"h", 0.6}});
    const auto r = rates_of_kinetic(m.p, m.parse_block("COMPARTMENT vol {h} ~ 2 m <-> h (a, b) ~ h << (c)"));
    EXPECT_EQ(m.text(r.body), "flux_1 = a*(m*m) - b*h; flux_2 = c; rate_m = (-2)*flux_1; rate_h = (flux_1 + flux_2)/vol");
    ASSERT_EQ(r.rates.size(), 2);
}

}  // namespace
}  // namespace apical::nmodl
