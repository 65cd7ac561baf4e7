// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "channels/nmodl/lint.hpp"
#include "channels/nmodl/patch.hpp"
#include "channels/nmodl/syntax_visit.hpp"

namespace apical::nmodl {
namespace {

/// One place in memory of a state.
struct slot {
    std::string name;      ///< of the file
    int element = 0;
    std::string label;
};

std::vector<slot> states_of(const program& p) {
    std::vector<slot> all;
    for (const auto& v : p.variables) {
        if (v.is != role::state && v.is != role::inner && v.is != role::outer) continue;
        if (v.kept != storage::instance || !v.is_written) continue;
        for (int k = 0; k < v.length; ++k) all.push_back({v.name, k, v.is_array ? fmt::format("{}[{}]", v.name, k) : v.name});
    }
    return all;
}

/// Instances side by side, each at a potential of its own.
class range_of_potentials {
public:
    range_of_potentials(std::shared_ptr<const mechanism> m, const lint_options& o)
        : n_(std::max(2, static_cast<int>(std::floor(o.to - o.from)) + 1)), from_(o.from), patch_(std::move(m), n_) {
        patch_.fill("celsius", o.celsius);
    }

    void start(double dt) {
        patch_.fill("dt", dt);
        spread();
        patch_.runs().initial(patch_.view(), nullptr);
        spread();
    }
    /// v of each, once more: blocks may have set it.
    void spread() {
        if (patch_.find("v"))
            for (int k = 0; k < n_; ++k) patch_.at("v", 0, k) = v(k);
    }
    double v(int k) const { return from_ + k; }
    int size() const { return n_; }
    patch& cells() { return patch_; }

