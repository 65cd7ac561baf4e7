// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/error.hpp"
#include "engine/simulation.hpp"
#include "models/cells/pv_basket.hpp"
#include "models/cells/sst_martinotti.hpp"
#include "models/cylinder.hpp"
#include "models/model.hpp"

/// The interneurons have the electrophysiology of their kinds on the shipped morphologies: what docs/models.md says.
namespace apical::models {
namespace {

using namespace units;

/// The answers of one model to steps of 500 ms from 400 ms on, at 36 degC.
class step_answers {
public:
    step_answers(const std::string& model, const std::vector<double>& picoamperes) {
        circuit c;
        c.populations.push_back({.name = "cell", .cell = build(model), .size = static_cast<int>(picoamperes.size())});
        for (int i = 0; const double a : picoamperes) {
            index_[a] = static_cast<std::size_t>(i);
            c.injections.push_back({{"cell", "soma(0.5)", {i++}}, step_current{400*ms, 500*ms, a*pA}});
        }
        c.probes = {{.label = "soma", .on = {"cell"}}};
        c.detectors = {{.on = {"cell"}, .threshold = -10*mV}};
        simulation s(c, {.temperature = celsius(36)});
        s.run(1100*ms);
        for (std::size_t i = 0; i < picoamperes.size(); ++i) traces_.push_back(s["soma"].column(i));
        spikes_.resize(picoamperes.size());
        for (const auto& spike : s.spikes()) spikes_[static_cast<std::size_t>(spike.cell)].push_back(spike.time);
    }

    const std::vector<double>& v(double picoamperes) const { return traces_[index_.at(picoamperes)]; }
    double v_at(double picoamperes, double ms) const { return v(picoamperes)[static_cast<std::size_t>(std::lround(ms/0.025))]; }
    double rest() const { return traces_.front()[399*40]; }
    double input_resistance(double picoamperes) const { return (v_at(picoamperes, 899) - rest())/picoamperes*1000; }
    /// Time to 1 - 1/e of the answer [ms].
    double time_constant(double picoamperes) const {
        const double target = rest() + (v_at(picoamperes, 899) - rest())*(1 - std::exp(-1));
        double t = 400;
        while (v_at(picoamperes, t) > target) t += 0.025;
        return t - 400;
    }
    std::vector<double> during(double picoamperes) const {
        std::vector<double> found;
        std::ranges::copy_if(spikes_[index_.at(picoamperes)], std::back_inserter(found), [](double t) { return t < 900; });
        return found;
    }
    std::size_t after(double picoamperes) const { return spikes_[index_.at(picoamperes)].size() - during(picoamperes).size(); }
    double last_rate(double picoamperes) const {
        const auto t = during(picoamperes);
        return t.size() < 2 ? 0 : 1000/(t.back() - t[t.size() - 2]);
    }
    /// Width of the first spike half way between the voltage where it rises by 20 mV/ms and its peak [ms].
    double half_width(double picoamperes) const {
        const auto& trace = v(picoamperes);
        std::size_t foot = 401*40;   // past the jump at the step's onset
        while (trace[foot + 1] - trace[foot] < 20*0.025) ++foot;
        const auto peak = static_cast<std::size_t>(std::max_element(trace.begin() + static_cast<long>(foot), trace.begin() + static_cast<long>(foot) + 80) - trace.begin());
        const double half = (trace[foot] + trace[peak])/2;
        std::size_t samples = 0;
        for (std::size_t i = foot; i < peak + 80; ++i) samples += trace[i] > half;
        return 0.025*static_cast<double>(samples);
    }

private:
    std::map<double, std::size_t> index_;
    std::vector<std::vector<double>> traces_;
    std::vector<std::vector<double>> spikes_;
};

TEST(pv_basket, has_the_electrophysiology_of_a_fast_spiking_cell) {
    const step_answers steps("pv_basket", {-50, 250, 300, 2000});
    EXPECT_GT(steps.rest(), -72);
    EXPECT_LT(steps.rest(), -68);
    EXPECT_GT(steps.input_resistance(-50), 70);
    EXPECT_LT(steps.input_resistance(-50), 130);
    EXPECT_GT(steps.time_constant(-50), 6);
    EXPECT_LT(steps.time_constant(-50), 10);
    EXPECT_TRUE(steps.during(250).empty());
    ASSERT_GT(steps.during(300).size(), 10u);
    EXPECT_GT(steps.half_width(300), 0.25);
    EXPECT_LE(steps.half_width(300), 0.35 + 0.025);
    EXPECT_GT(steps.last_rate(2000), 200);
    const auto t = steps.during(300);
    EXPECT_NEAR((t.back() - t[t.size() - 2])/(t[1] - t[0]), 1, 0.05) << "a fast-spiking cell does not adapt";
}

TEST(sst_martinotti, has_the_electrophysiology_of_a_low_threshold_cell) {
    const step_answers steps("sst_martinotti", {-100, -50, -20, 50, 70, 200});
    EXPECT_GT(steps.rest(), -65);
    EXPECT_LT(steps.rest(), -60);
    EXPECT_GT(steps.input_resistance(-50), 180);
    EXPECT_LT(steps.input_resistance(-50), 300);
    EXPECT_GT(steps.time_constant(-100), 15);
    EXPECT_LT(steps.time_constant(-100), 25);
    EXPECT_TRUE(steps.during(50).empty());
    EXPECT_FALSE(steps.during(70).empty());
    EXPECT_GE(steps.half_width(70), 0.475);
    EXPECT_LT(steps.half_width(70), 0.9);
    const auto t = steps.during(200);
    ASSERT_GT(t.size(), 20u);
    EXPECT_GT((t.back() - t[t.size() - 2])/(t[1] - t[0]), 2) << "a Martinotti cell adapts";
    EXPECT_GT(steps.after(-100), 0u) << "and fires when released from inhibition";
}

TEST(interneurons, need_a_soma) {
    const auto axon_only = one_cylinder({section_type::axon, 100*um, 1*um});
    EXPECT_THROW((void)pv_basket(axon_only), invalid_model);
    EXPECT_THROW((void)sst_martinotti(axon_only), invalid_model);
}

}  // namespace
}  // namespace apical::models
