// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "channels/nmodl/program.hpp"

namespace apical::nmodl {

/// Where an expression is a straight line in the voltage or the temperature: (x - at)/scale.
struct straight_line {
    char of = 'v';                    ///< 'v' or 'c'
    double at = 0, scale = 1;
};

/// What an expression became, and what is known about it.
struct term {
    std::string text;
    int strength = 3;                 ///< 3: an atom, 2: signed, 1: a product, 0: a sum
    bool is_active = false;           ///< varies with the voltage of `current`, so it is of type U
    std::optional<double> number = {};
    std::optional<straight_line> line = {};
    std::optional<int> degree = 0;    ///< in what is measured per area; none: of different degrees
    std::set<int> lines = {};         ///< what it is computed from
};

/// Follows the blocks of a program and writes what they compute as constants of a function without branches, for values of any type
/// that core/math.hpp serves, constant expressions included. What does not go this way is said by why_not().
class term_writer {
public:
    /// What a variable is that the block does not compute; nothing: the block cannot have it.
    using source = std::function<std::optional<term>(int variable)>;
    /// q10 and the temperature at which factors are 1, shared by the functions of one channel.
    struct temperature_factor { double q10 = 1, at = 6.3; };

    term_writer(const program& p, source given, temperature_factor& factor) : program_(p), given_(std::move(given)), factor_(factor) {}

    void run(const block&);
    term of(const expression&);
    term of(int variable);
    /// The term by a name of its own.
    term named(const std::string& stem, term);
    /// What was passed on the way in, in order.
    struct step { int variable; expression constant_term, slope; };
    const std::vector<step>& relaxed() const { return relaxed_; }
    bool has_value(int variable) const { return values_.contains(variable); }
    /// Constants that the terms are computed from, a line each.
    std::string constants(const std::vector<term>& of, const std::string& indent) const;
    const std::string& why_not() const { return why_not_; }

private:
    struct constant { std::string name, text; bool is_active; std::set<int> lines; };
    term fail(std::string why);
    term combined(const char* sign, int strength, const term& a, const term& b) const;
    term sum(const expression&, term a, term b, bool is_difference);
    term product(term a, term b);
    term quotient(term a, term b);
    term negated(term a);
    term raised(const expression&);
    term called(const expression&);
    term of_one(const char* function, term x);
    term exponential(term x);
    term of_temperature(double base, const straight_line&);
    term chosen(const expression& test, const term& yes, const term& no);
    std::string promoted(const term&) const;
    void branch(const statement&);

    const program& program_;
    source given_;
    temperature_factor& factor_;
    std::map<int, term> values_;
    std::vector<constant> constants_;
    std::vector<step> relaxed_;
    std::map<std::string, int> taken_;
    std::string why_not_;
    bool is_in_branch_ = false;
};

/// A term in brackets, if it binds less than that.
std::string bracketed(const term&, int at_least);
term number_term(double);

}  // namespace apical::nmodl
