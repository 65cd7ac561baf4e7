// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "channels/nmodl/services.hpp"
#include "core/random.hpp"
#include "tests/nmodl/build_program.hpp"

/// Events, connections, random numbers and tables: what the evaluator asks others for.
namespace apical::nmodl {
namespace {

using namespace testing;

std::shared_ptr<const mechanism> made(const build_program& p) { return interpret(std::make_shared<build_program>(p)); }

/// Writes down what it is told.
struct recorded final : event_sink {
    std::vector<std::string> events;
    std::vector<std::vector<double>> values;     ///< of the connections of instance 0, then of all others none
    std::vector<double*> pointers;

    void note(const char* what, int instance, double a, double b = 0) {
        events.push_back(what + std::to_string(instance) + " " + std::to_string(a) + " " + std::to_string(b));
    }
    void send(int instance, double delay, double flag) override { note("send ", instance, delay, flag); }
    void spike(int instance, double time) override { note("spike ", instance, time); }
    void move(int instance, double time) override { note("move ", instance, time); }
    void watch(int instance, int condition, double flag) override { note("watch ", instance, condition, flag); }
    std::span<double* const> connections(int instance) override {
        pointers.clear();
        if (instance % 3 == 0) for (auto& v : values) pointers.push_back(v.data());
        return pointers;
    }
};

/// A synapse that depresses, sends itself events, fires, and waits for x to pass a threshold.
struct busy_synapse : build_program {
    int x = instance("x"), total = instance("total"), t = add("t", storage::shared, role::time, 3);
    int weight = add("weight", storage::connection, role::parameter), last = add("last", storage::connection);
    int flag = add("flag", storage::shared, role::flag);

    busy_synapse() {
        is = kind::point_process;
        arguments = {weight, last};
        using kind_of = statement::kind;
        initial = {event(kind_of::net_send, number(1) + read(x), number(4)),
                   branch(read(x) > number(5), {event(kind_of::net_event, read(t)), event(kind_of::watch, read(x) - number(2), number(8), 0)})};
        statement all = event(kind_of::for_netcons, {});
        all.body = {assign(total, read(total) + read(weight)), assign(weight, read(weight)*number(0.5))};
        net_receive = {branch(compound(expression::kind::equal, {read(flag), number(0)}),
                              {assign(x, read(x) + read(weight)), assign(last, read(t)), event(kind_of::net_move, read(t) + read(weight))},
                              {assign(total, number(0)), assign(weight, read(weight) + number(1)), all})};
        net_initial = {assign(last, number(-1)), assign(weight, read(weight)*number(10))};
        watches = 1;
    }
};

TEST(evaluate_events, come_instance_by_instance_in_the_order_of_the_file) {
    const busy_synapse p;
    constexpr int n = 300;
    columns c(p, n);
    for (int k = 0; k < n; ++k) c.at(p.x, k) = k % 8;
    recorded sink;
    made(p)->initial(c.view(), &sink);
    std::vector<std::string> expected;
    recorded by_hand;
    for (int k = 0; k < n; ++k) {
        by_hand.send(k, 1 + k % 8, 4);
        if (k % 8 > 5) by_hand.spike(k, 3), by_hand.watch(k, 0, 8);
    }
    EXPECT_EQ(sink.events, by_hand.events);
    made(p)->initial(c.view(), nullptr);   // nobody listens
}

TEST(evaluate_events, change_the_instance_and_the_connection_they_come_by) {
    const busy_synapse p;
    columns c(p, 5);
    recorded sink, expected;
    double connection[] = {0.25, 0};
    const auto m = made(p);
    m->receive(c.view(), 3, connection, 0, sink);
    EXPECT_EQ(c.at(p.x, 3), 0.25);
    EXPECT_EQ(c.at(p.x, 2), 0);
    EXPECT_EQ(connection[1], 3);
    expected.move(3, 3.25);
    EXPECT_EQ(sink.events, expected.events);
    m->net_initial(c.view(), 3, connection);
    EXPECT_EQ(connection[0], 2.5);
    EXPECT_EQ(connection[1], -1);
    m->receive(c.view(), 3, nullptr, 0, sink);
    EXPECT_EQ(c.at(p.x, 3), 0.25) << "without a connection the weight is 0";
}

TEST(evaluate_events, look_at_all_connections_that_end_at_the_instance) {
    const busy_synapse p;
    columns c(p, 7);
    recorded sink;
    sink.values = {{1, 0}, {20, 0}, {300, 0}};
    const auto m = made(p);
    m->receive(c.view(), 6, sink.values[1].data(), 1, sink);   // the weight of its own becomes 21 before the loop
    EXPECT_EQ(c.at(p.total, 6), 1 + 21 + 300);
    EXPECT_EQ(sink.values[0][0], 0.5);
    EXPECT_EQ(sink.values[1][0], 10.5);
    EXPECT_EQ(sink.values[2][0], 150);
    c.at(p.total, 5) = 9;
    m->receive(c.view(), 5, nullptr, 1, sink);                 // it has none
    EXPECT_EQ(c.at(p.total, 5), 0);
}

TEST(evaluate_events, look_at_the_connections_of_every_instance_of_a_block) {
    busy_synapse p;
    statement all = event(statement::kind::for_netcons, {});
    all.body = {assign(p.total, read(p.total)*number(10) + read(p.weight) + read(p.x))};
    p.initial = {branch(read(p.x) > number(0), {all}, {assign(p.total, number(-1))})};
    columns c(p, 40);
    for (int k = 0; k < 40; ++k) c.at(p.x, k) = k % 2;
    recorded sink;
    sink.values = {{1, 0}, {2, 0}};
    made(p)->initial(c.view(), &sink);
    for (int k = 0; k < 40; ++k) EXPECT_EQ(c.at(p.total, k), k % 2 == 0 ? -1 : k % 3 == 0 ? 23 : 0) << k;
}

TEST(evaluate_events, have_conditions_that_can_be_looked_at) {
    const busy_synapse p;
    columns c(p, 9);
    c.at(p.x, 8) = 2.5;
    EXPECT_EQ(made(p)->condition(c.view(), 8, 0), 0.5);
    EXPECT_TRUE(std::isnan(made(p)->condition(c.view(), 8, 1)));
}

/// Draws a varying number of numbers, in a branch and in a loop.
struct noisy : build_program {
    int x = instance("x"), y = instance("y"), z = instance("z"), first = instance("first");
    int stream = add("stream", storage::instance, role::random);

