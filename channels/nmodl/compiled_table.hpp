// SPDX-License-Identifier: BSD-3-Clause
#pragma once

/// What a compiled mechanism and its host tell each other: plain records of pointers, so that both may be built apart.
namespace apical::nmodl::compiled {

/// Which records these are; a table of another number is not used.
inline constexpr int version = 1;

/// A statement of the file, and what can go wrong there: a fault_kind of mechanism.hpp.
struct site { int fault, line, column; };

/// What blocks call besides their own arithmetic. `self` is that of the view.
struct services {
    /// Random number `nth` of those that an instance asks for in a block; kind: that of program.hpp's builtin, from `uniform` on.
    double (*random)(void* self, int instance, int kind, int stream, int nth, double a, double b);
    double (*table)(void* self, int table, const double* x, int count);   ///< a FUNCTION_TABLE at x
    void (*fault)(void* self, int instance, site);
};

/// What blocks are run over: instance_view of mechanism.hpp.
struct view {
    int count;
    double* const* columns;
    double* shared;
    void* self;
    const compiled::services* services;
};

/// Where currents go: current_view of mechanism.hpp. `ion_i` and `ion_g` are null, or hold a column or null for each current of an ion.
struct currents {
    double *i, *g;
    double* const* ion_i;
    double* const* ion_g;
    double slope_over;
};

/// What takes the events of a block.
struct host {
    void* self;
    void (*send)(void* self, int instance, double delay, double flag);
    void (*spike)(void* self, int instance, double time);
    void (*move)(void* self, int instance, double time);
    void (*watch)(void* self, int instance, int condition, double flag);
    int (*connections)(void* self, int instance, double* const** of);   ///< how many, and the values of each
};

/// The blocks of one mechanism; null where it has none.
struct table {
    int version;
    int instance_size, shared_size, connection_size;
    void (*initial)(const view&, const host*);
    void (*advance)(const view&);
    void (*breakpoint)(const view&, const currents&);
    void (*before_step)(const view&);
    void (*after_solve)(const view&);
    void (*receive)(const view&, int instance, double* connection, double flag, const host&);
    void (*net_initial)(const view&, int instance, double* connection);
    double (*condition)(const view&, int instance, int n);
    bool (*call)(const view&, int routine, const double* arguments, double* result);
};

}  // namespace apical::nmodl::compiled
