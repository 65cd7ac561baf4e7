// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "channels/nmodl/c_tokens.hpp"
#include "channels/nmodl/diagnostic.hpp"
#include "channels/nmodl/syntax.hpp"

namespace apical::nmodl::syntax {

/// An expression of NMODL that C has become.
expression made(expression::kind is, const place& at, std::string name, std::vector<expression> operands = {});
expression number(double value, const place& at);

/// A number that C keeps between calls.
struct c_variable {
    place at;
    double value = 0;
    int length = 0;                  ///< of an array; 0 of a number alone
    bool is_integer = false, is_constant = false;
    bool is_used = false;            ///< by what becomes NMODL
};

/// Which numbers of a function of C are whole ones.
struct c_signature {
    bool gives_integer = false;
    std::vector<std::string> integers;   ///< names of parameters
};

/// What the C of a file's VERBATIM blocks may name, and what it turned out to use.
struct c_scope {
    std::set<std::string, std::less<>> variables;              ///< all that the file declares
    std::set<std::string, std::less<>> routines;               ///< its FUNCTIONs and PROCEDUREs
    std::set<std::string, std::less<>> c_functions, c_variables, files;   ///< defined in C outside of routines: functions, variables, FILE*
    std::map<std::string, c_variable, std::less<>> numbers;   ///< those that are a number, or an array, of a known value
    std::map<std::string, c_signature, std::less<>> signatures;   ///< functions of C that are routines now
    c_macros macros;
    std::map<std::string, place, std::less<>> streams, vectors;   ///< pointers through which numbers are drawn, or hoc Vectors read; where first
};

/// Why a piece of C has no counterpart in NMODL.
struct c_refusal {
    place at;
    std::string what, hint;
};

/// Whether a C pointer is set is asked by a call of this name, until it is known what the pointer is for; "?:" is C's choice.
inline constexpr std::string_view pointer_question = "pointer?", choice = "?:";

/// Keeps what a VERBATIM block outside of routines defines. Functions of numbers come as routines whose body is C still.
std::vector<routine> c_definitions(const routine& verbatim, c_scope& scope);

/// Leaves statements out so that `mark`, a statement that does nothing but has this name, ends its list: what stands behind a branch that
/// holds one moves into the arms that go on. Throws c_refusal if a mark stands in a loop.
block settled(block in, std::string_view mark);

/// Reads the C in a routine as statements of NMODL.
class c_reader {
public:
    c_reader(const routine& in, c_scope& scope, diagnostics& found);

    /// The statements of a block, those of its VERBATIM blocks among them. Throws c_refusal.
    block statements_of(block in);
    /// Variables that the C declares: LOCAL for the routine.
    const std::vector<expression>& locals() const { return locals_; }

private:
    using kind = c_token::kind;

    /// What an expression of C is: a number, or a pointer that is known by what it points to.
    struct value {
        enum class kind { number, pointer, address, elements, null, thread, file };
        kind is = kind::number;
        expression e;
        bool is_integer = false;
        std::string name;   ///< of the pointer, or of the Vector whose elements these are
    };
    enum class storage_of_c { automatic, constant, always };
    struct variable {
        std::string name;
        bool is_pointer = false, is_integer = false;
        bool is_lost = false;         ///< of a pointer that was set in a branch
        std::optional<value> holds = {};   ///< of pointers
    };

    // ---- tokens
    const c_token& peek(std::size_t ahead = 0) const { return tokens_[std::min(next_ + ahead, tokens_.size() - 1)]; }
    c_token take() { const auto& t = peek(); next_ += next_ + 1 < tokens_.size(); return t; }
    bool at(std::string_view s) const { return peek().is_symbol(s); }
    bool take_symbol(std::string_view s) { return at(s) && (take(), true); }
    void expect(std::string_view s);
    [[noreturn]] void refuse(const place& where, std::string what, std::string hint = {}) const;

    // ---- statements
    void list(block& out);
    void statement_into(block& out);
    void body(block& out);
    void nested(statement& s);
    void branch(block& out);
    void loop(block& out);
    void for_loop(block& out);
    void repeat(block& out, expression condition, block step, block inside, const place& where);
    std::size_t lost_pointers() const;
    void body_of_loop(block& out);
    void leave(block& out);
    void do_loop(block& out);
    void choose(block& out);
    expression lifted(block& out, expression e);
    bool at_declaration() const;
    void declaration(block& out);
    void declarator(block& out, bool is_integer, storage_of_c kept);
    std::string unique(std::string name) const;
    void keep(const c_token& name, bool is_integer);
    double length_of_array(std::vector<expression>& elements);
    void skip_statement();
    void simple(block& out);
    void assign(block& out, const value& target, const c_token& op, value given);
    void store(block& out, expression target, expression given);
    void set_pointer(const std::string& name, value given, const place& where);
    void lose_pointers(const std::map<std::string, variable, std::less<>>& before);

    // ---- calls
    bool call_statement(block& out);   ///< takes a call that stands alone, if there is one
    void skip_parentheses();
    expression sent(const c_token& name);
    std::vector<expression> event_numbers(const c_token& name, std::size_t count);
    expression called_routine(const c_token& name);

    // ---- expressions
    expression number_of(value v) const;
    expression truth(value v) const;
    value whole();
    value binary(int loosest);
    value unary();
    value cast_or_parentheses();
    bool at_cast() const;
    value postfix();
    value primary();
    value named(const c_token& name);
    value element(value of, const place& where);
    value member(value of);
    value called(const c_token& name);
    std::optional<value> drawn(const c_token& name, std::vector<value>& arguments);
    std::optional<value> of_vector(const c_token& name, std::vector<value>& arguments);
    std::vector<value> arguments();
    value joined(const c_token& op, value left, value right) const;
    expression truncated(value v) const;
    bool is_own(std::string_view name) const;

    const routine& routine_;
    c_scope& scope_;
    diagnostics& found_;
    std::set<std::string, std::less<>> own_;            ///< names of the routine's arguments and LOCALs
    std::map<std::string, variable, std::less<>> variables_;   ///< of C
    std::vector<expression> locals_;
    std::string text_;                                  ///< all C of the routine, which may say what is drawn
    std::vector<c_token> tokens_;
    block* between_ = nullptr;
    std::size_t next_ = 0;
    int depth_ = 0, flags_ = 0, level_ = 0;
};

}  // namespace apical::nmodl::syntax
