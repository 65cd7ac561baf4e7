// SPDX-License-Identifier: BSD-3-Clause
#include <utility>

#include <fmt/format.h>

#include "channels/nmodl/parsing.hpp"

namespace apical::nmodl::syntax {
namespace {

expression number_one(const place& at) {
    expression one;
    one.at = at;
    one.value = 1;
    return one;
}

expression sum(expression left, const place& at, expression right) {
    expression e;
    e.is = expression::kind::binary;
    e.at = at;
    e.name = "+";
    e.operands.reserve(2);
    e.operands.push_back(std::move(left));
    e.operands.push_back(std::move(right));
    return e;
}

/// Coefficients times species, added up: what CONSERVE conserves.
expression sum_of(std::vector<term> terms) {
    expression total;
    for (bool is_first = true; auto& t : terms) {
        auto part = std::move(t.species);
        if (t.coefficient != 1) {
            expression product;
            product.is = expression::kind::binary;
            product.at = part.at;
            product.name = "*";
            product.operands.push_back(number_one(part.at));
            product.operands.front().value = t.coefficient;
            product.operands.push_back(std::move(part));
            part = std::move(product);
        }
        const auto at = part.at;
        total = std::exchange(is_first, false) ? std::move(part) : sum(std::move(total), at, std::move(part));
    }
    return total;
}

}  // namespace

block parser::body(std::string_view of) {
    const level deeper(*this);
    block inside;
    expect("{", of);
    statements(inside);
    if (peek().is == kind::end || begins_block(peek()))
        refuse(peek().at, fmt::format("{} is not closed", of), "a '}' is missing before this");
    expect("}", of);
    return inside;
}

void parser::statements(block& into) {
    while (!at_symbol("}") && peek().is != kind::end) {
        const auto& t = peek();
        if (begins_block(t) && !(t.text == "INITIAL" && in_ == routine::kind::net_receive)) return;
        statement_into(into);
    }
}

void parser::statement_into(block& into) {
    if (peek().is == kind::verbatim) {
        auto s = started(statement::kind::verbatim);
        s.text = take().text;
        into.push_back(std::move(s));
    } else if (at_symbol("{")) {   // a block of its own: as if its condition always held
        auto s = started(statement::kind::branch);
        s.branches.push_back({number_one(s.at), {}});
        s.branches.back().body = body("the block");
        into.push_back(std::move(s));
    } else if (at_symbol("~") || at_symbol("~+")) {
        tilde(into);
    } else if (peek().is != kind::name) {
        unexpected("a statement", peek().is == kind::stray && peek().text == ";" ? "statements of NMODL end without ';'" : "");
    } else if (peek(1).is_symbol("=") || !keyword_statement(into)) {
        into.push_back(plain());
    }
}

statement parser::started(statement::kind is) {
    statement s;
    s.is = is;
    s.at = peek().at;
    s.is_unchecked = peek().is_unchecked;
    return s;
}

bool parser::keyword_statement(block& into) {
    return control_statement(into) || kinetic_statement(into) || old_statement(into);
}

bool parser::control_statement(block& into) {
    const auto& word = peek().text;
    if (peek().order > 0) return false;
    if (word == "if" || word == "IF") return into.push_back(branch()), true;
    if (word == "FROM") return into.push_back(loop()), true;
    if (word == "SOLVE") return into.push_back(solve()), true;
    if (word == "TABLE") return into.push_back(table()), true;
    if (word == "while" || word == "WHILE") {
        auto s = started(statement::kind::repeat);
        take();
        s.value = parenthesised("the condition of while");
        s.body = body("while");
        return into.push_back(std::move(s)), true;
    }
    if (word == "LOCAL") {
        auto s = started(statement::kind::local);
        take();
        for (const auto& d : locals()) {
            expression name;
            name.is = expression::kind::name;
            name.at = d.at;
            name.name = d.name;
            if (d.is_array) name.operands.push_back(number_one(d.at)), name.operands.back().value = d.length;
            s.names.push_back(std::move(name));
        }
        return into.push_back(std::move(s)), true;
    }
    if (word == "INITIAL") {
        auto s = started(statement::kind::initial);
        take();
        s.body = body("INITIAL");
        return into.push_back(std::move(s)), true;
    }
    if (word == "WATCH") {
        do into.push_back(watch());
        while (at_symbol(","));
        return true;
    }
    if (word == "FOR_NETCONS") {
        auto s = started(statement::kind::for_netcons);
        take();
        for (auto& a : arguments("FOR_NETCONS")) {
            expression name;
            name.is = expression::kind::name;
            name.at = a.at;
            name.name = std::move(a.name);
            s.names.push_back(std::move(name));
        }
        s.body = body("FOR_NETCONS");
        return into.push_back(std::move(s)), true;
    }
    return false;
}

statement parser::branch() {
    auto s = started(statement::kind::branch);
    do {
        take();   // if
        statement::arm arm;
        arm.condition = parenthesised("the condition of if");
        arm.body = body("if");
        s.branches.push_back(std::move(arm));
        if (!take_name("else") && !take_name("ELSE")) return s;
    } while (at_name("if") || at_name("IF"));
    s.else_body = body("else");
    return s;
}

statement parser::loop() {
    constexpr auto usage = "write FROM i = first TO last { ... }, with BY step where it is not 1";
    auto s = started(statement::kind::loop);
    take();
    s.name = plain_name("FROM").text;
    if (!take_symbol("=")) unexpected("'='", usage);
    s.value = whole_expression();
    expect_name("TO", usage);
    s.second = whole_expression();
    s.third = take_name("BY") ? whole_expression() : number_one(s.at);
    s.body = body("FROM");
    return s;
}

statement parser::solve() {
    auto s = started(statement::kind::solve);
    take();
    s.name = plain_name("SOLVE").text;
    s.is_steady = at_name("STEADYSTATE");
    if (s.is_steady || at_name("METHOD") || at_name("USING")) {
        take();
        s.method = plain_name("METHOD").text;
    }
    if (take_name("IFERROR")) s.body = body("IFERROR");
    return s;
}

statement parser::table() {
    constexpr auto usage = "write TABLE names DEPEND names FROM lowest TO highest WITH intervals";
    auto s = started(statement::kind::table);
    take();
    if (!at_name("DEPEND") && !at_name("FROM")) s.names = name_list("TABLE");
    if (take_name("DEPEND")) s.depends = name_list("DEPEND");
    expect_name("FROM", usage);
    s.value = whole_expression();
    expect_name("TO", usage);
    s.second = whole_expression();
    expect_name("WITH", usage);
    s.third = whole_expression();
    return s;
}

statement parser::watch() {
    auto s = started(statement::kind::watch);
    take();   // WATCH, or the comma between two
    s.value = parenthesised("the condition of WATCH");
    s.second = whole_expression();
    return s;
}

bool parser::kinetic_statement(block& into) {
    const auto& word = peek().text;
    if (peek().order > 0) return false;
    if (word == "CONSERVE") {
        auto s = started(statement::kind::conserve);
        take();
        s.value = sum_of(species("CONSERVE"));
        expect("=", "CONSERVE");
        s.second = whole_expression();
        return into.push_back(std::move(s)), true;
    }
    if (word == "COMPARTMENT") return into.push_back(volume(statement::kind::compartment)), true;
    if (word == "LONGITUDINAL_DIFFUSION") return into.push_back(volume(statement::kind::diffusion)), true;
    if (word == "CONDUCTANCE") {
        auto s = started(statement::kind::conductance);
        take();
        s.name = plain_name("CONDUCTANCE").text;
        if (take_name("USEION")) s.ion = plain_name("USEION").text;
        return into.push_back(std::move(s)), true;
    }
    return false;
}

statement parser::volume(statement::kind is) {
    auto s = started(is);
    const auto word = take().text;
    if (peek().is == kind::name && peek(1).is_symbol(",")) {
        s.name = take().text;
        take();
    }
    s.value = whole_expression();
    expect("{", word);
    while (!at_symbol("}")) {
        const auto name = plain_name(word);
        s.names.push_back(name_of(name));
        if (take_symbol("[")) {
            s.names.back().operands.push_back(whole_expression());
            expect("]", name.text);
        }
        take_symbol(",");
    }
    take();
    return s;
}

void parser::tilde(block& into) {
    const auto sign = take();
    if (in_ == routine::kind::kinetic && sign.text == "~") return reaction(into, sign.at);
    const bool has_equations = in_ == routine::kind::linear || in_ == routine::kind::nonlinear || in_ == routine::kind::derivative ||
                               in_ == routine::kind::discrete;
    if (!has_equations)
        refuse(sign.at, fmt::format("'{}' in {}", sign.text, block_), "reactions stand in KINETIC blocks, equations in LINEAR and NONLINEAR ones");
    equation(into, sign.at, sign.text == "~+");
}

/// What `~+` adds belongs to the equation before.
void parser::equation(block& into, const place& at, bool adds) {
    statement s;
    s.is = statement::kind::equation;
    s.at = at;
    s.is_unchecked = peek().is_unchecked;
    s.value = whole_expression();
    expect("=", "an equation");
    s.second = whole_expression();
    if (!adds) return into.push_back(std::move(s));
    if (into.empty() || into.back().is != statement::kind::equation) refuse(at, "'~+' adds to no equation", "write '~' for the first line of an equation");
    count_operator();
    into.back().value = sum(std::move(into.back().value), at, std::move(s.value));
    into.back().second = sum(std::move(into.back().second), at, std::move(s.second));
}

void parser::reaction(block& into, const place& at) {
    constexpr auto usage = "write ~ A + 2 B <-> C (forward, backward), ~ A << (flux) or ~ A -> (rate)";
    statement s;
    s.is = statement::kind::reaction;
    s.at = at;
    s.is_unchecked = peek().is_unchecked;
    s.left = species("a reaction");
    if (take_symbol("<->")) {
        s.right = species("a reaction");
        expect("(", "the rates of a reaction");
        s.value = whole_expression();
        expect(",", "the forward rate");
        s.second = whole_expression();
    } else {
        const auto arrow = take();
        s.is_source = arrow.is_symbol("<") && take_symbol("<");
        s.is_sink = arrow.is_symbol("-") && take_symbol(">");
        if (!s.is_source && !s.is_sink) refuse(arrow.at, fmt::format("{} where '<->', '<<' or '->' should be", told(arrow)), usage);
        expect("(", "the rate of a reaction");
        s.value = whole_expression();
    }
    expect(")", "the rates of a reaction");
    into.push_back(std::move(s));
}

std::vector<term> parser::species(std::string_view of) {
    std::vector<term> terms;
    operators_ = 0;
    do {
        count_operator();
        if (peek().is != kind::number && peek().is != kind::name) unexpected(fmt::format("a name in {}", of));
        terms.push_back(one_species());
    } while (take_symbol("+"));
    return terms;
}

term parser::one_species() {
    term t;
    if (peek().is == kind::number) t.coefficient = number("a coefficient");
    take_symbol("*");
    const auto name = plain_name("a reaction");
    t.species = name_of(name);
    if (take_symbol("[")) {
        const auto counted = operators_;
        t.species.operands.push_back(whole_expression());
        operators_ = counted;
        expect("]", fmt::format("the index of {}", name.text));
    }
    return t;
}

/// What was of use in the programs before NEURON: what changes no number is read over, what does is refused.
bool parser::old_statement(block& into) {
    const auto& word = peek().text;
    if (peek().order > 0) return false;
    if (word == "MUTEXLOCK" || word == "MUTEXUNLOCK" || word == "RESET") return into.push_back(started(statement::kind::nothing)), take(), true;
    if (word == "PROTECT") return take(), into.push_back(plain()), true;
    if (word == "LAG") refuse(peek().at, "LAG is not translated", "keep the past value in a variable of your own and move it on in BREAKPOINT");
    if (word == "FORALL") refuse(peek().at, "FORALL is not translated", "write FROM i = 0 TO n - 1 { ... }");
    if (word == "PUTQ" || word == "GETQ") refuse(peek().at, word + " is not translated", "use NET_RECEIVE and net_send");
    return false;
}

/// An assignment or a call.
statement parser::plain() {
    auto s = started(statement::kind::assign);
    if (peek().is != kind::name || begins_block(peek())) unexpected("a statement");
    operators_ = 0;
    auto target = variable();
    if (take_symbol("=")) {
        if (target.is == expression::kind::call)
            refuse(target.at, fmt::format("a value is assigned to the call {}(...)", target.name), "an element of an array is written name[index]");
        s.target = std::move(target);
        s.value = whole_expression();
        return s;
    }
    if (target.is != expression::kind::call) unexpected(fmt::format("'=' behind {}", target.name), "a statement is name = value, or a call name(...)");
    s.is = statement::kind::call;
    s.value = std::move(target);
    return s;
}

}  // namespace apical::nmodl::syntax
