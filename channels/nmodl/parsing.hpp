// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "channels/nmodl/diagnostic.hpp"
#include "channels/nmodl/include.hpp"
#include "channels/nmodl/syntax.hpp"

namespace apical::nmodl::syntax {

/// Recursive descent over the tokens of a file: blocks in parser.cpp, what they declare in parse_declarations.cpp, what they do in
/// parse_statements.cpp, and expressions in parse_expressions.cpp.
class parser {
public:
    parser(token_stream& tokens, diagnostics& found) : tokens_(tokens), found_(found) {}

    file whole();

private:
    using kind = token::kind;

    /// Thrown where a block cannot go on, after it has been told why.
    struct fault {};

    /// Counts how deep blocks and parentheses are nested.
    struct level {
        explicit level(parser& of);
        ~level() { --p.level_; }
        level(const level&) = delete;
        level& operator=(const level&) = delete;
        parser& p;
    };

    // ---- tokens
    const token& peek(std::size_t ahead = 0) { return tokens_.peek(ahead); }
    token take() { return tokens_.take(); }
    bool at_symbol(std::string_view s) { return peek().is_symbol(s); }
    bool at_name(std::string_view s) { return peek().is_name(s); }
    bool take_symbol(std::string_view s);
    bool take_name(std::string_view s);
    void expect(std::string_view symbol, std::string_view behind);
    void expect_name(std::string_view name, std::string_view usage);
    [[noreturn]] void refuse(const place& at, std::string what, std::string hint = {});
    [[noreturn]] void unexpected(std::string_view wanted, std::string hint = {});
    std::string told(const token& t) const;

    // ---- blocks
    void top(file& f);
    bool declaration_block(const std::string& keyword, file& f);
    void statement_block(const token& keyword, file& f);
    void old_word(const token& keyword);
    void recover();
    void signature(routine& r);
    void hook(routine& r);
    std::vector<expression> solve_for();

    // ---- declarations
    void open(std::string_view name);
    bool close(std::string_view name);
    void neuron(interface& n, const token& keyword);
    void neuron_item(interface& n, const token& item);
    void use_ion(interface& n, const place& at);
    void units(file& f);
    void unit_definition_into(std::vector<unit_definition>& units);
    void parameters(std::vector<declaration>& into);
    void variables(std::vector<declaration>& into, std::string_view name);
    void constants(std::vector<declaration>& into);
    void independent();
    std::vector<declaration> locals();
    std::vector<declaration> arguments(std::string_view of);
    std::string optional_unit();
    int length(declaration& d);
    double number(std::string_view of);
    token plain_name(std::string_view of);
    std::vector<expression> name_list(std::string_view of);
    expression name_of(const token& t) const;

    // ---- statements
    block body(std::string_view of);
    void statements(block& into);
    void statement_into(block& into);
    bool keyword_statement(block& into);
    bool control_statement(block& into);
    bool kinetic_statement(block& into);
    bool old_statement(block& into);
    void tilde(block& into);
    void reaction(block& into, const place& at);
    void equation(block& into, const place& at, bool adds);
    std::vector<term> species(std::string_view of);
    term one_species();
    statement branch();
    statement loop();
    statement solve();
    statement table();
    statement watch();
    statement volume(statement::kind is);
    statement plain();
    statement started(statement::kind is);

    // ---- expressions
    expression whole_expression();
    expression binary(int loosest);
    expression unary();
    expression power();
    expression primary();
    expression variable();
    expression call();
    expression parenthesised(std::string_view of);
    void count_operator();

    token_stream& tokens_;
    diagnostics& found_;
    routine::kind in_ = routine::kind::procedure;
    std::string block_;                ///< which block is read, for messages
    int level_ = 0, operators_ = 0;
};

/// Whether a word begins a block; these end a block that is not closed.
bool begins_block(const token& t);

}  // namespace apical::nmodl::syntax
