// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "channels/nmodl/program.hpp"
#include "channels/nmodl/symbols.hpp"
#include "channels/nmodl/syntax.hpp"

/// From what a file says to statements of a program: names become variables, and PROCEDUREs and FUNCTIONs are put in where they are called.
namespace apical::nmodl {

/// What the block that is being read may do.
enum class occasion {
    initial,       ///< INITIAL: may send events and solve
    breakpoint,    ///< BREAKPOINT without its SOLVEs
    equations,     ///< DERIVATIVE, KINETIC, LINEAR, NONLINEAR: loops are unrolled, as solvers need each unknown by itself
    event,         ///< NET_RECEIVE and its INITIAL: may send events
    other
};

/// Reads blocks. Nothing it makes is longer than `most_statements`; what would be is an error.
class resolver {
public:
    resolver(symbols&, program&, diagnostics&);

    /// A block of the file, by itself.
    block top(const syntax::block&, occasion);

    /// What SOLVE does to its block: over a step, or to the steady state.
    block solve(const syntax::statement&);

    /// A DERIVATIVE or KINETIC block as it stands.
    block equations_of(const syntax::routine&);

    /// NET_RECEIVE: its arguments become variables of storage `connection`. `initial` gets its INITIAL block.
    block receive(const syntax::routine&, block& initial);

    /// A PROCEDURE or FUNCTION by itself.
    routine callable(const syntax::routine&);

    void error(const place&, std::string message, std::string hint = {});
    void warn(std::string rule, const place&, std::string message, std::string hint = {});

    static constexpr std::size_t most_statements = 30'000, most_nodes = 1'000'000, deepest_calls = 200;
    static constexpr int most_iterations = 100'000;
    static constexpr std::size_t worth_unrolling = 64;   ///< statements that a loop outside of equations may become

private:
    using scope = std::map<std::string, expression, std::less<>>;   // what names stand for: variables, or numbers

    // Names
    const expression* bound(std::string_view name) const;
    int local(const std::string& name, const std::string& unit, const place&, int length = 1, bool is_array = false);
    expression named(const syntax::expression&);
    element target(const syntax::expression&);
    std::optional<expression> index_of(const syntax::expression&, int variable);
    bool check_length(const syntax::expression&, int variable, bool has_index);

    // Expressions
    expression value(const syntax::expression&);
    expression whole_number(const syntax::expression&);
    std::optional<double> constant(const syntax::expression&);
    expression called(const syntax::expression&, bool is_statement);
    std::optional<expression> computed_by_builtin(const syntax::expression&);
    std::optional<expression> drawn(const syntax::expression&);
    expression put_in(const syntax::routine&, const syntax::expression& call);
    void bind_argument(scope& frame, const syntax::routine&, std::size_t n, expression given);
    const std::set<std::string>& written_by(const syntax::routine&);
    bool stays_while_called(const expression&, const syntax::routine&);
    std::vector<expression> arguments(const syntax::expression& call);
    bool has_arguments(const syntax::expression& call, std::size_t least, std::size_t most);

    // Statements
    void statements(const syntax::block&);
    void one(const syntax::statement&);
    void assigned(const syntax::statement&);
    void locals(const syntax::statement&);
    void branch(const syntax::statement&, std::size_t arm);
    void loop(const syntax::statement&);
    void counted_loop(const syntax::statement&, double by);
    void repeat(const syntax::statement&);
    void call_statement(const syntax::statement&);
    bool does_nothing_here(const syntax::expression& call);
    block captured(const syntax::block&);
    void emit(statement);

    // Events
    bool sends(const syntax::expression& call);
    void watch(const syntax::statement&);
    void for_netcons(const syntax::statement&);

    // Equations
    void reaction(const syntax::statement&);
    void fluxes(const statement&);
    void equation(const syntax::statement&);
    void volumes(const syntax::statement&);
    statement::term species(const syntax::term&);
    block solve_simultaneous(const syntax::routine&, const syntax::statement&);
    block solve_block(const syntax::routine&, const syntax::statement&);
    std::vector<element> unknowns_of(const syntax::routine&, const block&);
    bool are_too_many(std::size_t unknowns, const syntax::statement& solve);

    symbols& names_;
    program& program_;
    diagnostics& found_;
    std::vector<scope> scopes_;                        // innermost last
    std::vector<const syntax::routine*> active_;       // being put in
    std::vector<const syntax::routine*> solved_;       // being solved, outer before inner
    std::map<const syntax::routine*, std::set<std::string>> written_;
    std::set<std::string> told_;                       // findings, as a block that is put in twice has the same
    block* out_ = nullptr;
    occasion occasion_ = occasion::other;
    bool needs_fluxes_ = false, is_index_ = false, is_stopped_ = false;
    std::size_t statements_ = 0, nodes_ = 0;
};

}  // namespace apical::nmodl
