// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

/// What a compiled mechanism and its host tell each other: plain records of pointers, so that both may be built apart.
namespace apical::nmodl::compiled {

/// Which records these are; a table of another number is not used.
inline constexpr int version = 1;

/// What blocks are run over: instance_view of mechanism.hpp.
struct view {
    int count;
    double* const* columns;
    double* shared;
    const std::uint64_t* identity;
    std::uint64_t seed, draw;
};

/// Where currents go: current_view of mechanism.hpp. `ion_i` and `ion_g` are null, or hold a column or null for each current of an ion.
struct currents {
    double *i, *g;
    double* const* ion_i;
    double* const* ion_g;
    double slope_over;
};

/// What the host does for a block: events, and what takes more than arithmetic.
struct host {
    void* self;
    void (*send)(void* self, int instance, double delay, double flag);
    void (*spike)(void* self, int instance, double time);
    void (*move)(void* self, int instance, double time);
    void (*watch)(void* self, int instance, int condition, double flag);
    int (*connections)(void* self, int instance, double* const** of);   ///< how many, and the values of each
};

/// Random numbers of stream `stream` for the instance whose identity is given: the `nth` that the step asks for.
/// kind: that of program.hpp's builtin, from `uniform` on.
using random_number = double (*)(const view& at, int instance, int kind, int stream, int nth, double a, double b);
/// A FUNCTION_TABLE at x.
using table_value = double (*)(const void* tables, int table, const double* x, int count);

/// What blocks call besides their own arithmetic; set by the host when it takes the mechanism on.
struct services {
    random_number random;
    table_value table;
    const void* tables;
};

/// The blocks of one mechanism; null where it has none.
struct table {
    int version;
    int instance_size, shared_size, connection_size;
    void (*initial)(const view&, const services&, const host*);
    void (*advance)(const view&, const services&);
    void (*breakpoint)(const view&, const services&, const currents&);
    void (*before_step)(const view&, const services&);
    void (*after_solve)(const view&, const services&);
    void (*receive)(const view&, const services&, int instance, double* connection, double flag, const host&);
    void (*net_initial)(const view&, const services&, int instance, double* connection);
    double (*condition)(const view&, const services&, int instance, int n);
    bool (*call)(const view&, const services&, int routine, const double* arguments, double* result);
};

}  // namespace apical::nmodl::compiled
