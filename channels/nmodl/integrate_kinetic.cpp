// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <map>
#include <optional>
#include <string>

#include "channels/nmodl/implicit.hpp"
#include "channels/nmodl/integrate.hpp"
#include "channels/nmodl/simplify.hpp"
#include "channels/nmodl/variables.hpp"

namespace apical::nmodl {

namespace {

using algebra::add;
using algebra::assign;
using algebra::multiply;
using algebra::number;
using algebra::read;
using algebra::same;
using algebra::subtract;

/// A net flux of one reaction, and how much of each species it makes.
struct flux {
    int variable = -1;
    std::vector<std::pair<std::size_t, double>> makes;
};

/// A KINETIC block taken apart.
struct network {
    std::vector<element> species;                          ///< that are states; added by add
    std::map<std::pair<int, double>, std::size_t> indices; ///< of species, by variable and element
    std::vector<std::optional<expression>> volumes;        ///< of each
    block body;                                            ///< fluxes, and what else the block computes
    std::vector<flux> fluxes;
    std::vector<const statement*> conserved;
    std::set<int> held;                                    ///< what is computed once a step where reactions are linear
    bool is_linear = true;

    /// The index of a species in its array, -1 if it is in none.
    static std::pair<int, double> key_of(const element& x) { return {x.variable, x.index ? x.index->value : -1}; }
    void add(const element& x) {
        indices.emplace(key_of(x), species.size());
        species.push_back(x);
    }
    std::optional<std::size_t> index_of(const element& x) const {
        if (x.index && x.index->is != expression::kind::number) { return std::nullopt; }
        const auto known = indices.find(key_of(x));
        return known == indices.end() ? std::nullopt : std::optional(known->second);
    }
};

class reader {
public:
    reader(program& p, diagnostics& found) : program_(p), found_(found) {}

    network take(const block& reactions) {
        find_species(reactions);
        n_.body = convert(reactions, true);
        n_.body.insert(n_.body.begin(), start_.begin(), start_.end());
        for (const int v : algebra::variables_assigned(n_.body)) {
            const bool is_net = std::any_of(n_.fluxes.begin(), n_.fluxes.end(), [&](const flux& f) { return f.variable == v; });
            if (!is_net) { n_.held.insert(v); }
        }
        return std::move(n_);
    }

private:
    /// Concentrations of ions that the file writes are states too: else there would be no reaction to write them by.
    bool is_state(const element& x) const {
        const auto& v = program_.variables[x.variable];
        if (v.is == role::inner) { return v.ion >= 0 && program_.ions[v.ion].writes_inner; }
        if (v.is == role::outer) { return v.ion >= 0 && program_.ions[v.ion].writes_outer; }
        return v.is == role::state;
    }

    void find_species(const block& reactions) {
        for (const auto& s : reactions) {
            for (const auto* side : {&s.left, &s.right}) {
                for (const auto& term : *side) {
                    if (!is_state(term.species) || n_.index_of(term.species)) { continue; }
                    if (term.species.index && term.species.index->is != expression::kind::number) {
                        const auto& name = program_.variables[term.species.variable].name;
                        found_.error(s.at, "the element of " + name + " in this reaction is not known before the run",
                                     "an index that is a number, or counted by FROM between numbers");
                        continue;
                    }
                    n_.add(term.species);
                }
            }
            find_species(s.body);
            find_species(s.other);
        }
        n_.volumes.resize(n_.species.size());
    }

    block convert(const block& statements, bool is_at_top) {
        block out;
        for (const auto& s : statements) {
            using kind = statement::kind;
            if (s.is == kind::reaction) {
                react(s, is_at_top, out);
            } else if (s.is == kind::compartment) {
                for (const auto& x : s.names) { set_volume(x, s.value); }
            } else if (s.is == kind::diffusion) {
                continue;
            } else if (s.is == kind::conserve) {
                n_.conserved.push_back(&s);
            } else {
                auto copy = s;
                copy.body = convert(s.body, false);
                copy.other = convert(s.other, false);
                out.push_back(std::move(copy));
            }
        }
        return out;
    }

    void set_volume(const element& x, const expression& volume) {
        for (std::size_t i = 0; i < n_.species.size(); ++i) {
            if (n_.species[i].variable == x.variable && (!x.index || same(n_.species[i], x))) { n_.volumes[i] = volume; }
        }
    }

