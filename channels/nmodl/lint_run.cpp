// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

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

/// Whether some SOLVE takes steps that may be too long: by an explicit method, or by a PROCEDURE of the file's own.
bool is_explicit(const syntax::file& f) {
    bool is = false;
    for (const auto& r : f.routines)
        if (r.is == syntax::routine::kind::breakpoint)
            syntax::each_statement(r.body, [&](const syntax::statement& s) {
                is = is || (s.is == syntax::statement::kind::solve && (s.method == "euler" || s.method == "runge" || s.method.empty()));
            });
    return is;
}

/// What is left of a small push of one state after one step, at each potential; NaN where it is computed anew in each step.
std::vector<std::vector<double>> left_after(range_of_potentials& cells, const std::vector<slot>& states, double dt) {
    constexpr double push = 0.05;
    cells.start(dt);
    std::vector<std::vector<double>> begin, after, left;
    for (const auto& s : states) begin.push_back(cells.values(s));
    const auto step = [&] {
        cells.spread();
        cells.cells().runs().advance(cells.cells().view());
    };
    step();
    for (const auto& s : states) after.push_back(cells.values(s));
    for (std::size_t i = 0; i < states.size(); ++i) {
        auto pushed = begin[i];
        for (auto& x : pushed) x += push*std::max(1e-6, std::abs(x) < 1 ? 1 : std::abs(x));
        for (std::size_t j = 0; j < states.size(); ++j) cells.set(states[j], j == i ? pushed : begin[j]);
        step();
        auto now = cells.values(states[i]);
        for (std::size_t k = 0; k < now.size(); ++k) now[k] = (now[k] - after[i][k])/(pushed[k] - begin[i][k]);
        left.push_back(std::move(now));
    }
    return left;
}

/// Of one state, over the potentials.
struct relaxation {
    double shortest = INFINITY, longest = 0;   ///< [ms] time constants
    double swing = 0, swings_at = 0;           ///< what a step of dt leaves of a push where it is most below 0, and that potential [mV]

    relaxation(const range_of_potentials& cells, const std::vector<double>& shortly, const std::vector<double>& after_dt) {
        constexpr double none = 1e-9;          // less is left of what is computed anew, from other states or by an equation: not relaxing
        for (int k = 0; k < cells.size(); ++k) {
            const auto n = static_cast<std::size_t>(k);
            const double left = shortly[n];
            const double tau = left > none && left < 1 ? -short_step/std::log(left) : left < -none ? 0 : INFINITY;
            shortest = std::min(shortest, tau);
            longest = std::max(longest, tau);
            if (after_dt[n] < swing) swing = after_dt[n], swings_at = cells.v(k);
        }
    }
    static constexpr double short_step = 1e-4;
};

/// A step that an explicit method cannot make, and states that no step of this length resolves. Whatever else is fast is integrated well by the
/// exact and implicit methods, and is no finding.
void lint_stiff(const syntax::file& f, const std::shared_ptr<const mechanism>& m, const lint_options& o, diagnostics& found) {
    constexpr std::size_t most_states = 60;   // each is pushed by itself, and a step of n coupled states is n^3 of work
    const auto states = states_of(m->source());
    if (states.size() > most_states) return;
    range_of_potentials cells(m, o);
    const auto shortly = left_after(cells, states, relaxation::short_step), after_dt = left_after(cells, states, o.dt);
    std::vector<std::string> at_once;
    const bool may_swing = is_explicit(f);
    double longest = 0;
    const slot* first = nullptr;
    for (std::size_t i = 0; i < states.size(); ++i) {
        const relaxation r(cells, shortly[i], after_dt[i]);
        if (may_swing && r.shortest < o.dt && r.swing < -1e-3) {
            found.warn("stiff", place_of_state(f, states[i].name),
                       fmt::format("a step of {:g} ms carries {} past its steady state, by {:.3g} of what it was away, at {:g} mV and {:g} degC{}", o.dt, states[i].label,
                                   -r.swing, r.swings_at, o.celsius, r.swing < -1 ? ": it grows without end" : ""),
                       fmt::format("use METHOD cnexp, derivimplicit or sparse, or a step below {:.3g} ms", r.shortest));
        } else if (r.longest < o.dt/5) {   // less than 1 % is left after a step
            if (!first) first = &states[i];
            at_once.push_back(states[i].label);
            longest = std::max(longest, r.longest);
        }
    }
    if (!first) return;
    found.warn("stiff", place_of_state(f, first->name),
               fmt::format("{} relax{} within {:.3g} ms or less at all potentials from {:g} to {:g} mV: no step of {:g} ms sees more than the steady state",
                           fmt::join(at_once, ", "), at_once.size() == 1 ? "es" : "", longest, o.from, o.to, o.dt),
               "see whether rates are in /ms; if so, the steady state itself is as good, and faster");
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