    noisy() {
        const int n = local("n");
        const auto uniform = [&] { return call(builtin::uniform, {number(0), number(1)}, stream); };
        advance = {assign(first, uniform()), branch(read(x) > number(2), {assign(z, call(builtin::normal, {read(x), number(2)}, stream))}),
                   assign(n, number(0)),
                   repeat(read(n) < read(x), {assign(y, read(y) + call(builtin::poisson, {number(30)}, stream)), assign(n, read(n) + number(1))}),
                   assign(z, read(z) + call(builtin::exponential, {number(3)}, stream))};
    }
};

TEST(evaluate_random, numbers_belong_to_seed_instance_step_and_order_alone) {
    const noisy p;
    constexpr int n = 333;
    columns whole(p, n), parts(p, n);
    for (int k = 0; k < n; ++k) whole.at(p.x, k) = parts.at(p.x, k) = k % 6;
    const auto m = made(p);
    m->advance(whole.view(11));
    for (int first = 0, size = 1; first < n; first += size, size = size*5 % 47 + 1) {
        instance_view v = parts.view(11);
        v.count = std::min(size, n - first), v.identity += first;
        std::vector<double*> from;
        for (double* column : parts.pointers) from.push_back(column + first);
        v.columns = from.data();
        m->advance(v);
    }
    for (int k = 0; k < n; ++k) {
        for (const int variable : {p.first, p.y, p.z}) EXPECT_EQ(whole.at(variable, k), parts.at(variable, k)) << k;
        std::uint64_t nth = 0;
        const auto drawn = [&](builtin f, double a, double b) { return random_number(whole.view(11), k, f, p.stream, nth++, a, b); };
        EXPECT_EQ(whole.at(p.first, k), drawn(builtin::uniform, 0, 1));
        double z = k % 6 > 2 ? drawn(builtin::normal, k % 6, 2) : 0, y = 0;
        for (int i = 0; i < k % 6; ++i) y += drawn(builtin::poisson, 30, 0);
        EXPECT_EQ(whole.at(p.y, k), y);
        EXPECT_EQ(whole.at(p.z, k), z + drawn(builtin::exponential, 3, 0));
    }
    columns other(p, n);
    m->advance(other.view(12));
    for (int k = 0; k < n; ++k) EXPECT_NE(other.at(p.first, k), whole.at(p.first, k)) << "the next step has other numbers";
}

TEST(evaluate_random, means_that_there_are_not_give_nan) {
    build_program p;
    const int y = p.instance("y"), x = p.instance("x");
    p.advance = {assign(y, call(builtin::poisson, {read(x)}))};
    columns c(p, 3);
    c.at(x, 0) = -1, c.at(x, 1) = 1e300, c.at(x, 2) = std::nan("");
    made(p)->advance(c.view());
    for (int k = 0; k < 3; ++k) EXPECT_TRUE(std::isnan(c.at(y, k)));
}

TEST(evaluate_tables, are_linear_between_their_points_and_constant_beyond) {
    build_program p;
    const int x = p.instance("x"), one = p.instance("one"), two = p.instance("two"), none = p.instance("none");
    p.function_tables = {"f", "g", "h"};
    p.advance = {assign(one, call(builtin::function_table, {read(x)}, 0)),
                 assign(two, call(builtin::function_table, {read(x), number(1) - read(x)}, 1)),
                 assign(none, call(builtin::function_table, {read(x)}, 2))};
    columns c(p, 41);
    c.tables = {{{{-1, 0, 2}}, {10, 20, 0}}, {{{-1, 1}, {0, 1, 3}}, {0, 1, 3, 2, 3, 5}}};   // the second is 1 + x + y within
    for (int k = 0; k < 41; ++k) c.at(x, k) = 0.125*k - 2;
    made(p)->advance(c.view());
    for (int k = 0; k < 41; ++k) {
        const double at = 0.125*k - 2;
        EXPECT_DOUBLE_EQ(c.at(one, k), at < -1 ? 10 : at < 0 ? 20 + 10*at : at < 2 ? 20 - 10*at : 0);
        EXPECT_NEAR(c.at(two, k), 1 + std::clamp(at, -1.0, 1.0) + std::clamp(1 - at, 0.0, 3.0), 1e-15);
        EXPECT_TRUE(std::isnan(c.at(none, k))) << "nobody has given it";
    }
}

}  // namespace
}  // namespace apical::nmodl