    /// Rate times what the law of mass action takes of each species.
    expression mass_action(const expression& rate, const std::vector<statement::term>& side) const {
        auto e = rate;
        for (const auto& term : side) {
            const auto x = read(term.species);
            e = multiply(e, term.coefficient == 1 ? x : term.coefficient == 2 ? multiply(x, x) : algebra::power(x, number(term.coefficient)));
        }
        return e;
    }

    double order(const std::vector<statement::term>& side) const {
        double sum = 0;
        for (const auto& term : side) { sum += is_state(term.species) ? term.coefficient : 0; }
        return sum;
    }

    /// A local for a rate that is more than a name, so that it is computed once.
    expression rate_of(const expression& rate, const statement& s, block& out) {
        const bool is_name = rate.is == expression::kind::variable;
        const bool is_state = is_name && std::any_of(n_.species.begin(), n_.species.end(), [&](const element& x) { return algebra::reads(rate, x); });
        if (rate.is == expression::kind::number || (is_name && !is_state)) { return rate; }
        const int local = algebra::add_local(program_, "k_" + std::to_string(n_.fluxes.size() + 1) + (&rate == &s.second ? "b" : "f"), s.at);
        out.push_back(assign({local}, rate, s.at));
        return read(local);
    }

    void react(const statement& s, bool is_at_top, block& out) {
        const auto f = s.is_source ? rate_of(s.value, s, out) : mass_action(rate_of(s.value, s, out), s.left);
        const auto b = s.is_source ? number(0) : mass_action(rate_of(s.second, s, out), s.right);
        flux net;
        net.variable = algebra::add_local(program_, "flux_" + std::to_string(n_.fluxes.size() + 1), s.at);
        if (!is_at_top) { start_.push_back(assign({net.variable}, number(0), s.at)); }
        out.push_back(assign({net.variable}, subtract(f, b), s.at));
        const auto count = [&](const std::vector<statement::term>& side, double sign) {
            for (const auto& term : side) {
                const auto i = n_.index_of(term.species);
                if (!i) { continue; }
                const auto known = std::find_if(net.makes.begin(), net.makes.end(), [&](const auto& m) { return m.first == *i; });
                if (known == net.makes.end()) {
                    net.makes.emplace_back(*i, sign*term.coefficient);
                } else {
                    known->second += sign*term.coefficient;
                }
            }
        };
        count(s.left, s.is_source ? 1 : -1);
        count(s.right, 1);
        if (!s.is_source && (order(s.left) > 1 || (order(s.right) > 1 && !algebra::is_number(s.second, 0)))) { n_.is_linear = false; }
        n_.fluxes.push_back(std::move(net));
    }

