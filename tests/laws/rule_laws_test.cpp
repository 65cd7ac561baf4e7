// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/quantity_text.hpp"
#include "core/random.hpp"
#include "engine/catalogue.hpp"
#include "engine/kernels/rule_view.hpp"

/// Laws of learning rules, each asked on the columns its kernel works on.
namespace apical {
namespace {

/// Seventeen synapses of a rule, which is two packs and one more, with something in every column.
struct synapses {
    static constexpr std::size_t count = 17;
    std::vector<double> weight, kept, pre, post, third, parameters, chance, elapsed;

    explicit synapses(const rule_schema& s, std::uint64_t seed) {
        random_stream draws(seed);
        const auto some = [&](std::size_t n, double low, double high) {
            std::vector<double> x(n);
            for (double& one : x) one = draws.uniform(low, high);
            return x;
        };
        weight = some(count, 0.1, 0.9), kept = some(s.kept.size()*count, 0, 1), pre = some(s.pre*count, 0, 1), post = some(s.post, 0, 1), third = some(s.third, 0, 1);
        chance = some(count, -2, 2), elapsed = some(count, 0, 50);
        for (const auto& p : s.parameters) parameters.push_back(p.value*parse_unit(p.unit).value);
    }
    /// From one of them on.
    kernels::synapse_view view(std::size_t first, std::size_t n) {
        kernels::synapse_view v;
        v.count = n, v.weight = weight.data() + first, v.kept = kept.data() + first, v.kept_stride = count, v.pre = pre.data() + first, v.pre_stride = count;
        v.post = post.data(), v.third = third.data(), v.parameters = parameters.data(), v.chance = chance.data() + first, v.elapsed = elapsed.data() + first;
        v.low = 0, v.high = 1, v.dt = 0.1;
        return v;
    }
};

/// f(rule, function of the rule, what it is) for every function of every rule.
template <class F> void for_every_function(F&& f) {
    const auto all = catalogue::built_in();
    for (const auto& rule : all.rules()) {
        for (std::size_t o = 0; o < rule.kernels->on.size(); ++o)
            if (rule.kernels->on[o]) f(rule, rule.kernels->on[o], "occasion " + std::to_string(o));
        if (rule.kernels->relax) f(rule, rule.kernels->relax, "relax");
    }
}

/// The same bits one by one and in packs: who lies beside whom does not matter.
TEST(rule_laws, packs_equal_doubles) {
    int functions = 0;
    for_every_function([&](const rule_entry& rule, auto* f, const std::string& what) {
        synapses together(rule.schema, 3), apart(rule.schema, 3);
        f(together.view(0, synapses::count));
        for (std::size_t k = 0; k < synapses::count; ++k) f(apart.view(k, 1));
        EXPECT_EQ(together.weight, apart.weight) << rule.schema.name << ", " << what;
        EXPECT_EQ(together.kept, apart.kept) << rule.schema.name << ", " << what;
        ++functions;
    });
    EXPECT_GT(functions, 30);
}

/// Weights are numbers and keep to their bounds.
TEST(rule_laws, weights_keep_to_their_bounds) {
    for_every_function([](const rule_entry& rule, auto* f, const std::string& what) {
        for (std::uint64_t seed = 0; seed < 20; ++seed) {
            synapses s(rule.schema, seed);
            for (int again = 0; again < 5; ++again) f(s.view(0, synapses::count));
            for (const double w : s.weight) EXPECT_TRUE(w >= 0 && w <= 1) << rule.schema.name << ", " << what << ": " << w;
            for (const double k : s.kept) EXPECT_TRUE(std::isfinite(k)) << rule.schema.name << ", " << what;
        }
    });
}

/// A change that is collected is the change that would have been made.
TEST(rule_laws, collected_changes_are_those_that_are_made) {
    for_every_function([](const rule_entry& rule, auto* f, const std::string& what) {
        synapses made(rule.schema, 5), collected(rule.schema, 5);
        const auto before = made.weight;
        auto v = made.view(0, synapses::count);
        v.low = -1e300, v.high = 1e300;
        f(v);
        std::vector<double> change(synapses::count, 0.0);
        v = collected.view(0, synapses::count);
        v.change = change.data();
        f(v);
        EXPECT_EQ(collected.weight, before) << rule.schema.name << ", " << what;
        EXPECT_EQ(collected.kept, made.kept) << rule.schema.name << ", " << what;
        for (std::size_t k = 0; k < synapses::count; ++k) EXPECT_EQ(before[k] + change[k], made.weight[k]) << rule.schema.name << ", " << what;
    });
}

}  // namespace
}  // namespace apical