    std::vector<double> values(const slot& s) {
        std::vector<double> all;
        for (int k = 0; k < n_; ++k) all.push_back(patch_.at(s.name, s.element, k));
        return all;
    }
    void set(const slot& s, const std::vector<double>& values) {
        for (int k = 0; k < n_; ++k) patch_.at(s.name, s.element, k) = values[static_cast<std::size_t>(k)];
    }

private:
    int n_;
    double from_;
    patch patch_;
};

place place_of_state(const syntax::file& f, const std::string& name) {
    for (const auto& d : f.states)
        if (d.name == name) return d.at;
    return f.neuron.at;
}

std::string method_of(const syntax::file& f) {
    std::string method;
    for (const auto& r : f.routines)
        if (r.is == syntax::routine::kind::breakpoint)
            syntax::each_statement(r.body, [&](const syntax::statement& s) {
                if (s.is == syntax::statement::kind::solve && method.empty()) method = s.method;
            });
    return method;
}

/// What a small change of a state has become after a short step tells its time constant, whatever the method.
void lint_stiff(const syntax::file& f, const std::shared_ptr<const mechanism>& m, const lint_options& o, diagnostics& found) {
    constexpr double short_step = 1e-4, push = 0.05;
    const auto states = states_of(m->source());
    range_of_potentials cells(m, o);
    cells.start(short_step);
    std::vector<std::vector<double>> begin;
    for (const auto& s : states) begin.push_back(cells.values(s));
    const auto step = [&] {
        cells.spread();
        cells.cells().runs().advance(cells.cells().view());
    };
    step();
    std::vector<std::vector<double>> after;
    for (const auto& s : states) after.push_back(cells.values(s));
    const auto method = method_of(f);
    for (std::size_t i = 0; i < states.size(); ++i) {
        auto pushed = begin[i];
        for (auto& x : pushed) x += push*std::max(1e-6, std::abs(x) < 1 ? 1 : std::abs(x));
        for (std::size_t j = 0; j < states.size(); ++j) cells.set(states[j], j == i ? pushed : begin[j]);
        step();
        const auto now = cells.values(states[i]);
        double shortest = INFINITY, at = 0;
        for (int k = 0; k < cells.size(); ++k) {
            const auto n = static_cast<std::size_t>(k);
            const double left = (now[n] - after[i][n])/(pushed[n] - begin[i][n]);
            if (std::abs(left) < 1e-9) continue;   // computed anew each step, from other states or by an equation: not relaxing
            const double tau = left > 0 && left < 1 ? -short_step/std::log(left) : left <= 0 ? 0 : INFINITY;
            if (tau < shortest) shortest = tau, at = cells.v(k);
        }
        if (!(shortest < o.dt)) continue;
        const bool is_explicit = method == "euler" || method == "runge" || method.empty();
        found.warn("stiff", place_of_state(f, states[i].name),
                   fmt::format("{} has a time constant of {:.3g} ms at {:g} mV and {:g} degC, below the step of {:g} ms", states[i].label, shortest, at, o.celsius, o.dt),
                   is_explicit ? "use METHOD cnexp or derivimplicit, or a shorter step: an explicit step is unstable there"
                               : "the state follows v at once there; if it should not, use a shorter step or give the time constant a lower bound");
    }
}

place place_of_current(const syntax::file& f, const std::string& name) {
    place at = f.neuron.at;
    for (const auto& r : f.routines)
        if (r.is == syntax::routine::kind::breakpoint)
            syntax::each_statement(r.body, [&](const syntax::statement& s) {
                if (s.is == syntax::statement::kind::assign && s.target.name == name) at = s.at;
            });
    return at;
}

/// A current that falls with the potential wherever one looks would drive a membrane away from rest.
void lint_sign(const syntax::file& f, const std::shared_ptr<const mechanism>& m, const lint_options& o, diagnostics& found) {
    const auto& p = m->source();
    if (p.currents.size() != 1) return;     // the slope of one of several is not told apart
    range_of_potentials cells(m, o);
    bool is_negative = true, is_any = false;
    const auto look = [&] {
        cells.spread();
        std::vector<double> i(static_cast<std::size_t>(cells.size()) + 8), g(i.size());
        std::vector<std::vector<double>> ions(p.currents.size(), std::vector<double>(i.size()));
        std::vector<double*> pointers;
        for (auto& x : ions) pointers.push_back(x.data());
        m->breakpoint(cells.cells().view(), {.i = i.data(), .g = g.data(), .ion_i = pointers.data(), .ion_g = nullptr, .slope_over = 0});
        for (int k = 0; k < cells.size(); ++k) {
            const double slope = g[static_cast<std::size_t>(k)];
            if (slope > 0 || std::isnan(slope)) is_negative = false;
            if (slope < 0) is_any = true;
        }
    };
    // with all instances as they begin at one potential, then with arbitrary states, as those of synapses begin at 0
    for (const double held : {-65.0, 0.0}) {
        cells.start(o.dt);
        cells.cells().fill("v", held);
        m->initial(cells.cells().view(), nullptr);
        look();
    }
    double share = 0.2;
    for (const auto& s : states_of(p)) cells.set(s, std::vector<double>(static_cast<std::size_t>(cells.size()), share += 0.07));
    look();
    if (!is_negative || !is_any) return;
    const auto& name = p.variables[static_cast<std::size_t>(p.currents[0].variable)].name;
    found.warn("sign", place_of_current(f, name),
               p.currents[0].is_electrode ? fmt::format("the electrode current {} grows with v at all potentials from {:g} to {:g} mV: it drives v away", name, o.from, o.to)
                                          : fmt::format("{} falls with v at all potentials from {:g} to {:g} mV: it drives v away from its reversal potential", name, o.from, o.to),
               p.currents[0].is_electrode ? "electrode currents go in: write g*(e - v)" : "outward is positive: write g*(v - e)");
}

}  // namespace

void lint_run(const syntax::file& f, std::shared_ptr<const mechanism> m, const lint_options& o, diagnostics& found) {
    if (m->source().is == program::kind::artificial_cell) return;
    lint_stiff(f, m, o, found);
    lint_sign(f, m, o, found);
}

}  // namespace apical::nmodl
