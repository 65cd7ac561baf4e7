// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "channels/nmodl/diagnostic.hpp"

/// What a mechanism does, with every name resolved, every procedure and function put in where it is called, and every SOLVE turned
/// into arithmetic: the form that is evaluated, and that C++ is written from.
namespace apical::nmodl {

enum class storage {
    instance,   ///< a value for each instance, kept between blocks: RANGE variables, states, what one block leaves to another
    shared,     ///< one value for the mechanism: parameters that no instance has for itself, constants, t, dt, celsius
    local,      ///< scratch of a block, for each instance; means nothing when the block begins
    connection  ///< a value for each connection that ends at the instance: the arguments of NET_RECEIVE after the weight, and the weight
};

enum class role {
    parameter,   ///< PARAMETER or CONSTANT; nobody but the user changes it
    state,       ///< STATE
    assigned,    ///< everything else that the file computes
    voltage,     ///< v [mV]; instance, supplied; where it is_written, NET_RECEIVE sets that of the compartment
    time,        ///< t [ms]; shared, supplied
    step,        ///< dt [ms]; shared, supplied
    temperature, ///< celsius [degC]; shared, supplied
    area,        ///< of the compartment [um2]; instance, supplied
    diameter,    ///< of the compartment [um]; instance, supplied
    ion_current, ///< iX [mA/cm2], of a point process [nA]: written, or (is_written false) the sum of all of the last step, read
    reversal,    ///< eX [mV]
    inner,       ///< Xi [mM]
    outer,       ///< Xo [mM]
    pointer,     ///< POINTER: another variable of the model, supplied
    random,      ///< RANDOM: a stream of random numbers
    flag         ///< `flag` of NET_RECEIVE; shared while the block runs
};

struct variable {
    std::string name, unit;      ///< the name is that of the file; locals of what was put in have a suffix and are unique
    place at;
    storage kept = storage::local;
    role is = role::assigned;
    int ion = -1;                ///< index into program::ions, of the ion's variables
    int length = 1;              ///< of an array
    bool is_array = false;
    bool is_public = false;      ///< RANGE or GLOBAL: the user may set or record it
    bool is_read = false, is_written = false;   ///< by any block
    double value = 0;            ///< at the start: the default of a parameter, name0 of a state
    double lower = -1e300, upper = 1e300;
    int offset = 0;              ///< of its first element: see instance_view
};

struct ion_use {
    std::string name;            ///< "ca"
    int valence = 0;             ///< 0: not said here
    bool reads_current = false, writes_current = false, reads_reversal = false, writes_reversal = false;
    bool reads_inner = false, reads_outer = false, writes_inner = false, writes_outer = false;
};

/// What expressions may call. Arguments are plain numbers. The names of NMODL but for those said.
enum class builtin {
    exp, log, log10, sqrt, fabs, sin, cos, tan, asin, acos, atan, atan2, sinh, cosh, tanh, floor, ceil, fmod, erf, erfc, gamma_ln, minimum, maximum,
    exprel,          ///< x/(exp(x) - 1), 1 at 0: what removable singularities become
    expm1, log1p,
    nernst,          ///< (c_in, c_out, z) [mV] at celsius
    ghk,             ///< (v, c_in, c_out, z) [mC/cm3], NEURON's nrn_ghk
    function_table,  ///< (x, ...) of table number `variable`
    uniform, normal, exponential, poisson,   ///< random numbers: (low, high), (mean, deviation), (mean), (mean) of stream `variable`
    at_time,         ///< (t): whether a step passes this time
    is_netcon_first  ///< reserved
};

struct expression {
    enum class kind {
        number, variable,                      // value; variable, operands: the index of an array's element
        negate, logical_not,                   // one operand
        add, subtract, multiply, divide, power, less, greater, less_equal, greater_equal, equal, not_equal, logical_and, logical_or,   // two
        call                                   // function, operands
    };
    kind is = kind::number;
    double value = 0;
    int variable = -1;                         ///< index into program::variables; of function_table and random calls: what they refer to
    builtin function = builtin::exp;
    std::vector<expression> operands;
    place at;
};

/// A variable, or an element of an array.
struct element {
    int variable = -1;
    std::optional<expression> index = {};      ///< of an array
};

struct statement;
using block = std::vector<statement>;

/// Equations to be solved together, instance by instance: `body` computes, from the unknowns as they stand, what the residuals need; they
/// are solved for residual = 0 by Newton's method from the present values of the unknowns.
struct equation_system {
    struct entry { int row = 0, column = 0; expression value; };
    std::vector<element> unknowns;             ///< indices are numbers
    block body;
    std::vector<expression> residuals;         ///< as many as unknowns
    std::vector<entry> jacobian;               ///< d residual/d unknown where not 0; empty: found by differences
    bool is_linear = false;                    ///< one solution of the linear system is exact
};

struct statement {
    enum class kind {
        assign,       ///< to = value
        branch,       ///< if (value) body else other
        repeat,       ///< while (value) body; loops with a count that is not constant are of this kind too
        relax,        ///< to' = constant_term + slope*to over dt, both held, exactly: cnexp
        solve,        ///< system
        net_send,     ///< (value: delay [ms], second: flag), to the instance itself
        net_event,    ///< (value: time [ms]), to everybody connected
        net_move,     ///< (value: time [ms]), the outstanding event
        watch,        ///< when value becomes positive: event with flag `second`; `variable` numbers the condition within the file; `body`
                      ///< computes what value reads of storage `local`, and is to be done before each look at it
        for_netcons,  ///< body, for every connection of the instance: what it reads and writes of storage `connection` is that one's
        fail,         ///< text: what the numerics cannot go on with
        // Only before SOLVE is worked out:
        derivative,   ///< to' = value
        reaction,     ///< left <-> right at rates value, second; is_source: left << value
        equation,     ///< value = second
        conserve,     ///< value = second
        compartment,  ///< value: volume of `names`
        diffusion     ///< value: longitudinal diffusion constant of `names`
    };
    struct term { double coefficient = 1; element species; };
    kind is = kind::assign;
    place at;
    element to;
    expression value, second;
    expression constant_term, slope;           ///< of relax
    block body, other;
    std::vector<equation_system> system;       ///< of solve: one (a vector, as the type is not complete here)
    std::vector<element> names;
    std::vector<term> left, right;
    bool is_source = false;
    int variable = -1;
    std::string text;
};

/// A PROCEDURE or FUNCTION, callable by itself: for plots of rates and for checks.
struct routine {
    std::string name, unit;
    std::vector<int> arguments;                ///< variables, local
    int result = -1;                           ///< variable, local; -1: a PROCEDURE
    block body;
};

/// A current that BREAKPOINT computes.
struct current {
    int variable = -1;
    int ion = -1;                              ///< index into program::ions; -1: none
    bool is_electrode = false;                 ///< inward counts positive
};

/// DERIVATIVE or KINETIC block as it stands: for schemes that choose their own steps.
struct rate_equations {
    block body;
    std::vector<std::pair<element, int>> rates;   ///< state, and the local variable that holds its derivative after `body`
};

struct program {
    enum class kind { density, point_process, artificial_cell };
    kind is = kind::density;
    std::string name, title, file;
    std::vector<variable> variables;
    std::vector<ion_use> ions;
    std::vector<current> currents;
    std::vector<std::string> function_tables;
    block initial;                             ///< states at their name0, then INITIAL
    block advance;                             ///< the SOLVEs of BREAKPOINT, over dt; what else runs once a step
    block breakpoint;                          ///< currents from v and states; run twice a step, so free of side effects
    block net_initial, net_receive;            ///< arguments are variables of storage `connection`
    std::vector<int> arguments;                ///< of NET_RECEIVE, the weight first
    int watches = 0;
    block before_step, before_breakpoint, after_solve, before_initial, after_initial;
    std::vector<routine> routines;
    std::optional<rate_equations> rates;       ///< empty if a SOLVE is not of a DERIVATIVE or KINETIC block
    std::vector<std::pair<int, expression>> diffusion;   ///< states that diffuse along the cell, and their constants; of arrays, each element
    std::vector<expression> diffusion_volumes;           ///< for each of `diffusion`, the volume of COMPARTMENT that it is a constant of
    int instance_size = 0, shared_size = 0, local_size = 0, connection_size = 0;   ///< numbers of elements, see instance_view

    /// -1 if there is none.
    int find(std::string_view name) const;
};

}  // namespace apical::nmodl