    program& program_;
    diagnostics& found_;
    network n_;
    block start_;
};

/// What all reactions together make of a species.
expression sum_of_fluxes(const network& n, std::size_t species) {
    auto sum = number(0);
    for (const auto& f : n.fluxes) {
        for (const auto& [i, much] : f.makes) {
            if (i == species) { sum = add(sum, multiply(number(much), read(f.variable))); }
        }
    }
    return sum;
}

element element_of(const expression& variable) {
    if (variable.operands.empty()) { return {variable.variable}; }
    return {variable.variable, variable.operands[0]};
}

/// The number of the species that the variable is: -1 if it is none, nothing where an index that is no number hides that.
std::optional<int> number_of(const network& n, const expression& variable) {
    if (const auto i = n.index_of(element_of(variable))) { return static_cast<int>(*i); }
    const bool is_known = variable.operands.empty() || variable.operands[0].is == expression::kind::number;
    if (!is_known && std::any_of(n.species.begin(), n.species.end(), [&](const element& x) { return algebra::reads(variable, x); })) { return std::nullopt; }
    return -1;
}

/// The state that the expression names last, of those whose equations are not taken.
std::optional<std::size_t> last_species(const network& n, const expression& e, const std::set<std::size_t>& taken) {
    for (auto o = e.operands.rbegin(); o != e.operands.rend(); ++o) {
        if (const auto i = last_species(n, *o, taken)) { return i; }
    }
    if (const auto i = e.is == expression::kind::variable ? n.index_of(element_of(e)) : std::nullopt; i && !taken.contains(*i)) { return i; }
    return std::nullopt;
}

/// CONSERVE takes the place of the equation of the species it names last; of several, the last chooses first. It counts amounts:
/// concentrations times volumes.
void conserve(const network& n, const std::vector<expression>& volumes, implicit_equations& system, diagnostics& found) {
    std::set<std::size_t> taken;
    for (auto s = n.conserved.rbegin(); s != n.conserved.rend(); ++s) {
        const auto row = last_species(n, (*s)->value, taken);
        if (!row) {
            found.error((*s)->at, "CONSERVE names no state of a reaction, or only such as another CONSERVE determines",
                        "name a state that a reaction changes");
            continue;
        }
        taken.insert(*row);
        auto form = algebra::linear_form_of(subtract((*s)->value, (*s)->second), [&](const expression& x) { return number_of(n, x); });
        if (!form) {
            found.error((*s)->at, "CONSERVE: not a sum of states, each times a number", "CONSERVE a + 2 b = total");
            return;
        }
        auto amount = number(0);
        for (auto& [i, slope] : form->slopes) {
            amount = add(std::move(amount), multiply(multiply(std::move(slope), volumes[i]), read(n.species[i])));
        }
        system.residuals[*row] = add(std::move(amount), algebra::simplify(form->rest));
    }
}

/// One implicit step of all species together.
block implicit_step(program& p, const network& n, int first_own, const expression& dt, place at, diagnostics& found) {
    block out;
    implicit_equations system;
    system.first_own = first_own;
    std::vector<expression> volumes;
    for (std::size_t i = 0; i < n.species.size(); ++i) {
        const auto volume = n.volumes[i].value_or(number(1));
        volumes.push_back(volume);
        if (volume.operands.empty()) { continue; }
        const int local = algebra::add_local(p, "volume_" + algebra::name_of(p, n.species[i]), at);
        out.push_back(assign({local}, volume, at));
        volumes.back() = read(local);
    }
    const auto old = keep_values(p, n.species, at, out);
    system.unknowns = n.species;
    system.body = n.body;
    system.is_linear = n.is_linear;
    if (n.is_linear) { system.held = n.held; }
    for (std::size_t i = 0; i < n.species.size(); ++i) {
        const auto more = multiply(volumes[i], subtract(read(n.species[i]), read(old[i])));
        system.residuals.push_back(subtract(more, multiply(dt, sum_of_fluxes(n, i))));
    }
    conserve(n, volumes, system, found);
    const auto solved = solve(p, std::move(system), at);
    out.insert(out.end(), solved.begin(), solved.end());
    return out;
}

/// The longitudinal diffusion constants, and the volumes they are constants of, for who moves the species along the cell.
void record_diffusion(program& p, const network& n, const block& reactions) {
    p.diffusion.clear();
    p.diffusion_volumes.clear();
    for (const auto& s : reactions) {
        if (s.is != statement::kind::diffusion) { continue; }
        for (const auto& x : s.names) {
            const auto i = n.index_of(x);
            p.diffusion.emplace_back(x.variable, s.value);
            p.diffusion_volumes.push_back(i && n.volumes[*i] ? *n.volumes[*i] : number(1));
        }
    }
}

}  // namespace

block integrate_kinetic(program& p, const block& reactions, std::string_view method, bool is_steady, place at, diagnostics& found) {
    if (method == "cnexp" || method == "euler" || method == "runge") {
        found.error(at, "METHOD " + std::string(method) + " is not one for KINETIC blocks", "METHOD sparse");
        return {};
    }
    if (method.empty() && !is_steady) {
        found.warn("method", at, "SOLVE of a KINETIC block without METHOD is done by sparse; NEURON does not compile it", "METHOD sparse");
    }
    const int first_own = static_cast<int>(p.variables.size());
    const auto n = reader(p, found).take(reactions);
    if (found.has_errors()) { return {}; }
    record_diffusion(p, n, reactions);
    if (!is_steady) { return implicit_step(p, n, first_own, read(algebra::variable_of(p, role::step)), at, found); }
    return steady_state(p, at, [&](const expression& dt) { return implicit_step(p, n, first_own, dt, at, found); });
}

rate_equations rates_of_kinetic(program& p, const block& reactions) {
    diagnostics found;
    const auto n = reader(p, found).take(reactions);
    rate_equations r{n.body, {}};
    for (std::size_t i = 0; i < n.species.size(); ++i) {
        const auto& x = n.species[i];
        const auto at = p.variables[x.variable].at;
        const int rate = algebra::add_local(p, "rate_" + algebra::name_of(p, x), at);
        r.rates.emplace_back(x, rate);
        r.body.push_back(assign({rate}, algebra::divide(sum_of_fluxes(n, i), n.volumes[i].value_or(number(1))), at));
    }
    return r;
}

}  // namespace apical::nmodl
