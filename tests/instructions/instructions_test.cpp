// SPDX-License-Identifier: BSD-3-Clause
#include <array>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/pack.hpp"
#include "engine/block.hpp"
#include "engine/neuron_block.hpp"
#include "engine/plan.hpp"
#include "engine/simulation.hpp"
#include "plasticity/tsodyks_markram.hpp"
#include "tests/engine/networks.hpp"
#include "tests/instructions/counted.hpp"

/// What a synapse and an event cost in bytes and instructions, which do not depend on how busy a machine is. A tenth more than is
/// written here is a failure; so is a byte.
namespace apical {
namespace {

using namespace units;

static_assert(sizeof(connection) == 16 && sizeof(point_connection) == 8 && sizeof(plastic_connection) == 32);
static_assert(sizeof(sent_spike) == 16 && sizeof(arrivals::event) == 16 && sizeof(plasticity::tsodyks_markram::state<double>) == 24);

constexpr int sources = 50, inputs = 500;          // of each cell

circuit driven(const cell& what, int cells, const std::string& receptor, const std::string& at, std::optional<short_term_plasticity> plasticity = {}) {
    circuit c;
    c.populations.push_back({"cells", what, cells});
    c.spike_sources.push_back({.name = "outside", .size = sources});
    const bool is_point = what.point() != nullptr;
    const auto delay = random_value::uniform(parse_quantity("1 ms"), parse_quantity("2 ms"));
    c.projections.push_back({.name = "in", .source = "outside", .target = "cells", .rule = fixed_total{std::int64_t{inputs}*cells}, .receptor = receptor,
                             .weight = is_point ? random_value(1e-9*nA) : random_value::uniform(parse_quantity("1e-12 nS"), parse_quantity("2e-12 nS")), .delay = delay, .at = at, .short_term = plasticity});
    return c;
}

/// A spike of every source, in the millisecond that begins at a time.
std::vector<sent_spike> volley(const plan& p, double begin) {
    std::vector<sent_spike> all;
    for (std::uint32_t k = 0; k < sources; ++k) all.push_back({p.network.first_gid[1] + k, begin + 0.01*k});
    return all;
}

/// Of taking in a volley and of the steps in which it arrives, over those of the same steps without: of an event. After another volley, so that
/// there is room for all that waits.
template <class Block, class Where> std::optional<double> of_event(const plan& p, const Where& where) {
    const auto& in = p.network.inlets[0];
    const auto steps = static_cast<std::int64_t>(std::lround(3.0/p.dt()));
    const auto spikes = volley(p, 3.0);
    const auto instructions = [&](std::span<const sent_spike> given) {
        Block b(p, where, in);
        std::vector<spike> found;
        std::vector<sent_spike> sent;
        b.receive(p, in, volley(p, 0), 0);
        b.run(p, where, in, 0, steps, {nullptr, &found, &sent});
        return testing::instructions_of([&] {
            b.receive(p, in, given, 0);
            b.run(p, where, in, steps, 2*steps, {nullptr, &found, &sent});
        });
    };
    const auto with = instructions(spikes), without = instructions({});
    if (!with || !without) return {};
    return static_cast<double>(*with - *without)/static_cast<double>(in.size());
}

/// Of one instance of a receptor in one step.
std::optional<double> of_instance(const std::string& name) {
    const auto all = catalogue::built_in();
    const auto& entry = all.at(name, "test");
    constexpr std::size_t n = 512;
    std::vector<int> rows;
    for (std::size_t k = 0; k < n; ++k) rows.push_back(static_cast<int>(k));
    aligned_vector parameters, states(entry.schema.states.size()*n, 1e-3), v(n, -65.0), rhs(n, 0.0), diagonal(n, 1.0);
    for (const auto& f : entry.schema.parameters) parameters.insert(parameters.end(), n, f.value);
    const double reference = -65;
    kernels::receptor_view view;
    view.instances = n, view.rows = rows.data(), view.parameters = parameters.data(), view.parameter_stride = n;
    view.states = states.data(), view.state_stride = n, view.v = v.data(), view.reference = &reference, view.rhs = rhs.data(), view.diagonal = diagonal.data();
    view.before = view.after = 0.0125;
    const auto kernel = entry.kernels->receptor[kernels::along_rows];
    const auto counted = testing::instructions_of([&] { kernel(view); });
    return counted ? std::optional(static_cast<double>(*counted)/n) : std::nullopt;
}

/// GCC 12 -O3, by the number of doubles in a SIMD register; a zero is not recorded yet.
struct recorded { double eight = 0, four = 0, two = 0; };

class instructions : public ::testing::Test {
protected:
    void SetUp() override {
#if !defined(NDEBUG) || !defined(__OPTIMIZE__)
        GTEST_SKIP() << "this build is not optimised: its instructions are not counted";
#endif
    }
    void expect(const char* what, const std::optional<double>& counted, const recorded& known) {
        if (!counted) GTEST_SKIP() << what << ": NOT CHECKED, this system does not let a process count another's instructions (ptrace)";
        const double expected = native_width == 8 ? known.eight : native_width == 4 ? known.four : known.two;
        RecordProperty(what, std::to_string(*counted));
        std::printf("%s: %.1f instructions (recorded: %.1f)\n", what, *counted, expected);
        EXPECT_GT(*counted, 1) << what;
        if (expected == 0) GTEST_SKIP() << what << ": NOT CHECKED, nothing is recorded for " << native_width << " doubles side by side; counted " << *counted;
        // a compiler that builds for another processor of the same width chooses other instructions: a quarter is left for that
        EXPECT_LT(*counted, 1.25*expected) << what << " costs more than it did";
        EXPECT_GT(*counted, 0.7*expected) << what << " costs less than it did: record " << *counted;
    }
};

TEST_F(instructions, of_an_event_onto_a_detailed_cell) {
    const auto p = compile(driven(test::spiker(), 1, "exp2syn", "in all"), {.dt = 0.1*ms});
    expect("event, detailed", of_event<block>(*p, p->blocks[0]), {.eight = 140});
}
TEST_F(instructions, of_an_event_with_depression_and_facilitation) {
    const auto p = compile(driven(test::spiker(), 1, "exp2syn", "in all", short_term_plasticity{any_quantity{0.5, {}}, 200*ms, 20*ms, 0}), {.dt = 0.1*ms});
    expect("event, plastic", of_event<block>(*p, p->blocks[0]), {.eight = 236});
}
TEST_F(instructions, of_an_event_released_by_chance) {
    const auto p = compile(driven(test::spiker(), 1, "exp2syn", "in all", short_term_plasticity{any_quantity{0.5, {}}, 200*ms, 20*ms, 1}), {.dt = 0.1*ms});
    expect("event, by chance", of_event<block>(*p, p->blocks[0]), {.eight = 1089});
}
TEST_F(instructions, of_an_event_onto_a_point_neuron) {
    const auto p = compile(driven(cell(neuron{"lif", {}}), 8, "psc_exp", "soma(0.5)"), {.dt = 0.1*ms});
    ASSERT_EQ(p->network.inlets[0].compact.connections.size(), std::size_t{8}*inputs);
    expect("event, point", of_event<neuron_block>(*p, p->neuron_blocks[0]), {.eight = 56.5});
}
TEST_F(instructions, of_a_synapse_in_a_step) {
    expect("exp2syn", of_instance("exp2syn"), {.eight = 31.7});
    expect("ampa_nmda", of_instance("ampa_nmda"), {.eight = 53.9});
    expect("gaba_a", of_instance("gaba_a"), {.eight = 31.7});
}

TEST(bytes, of_a_table_are_those_of_its_connections_and_sources) {
    const auto sum_of = [](const circuit& c, const run_options& o, std::size_t each) {
        const auto p = compile(c, o);
        const auto& in = p->network.inlets[0];
        const auto gids = p->network.first_gid.back();
        // an entry of 4 bytes for every gid and an end, or, where few are heard, two for those
        const auto index = 4*std::min<std::size_t>(gids + 1, 2*sources + 1);
        EXPECT_EQ(in.bytes(), in.size()*each + index + in.delays.size()*sizeof(double) + in.kinds.size()*sizeof(connection_kind) + in.releases.size()*sizeof(release_plan) + in.release_values.size()*sizeof(double) + in.release_models.size()*sizeof(void*));
        EXPECT_EQ(in.size(), static_cast<std::size_t>(inputs)*static_cast<std::size_t>(c.populations[0].size));
    };
    sum_of(driven(test::spiker(), 1, "exp2syn", "in all"), {}, 16);
    sum_of(driven(test::spiker(), 1, "exp2syn", "in all", short_term_plasticity{any_quantity{0.5, {}}, 200*ms, 20*ms, 0}), {}, 32);
    sum_of(driven(cell(neuron{"lif", {}}), 8, "psc_exp", "soma(0.5)"), {.dt = 0.1*ms}, 8);
}

}  // namespace
}  // namespace apical
