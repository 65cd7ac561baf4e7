// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "channels/nmodl/build.hpp"
#include "channels/nmodl/resolver.hpp"
#include "channels/nmodl/syntax_visit.hpp"

namespace apical::nmodl {

using syntax_kind = syntax::expression::kind;
using kind = expression::kind;

const expression* resolver::bound(std::string_view name) const {
    for (auto it = scopes_.rbegin(); it != scopes_.rend(); ++it)
        if (const auto found = it->find(name); found != it->end()) return &found->second;
    return nullptr;
}

int resolver::local(const std::string& name, const std::string& unit, const place& at, int length, bool is_array) {
    const int variable = names_.fresh(name, unit, at, length, is_array);
    scopes_.back()[name] = read({.variable = variable}, at);
    return variable;
}

bool resolver::check_length(const syntax::expression& e, int variable, bool has_index) {
    const auto& v = program_.variables[static_cast<std::size_t>(variable)];
    if (v.is_array == has_index) return true;
    if (has_index) error(e.at, fmt::format("{} is no array", e.name), fmt::format("declare it with its length, {}[n], or leave the index away", e.name));
    else error(e.at, fmt::format("{} is an array of {}", e.name, v.length), fmt::format("say which element: {}[0]", e.name));
    return false;
}

std::optional<expression> resolver::index_of(const syntax::expression& e, int variable) {
    if (e.operands.empty()) return {};
    const auto& v = program_.variables[static_cast<std::size_t>(variable)];
    const int length = v.length;
    auto index = whole_number(e.operands.front());
    if (is_number(index) && !(index.value >= 0 && index.value < length)) {
        error(e.at, fmt::format("{}[{}] is beyond the array, which has {} elements", e.name, index.value, length),
              fmt::format("indices go from 0 to {}", length - 1));
        index.value = 0;
    }
    return index;
}

expression resolver::named(const syntax::expression& e) {
    int variable = -1;
    if (const auto* b = bound(e.name)) {
        if (b->is != kind::variable || !b->operands.empty()) {
            auto value = *b;
            value.at = e.at;
            return value;
        }
        variable = b->variable;
    } else {
        const auto* s = names_.find(e.name);
        if (s == nullptr) {
            const bool is_routine = names_.routine(e.name) != nullptr;
            error(e.at, fmt::format("'{}' is not declared", e.name),
                  is_routine ? fmt::format("it is a block: call it, {}(...)", e.name) : names_.suggestion_for(e.name));
            return number(0, e.at);
        }
        if (s->is == symbol::kind::number) return number(s->value, e.at);
        if (s->is != symbol::kind::variable) {
            error(e.at, fmt::format("the FUNCTION_TABLE {} is used like a variable", e.name), fmt::format("call it: {}(...)", e.name));
            return number(0, e.at);
        }
        variable = s->index;
    }
    if (!check_length(e, variable, !e.operands.empty())) return number(0, e.at);
    return read({.variable = variable, .index = index_of(e, variable)}, e.at);
}

element resolver::target(const syntax::expression& e) {
    int variable = -1;
    if (const auto* b = bound(e.name)) {
        if (b->is == kind::variable && b->operands.empty()) variable = b->variable;
        else error(e.at, fmt::format("{} is set, but it counts a loop", e.name), "use a LOCAL of another name");
    } else if (const auto* s = names_.find(e.name)) {
        if (s->is == symbol::kind::variable) variable = s->index;
        else error(e.at, fmt::format("{} is set, but it is not a variable", e.name), "declare a variable of another name in ASSIGNED");
    } else {
        error(e.at, fmt::format("'{}' is not declared", e.name), names_.suggestion_for(e.name));
    }
    if (variable < 0) return {};
    const auto is = program_.variables[static_cast<std::size_t>(variable)].is;
    if (is == role::time || is == role::step || is == role::temperature || is == role::area || is == role::diameter ||
        is == role::flag) {
        error(e.at, fmt::format("{} is set, but it is supplied to the mechanism", e.name), fmt::format("copy it to a LOCAL and set that"));
        return {};
    }
    if (!check_length(e, variable, !e.operands.empty())) return {};
    return {.variable = variable, .index = index_of(e, variable)};
}

expression resolver::value(const syntax::expression& e) {
    if (is_stopped_) return number(0, e.at);
    if (++nodes_ > most_nodes) {
        error(e.at, "with all procedures and functions put in where they are called, this is too long",
              "call a function once, keep its result in a LOCAL, and use that");
        is_stopped_ = true;
        return number(0, e.at);
    }
    switch (e.is) {
        case syntax_kind::number: return number(e.value, e.at);
        case syntax_kind::name:
            if (e.order == 0) return named(e);
            error(e.at, fmt::format("{}@{}: values of earlier steps are not kept", e.name, e.order), "keep them in variables of ASSIGNED");
            return number(0, e.at);
        case syntax_kind::call: return called(e, false);
        case syntax_kind::unary: return unary(e.name == "!" ? kind::logical_not : kind::negate, value(e.operands.at(0)), e.at);
        case syntax_kind::binary: {
            const auto is = operation(e.name);
            if (!is) break;
            auto left = value(e.operands.at(0));
            auto right = value(e.operands.at(1));
            auto result = binary(*is, std::move(left), std::move(right), e.at);
            if (!is_index_ || *is != kind::divide) return result;
            return is_number(result) ? number(std::trunc(result.value), e.at) : call(builtin::floor, {std::move(result)}, e.at);
        }
        case syntax_kind::derivative:
            error(e.at, fmt::format("{}' is read, but it is only an equation's left side", e.name), "keep the right side in a LOCAL and read that");
            return number(0, e.at);
        case syntax_kind::text: break;
    }
    error(e.at, fmt::format("'{}' cannot be part of a calculation", e.name));
    return number(0, e.at);
}

expression resolver::whole_number(const syntax::expression& e) {
    const bool before = std::exchange(is_index_, true);
    auto result = value(e);
    is_index_ = before;
    if (is_number(result)) result.value = std::trunc(result.value);
    return result;
}

std::optional<double> resolver::constant(const syntax::expression& e) {
    // What has calls would leave statements behind
    bool has_call = false;
    syntax::each_within(e, [&](const auto& part) { has_call = has_call || part.is == syntax_kind::call; });
    if (has_call) return {};
    const auto result = whole_number(e);
    return is_number(result) ? std::optional(result.value) : std::nullopt;
}

}  // namespace apical::nmodl
