// SPDX-License-Identifier: BSD-3-Clause
#include <gtest/gtest.h>

#include "tests/nmodl/lowering.hpp"

namespace apical::nmodl::testing {
namespace {

lowering lower_receive(const std::string& receive, const std::string& others = "") {
    return lower_text("NEURON { POINT_PROCESS p RANGE a, b NONSPECIFIC_CURRENT i }\nASSIGNED { a b i v }\nBREAKPOINT { i = a }\n" + others + "\n" + receive);
}

TEST(net_receive, keeps_its_arguments_with_the_connection) {
    const auto r = lower_receive("NET_RECEIVE(w, last (ms)) { INITIAL { last = t } a = a + w*exp(last - t) last = t }");
    EXPECT_EQ(r.told(), "");
    EXPECT_EQ(r.receive(), "a = a + w*exp(last - t)\nlast = t\n");
    EXPECT_EQ(print_block(r.p, r.p.net_initial), "last = t\n");
    EXPECT_EQ(r.of("last").kept, storage::connection);
    EXPECT_EQ(r.p.arguments.size(), 2U);
    EXPECT_EQ(r.p.connection_size, 2);
}

TEST(net_receive, without_initial_sets_all_but_the_weight_to_zero) {
    const auto r = lower_receive("NET_RECEIVE(w, x, y) { a = w + x + y }");
    EXPECT_EQ(print_block(r.p, r.p.net_initial), "x = 0\ny = 0\n");
}

TEST(net_receive, sends_waits_and_moves) {
    const auto r = lower_receive("NET_RECEIVE(w) { if (flag == 1) { WATCH (v > b) 2 net_event(t) } else { net_send(3, 1) net_move(t + 1) } }");
    EXPECT_EQ(r.receive(), "if (flag == 1) {\n  watch 0 (v - b) 2\n  net_event(t)\n} else {\n  net_send(3, 1)\n  net_move(t + 1)\n}\n");
    EXPECT_EQ(r.p.watches, 1);
    EXPECT_EQ(r.of("flag").is, role::flag);
}

TEST(net_receive, keeps_what_a_condition_needs_with_the_condition) {
    const auto r = lower_receive("NET_RECEIVE(w) { WATCH (f(v) < 1) 2 }", "FUNCTION f(u) { f = u*b }");
    EXPECT_EQ(r.receive(), "before watch {\n  f_2 = v*b\n}\nwatch 0 (1 - f_2) 2\n");
}

TEST(net_receive, goes_through_connections_with_the_events_own_values_kept) {
    const auto r = lower_receive("NET_RECEIVE(w, n) { FOR_NETCONS(each, m) { m = each*w } }");
    EXPECT_EQ(r.receive(), "w_2 = w\nfor_netcons {\n  n = w*w_2\n}\n");
}

TEST(net_receive, sets_states_that_are_discontinuous) {
    EXPECT_EQ(lower_receive("NET_RECEIVE(w) { state_discontinuity(a, a + w) }").receive(), "a = a + w\n");
}

TEST(net_receive, sets_the_voltage_of_the_compartment) {
    const auto r = lower_receive("NET_RECEIVE(w) { v = v + w }");
    EXPECT_EQ(r.receive(), "v = v + w\n");
    EXPECT_TRUE(r.of("v").is_written);
}

TEST(net_send, has_its_places) {
    EXPECT_EQ(lower_receive("NET_RECEIVE(w) { }", "INITIAL { net_send(b, 1) }").told(), "");
    EXPECT_EQ(lower_text("NEURON { POINT_PROCESS p }\nBREAKPOINT {\nnet_send(1, 1) }").told(),
              "a.mod:3:1: error: net_send outside of NET_RECEIVE and INITIAL; move it to NET_RECEIVE");
}

}  // namespace
}  // namespace apical::nmodl::testing
