// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "channels/nmodl/program.hpp"

namespace apical::nmodl {

/// How values of an instance became NaN, where it is not by arithmetic.
enum class fault_kind {
    none,
    endless_loop,         ///< a million turns of WHILE and FROM in one block
    index_out_of_range,   ///< of an array
    no_convergence,       ///< of a system of equations
    failed                ///< a `fail` statement was reached
};

/// The first of a run of blocks.
struct fault {
    fault_kind is = fault_kind::none;
    int instance = -1;
    place at;                              ///< of the statement
    std::string text;                      ///< of a `fail` statement
};

/// What a FUNCTION_TABLE returns: linear between the points, constant beyond them.
struct function_table {
    std::vector<std::vector<double>> axes; ///< one for each argument, ascending
    std::vector<double> values;            ///< at every combination, the last axis fastest
};

/// What blocks of a mechanism are run over: `count` instances, each a place in every column.
struct instance_view {
    int count = 0;                         ///< columns are padded to a multiple of 8 with copies of an instance that is there
    double* const* columns = nullptr;      ///< [program::instance_size] the column of each element of storage `instance`, by variable::offset
    double* shared = nullptr;              ///< [program::shared_size] likewise of storage `shared`; t, dt and celsius are to be set
    const std::uint64_t* identity = nullptr;   ///< [count] what random numbers are drawn for: unlike for any two instances
    std::uint64_t seed = 0, draw = 0;      ///< of the run; of the step
    std::span<const function_table> tables = {};   ///< of program::function_tables; those missing give NaN
    fault* faults = nullptr;               ///< told what went wrong, unless something has before; of one thread. May be null
};

/// Where BREAKPOINT leaves currents; added to. Currents as the file has them: [mA/cm2], of point processes [nA]; outward positive.
struct current_view {
    double* i = nullptr;                   ///< [count] sum of all, electrode currents counted negative
    double* g = nullptr;                   ///< [count] its derivative by v: [S/cm2], [uS]
    double* const* ion_i = nullptr;        ///< [currents of ions in the order of program::currents] null, or [count]
    double* const* ion_g = nullptr;
    double slope_over = 0;                 ///< [mV] over which derivatives are differences; 0: exact
};

/// What events do. Called for one instance at a time.
class event_sink {
public:
    virtual ~event_sink() = default;
    virtual void send(int instance, double delay, double flag) = 0;
    virtual void spike(int instance, double time) = 0;
    virtual void move(int instance, double time) = 0;
    virtual void watch(int instance, int condition, double flag) = 0;
    /// The values of storage `connection` of each connection that ends at the instance, in turn.
    virtual std::span<double* const> connections(int instance) = 0;
};

/// A mechanism that can be run: by evaluation, or by code that was compiled. Immutable; blocks may run at once on unlike instances.
class mechanism {
public:
    virtual ~mechanism() = default;
    virtual const program& source() const = 0;
    virtual void initial(const instance_view&, event_sink*) const = 0;
    virtual void advance(const instance_view&) const = 0;
    virtual void breakpoint(const instance_view&, const current_view&) const = 0;
    /// Without its currents: for mechanisms that have none.
    virtual void before_step(const instance_view&) const = 0;
    virtual void after_solve(const instance_view&) const = 0;
    /// An event with `flag` at one instance; `connection` [program::connection_size] is null for events it sent itself without one.
    virtual void receive(const instance_view&, int instance, double* connection, double flag, event_sink&) const = 0;
    virtual void net_initial(const instance_view&, int instance, double* connection) const = 0;
    /// Value of the n-th condition that WATCH waits for, minus its threshold, at one instance.
    virtual double condition(const instance_view&, int instance, int n) const = 0;
    /// A PROCEDURE or FUNCTION for every instance; returns into `result` [count] if there is one. Throws invalid_model if unknown.
    virtual void call(const instance_view&, std::string_view routine, std::span<const double> arguments, double* result) const = 0;
};

/// Evaluates the program: no compiler needed.
std::shared_ptr<const mechanism> interpret(std::shared_ptr<const program>);

}  // namespace apical::nmodl
