// SPDX-License-Identifier: BSD-3-Clause
#include "analysis/flight_record.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "engine/kernels/mechanism.hpp"
#include "tests/engine/cells.hpp"
#include "tests/engine/exploding.hpp"

namespace apical {
namespace {

using namespace units;

using test::exploding;

const catalogue& with_exploding() {
    static const auto c = [] {
        auto all = catalogue::built_in();
        add<exploding>(all);
        return all;
    }();
    return c;
}

/// Cells that all do something different; the channel sits on a dendrite that spikes reach.
circuit doomed() {
    auto c = test::busy(3);
    c.populations[0].cell.paint("apic[1]", mechanism{"exploding", {{"g_max", 1e-9*S/cm2}}});
    return c;
}

class flight : public testing::TestWithParam<scheme> {};

TEST_P(flight, an_exploding_rate_function_is_named_and_fails_again_in_the_same_way) {
    const run_options options{.scheme = GetParam()};
    simulation run(compile(doomed(), options, with_exploding()));
    try {
        run.run(30*ms);
        FAIL() << "nothing exploded";
    } catch (const diverged& e) {
        EXPECT_EQ(e.at().quantity, "exploding.m");
        EXPECT_NE(e.at().location.find("apic[1]"), std::string::npos) << e.at().location;
        const auto first = record_flight(doomed(), options, e.at(), 30*ms, 50, with_exploding());
        EXPECT_EQ(first.at.cell, e.at().cell);
        EXPECT_EQ(first.at.location, e.at().location);
        EXPECT_EQ(first.at.time_ms, e.at().time_ms);
        EXPECT_EQ(first.columns.front(), "v");
        EXPECT_NE(std::ranges::find(first.columns, "exploding.m"), first.columns.end());
        EXPECT_NE(std::ranges::find(first.columns, "nata_t.m"), first.columns.end());
        ASSERT_EQ(first.times.size(), 50u);
        EXPECT_NEAR(first.times.back(), e.at().time_ms, 0.11);
        EXPECT_TRUE(first == record_flight(doomed(), options, first.at, 40*ms, 50, with_exploding()));
        auto other = doomed();
        other.injections.erase(other.injections.begin() + 2*e.at().cell);
        EXPECT_THROW(record_flight(other, options, e.at(), 3*ms, 50, with_exploding()), invalid_model);
    }
}
INSTANTIATE_TEST_SUITE_P(schemes, flight, testing::Values(scheme::crank_nicolson, scheme::backward_euler, scheme::automatic, scheme::precise, scheme::cvode),
                         [](const auto& info) { return std::string(name_of(info.param)); });

TEST(flight_record, an_impossible_tolerance_fails_again) {
    const run_options options{.scheme = scheme::precise, .max_error = 1e-18*mV};
    try {
        simulation(test::busy(2), options).run(30*ms);
        FAIL();
    } catch (const diverged& e) {
        const auto r = record_flight(test::busy(2), options, e.at(), 30*ms);
        EXPECT_EQ(r.at.reason, e.at().reason);
        EXPECT_NE(r.at.reason.find("double precision"), std::string::npos);
        EXPECT_EQ(r.times.size(), 1u);
    }
}

TEST(flight_record, a_parameter_that_is_no_number_is_refused_where_it_is) {
    auto c = test::busy(1);
    c.populations[0].cell.paint("soma", mechanism{"hh_k", {{"g_max", std::numeric_limits<double>::quiet_NaN()*S/cm2}}});
    try {
        compile(c);
        FAIL();
    } catch (const invalid_model& e) {
        for (const auto* part : {"cells", "hh_k", "g_max"}) EXPECT_NE(std::string(e.what()).find(part), std::string::npos) << e.what();
    }
}

TEST(flight_record, wants_a_failure_that_is_one) {
    EXPECT_THROW(record_flight(test::busy(1), {}, {.cell = 0, .population = "cells", .location = "soma(0.5)", .quantity = "v", .reason = {}}, 5*ms), invalid_model);
    EXPECT_THROW(record_flight(test::busy(1), {}, {.cell = 7, .population = "cells", .location = "soma(0.5)", .quantity = "v", .reason = {}}, 5*ms), invalid_model);
    EXPECT_THROW(record_flight(test::busy(1), {}, {.cell = 0, .population = "others", .location = "soma(0.5)", .quantity = "v", .reason = {}}, 5*ms), invalid_model);
}

}  // namespace
}  // namespace apical
