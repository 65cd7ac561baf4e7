// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "channels/nmodl/build.hpp"
#include "channels/nmodl/resolver.hpp"
#include "channels/nmodl/syntax_visit.hpp"

namespace apical::nmodl {

using syntax_kind = syntax::statement::kind;
using kind = statement::kind;

resolver::resolver(symbols& names, program& p, diagnostics& found) : names_(names), program_(p), found_(found) {}

void resolver::error(const place& at, std::string message, std::string hint) {
    if (told_.insert(fmt::format("{}:{}:{}", at.line, at.column, message)).second) found_.error(at, std::move(message), std::move(hint));
}

void resolver::warn(std::string rule, const place& at, std::string message, std::string hint) {
    if (told_.insert(fmt::format("{}:{}:{}", at.line, at.column, message)).second)
        found_.warn(std::move(rule), at, std::move(message), std::move(hint));
}

block resolver::top(const syntax::block& text, occasion o) {
    const auto before = std::exchange(occasion_, o);
    auto scopes = std::exchange(scopes_, {});
    block result = captured(text);
    scopes_ = std::move(scopes);
    occasion_ = before;
    return result;
}

/// The block in a scope of its own, as statements that stand for themselves.
block resolver::captured(const syntax::block& text) {
    block result;
    block* before = std::exchange(out_, &result);
    scopes_.emplace_back();
    statements(text);
    scopes_.pop_back();
    out_ = before;
    return result;
}

void resolver::emit(statement s) {
    if (is_stopped_) return;
    if (++statements_ > most_statements) {
        error(s.at, "with all procedures put in where they are called, and loops unrolled, this is too long",
              "shorten the loops whose bounds are numbers, or call fewer procedures in them");
        is_stopped_ = true;
        return;
    }
    out_->push_back(std::move(s));
}

void resolver::statements(const syntax::block& text) {
    for (const auto& s : text) {
        if (is_stopped_) return;
        one(s);
    }
}

void resolver::one(const syntax::statement& s) {
    switch (s.is) {
        case syntax_kind::assign: return assigned(s);
        case syntax_kind::call: return call_statement(s);
        case syntax_kind::local: return locals(s);
        case syntax_kind::branch: return branch(s, 0);
        case syntax_kind::loop: return loop(s);
        case syntax_kind::repeat: return repeat(s);
        case syntax_kind::solve:
            if (occasion_ != occasion::breakpoint || !active_.empty())
                for (auto& done : solve(s)) emit(std::move(done));
            return;
        case syntax_kind::reaction: return reaction(s);
        case syntax_kind::equation:
        case syntax_kind::conserve: return equation(s);
        case syntax_kind::compartment:
        case syntax_kind::diffusion: return volumes(s);
        case syntax_kind::watch: return watch(s);
        case syntax_kind::for_netcons: return for_netcons(s);
        case syntax_kind::verbatim: return error(s.at, "VERBATIM: C has no meaning here", "write it in NMODL");
        case syntax_kind::initial:      // read by itself: see receive
        case syntax_kind::table:        // functions are evaluated exactly
        case syntax_kind::conductance:  // derivatives are found from the current
        case syntax_kind::nothing: return;
    }
}

void resolver::assigned(const syntax::statement& s) {
    if (s.target.is == syntax::expression::kind::derivative) {
        if (s.target.order > 1) {
            error(s.at, fmt::format("a derivative of order {}", s.target.order), "write one equation of first order for each of two states");
            return;
        }
        if (occasion_ != occasion::equations || !active_.empty()) {
            error(s.at, fmt::format("{}' = ... is an equation of a DERIVATIVE block", s.target.name), "move it to the DERIVATIVE block");
            return;
        }
    }
    statement made;
    made.at = s.at;
    made.value = value(s.value);
    made.to = target(s.target);
    if (s.target.is == syntax::expression::kind::derivative) made.is = kind::derivative;
    if (made.to.variable >= 0) emit(std::move(made));
}

void resolver::locals(const syntax::statement& s) {
    for (const auto& name : s.names) {
        if (name.operands.empty()) {
            local(name.name, "", name.at);
            continue;
        }
        const auto length = constant(name.operands.front());
        if (!length || !(*length >= 1 && *length <= most_iterations)) {
            error(name.at, fmt::format("the length of the LOCAL {} is not a number of elements", name.name), "write a whole number above 0");
            continue;
        }
        local(name.name, "", name.at, static_cast<int>(*length), true);
    }
}

void resolver::branch(const syntax::statement& s, std::size_t arm) {
    if (arm == s.branches.size()) {
        for (auto& made : captured(s.else_body)) out_->push_back(std::move(made));
        return;
    }
    auto condition = value(s.branches[arm].condition);
    if (is_number(condition)) {
        if (condition.value == 0) return branch(s, arm + 1);
        for (auto& made : captured(s.branches[arm].body)) out_->push_back(std::move(made));
        return;
    }
    statement made;
    made.is = kind::branch;
    made.at = s.branches[arm].condition.at;
    made.value = std::move(condition);
    made.body = captured(s.branches[arm].body);
    block* before = std::exchange(out_, &made.other);
    branch(s, arm + 1);   // within `other`, as its condition may need statements
    out_ = before;
    emit(std::move(made));
}

void resolver::loop(const syntax::statement& s) {
    const auto from = constant(s.value), to = constant(s.second), by = constant(s.third);
    if (by && *by <= 0) {
        error(s.at, fmt::format("FROM {}: a step of {} never ends", s.name, *by), "write BY and a whole number above 0");
        return;
    }
    std::size_t length = 0;
    bool is_set = false;   // the count, by the body
    syntax::each_statement(s.body, [&](const auto& inner) {
        ++length;
        is_set = is_set || (inner.is == syntax_kind::assign && inner.target.name == s.name);
    });
    if (from && to && by && !is_set) {
        const double count = *to < *from ? 0 : (*to - *from)/ *by + 1;
        const bool must = occasion_ == occasion::equations;
        if (count <= (must ? most_iterations : worth_unrolling) && (must || count*static_cast<double>(length) <= worth_unrolling)) {
            for (double i = *from; i <= *to && !is_stopped_; i += *by) {
                scopes_.push_back({{s.name, number(i, s.at)}});
                for (auto& made : captured(s.body)) out_->push_back(std::move(made));
                scopes_.pop_back();
            }
            return;
        }
    }
    counted_loop(s, by.value_or(1));
}

void resolver::counted_loop(const syntax::statement& s, double by) {
    auto from = whole_number(s.value);
    scopes_.emplace_back();
    const element counter{.variable = local(s.name, "", s.at)};
    emit(assign(counter, std::move(from), s.at));
    statement made;
    made.is = kind::repeat;
    made.at = s.at;
    block again;   // what the bound needs, before each look at it
    block* before = std::exchange(out_, &again);
    made.value = binary(expression::kind::less_equal, read(counter, s.at), whole_number(s.second), s.at);
    out_ = before;
    for (const auto& a : again) emit(a);
    made.body = captured(s.body);
    made.body.push_back(assign(counter, binary(expression::kind::add, read(counter, s.at), number(by), s.at), s.at));
    made.body.insert(made.body.end(), again.begin(), again.end());
    scopes_.pop_back();
    emit(std::move(made));
}

void resolver::repeat(const syntax::statement& s) {
    statement made;
    made.is = kind::repeat;
    made.at = s.at;
    block again;
    block* before = std::exchange(out_, &again);
    made.value = value(s.value);
    out_ = before;
    for (const auto& a : again) emit(a);
    if (is_number(made.value, 0)) return;
    made.body = captured(s.body);
    made.body.insert(made.body.end(), again.begin(), again.end());
    emit(std::move(made));
}

void resolver::call_statement(const syntax::statement& s) {
    const auto& c = s.value;
    if (sends(c) || (names_.routine(c.name) == nullptr && does_nothing_here(c))) return;
    if (c.name == "state_discontinuity" && names_.routine(c.name) == nullptr) {
        if (!has_arguments(c, 2, 2)) return;
        auto set_to = value(c.operands[1]);
        if (auto to = target(c.operands[0]); to.variable >= 0) emit(assign(std::move(to), std::move(set_to), s.at));
        return;
    }
    if (const auto* r = names_.routine(c.name); r != nullptr && r->is == syntax::routine::kind::derivative && c.operands.empty())
        if (const auto* by = names_.solve_of(c.name)) {   // by its name alone it does the step that SOLVE would
            for (auto& made : solve(*by)) emit(std::move(made));
            return;
        }
    called(c, true);
}

}  // namespace apical::nmodl
