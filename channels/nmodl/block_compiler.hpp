// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "channels/nmodl/assembler.hpp"

namespace apical::nmodl {

/// A variable, or an element of an array; also two that a program does not know: how many turns loops have taken, and how many random
/// numbers have been drawn.
using variable_key = std::pair<int, int>;
inline constexpr variable_key turns{-1, 0}, draws{-2, 0};

/// What a block may change. An index that is not a number stands for all elements.
std::set<variable_key> assigned_in(const program&, const block&);
/// Whether evaluating it draws a random number.
bool draws_random(const expression&);

/// Turns statements into instructions, by following what each variable holds. With slopes wanted, every value that depends on v carries
/// its derivative, by instructions of its own.
class block_compiler {
public:
    block_compiler(const program& p, const compilation& c);
    code result();

private:
    using value = assembler::value;
    /// A value and its derivative; -1: 0 everywhere.
    struct held { value is = -1, slope = -1; bool operator==(const held&) const = default; };
    using holdings = std::map<variable_key, held>;

    // expressions.cpp
    held evaluate(const expression&);
    held read(const element&);
    held read(int variable, const std::optional<expression>& index);
    held select_element(int variable, held index);
    held logical(const expression&);
    held power(held x, held y);
    held whole_power(held x, int n);
    held call(const expression&);
    held call_of_one(builtin, held x);
    held call_of_two(builtin, held x, held y);
    value to_root_of_one_less(value square);
    value bell(value x, double height);
    held random(const expression&);
    held table(const expression&);
    held thermal_voltage();
    held nernst(held inner, held outer, held z);
    held ghk(held v, held inner, held outer, held z);
    held passes(held time);

    held number(double x) { return {out_.number(x)}; }
    value apply(operation o, value a, value b = -1, value c = -1) { return out_.apply(o, a, b, c); }
    held add(held a, held b);
    held subtract(held a, held b);
    held multiply(held a, held b);
    held divide(held a, held b);
    held negate(held a);
    held choose(value condition, held a, held b);
    /// f(x), with the derivative f'(x), or -1 if x does not depend on v.
    held with_slope(value f, held x, value derivative);

    // bytecode.cpp
    void run(const block&);
    void run(const statement&);
    void assign(const element& to, held);
    void assign_element(int variable, held index, held);
    void branch(const statement&);
    void arm(const block&, value condition);
    void repeat(const statement&);
    void end_turn(const std::set<variable_key>&, const holdings& cells, value mask);
    void relax(const statement&);
    void solve(const statement&);
    void hold(const equation_system&, const std::vector<value>& unknowns);
    void run_system(const equation_system&, const std::vector<value>& unknowns, code::equations& to);
    void differentiate(const equation_system&, const std::vector<value>& unknowns, code::equations& to);
    void event(const statement&);
    void for_connections(const statement&);
    void fail(const statement&);
    int site_of(fault_kind, std::string text = {});
    void report(int site, value where);

    held initially(variable_key) const;
    held held_by(variable_key) const;
    held of_role(role) const;
    holdings become_cells(const std::set<variable_key>&);
    void load_connection();
    void store_connection();
    value within(value condition);
    void add_currents();
    void store_all();
    std::vector<variable_key> elements_of(storage) const;

    const program& program_;
    const compilation& wanted_;
    mutable assembler out_;
    holdings holds_;
    std::map<variable_key, value> loaded_;   ///< of the connection
    place at_;                               ///< of the statement
    bool has_slopes_, by_voltage_;           ///< derivatives are wanted: by v, or within a system by one of its unknowns
    value where_ = -1;                       ///< truth of what surrounds: 1 where the statement is reached; -1: everywhere
};

}  // namespace apical::nmodl
