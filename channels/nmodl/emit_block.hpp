// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "channels/nmodl/build.hpp"
#include "channels/nmodl/mechanism.hpp"

/// C++ for blocks of a mechanism: what emit_mechanism and emit_channel have in common.
namespace apical::nmodl {

/// Variables that a block reads and writes, systems of equations within it included.
struct block_usage {
    std::set<int> read, written;
    bool has_events = false;   ///< net_send and its like, or a loop over connections
    bool has_systems = false;
    bool is_random = false;
    bool may_fail = false;
    bool is_differentiable = true;   ///< by what core/dual.hpp and channels/nmodl/lanes.hpp offer

    std::set<int> all() const;
};
/// What statements, and expressions, read and write and are made of.
block_usage usage_of(const block&);
void add_usage(const expression&, block_usage& to);

/// Variables whose values depend on those given, where the block computes them.
std::set<int> depending_on(const block&, std::set<int> given);

/// What a mechanism computes of an instance: states, and what it assigns.
bool is_outcome(const variable&);

/// Names in C++ for the variables of a program: the file's, with an underscore behind, so that they clash with nothing; unique.
std::vector<std::string> local_names(const program&);

/// A number, so that reading it back gives the same bits.
std::string literal(double);
/// "name" where C++ allows it, else with "_of" and the like in place of what it does not.
std::string identifier_for(std::string_view name);

/// Writes statements as C++ over lanes (channels/nmodl/lanes.hpp).
class block_writer {
public:
    /// `type` is what variables are, `active` those that are of type `slope_type` instead, because they carry a derivative.
    struct style {
        std::string type = "V", slope_type = "U";
        std::set<int> active;
        std::string suffix = {};           ///< of names
    };
    block_writer(const program& p, style s);

    std::string text(const expression&) const;
    void write(const block&, const std::string& mask);   ///< under a mask; empty: in all lanes
    /// "V x_(0.0);", initialised with `from`.
    void declare(int variable, const std::string& from);
    void line(const std::string& text);
    void open(const std::string& text);
    void close(const std::string& text = "}");

    std::string name(int variable) const;
    std::string type_of(int variable) const;
    bool is_active(const expression&) const;
    const std::string& result() const { return out_; }

private:
    struct piece { std::string text; int strength; };   ///< 3: an atom, 2: signed, 1: a product, 0: a sum
    piece written(const expression&) const;
    piece binary(const expression&, const char* sign, int strength) const;
    std::string condition(const expression&) const;
    std::string call(const expression&) const;
    std::string random_call(const expression&) const;
    std::string operand(const expression&, int at_least) const;
    std::string same_type(const expression&, bool active) const;
    std::string subscript(const element&, bool& is_constant) const;

    void write(const statement&, const std::string& mask);
    void assign(const element& to, const std::string& value, bool value_is_active, const std::string& mask);
    void branch(const statement&, const std::string& mask);
    void repeat(const statement&, const std::string& mask);
    void solve(const equation_system&, const std::string& mask);
    void event(const statement&, const std::string& mask);
    void for_connections(const statement&);
    void fail(const std::string& mask);
    void nan_to(int variable, const std::string& mask);
    void report(fault_kind, const std::string& mask);
    std::string new_name(const char* stem);

    const program& program_;
    style style_;
    std::vector<std::string> names_;
    std::string out_;
    int depth_ = 1;
    int count_ = 0;                        ///< of names made up so far
    place at_;                             ///< of the statement that is being written
    std::string where_;                    ///< mask of the statement that is being written
};

}  // namespace apical::nmodl
