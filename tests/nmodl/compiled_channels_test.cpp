// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "channels/nmodl/emit_channel.hpp"
#include "engine/kernels/view.hpp"
#include "engine/plugged_channel.hpp"
#include "tests/nmodl/build_program.hpp"
#include "tests/nmodl/compiled.hpp"

/// Mechanisms of tests/nmodl/mechanisms that have the form of the package's channels: their kernels do what the files say.
namespace apical::nmodl {
namespace {

namespace fs = std::filesystem;
using testing::odd_folder;

constexpr double degrees = 23;

/// Those of a form, compiled.
std::vector<std::shared_ptr<const mechanism>> compiled(const odd_folder& cache) {
    std::vector<std::shared_ptr<const program>> all;
    for (const auto& e : fs::directory_iterator(fs::path(APICAL_SOURCE_DIR)/"tests"/"nmodl"/"mechanisms")) {
        if (e.path().extension() != ".mod") continue;
        auto t = translate_file(e.path().string());
        if (t.program && !emit_channel(*t.program).text.empty()) all.push_back(t.program);
    }
    std::ranges::sort(all, {}, [](const auto& p) { return p->name; });
    return build_plug_in(all, {.cache = cache.path(), .compiler = {}, .jobs = 2}).mechanisms;
}

/// One instance of a mechanism as it is evaluated.
struct evaluated {
    std::shared_ptr<const mechanism> runs;
    testing::columns at;

    explicit evaluated(const mechanism& m) : runs(interpret(std::make_shared<program>(m.source()))), at(runs->source(), 1) {
        for (const auto& x : runs->source().variables) {
            if (x.kept != storage::shared) continue;
            if (x.is == role::step) at.shared[static_cast<std::size_t>(x.offset)] = 0.025;
            if (x.is == role::temperature) at.shared[static_cast<std::size_t>(x.offset)] = degrees;
        }
    }
    void set(role r, double value) {
        for (const auto& x : runs->source().variables)
            if (x.is == r && x.kept == storage::instance) std::ranges::fill(at.each[static_cast<std::size_t>(x.offset)], value);
    }
    double& state(std::string_view name) { return at.at(runs->source().find(name), 0); }
    double current() {
        double i[8]{}, g[8]{};
        runs->breakpoint(at.view(), {.i = i, .g = g});
        return i[0];
    }
};

bool near(double a, double b) { return std::fabs(a - b) <= 1e-9*(std::fabs(a) + std::fabs(b)) + 1e-13; }

/// What the file's unit of a conductance, and the engine's, make of a current.
double factor_of(const mechanism_schema& s) {
    for (const auto& p : s.parameters)
        if (p.unit == "cm/s") return 1e-3;
    return 1;
}

void expect_same_channel(const plugged_channel& c) {
    const auto& s = c.schema();
    const auto& k = *c.kernels();
    evaluated file(c);
    std::vector<double> parameters;
    for (const auto& p : s.parameters) parameters.push_back(p.value);
    std::vector<double> states(s.states.size() + 1);
    const kernels::scalar_view row{states.data(), 1, parameters.data(), 1};
    for (double v = -110; v < 60; v += 7.3) {
        const membrane<double> at{v, -30, 2e-4, 2, std::pow(s.q10, (degrees - s.q10_at)/10), constants::thermal_voltage(degrees + 273.15)};
        file.set(role::voltage, v), file.set(role::reversal, at.e_rev), file.set(role::inner, at.c_in), file.set(role::outer, at.c_out);
        file.runs->initial(file.at.view(), nullptr);
        k.start(row, at);
        const auto expect_states = [&](const char* when) {
            for (std::size_t i = 0; i < s.states.size(); ++i)
                EXPECT_TRUE(near(states[i], file.state(s.states[i].name))) << s.name << "." << s.states[i].name << " " << when << " at " << v << " mV: " << states[i]
                                                                           << ", the file says " << file.state(s.states[i].name);
        };
        expect_states("at the start");
        for (std::size_t i = 0; i < s.states.size(); ++i) file.state(s.states[i].name) = states[i] = 0.35;
        const double expected = factor_of(s)*file.current(), i = k.current(row, at).i;
        EXPECT_TRUE(near(i, expected)) << s.name << " at " << v << " mV: " << i << ", the file says " << expected;
        file.runs->advance(file.at.view());
        k.advance(row, at, 0.025);
        expect_states("after a step");
    }
}

void expect_same_synapse(const plugged_channel& c) {
    const auto& s = c.schema();
    const auto& k = *c.kernels();
    evaluated file(c);
    std::vector<double> parameters, states(s.states.size());
    for (const auto& p : s.parameters) parameters.push_back(p.value);
    const kernels::scalar_view row{states.data(), 1, parameters.data(), 1};
    struct : event_sink {
        void send(int, double, double) override {}
        void spike(int, double) override {}
        void move(int, double) override {}
        void watch(int, int, double) override {}
        std::span<double* const> connections(int) override { return {}; }
    } nobody;
    file.runs->initial(file.at.view(), &nobody);
    double weight = 0.002;
    file.runs->receive(file.at.view(), 0, &weight, 0, nobody);
    k.on_event(row, weight);
    file.runs->advance(file.at.view());
    k.receptor_advance(row, 0.025);
    file.set(role::voltage, -55);
    EXPECT_TRUE(near(k.receptor_current(row, -55).i, file.current())) << s.name << ": " << k.receptor_current(row, -55).i << ", the file says " << file.current();
    for (std::size_t i = 0; i < s.states.size(); ++i) EXPECT_TRUE(near(states[i], file.state(s.states[i].name))) << s.name << "." << s.states[i].name;
}

TEST(compiled_channels, do_what_the_files_say) {
    const odd_folder cache;
    int channels = 0, synapses = 0;
    for (const auto& m : compiled(cache)) {
        const auto* c = dynamic_cast<const plugged_channel*>(m.get());
        ASSERT_NE(c, nullptr);
        if (c->schema().kind == mechanism_kind::channel) expect_same_channel(*c), ++channels;
        if (c->schema().kind == mechanism_kind::receptor) expect_same_synapse(*c), ++synapses;
    }
    EXPECT_GE(channels, 4);
    EXPECT_GE(synapses, 1);
}

}  // namespace
}  // namespace apical::nmodl
