// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "core/random.hpp"
#include "tests/nmodl/build_program.hpp"
#include "tests/nmodl/reference_interpreter.hpp"

/// Programs nobody would write, run by the evaluator and by an interpreter that is too simple to be wrong.
namespace apical::nmodl {
namespace {

using namespace testing;

class generator {
public:
    explicit generator(std::uint64_t seed) : random_(seed) {
        dt = made.add("dt", storage::shared, role::step, 0.125);
        for (const char* name : {"a", "b", "c", "d"}) readable_.push_back(made.instance(name));
        for (const char* name : {"e", "f", "g"}) readable_.push_back(made.local(name));
        array_ = made.add("array", storage::instance, role::assigned, 0, 3);
        parameter_ = made.parameter("parameter", 1.7);
        made.advance = statements(6, 3);
        for (std::size_t n = 4; n < readable_.size(); ++n)
            made.advance.push_back(assign(made.instance("kept" + std::to_string(n)), read(readable_[n])));
    }
    build_program made;
    int dt = 0;

private:
    int below(int n) { return static_cast<int>(random_.below(static_cast<std::uint64_t>(n))); }
    int any_variable() { return readable_[static_cast<std::size_t>(below(static_cast<int>(readable_.size())))]; }

    expression any(int depth) {
        if (depth == 0 || below(5) == 0) {
            switch (below(5)) {
                case 0: return number(std::round(random_.uniform(-8, 8))/2);
                case 1: return read(parameter_);
                case 2: return read(array_, number(below(3)));
                default: return read(any_variable());
            }
        }
        using k = expression::kind;
        static constexpr k two[]{k::add, k::add, k::subtract, k::subtract, k::multiply, k::multiply, k::divide, k::less, k::greater,
                                 k::less_equal, k::greater_equal, k::equal, k::not_equal, k::logical_and, k::logical_or};
        static constexpr builtin one[]{builtin::exp, builtin::log, builtin::sqrt, builtin::fabs, builtin::sin, builtin::tanh, builtin::floor,
                                       builtin::exprel, builtin::expm1};
        switch (below(9)) {
            case 0: return -any(depth - 1);
            case 1: return compound(k::logical_not, {any(depth - 1)});
            case 2: case 3: return call(one[below(9)], {any(depth - 1)});
            case 4: return below(2) ? call(builtin::minimum, {any(depth - 1), any(depth - 1)}) : call(builtin::maximum, {any(depth - 1), any(depth - 1)});
            case 5: return below(3) ? power(any(depth - 1), number(below(5) - 1)) : power(any(depth - 1), any(depth - 1));
            case 6: return read(array_, any(depth - 1));
            default: return compound(two[below(15)], {any(depth - 1), any(depth - 1)});
        }
    }

    block statements(int most, int depth) {
        block b;
        for (int n = most > 1 ? below(most) + 1 : 1; n > 0; --n) {
            switch (below(depth > 0 ? 9 : 5)) {
                case 0: b.push_back(assign(array_, any(2), any(3))); break;
                case 1: b.push_back(relax(any_variable(), any(2), any(2))); break;
                case 5: case 6: b.push_back(branch(any(3), statements(most - 1, depth - 1), below(2) ? statements(most - 1, depth - 1) : block{})); break;
                case 7: {   // a loop that ends
                    const int i = made.local("i");
                    block body = statements(most - 2, depth - 1);
                    body.push_back(assign(i, read(i) + number(1)));
                    b.push_back(assign(i, number(0)));
                    b.push_back(repeat(compound(expression::kind::logical_and, {read(i) < number(1 + below(4)), any(2)}), std::move(body)));
                    break;
                }
                default: b.push_back(assign(any_variable(), any(4)));
            }
        }
        return b;
    }

    random_stream random_;
    std::vector<int> readable_;
    int array_ = 0, parameter_ = 0;
};

bool agree(double x, double y) { return (std::isnan(x) && std::isnan(y)) || x == y || std::abs(x - y) <= 1e-13*std::abs(y); }

TEST(random_programs, mean_the_same_to_the_evaluator_as_to_a_reader) {
    constexpr int programs = 400, instances = 29;
    for (int seed = 0; seed < programs; ++seed) {
        generator g(static_cast<std::uint64_t>(seed));
        const auto m = interpret(std::make_shared<build_program>(g.made));
        columns c(g.made, instances);
        random_stream values(5, static_cast<std::uint64_t>(seed));
        std::vector<reference_interpreter> readers(instances, reference_interpreter(g.made));
        for (int k = 0; k < instances; ++k) {
            readers[k].step_ = g.dt;
            for (std::size_t v = 0; v < g.made.variables.size(); ++v)
                for (int i = 0; i < g.made.variables[v].length; ++i) {
                    const auto kept = g.made.variables[v].kept;
                    double& x = readers[k].value(static_cast<int>(v), i);
                    if (kept == storage::instance) x = c.at(static_cast<int>(v), k, i) = values.uniform(-3, 3);
                    if (kept == storage::shared) x = g.made.variables[v].value;
                }
            readers[k].run(g.made.advance);
        }
        m->advance(c.view());
        for (int k = 0; k < instances; ++k)
            for (std::size_t v = 0; v < g.made.variables.size(); ++v)
                for (int i = 0; i < g.made.variables[v].length; ++i)
                    if (g.made.variables[v].kept == storage::instance) {
                        const double x = c.at(static_cast<int>(v), k, i), y = readers[k].value(static_cast<int>(v), i);
                        ASSERT_TRUE(agree(x, y)) << "program " << seed << ", " << g.made.variables[v].name << "[" << i << "] of instance " << k
                                                 << ": " << x << ", not " << y;
                    }
    }
}

}  // namespace
}  // namespace apical::nmodl
