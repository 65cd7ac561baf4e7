// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "channels/nmodl/c_reader.hpp"

namespace apical::nmodl::syntax {
namespace {

constexpr std::string_view by_hand = "say the same in NMODL";

expression binary_of(const place& at, std::string op, expression a, expression b) {
    auto e = made(expression::kind::binary, at, std::move(op));
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
    if (const auto s = scope.signatures.find(in.name); s != scope.signatures.end())
        for (const auto& name : s->second.integers) variables_[name] = {.name = name, .is_integer = true};
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
        if ((v.holds && v.holds->is == value::kind::file) || (a && a->is == value::kind::file)) continue;   // nothing is asked of it
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
    else if (t.is_name("do")) do_loop(out);
    else if (t.is_name("switch")) choose(out);
    else if (t.is_name("goto") || t.is_name("case") || t.is_name("default")) refuse(t.at, fmt::format("'{}' of C", t.text));
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
        arm.condition = lifted(out, truth(whole()));
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

/// do { } while (condition): a flag lets the first round in.
void c_reader::do_loop(block& out) {
    const auto where = take().at;
    block inside;
    body_of_loop(inside);
    if (!peek().is_name("while")) refuse(peek().at, "'do' without 'while'");
    take();
    expect("(");
    auto condition = truth(whole());
    expect(")");
    const auto first = made(expression::kind::name, where, unique(fmt::format("first_round_{}", flags_++)));
    locals_.push_back(first);
    store(out, first, number(1, where));
    block with_flag;
    store(with_flag, first, number(0, where));
    with_flag.insert(with_flag.end(), std::make_move_iterator(inside.begin()), std::make_move_iterator(inside.end()));
    condition = binary_of(where, "||", binary_of(where, "==", first, number(1, where)), std::move(condition));
    repeat(out, std::move(condition), {}, std::move(with_flag), where);
}

/// switch: arms that do not end in `break` go on with the next.
void c_reader::choose(block& out) {
    struct arm { std::vector<expression> labels; bool is_default = false; block body; };
    const auto where = take().at;
    expect("(");
    const auto selector = made(expression::kind::name, where, unique(fmt::format("selector_{}", flags_++)));
    locals_.push_back(selector);
    store(out, selector, truncated(whole()));
    expect(")");
    expect("{");
    const auto before = variables_;
    std::vector<arm> arms;
    while (!at("}") && peek().is != kind::end) {
        const bool is_case = peek().is_name("case"), is_default = peek().is_name("default");
        if (is_case || is_default) {
            take();
            if (arms.empty() || !arms.back().body.empty()) arms.emplace_back();
            if (is_case) arms.back().labels.push_back(number_of(whole()));
            else arms.back().is_default = true;
            expect(":");
        } else {
            if (arms.empty()) refuse(peek().at, "a statement of switch before its first 'case'");
            statement_into(arms.back().body);
        }
    }
    expect("}");
    lose_pointers(before);
    auto s = started(statement::kind::branch, where);
    block following;
    for (auto a = arms.rbegin(); a != arms.rend(); ++a) {
        a->body.insert(a->body.end(), following.begin(), following.end());
        if (a->body.size() > 5000) refuse(where, "a switch of too many arms that go on with the next", "end them with 'break'");
        following = a->body = settled(std::move(a->body), "break");
    }
    for (auto& a : arms) {
        if (a.is_default) { s.else_body = std::move(a.body); continue; }
        auto condition = binary_of(where, "==", selector, a.labels.front());
        for (std::size_t i = 1; i < a.labels.size(); ++i) condition = binary_of(where, "||", std::move(condition), binary_of(where, "==", selector, a.labels[i]));
        s.branches.push_back({std::move(condition), std::move(a.body)});
    }
    if (s.branches.empty()) std::move(s.else_body.begin(), s.else_body.end(), std::back_inserter(out));
    else out.push_back(std::move(s));
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
        locals_.push_back(made(expression::kind::name, where, flag));
        const auto set_flag = [&](auto&& self, block& b) -> void {
            for (std::size_t i = 0; i < b.size(); ++i) {
                if (b[i].is == statement::kind::loop || b[i].is == statement::kind::repeat) continue;
                for (auto& arm : b[i].branches) self(self, arm.body);
                self(self, b[i].else_body);
                if (b[i].is != statement::kind::nothing || b[i].name != "break") continue;
                block set;
                store(set, made(expression::kind::name, where, flag), number(1, where));
                b.insert(b.begin() + static_cast<std::ptrdiff_t>(i++), std::move(set.front()));
            }
        };
        set_flag(set_flag, inside);
        inside = settled(std::move(inside), "break");
        store(out, made(expression::kind::name, where, flag), number(0, where));
        auto unset = binary_of(where, "==", made(expression::kind::name, where, flag), number(0, where));
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
        const auto signature = scope_.signatures.find(routine_.name);
        const bool is_integer = signature != scope_.signatures.end() && signature->second.gives_integer;
        if (routine_.is == routine::kind::function) {
            auto given = whole();
            store(out, made(expression::kind::name, word.at, routine_.name), is_integer ? truncated(std::move(given)) : number_of(std::move(given)));
        }
        else whole();   // what is made of it nobody sees
    }
    if (peek().is != kind::end) expect(";");
    if (word.text == "return" && routine_.is == routine::kind::breakpoint) refuse(word.at, "'return' in BREAKPOINT", "leave it out, or write the rest into an else");
    out.push_back(mark(word.text, word.at));
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
        s.branches.push_back({lifted(out, std::move(given.operands[0])), {}});
        store(s.branches.back().body, target, std::move(given.operands[1]));
        store(s.else_body, std::move(target), std::move(given.operands[2]));
        return out.push_back(std::move(s));
    }
    auto s = started(statement::kind::assign, where);
    s.target = std::move(target);
    s.value = lifted(out, std::move(given));
    out.push_back(std::move(s));
}

/// The expression, with what C chooses within it put into variables beforehand.
expression c_reader::lifted(block& out, expression e) {
    if (!holds_choice(e)) return e;
    if (e.is != expression::kind::call || e.name != choice) {
        for (auto& o : e.operands) o = lifted(out, std::move(o));
        return e;
    }
    auto chosen = made(expression::kind::name, e.at, unique(fmt::format("choice_{}", flags_++)));
    locals_.push_back(chosen);
    store(out, chosen, std::move(e));
    return chosen;
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
            std::vector<std::pair<value, c_token>> targets{{target, op}};   // x = y = 1
            auto given = whole();
            while (at("=")) {
                targets.emplace_back(std::move(given), take());
                given = whole();
            }
            for (; !targets.empty(); targets.pop_back()) {
                assign(out, targets.back().first, targets.back().second, std::move(given));
                given = targets.back().first;
            }
        } else {
            refuse(op.at, op.is == kind::end ? "the C ends in the middle of a statement" : fmt::format("'{}' in C", op.text));
        }
    } while (take_symbol(","));
    if (!at(")") && peek().is != kind::end) expect(";");   // ')' ends the last part of for (;;)
}

void c_reader::assign(block& out, const value& target, const c_token& op, value given) {
    if (target.is == value::kind::file) return;   // nothing is written to it
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
