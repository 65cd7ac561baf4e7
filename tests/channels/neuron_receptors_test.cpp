// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "generated/channels.hpp"
#include "tests/channels/neuron_table.hpp"

/// NEURON held a compartment at a sequence of potentials while a receptor took events, and wrote states and currents around every
/// event and every change of the potential. Our functions make all the same steps from the first one on: at a step boundary the
/// events that are nearest to it, then the current of that state and potential, then the state's advance.
namespace apical::channels {
namespace {

constexpr double dt = 0.025;  ///< [ms]

/// One receptor in one recording.
struct recording {
    std::string file;
    std::vector<std::string> states;  ///< the column of each of our states, empty where NEURON has none
    double least_state = 0;           ///< difference of states that is rounding, ours or NEURON's
    double least_current = 0;         ///< the same of currents [nA]
};

/// What the comparison found.
struct outcome {
    int rows = 0, currents = 0;
    reference::deviation state, current;
};

/// The events of all recordings, handed out in their order.
template <class R> class event_queue {
  public:
    explicit event_queue(const reference::neuron_table& events) : events_(events) {}

    void deliver(typename R::template state<double>& s, const typename R::template parameters<double>& p, double until) {
        for (; next_ < events_.rows.size() && events_.number(next_, "t_ms") <= until; ++next_)
            s = R::on_event(s, p, events_.number(next_, "weight_uS"));
    }

  private:
    const reference::neuron_table& events_;
    std::size_t next_ = 0;
};

template <class S> void compare_states(outcome& found, const recording& r, const S& state, const reference::neuron_table& table,
                                       std::size_t row) {
    std::size_t i = 0;
    for_each_member(state, [&](double ours) {
        if (const std::string& name = r.states.at(i++); !name.empty())
            found.state.take(ours, table.number(row, name), r.least_state, r.file + " step " + table.text(row, "step") + " " + name);
    });
}

template <class R> outcome compare(const recording& r, const typename R::template parameters<double>& p) {
    const auto table = reference::read_neuron_table(r.file), events = reference::read_neuron_table("receptor_events.csv");
    outcome found;
    if (!table || !events) return found;
    event_queue<R> queue(*events);
    typename R::template state<double> s{};
    const auto is_at = [&](std::size_t row, int step) { return row < table->rows.size() && table->number(row, "step") == step; };
    for (int step = 0; static_cast<std::size_t>(found.rows) < table->rows.size(); ++step) {
        const auto row = static_cast<std::size_t>(found.rows);
        const bool recorded = is_at(row, step);
        if (recorded) {
            queue.deliver(s, p, table->number(row, "t_ms"));  // those NEURON delivered at the end of the step before
            compare_states(found, r, s, *table, row);
            ++found.rows;
        }
        queue.deliver(s, p, (step + 0.5)*dt);
        if (recorded && is_at(row + 1, step + 1)) {
            ++found.currents;
            found.current.take(R::current(s, p, table->number(row, "v_mV")), table->number(row + 1, "i_nA"), r.least_current,
                               r.file + " step " + table->text(row + 1, "step"));
        }
        s = R::advance(s, p, dt);
    }
    return found;
}

/// Nothing was compared if the file is not there.
template <class R> bool is_same(const recording& r, const typename R::template parameters<double>& p) {
    const outcome found = compare<R>(r, p);
    if (found.rows == 0) return false;
    EXPECT_GT(found.rows, 100) << r.file;
    EXPECT_GT(found.currents, 60) << r.file;
    EXPECT_LE(found.state.largest, 1e-10) << found.state.where;
    EXPECT_LE(found.current.largest, 1e-9) << found.current.where;
    return true;
}
/// The comparison sees a change of any parameter in its sixth digit.
template <class R> void expect_to_notice(const recording& r, const typename R::template parameters<double>& p) {
    for (std::size_t k = 0; k < member_count<typename R::template parameters<double>>(); ++k) {
        auto other = p;
        std::size_t i = 0;
        for_each_member(other, [&](double& x) { if (i++ == k) x += 1e-6*(x == 0 ? 1 : x); });
        const outcome found = compare<R>(r, other);
        EXPECT_TRUE(found.state.largest > 1e-10 || found.current.largest > 1e-9) << r.file << " does not notice parameter " << k;
    }
}
template <class R> void expect_same(const recording& r, const typename R::template parameters<double>& p) {
    if (!is_same<R>(r, p)) GTEST_SKIP() << "tests/reference/neuron/" << r.file << " is MISSING: nothing was compared";
    expect_to_notice<R>(r, p);
}

TEST(neuron_receptors, expsyn) { expect_same<expsyn>({"receptor_expsyn.csv", {"g"}}, {2, 0}); }
TEST(neuron_receptors, exp2syn) { expect_same<exp2syn>({"receptor_exp2syn.csv", {"A", "B"}}, {0.5, 3, 0}); }
TEST(neuron_receptors, exp2syn_with_equal_time_constants) {
    if (!is_same<exp2syn>({"receptor_exp2syn_equal.csv", {"A", "B"}}, {3, 3, 0}))
        GTEST_SKIP() << "tests/reference/neuron/receptor_exp2syn_equal.csv is MISSING: nothing was compared";
}
/// NEURON's AlphaSynapse is a function of the time, one for each event, and has no states; its time is a sum of steps, rounded.
TEST(neuron_receptors, alphasyn) { expect_same<alphasyn>({"receptor_alphasyn.csv", {"", ""}, 0, 1e-15}, {15, 0}); }
TEST(neuron_receptors, gaba_a) { expect_same<gaba_a>({"receptor_gaba_a.csv", {"A", "B"}}, {1, 20, -80}); }
TEST(neuron_receptors, ampa_nmda) {
    expect_same<ampa_nmda>({"receptor_ampa_nmda.csv", {"ampa_a", "ampa_b", "nmda_a", "nmda_b"}}, {0.3, 3, 2, 65, 0.7, 1.2, 0});
}
/// The first step makes 5e-6 uM of G protein as a difference of thousands of times as much.
TEST(neuron_receptors, gaba_b) {
    expect_same<gaba_b>({"receptor_gaba_b.csv", {"r", "s", "", "gmax"}, 1e-15},
                        {0.09, 0.0012, 0.18, 0.034, 3.1622776601683795, 1, 1, -95});
}

}  // namespace
}  // namespace apical::channels
