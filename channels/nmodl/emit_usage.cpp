// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <array>
#include <cctype>
#include <map>

#include <fmt/format.h>

#include "channels/nmodl/emit_block.hpp"
#include "channels/nmodl/visit.hpp"

namespace apical::nmodl {
namespace {

using doing = statement::kind;

void add_usage(const block& b, block_usage& to) {
    each_statement(b, [&](const statement& s) {
        each_expression_of(s, [&](const expression& e) { add_usage(e, to); });
        if (s.is == doing::assign || s.is == doing::relax) to.written.insert(s.to.variable);
        if (s.is == doing::relax) to.read.insert(s.to.variable), to.is_differentiable = false;
        if (s.is == doing::fail) to.may_fail = true;
        if (s.is >= doing::net_send && s.is <= doing::for_netcons) to.has_events = true;
        for (const auto& system : s.system) {
            to.has_systems = true, to.is_differentiable = false;
            each_expression_of_system(system, [&](const expression& e) { add_usage(e, to); });
            for (const auto& u : system.unknowns) to.written.insert(u.variable), to.read.insert(u.variable);
        }
    });
}

bool depends(const expression& e, const std::set<int>& on) {
    block_usage used;
    add_usage(e, used);
    return std::ranges::any_of(used.read, [&](int v) { return on.contains(v); });
}

/// Adds what one pass over a block finds to depend on what is known to.
void spread(const block& b, std::set<int>& found) {
    each_statement(b, [&](const statement& s) {
        if (s.is == doing::assign && depends(s.value, found)) found.insert(s.to.variable);
    });
}

constexpr std::array reserved{
    "alignas", "alignof", "and", "and_eq", "asm", "auto", "bitand", "bitor", "bool", "break", "case", "catch", "char", "class", "compl", "concept",
    "const", "consteval", "constexpr", "constinit", "continue", "co_await", "co_return", "co_yield", "decltype", "default", "delete", "do",
    "double", "else", "enum", "explicit", "export", "extern", "false", "float", "for", "friend", "goto", "if", "inline", "int", "long", "mutable",
    "namespace", "new", "noexcept", "not", "not_eq", "nullptr", "operator", "or", "or_eq", "private", "protected", "public", "register",
    "requires", "return", "short", "signed", "sizeof", "static", "struct", "switch", "template", "this", "throw", "true", "try", "typedef",
    "typeid", "typename", "union", "unsigned", "using", "virtual", "void", "volatile", "wchar_t", "while", "xor", "xor_eq", "linux", "unix"};

}  // namespace

std::set<int> block_usage::all() const {
    auto both = read;
    both.insert(written.begin(), written.end());
    return both;
}

void add_usage(const expression& whole, block_usage& to) {
    each_within(whole, [&](const expression& e) {
        const bool is_random = e.is == expression::kind::call && e.function >= builtin::uniform && e.function <= builtin::poisson;
        if (is_random) to.is_random = true;
        if (is_random || (e.is == expression::kind::call && (e.function == builtin::function_table || e.function == builtin::gamma_ln)))
            to.is_differentiable = false;
        if (e.is == expression::kind::variable) to.read.insert(e.variable);
    });
}

block_usage usage_of(const block& b) {
    block_usage found;
    add_usage(b, found);
    return found;
}

std::set<int> depending_on(const block& b, std::set<int> given) {
    for (std::size_t before = 0; before != given.size();) before = given.size(), spread(b, given);
    return given;
}

bool is_outcome(const variable& v) {
    return v.kept == storage::instance && (v.is == role::state || (v.is == role::assigned && v.is_written));
}

std::string identifier_for(std::string_view name) {
    std::string made;
    for (const char c : name) made += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
    if (made.empty() || std::isdigit(static_cast<unsigned char>(made[0]))) made.insert(0, "n");
    return std::ranges::find(reserved, made) == reserved.end() ? made : made + "_of_mod";
}

std::vector<std::string> local_names(const program& p) {
    std::vector<std::string> names;
    std::map<std::string, int> taken;
    for (const auto& x : p.variables) {
        auto name = identifier_for(x.name) + "_";
        if (const int again = taken[name]++; again > 0) name += fmt::format("{}_", again);
        names.push_back(std::move(name));
    }
    return names;
}

}  // namespace apical::nmodl
