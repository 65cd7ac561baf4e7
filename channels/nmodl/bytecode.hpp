// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <span>
#include <string>
#include <vector>

#include "channels/nmodl/mechanism.hpp"
#include "channels/nmodl/operations.hpp"

/// A block of a mechanism as instructions over registers. A register holds a number for each instance of a strip; an instruction computes
/// one from others, for all of them. Values never change within straight code: both arms of a branch are computed, unless no instance
/// takes them, and a selection joins them; only what a loop changes is written twice.
namespace apical::nmodl {

/// Operands are slots: registers first, then uniform numbers, then columns, in the order of `code`. Those with a kernel run it. Others:
/// load: copy a into `to`. gather: element a of arrays[extra], wanted where c is true. random: number c of draws[extra], with a and b.
/// table: tables[extra] at (a, b, c). send (delay a, flag b), spike and move (time a), watch (flag a, condition extra): where c is true, or
/// everywhere if c is -1. fault: sites[extra], where a is true. skip: to instruction `extra` unless a is true anywhere. turn: to
/// instruction `extra`. solve: systems[extra], whose instructions follow up to `solved`. load_connection, store_connection: value number
/// `extra` of the connection that the event came by. connections: begin with those of each instance where a is true; next_connection: the
/// next one into registers of loops[extra], or go on behind `connected`, which writes back what has changed. keep: nothing.
struct instruction {
    operation does = operation::copy;
    int to = -1, a = -1, b = -1, c = -1;
    int extra = -1;
    kernel run = nullptr;
};

/// Where a column comes from.
struct column_use {
    enum class kind { instance, current, slope, ion_current, ion_slope, result };
    kind is = kind::instance;
    int index = 0;
    bool is_written = false;
};

/// A number that all instances share, set before the first strip.
struct uniform_value {
    enum class kind { number, shared, flag, argument, computed };   ///< computed: by the prologue
    kind is = kind::number;
    double value = 0;
    int index = 0;
};

/// What can go wrong with values, and where.
struct fault_site {
    fault_kind is = fault_kind::none;
    place at;
    std::string text;
};

/// A compiled block.
struct code {
    struct equations {
        std::vector<int> unknowns, residuals;                      ///< slots
        struct entry { int row = 0, column = 0, slot = -1; };
        std::vector<entry> jacobian = {};                          ///< what is not 0 of it
        int active = -1;                                           ///< slot: where it is to be solved (-1: everywhere)
        int end = 0;                                               ///< the instruction `solved`
        int site = -1;                                             ///< of those that do not converge
        bool is_linear = false, by_differences = false;            ///< by differences: it cannot be differentiated
    };
    struct connection_loop {
        std::vector<int> offsets = {}, registers = {}, results = {};   ///< of storage `connection`; slots before and after the body
        int mask = -1;                                             ///< slot: true for the instance whose turn it is
        int end = 0;                                               ///< the instruction `connected`
    };
    struct array { std::vector<int> slots = {}; int site = -1; };   ///< of its elements; of an index beyond them
    struct draw { builtin is = builtin::uniform; int stream = -1; };
    struct table_call { int table = -1, arguments = 1; };
    struct shared_result { int slot = -1, offset = 0; };

    std::vector<uniform_value> uniforms;
    std::vector<column_use> columns;
    std::vector<instruction> prologue, body;                       ///< the prologue computes uniform values from others
    std::vector<array> arrays;                                     ///< that an index selects from
    std::vector<equations> systems;
    std::vector<connection_loop> loops;
    std::vector<draw> draws;
    std::vector<table_call> tables;
    std::vector<fault_site> sites;
    std::vector<shared_result> shared_results;                     ///< the last instance's
    int registers = 0;
    int stores = 0;                                                ///< instructions of `body` from here on write columns but those of currents
    int voltage = -1;                                              ///< slot of the column of v, or -1
    bool is_exact = true;                                          ///< slopes of currents are derivatives; false: it cannot be differentiated

    bool is_uniform(int slot) const { return slot >= registers && slot < registers + static_cast<int>(uniforms.size()); }
    int slots() const { return registers + static_cast<int>(uniforms.size() + columns.size()); }
};

/// What to compile.
struct compilation {
    std::vector<const block*> blocks = {};         ///< run one after the other
    bool has_currents = false;                     ///< add the currents of the program to their columns at the end
    bool has_slopes = false;                       ///< and their derivatives by v
    bool has_connection = false;                   ///< there is one that the event came by: variables of storage `connection` are its
    std::span<const int> arguments = {};           ///< variables that are given
    int result = -1;                               ///< variable to be written to the result column
    const expression* value = nullptr;             ///< likewise an expression
};
code compile(const program&, const compilation&);

}  // namespace apical::nmodl
