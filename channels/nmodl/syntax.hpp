// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "channels/nmodl/diagnostic.hpp"

/// What a file of NMODL says, as it says it: nothing is resolved, moved or inlined here. Included files and macros of DEFINE are
/// put in already; comments, THREADSAFE and PROTECT are gone; names are those of the file.
namespace apical::nmodl::syntax {

/// A number, a name, an operation or a call.
struct expression {
    enum class kind {
        number,      ///< value, unit
        name,        ///< name; operands: the index, if it is an element of an array
        derivative,  ///< name' of a left-hand side: `order` primes
        call,        ///< name(operands...)
        text,        ///< a string literal, of printf
        unary,       ///< op "-" or "!"; one operand
        binary       ///< op "+ - * / ^ < > <= >= == != && ||"; two operands
    };
    kind is = kind::number;
    place at;
    std::string name;      ///< or the operator, or the text
    double value = 0;
    std::string unit;      ///< of a number: what stands in parentheses behind it, else empty
    bool is_factor = false;   ///< of a number alone in parentheses, (1e4): it converts units, and is not a value
    int order = 0;         ///< of a derivative; of a name how many steps back, which is name@order in DISCRETE blocks
    std::vector<expression> operands;
};

struct statement;
using block = std::vector<statement>;

/// A side of a reaction: coefficient times species; `species` is a name or an element of an array.
struct term {
    double coefficient = 1;
    expression species;
};

struct statement {
    enum class kind {
        assign,      ///< target = value. In DERIVATIVE blocks the target may be a `derivative`
        call,        ///< value: a call whose result nobody wants
        local,       ///< names (with lengths)
        branch,      ///< branches: conditions and bodies in turn, `else_body`; a bare { ... } is a branch whose condition is 1
        loop,        ///< FROM name = value TO second BY third { body }; third is the number 1 where BY is missing
        repeat,      ///< WHILE (value) { body }
        solve,       ///< SOLVE name METHOD method, or STEADYSTATE method (is_steady); method empty if not named; body: IFERROR
        table,       ///< TABLE names DEPEND depends FROM value TO second WITH third; TABLE with nothing but names in ... as in the file
        conductance, ///< CONDUCTANCE name USEION ion
        reaction,    ///< ~ left <-> right (value, second); ~ left -> (value) has is_sink; ~ left << (value) has is_source
        equation,    ///< ~ value = second, of LINEAR and NONLINEAR blocks
        conserve,    ///< CONSERVE value = second
        compartment, ///< COMPARTMENT [name,] value { names }
        diffusion,   ///< LONGITUDINAL_DIFFUSION [name,] value { names }
        watch,       ///< WATCH (value) second
        for_netcons, ///< FOR_NETCONS (names) { body }
        initial,     ///< INITIAL { body } in NET_RECEIVE
        verbatim,    ///< text of a VERBATIM block
        nothing      ///< what has no effect on numbers: MUTEXLOCK, RESET, LAG is not this
    };
    kind is = kind::nothing;
    place at;
    std::string name, method, ion, text;
    bool is_unchecked = false;            ///< units are not looked at: it stands behind UNITSOFF
    bool is_steady = false, is_sink = false, is_source = false;
    expression target, value, second, third;
    std::vector<expression> names;        ///< with the length or index as operand, where one is given
    std::vector<expression> depends;
    std::vector<term> left, right;
    struct arm { expression condition; block body; };
    std::vector<arm> branches;
    block body, else_body;
};

/// A name that PARAMETER, ASSIGNED, STATE, CONSTANT or UNITS declares.
struct declaration {
    place at;
    std::string name, unit;
    int length = 1;
    bool is_array = false;                ///< even of length 1
    std::optional<double> value;
    std::optional<double> lower, upper;   ///< <lower, upper> of a parameter
    std::optional<double> from, to;       ///< FROM a TO b of a state
    std::string start;                    ///< START value of a state, as a number or name; else empty
};

/// (mV) = (millivolt); or, with is_factor, F = (faraday) (coulomb) or F = 96485 (coulomb), where as_unit is coulomb.
struct unit_definition {
    place at;
    std::string name;                     ///< without parentheses
    std::string meaning, as_unit;         ///< without parentheses too
    bool is_factor = false;
    std::optional<double> value;          ///< of a factor given as a number; `meaning` is its text then
};

/// USEION ion READ reads WRITE writes VALENCE valence.
struct use_of_ion {
    place at;
    std::string ion;
    std::vector<expression> reads, writes;
    std::optional<double> valence;
    std::string valence_name;             ///< where the valence is a name or macro that has no number yet
    std::string represents;
};

/// The NEURON block.
struct interface {
    enum class kind { density, point_process, artificial_cell, nothing };
    kind is = kind::nothing;              ///< `nothing`: SUFFIX nothing, or no NEURON block at all
    place at;
    std::string name;
    bool is_thread_safe = false;
    std::vector<use_of_ion> ions;
    std::vector<expression> nonspecific, electrode, range, global, pointer, bbcore_pointer, external, random;
};

/// A block of statements with a name: DERIVATIVE, KINETIC, LINEAR, NONLINEAR, DISCRETE, PROCEDURE, FUNCTION, FUNCTION_TABLE,
/// NET_RECEIVE, BEFORE and AFTER (named "STEP", "INITIAL", "BREAKPOINT", "SOLVE"), INITIAL, BREAKPOINT, CONSTRUCTOR, DESTRUCTOR,
/// VERBATIM at file scope (text).
struct routine {
    enum class kind { initial, breakpoint, derivative, kinetic, linear, nonlinear, discrete, procedure, function, function_table,
                      net_receive, before, after, constructor, destructor, verbatim };
    kind is = kind::procedure;
    place at, end;
    std::string name, unit, text;
    std::vector<declaration> arguments;
    bool is_unchecked = false;            ///< it begins behind UNITSOFF, so that its arguments and result have no units that could be right
    std::vector<expression> solve_for;    ///< SOLVEFOR of KINETIC, LINEAR and NONLINEAR blocks
    block body;
};

/// A whole file.
struct file {
    std::string title;
    interface neuron;
    std::vector<declaration> parameters, assigned, states, constants, locals;   ///< locals: LOCAL at file scope
    std::vector<unit_definition> units;
    std::vector<routine> routines;        ///< in the order of the file
    std::vector<std::string> comments;    ///< COMMENT blocks, for people
};

}  // namespace apical::nmodl::syntax
