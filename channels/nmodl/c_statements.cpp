// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "channels/nmodl/c_reader.hpp"

namespace apical::nmodl::syntax {
namespace {

constexpr std::string_view by_hand = "say the same in NMODL";

constexpr std::array<std::string_view, 30> types{
    "double", "int", "float", "long", "short", "unsigned", "char", "void", "static", "const", "extern", "auto", "bool", "FILE", "Object", "Symbol",
    "Point_process", "Datum", "Prop", "IvocVect", "Rand", "nrnran123_State", "struct", "register", "volatile", "size_t", "uint32_t", "u_int32_t", "Section", "NrnThread"};

bool is_type(const c_token& t) { return t.is == c_token::kind::name && std::find(types.begin(), types.end(), t.text) != types.end(); }

expression simple_expression(expression::kind is, const place& at, std::string name) {
    expression e;
    e.is = is;
    e.at = at;
    e.name = std::move(name);
    return e;
}

expression number(double value, const place& at) {
    auto e = simple_expression(expression::kind::number, at, {});
    e.value = value;
    return e;
}

expression binary_of(const place& at, std::string op, expression a, expression b) {
    auto e = simple_expression(expression::kind::binary, at, std::move(op));
    e.operands.push_back(std::move(a));
    e.operands.push_back(std::move(b));
    return e;
}

statement started(statement::kind is, const place& at) {
    statement s;
    s.is = is;
    s.at = at;
    return s;
}

statement mark(std::string_view name, const place& at) {
    auto s = started(statement::kind::nothing, at);
    s.name = name;
    return s;
}

bool holds_choice(const expression& e) {
    return (e.is == expression::kind::call && e.name == choice) || std::any_of(e.operands.begin(), e.operands.end(), holds_choice);
}

bool holds_mark(const block& b, std::string_view name) {
    return std::any_of(b.begin(), b.end(), [&](const statement& s) {
        if (s.is == statement::kind::nothing && s.name == name) return true;
        if ((s.is == statement::kind::loop || s.is == statement::kind::repeat) && name != "return") return false;   // of the inner loop
        return holds_mark(s.body, name) || holds_mark(s.else_body, name) ||
               std::any_of(s.branches.begin(), s.branches.end(), [&](const auto& arm) { return holds_mark(arm.body, name); });
    });
}

block settled_within(block in, std::string_view name, int& budget) {
    block out;
    for (std::size_t i = 0; i < in.size(); ++i) {
        auto& s = in[i];
        if (--budget < 0) throw c_refusal{s.at, "C that jumps out of too many branches", std::string(by_hand)};
        if (s.is == statement::kind::nothing && s.name == name) return out;
        const block one{s};
        if (!holds_mark(one, name)) {
            out.push_back(std::move(s));
            continue;
        }
        if (s.is != statement::kind::branch) throw c_refusal{s.at, fmt::format("'{}' within a loop", name), "let the loop's condition end it"};
        const block rest(in.begin() + static_cast<std::ptrdiff_t>(i) + 1, in.end());
        const auto with_rest = [&](block body) {
            body.insert(body.end(), rest.begin(), rest.end());
            return settled_within(std::move(body), name, budget);
        };
        for (auto& arm : s.branches) arm.body = with_rest(std::move(arm.body));
        s.else_body = with_rest(std::move(s.else_body));
        out.push_back(std::move(s));
        return out;
    }
    return out;
}

}  // namespace

block settled(block in, std::string_view name) {
    if (!holds_mark(in, name)) return in;
    int budget = 5000;
    return settled_within(std::move(in), name, budget);
}

c_reader::c_reader(const routine& in, c_scope& scope, diagnostics& found) : routine_(in), scope_(scope), found_(found) {
    for (const auto& a : in.arguments) own_.insert(a.name);
    if (in.is == routine::kind::net_receive) own_.insert("flag");
}

void c_reader::refuse(const place& where, std::string what, std::string hint) const {
    throw c_refusal{where, std::move(what), hint.empty() ? std::string(by_hand) : std::move(hint)};
}

void c_reader::expect(std::string_view s) {
    if (!take_symbol(s)) refuse(peek().at, fmt::format("'{}' where '{}' should be", peek().text, s));
}

block c_reader::statements_of(block in) {
    std::vector<c_token> tokens;
    for (std::size_t i = 0; i < in.size(); ++i) {
        if (in[i].is == statement::kind::verbatim) {
            text_ += in[i].text;
            auto more = c_tokens(in[i].text, in[i].at, scope_.macros);
            more.pop_back();
            tokens.insert(tokens.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
        } else {
            c_token t;
            t.is = kind::nmodl;
            t.statement = i;
            t.at = in[i].at;
            tokens.push_back(std::move(t));
        }
    }
    tokens.push_back({});
    if (!in.empty()) tokens.back().at = in.back().at;
    const auto outer = std::exchange(between_, &in);
    tokens_.swap(tokens);
    const auto next = std::exchange(next_, 0);
    block out;
    list(out);
    if (peek().is != kind::end) refuse(peek().at, "a '}' too many in C", "let each VERBATIM block close what it opens");
    tokens_.swap(tokens);
    next_ = next;
    between_ = outer;
    return out;
}

void c_reader::nested(statement& s) {
    if (s.is == statement::kind::local) for (const auto& n : s.names) own_.insert(n.name);
    ++depth_;
    const auto before = variables_;
    for (auto& arm : s.branches) arm.body = statements_of(std::move(arm.body));
    if (!s.body.empty()) s.body = statements_of(std::move(s.body));
    if (!s.else_body.empty()) s.else_body = statements_of(std::move(s.else_body));
    lose_pointers(before);
    --depth_;
}

void c_reader::list(block& out) {
    while (!at("}") && peek().is != kind::end) statement_into(out);
}

void c_reader::body(block& out) {
    if (++depth_ > 100) refuse(peek().at, "C nested too deep");
    const auto before = variables_;
    statement_into(out);
    lose_pointers(before);
    --depth_;
}

/// What pointers set in a branch or a loop point to is not known behind it.
void c_reader::lose_pointers(const std::map<std::string, variable, std::less<>>& before) {
    for (auto& [name, v] : variables_) {
        const auto was = before.find(name);
        if (was == before.end() || !v.is_pointer) continue;
        const auto& a = was->second.holds;
        const bool is_same = a.has_value() == v.holds.has_value() && (!a || (a->is == v.holds->is && a->name == v.holds->name));
        if (!is_same) v = was->second, v.is_lost = true;
    }
}

void c_reader::statement_into(block& out) {
    const auto t = peek();
    if (t.is == kind::nmodl) {
        take();
        auto s = std::move((*between_)[t.statement]);
        nested(s);
        out.push_back(std::move(s));
    } else if (take_symbol(";")) {
    } else if (take_symbol("{")) {
        if (++depth_ > 100) refuse(t.at, "C nested too deep");
        list(out);
        --depth_;
        expect("}");
    }
    else if (t.is_name("if")) branch(out);
    else if (t.is_name("while")) loop(out);
    else if (t.is_name("for")) for_loop(out);
    else if (t.is_name("return") || t.is_name("break") || t.is_name("continue")) leave(out);
    else if (t.is_name("do") || t.is_name("switch") || t.is_name("goto")) refuse(t.at, fmt::format("'{}' of C", t.text));
    else if (at_declaration()) declaration(out);
    else simple(out);
}

void c_reader::branch(block& out) {
    auto s = started(statement::kind::branch, peek().at);
    bool goes_on = true;
    while (goes_on && peek().is_name("if")) {
        take();
        statement::arm arm;
        expect("(");
        arm.condition = truth(whole());
        if (holds_choice(arm.condition)) refuse(s.at, "'?' in a condition", "write it as if and else");
        expect(")");
        body(arm.body);
        s.branches.push_back(std::move(arm));
        goes_on = peek().is_name("else");
        if (goes_on) take();
    }
    if (goes_on) body(s.else_body);
    out.push_back(std::move(s));
}

void c_reader::loop(block& out) {
    const auto where = take().at;
    expect("(");
    auto condition = truth(whole());
    expect(")");
    block inside;
    body_of_loop(inside);
    repeat(out, std::move(condition), {}, std::move(inside), where);
}

void c_reader::for_loop(block& out) {
    const auto where = take().at;
    expect("(");
    if (at_declaration()) declaration(out);
    else if (!take_symbol(";")) simple(out);
    auto condition = number(1, where);
    if (!at(";")) condition = truth(whole());
    expect(";");
    block step, inside;
    if (!at(")")) simple(step);
    expect(")");
    body_of_loop(inside);
    repeat(out, std::move(condition), std::move(step), std::move(inside), where);
}

std::size_t c_reader::lost_pointers() const {
    return static_cast<std::size_t>(std::count_if(variables_.begin(), variables_.end(), [](const auto& v) { return v.second.is_lost; }));
}

/// A statement that is done again and again; in its second round it has the pointers its first round left.
void c_reader::body_of_loop(block& out) {
    const auto where = peek().at;
    const auto lost = lost_pointers();
    body(out);
    if (lost_pointers() > lost) refuse(where, "a C pointer is moved by a loop", "use an index");
}

/// while (condition) { inside step }, where `continue` ends what is inside and `break` sets a flag that ends the loop.
void c_reader::repeat(block& out, expression condition, block step, block inside, const place& where) {
    if (holds_choice(condition)) refuse(where, "'?' in a condition", "write it as if and else");
    const bool goes_on = holds_mark(inside, "continue"), breaks = holds_mark(inside, "break");
    if (goes_on && breaks) refuse(where, "a loop with both break and continue");
    if (goes_on) inside = settled(std::move(inside), "continue");
    inside.insert(inside.end(), std::make_move_iterator(step.begin()), std::make_move_iterator(step.end()));
    if (breaks) {
        const auto flag = fmt::format("left_loop_{}", flags_++);
        locals_.push_back(simple_expression(expression::kind::name, where, flag));
        const auto set_flag = [&](auto&& self, block& b) -> void {
            for (std::size_t i = 0; i < b.size(); ++i) {
                if (b[i].is == statement::kind::loop || b[i].is == statement::kind::repeat) continue;
                for (auto& arm : b[i].branches) self(self, arm.body);
                self(self, b[i].else_body);
                if (b[i].is != statement::kind::nothing || b[i].name != "break") continue;
                block set;
                store(set, simple_expression(expression::kind::name, where, flag), number(1, where));
                b.insert(b.begin() + static_cast<std::ptrdiff_t>(i++), std::move(set.front()));
            }
        };
        set_flag(set_flag, inside);
        inside = settled(std::move(inside), "break");
        store(out, simple_expression(expression::kind::name, where, flag), number(0, where));
        auto unset = binary_of(where, "==", simple_expression(expression::kind::name, where, flag), number(0, where));
        condition = binary_of(where, "&&", std::move(unset), std::move(condition));
    }
    auto s = started(statement::kind::repeat, where);
    s.value = std::move(condition);
    s.body = std::move(inside);
    out.push_back(std::move(s));
}

/// return, break, continue.
void c_reader::leave(block& out) {
    const auto word = take();
    if (word.text == "return" && !at(";") && peek().is != kind::end) {
        if (routine_.is == routine::kind::function) store(out, simple_expression(expression::kind::name, word.at, routine_.name), number_of(whole()));
        else whole();   // what is made of it nobody sees
    }
    if (peek().is != kind::end) expect(";");
    if (word.text == "return" && routine_.is == routine::kind::breakpoint) refuse(word.at, "'return' in BREAKPOINT", "leave it out, or write the rest into an else");
    out.push_back(mark(word.text, word.at));
}

// ---- declarations

bool c_reader::at_declaration() const {
    if (peek().is != kind::name) return false;
    if (is_type(peek())) return true;
    std::size_t i = 1;   // Type* name = ...
    while (peek(i).is_symbol("*")) ++i;
    return i > 1 && peek(i).is == kind::name && (peek(i + 1).is_symbol("=") || peek(i + 1).is_symbol(";") || peek(i + 1).is_symbol(","));
}

void c_reader::skip_statement() {
    for (int depth = 0; peek().is != kind::end; ) {
        const auto t = take();
        depth += t.is_symbol("{") || t.is_symbol("(");
        depth -= t.is_symbol("}") || t.is_symbol(")");
        if (depth <= 0 && t.is_symbol(";")) return;
    }
}

void c_reader::declaration(block& out) {
    bool is_integer = false, is_static = false, is_constant = false;
    if (peek().is_name("extern")) return skip_statement();
    const auto where = peek().at;
    bool is_named = false;
    while (peek().is == kind::name && (is_type(peek()) || !is_named) && !(peek(1).is_symbol("=") || peek(1).is_symbol(";"))) {
        const auto word = take().text;
        is_static = is_static || word == "static";
        is_constant = is_constant || word == "const";
        is_integer = is_integer || word == "int" || word == "long" || word == "short" || word == "unsigned" || word == "char" || word == "uint32_t" ||
                     word == "size_t" || word == "bool" || word == "u_int32_t";
        is_named = word != "static" && word != "const" && word != "extern";
        if (is_named && !is_type(peek())) break;
    }
    if (is_static && !is_constant) refuse(where, "a static variable of C keeps its value between calls", "declare it in ASSIGNED");
    do declarator(out, is_integer);
    while (take_symbol(","));
    if (peek().is != kind::end) expect(";");
}

void c_reader::declarator(block& out, bool is_integer) {
    bool is_pointer = false;
    while (at("*") || at("&") || peek().is_name("const")) is_pointer = take().is_symbol("*") || is_pointer;
    if (peek().is != kind::name) refuse(peek().at, "a declaration of C that cannot be read");
    const auto name = take();
    if (at("(")) {   // of a function: its parameters are of no interest
        int depth = 0;
        do {
            depth += at("(");
            depth -= at(")");
        } while (take().is != kind::end && depth > 0 && peek().is != kind::end);
        return;
    }
    variable v;
    v.is_pointer = is_pointer;
    v.is_integer = is_integer;
    v.name = name.text;
    while (own_.contains(v.name) || scope_.variables.contains(v.name) || scope_.routines.contains(v.name)) v.name += "_c";
    auto local = simple_expression(expression::kind::name, name.at, v.name);
    if (take_symbol("[")) {
        const auto length = take();
        if (length.is != kind::number || !length.is_integer || length.value < 1 || length.value > 10000) refuse(name.at, "an array of C without a fixed length");
        expect("]");
        if (at("=") || at("[")) refuse(name.at, "a table of C", "write a FUNCTION_TABLE, or assign the elements in INITIAL");
        local.operands.push_back(number(length.value, length.at));
    }
    if (!is_pointer && std::none_of(locals_.begin(), locals_.end(), [&](const auto& l) { return l.name == v.name; })) locals_.push_back(local);
    variables_.insert_or_assign(name.text, v);
    if (!take_symbol("=")) return;
    auto given = whole();
    if (is_pointer) return set_pointer(name.text, std::move(given), name.at);
    if (given.is != value::kind::number && given.is != value::kind::null) {   // auto
        variables_[name.text].is_pointer = true;
        return set_pointer(name.text, std::move(given), name.at);
    }
    store(out, std::move(local), is_integer ? truncated(std::move(given)) : number_of(std::move(given)));
}

// ---- assignments and calls

void c_reader::set_pointer(const std::string& name, value given, const place& where) {
    const auto at = variables_.find(name);
    if (at == variables_.end() || !at->second.is_pointer) refuse(where, fmt::format("the pointer '{}' is set", name), "pointers are set from outside, before a run");
    auto& v = at->second;
    if (given.is == value::kind::number && given.e.is == expression::kind::number && given.e.value == 0) given.is = value::kind::null;
    if (given.is == value::kind::number) refuse(where, fmt::format("the C pointer '{}' is set to a number", name));
    v.is_lost = false;
    v.holds = std::move(given);
    if (v.holds->is == value::kind::null) v.holds.reset();
}

/// target = given; a choice becomes a branch.
void c_reader::store(block& out, expression target, expression given) {
    const auto where = target.at;
    if (given.is == expression::kind::call && given.name == choice) {
        auto s = started(statement::kind::branch, where);
        s.branches.push_back({std::move(given.operands[0]), {}});
        store(s.branches.back().body, target, std::move(given.operands[1]));
        store(s.else_body, std::move(target), std::move(given.operands[2]));
        return out.push_back(std::move(s));
    }
    if (holds_choice(given)) refuse(where, "'?' within an expression", "write it as if and else");
    auto s = started(statement::kind::assign, where);
    s.target = std::move(target);
    s.value = std::move(given);
    out.push_back(std::move(s));
}

void c_reader::simple(block& out) {
    do {
        if (call_statement(out)) continue;
        const bool counts_first = at("++") || at("--");
        auto op = counts_first ? take() : c_token{};
        const auto name = peek().text;
        const bool is_pointer_variable = peek().is == kind::name && variables_.contains(name) && variables_[name].is_pointer && peek(1).is_symbol("=");
        if (is_pointer_variable) {
            const auto where = take().at;
            take();
            set_pointer(name, whole(), where);
            continue;
        }
        const auto target = unary();
        if (!counts_first) op = take();
        if (op.is_symbol("++") || op.is_symbol("--")) {
            value one;
            one.is_integer = true;
            one.e = number(1, op.at);
            op.text = op.text == "++" ? "+=" : "-=";
            assign(out, target, op, std::move(one));
        } else if (op.is_symbol("=") || op.is_symbol("+=") || op.is_symbol("-=") || op.is_symbol("*=") || op.is_symbol("/=")) {
            auto given = whole();
            if (at("=")) refuse(peek().at, "two assignments in one", "write one statement for each");
            assign(out, target, op, std::move(given));
        } else {
            refuse(op.at, op.is == kind::end ? "the C ends in the middle of a statement" : fmt::format("'{}' in C", op.text));
        }
    } while (take_symbol(","));
    if (!at(")") && peek().is != kind::end) expect(";");   // ')' ends the last part of for (;;)
}

void c_reader::assign(block& out, const value& target, const c_token& op, value given) {
    if (target.is != value::kind::number || target.e.is != expression::kind::name)
        refuse(op.at, target.name.empty() ? "an assignment to what is no variable" : fmt::format("the pointer '{}' is set", target.name), "pointers are set from outside, before a run");
    if (op.text != "=") {
        c_token sign;
        sign.is = kind::symbol;
        sign.at = op.at;
        sign.text = op.text.substr(0, 1);
        given = joined(sign, target, std::move(given));
    }
    store(out, target.e, target.is_integer ? truncated(std::move(given)) : number_of(std::move(given)));
}

}  // namespace apical::nmodl::syntax
