// SPDX-License-Identifier: BSD-3-Clause
// Energy meters on cells with mechanisms of NMODL: they tell what they tell of the package's own with the same equations.
#include <cmath>
#include <numbers>
#include <variant>

#include <gtest/gtest.h>

#include "analysis/energy.hpp"
#include "channels/nmodl/translate.hpp"
#include "core/quantity_text.hpp"
#include "models/cells/squid_axon.hpp"
#include "models/cylinder.hpp"
#include "tests/engine/cells.hpp"
#include "tests/engine/imported.hpp"

namespace apical {
namespace {

using namespace units;

std::shared_ptr<const nmodl::mechanism> squid_axon() {
    return nmodl::interpret(nmodl::translate_file(APICAL_SOURCE_DIR "/bench/nmodl/squid_axon.mod").program);
}

const char* const electrode = R"(
NEURON { POINT_PROCESS electrode RANGE amp ELECTRODE_CURRENT i }
UNITS { (nA) = (nanoamp) }
PARAMETER { amp = 2 (nA) }
ASSIGNED { i (nA) t (ms) }
BREAKPOINT { if (t > 51 && t < 52) { i = amp } else { i = 0 } }
)";

/// One patch of 1e4 um2 that a current of 2 nA makes fire.
circuit patch(bool is_read) {
    cell c(models::one_cylinder({section_type::soma, 100*um, (100/std::numbers::pi)*um}), fixed_count{1});
    models::paint_hodgkin_huxley(c, "all");
    if (is_read) {
        cell read(c.shape(), c.rule());
        for (const auto& p : c.paintings())
            if (!std::holds_alternative<mechanism>(p.what)) std::visit([&](const auto& what) { read.paint(p.region, what); }, p.what);
        read.start_at(c.v_init());
        c = read.paint("all", mechanism{"squid_axon", {}, squid_axon()});
    }
    circuit m;
    m.populations.push_back({.name = "patch", .cell = c});
    m.detectors = {{.on = {"patch"}, .threshold = 0*mV}};
    m.meters.push_back({.label = "spike", .population = "patch", .start = 50*ms, .stop = 70*ms, .rest = 10*ms, .interval = 0*ms});
    return m;
}
simulation done(circuit m, scheme s) {
    simulation ran(m, {.scheme = s, .temperature = celsius(6.3)});
    ran.run(70*ms);
    return ran;
}

class energy_of_files : public testing::TestWithParam<scheme> {};

TEST_P(energy_of_files, is_that_of_the_same_equations) {
    const auto told = [&](bool is_read) {
        auto m = patch(is_read);
        m.injections.push_back({{"patch", "soma(0.5)", {}}, step_current{51*ms, 1*ms, 2*nA}});
        return energy(done(m, GetParam()), "spike");
    };
    const auto own = told(false), read = told(true);
    const auto near = [](double a, double b) { EXPECT_NEAR(a, b, 1e-5*std::abs(a)); };
    ASSERT_EQ(read.spikes, 1);
    near(own.sodium_above_rest, read.sodium_above_rest), near(own.active.overlap, read.active.overlap);
    near(own.active.atp(), read.active.atp()), near(own.active.sodium_load, read.active.sodium_load);
    near(own.excess_ratio, read.excess_ratio);
    EXPECT_GT(read.active.overlap, 0);
    EXPECT_LT(std::abs(read.active.residual), GetParam() == scheme::backward_euler ? 1e-9 : 1e-12);
}

TEST_P(energy_of_files, counts_events_and_splits_what_they_let_through) {
    const auto told = [&](bool is_read) {
        auto m = patch(true);
        if (is_read) m.receptors.push_back({"s", {"patch", "soma(0.5)", {}}, "falling", {}, test::imported(test::falling)});
        else m.receptors.push_back({"s", {"patch", "soma(0.5)", {}}, "expsyn", {{"tau", parse_quantity("2 ms")}}});
        m.spike_trains.push_back({"s", {45, 51, 53}, 0.02*uS, 0*ms});
        return energy(done(m, GetParam()), "spike");
    };
    const auto own = told(false), read = told(true);
    ASSERT_EQ(read.active.synapses.size(), 1u);
    EXPECT_EQ(read.active.synapses[0].events, 2);
    EXPECT_NEAR(read.active.atp(ion::na), own.active.atp(ion::na), 1e-2*own.active.atp(ion::na)) << "half a step of decay";
    EXPECT_LT(std::abs(read.active.residual), 1e-9);
}

TEST_P(energy_of_files, takes_the_current_of_an_electrode_for_injected) {
    auto m = patch(true);
    m.receptors.push_back({"e", {"patch", "soma(0.5)", {}}, "electrode", {}, test::imported(electrode)});
    const auto s = done(m, GetParam());
    const auto charges = s.charges("spike");
    EXPECT_NEAR(charges.injected, 2, 0.06);
    for (const auto& p : charges.passages) EXPECT_NE(p.mechanism, "electrode");
    EXPECT_LT(std::abs(energy(s, "spike").active.residual), 1e-9);
}

INSTANTIATE_TEST_SUITE_P(schemes, energy_of_files, testing::Values(scheme::backward_euler, scheme::crank_nicolson), [](const auto& p) { return std::string(name_of(p.param)); });

}  // namespace
}  // namespace apical
