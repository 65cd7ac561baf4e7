// SPDX-License-Identifier: BSD-3-Clause
//
// CPU nanoseconds that evaluated mechanisms take for an instance: the squid axon of squid_axon.mod, by hand, and what else a mechanism does.
//
// run: bench_evaluate [instances] [steps] [rounds]       (markdown on standard output)
#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "tests/nmodl/build_program.hpp"

namespace {

using namespace apical::nmodl;
using namespace apical::nmodl::testing;

double cpu_seconds() { return static_cast<double>(std::clock())/CLOCKS_PER_SEC; }

struct deaf final : event_sink {
    void send(int, double, double) override {}
    void spike(int, double) override {}
    void move(int, double) override {}
    void watch(int, int, double) override {}
    std::span<double* const> connections(int) override { return {}; }
};

/// Two exponentials that an event adds to.
struct synapse : build_program {
    int rise = state("A"), decay = state("B"), weight = add("weight", storage::connection);
    synapse() {
        arguments = {weight};
        net_receive = {assign(rise, read(rise) + read(weight)), assign(decay, read(decay) + read(weight))};
    }
};

/// One number from a normal distribution a step.
struct noise : build_program {
    int x = instance("x"), stream = add("stream", storage::instance, role::random);
    noise() { advance = {assign(x, call(builtin::normal, {number(0), number(1)}, stream))}; }
};

/// A channel of six states in a row, an implicit step: a linear system.
struct chain : build_program {
    static constexpr int n = 6;
    int v = add("v", storage::instance, role::voltage, -65), dt = add("dt", storage::shared, role::step, 0.025);
    int x = add("x", storage::instance, role::state, 1.0/n, n);

    chain() {
        const int up = local("up"), down = local("down");
        advance = {assign(up, exp(read(v)/number(25))), assign(down, exp(-read(v)/number(25)))};
        equation_system s;
        s.is_linear = true;
        const auto flux = [&](int i) { return read(dt)*(read(up)*read(x, number(i)) - read(down)*read(x, number(i + 1))); };
        for (int i = 0; i < n; ++i) {
            const int before = local("before");
            advance.push_back(assign(before, read(x, number(i))));
            expression r = read(x, number(i)) - read(before);
            if (i > 0) r = std::move(r) - flux(i - 1);
            if (i < n - 1) r = std::move(r) + flux(i);
            s.unknowns.push_back({x, number(i)}), s.residuals.push_back(std::move(r));
        }
        advance.push_back(solve(std::move(s)));
    }
};

}  // namespace

int main(int argc, char** argv) {
    const auto given = [&](int n, int usual) { return argc > n ? std::atoi(argv[n]) : usual; };
    const int instances = given(1, 10000), steps = given(2, 100), rounds = given(3, 5);
    const auto report = [&](const std::string& name, const std::function<void()>& step) {
        double best = 1e300;
        for (int round = 0; round < rounds; ++round) {
            const double begin = cpu_seconds();
            for (int k = 0; k < steps; ++k) step();
            best = std::min(best, cpu_seconds() - begin);
        }
        std::cout << fmt::format("| {} | {:.1f} |\n", name, best/steps/instances*1e9);
    };
    std::cout << "| what | ns for an instance |\n|---|---|\n";

    const auto axon = std::make_shared<squid_axon>();
    const auto axon_runs = interpret(axon);
    columns c(*axon, instances);
    for (int k = 0; k < instances; ++k) c.at(axon->v, k) = -90 + 120.0*k/instances;
    const auto view = c.view();
    apical::aligned_vector i(static_cast<std::size_t>(instances)), g(static_cast<std::size_t>(instances));
    axon_runs->initial(view, nullptr);
    report("gates of squid_axon.mod", [&] { axon_runs->advance(view); });
    report("its currents and slopes", [&] { axon_runs->breakpoint(view, {i.data(), g.data()}); });
    report("its currents and differences", [&] { axon_runs->breakpoint(view, {i.data(), g.data(), nullptr, nullptr, 0.001}); });

    const auto event_target = std::make_shared<synapse>();
    const auto synapse_runs = interpret(event_target);
    columns of_synapse(*event_target, instances);
    const auto synapse_view = of_synapse.view();
    deaf sink;
    double weight = 0.001;
    report("an event", [&] { for (int k = 0; k < instances; ++k) synapse_runs->receive(synapse_view, k, &weight, 0, sink); });

    const auto run_advance = [&](const std::string& name, std::shared_ptr<const program> p) {
        const auto m = interpret(p);
        columns own(*p, instances);
        const auto own_view = own.view();
        report(name, [&] { m->advance(own_view); });
    };
    run_advance("a random number", std::make_shared<noise>());
    run_advance("a linear system of six", std::make_shared<chain>());
}
