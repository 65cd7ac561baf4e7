// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <array>
#include <cctype>
#include <map>

#include <fmt/format.h>

#include "channels/nmodl/emit_block.hpp"

namespace apical::nmodl {
namespace {

using doing = statement::kind;

void read_element(const element& x, block_usage& to) {
    if (x.index) add_usage(*x.index, to);
}

void write_element(const element& x, block_usage& to) {
    read_element(x, to);
    to.written.insert(x.variable);
}

void add_usage(const block&, block_usage&);

void add_usage(const equation_system& system, block_usage& to) {
    to.has_systems = true, to.is_differentiable = false;
    for (const auto& u : system.unknowns) write_element(u, to), to.read.insert(u.variable);
    add_usage(system.body, to);
    for (const auto& r : system.residuals) add_usage(r, to);
    for (const auto& j : system.jacobian) add_usage(j.value, to);
}

void add_usage(const block& b, block_usage& to) {
    for (const auto& s : b) {
        add_usage(s.value, to), add_usage(s.second, to), add_usage(s.constant_term, to), add_usage(s.slope, to);
        if (s.is == doing::assign || s.is == doing::relax) write_element(s.to, to);
        if (s.is == doing::relax) to.read.insert(s.to.variable), to.is_differentiable = false;
        if (s.is == doing::fail) to.may_fail = true;
        if (s.is >= doing::net_send && s.is <= doing::for_netcons) to.has_events = true;
        for (const auto& system : s.system) add_usage(system, to);
        add_usage(s.body, to), add_usage(s.other, to);
    }
}

bool depends(const expression& e, const std::set<int>& on) {
    block_usage used;
    add_usage(e, used);
    return std::ranges::any_of(used.read, [&](int v) { return on.contains(v); });
}

/// Adds what one pass over a block finds to depend on what is known to.
void spread(const block& b, std::set<int>& found) {
    for (const auto& s : b) {
        if (s.is == doing::assign && depends(s.value, found)) found.insert(s.to.variable);
        spread(s.body, found), spread(s.other, found);
    }
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

void add_usage(const expression& e, block_usage& to) {
    const bool is_random = e.is == expression::kind::call && e.function >= builtin::uniform && e.function <= builtin::poisson;
    if (is_random) to.is_random = true;
    if (is_random || (e.is == expression::kind::call && (e.function == builtin::function_table || e.function == builtin::gamma_ln)))
        to.is_differentiable = false;
    if (e.is == expression::kind::variable) to.read.insert(e.variable);
    for (const auto& o : e.operands) add_usage(o, to);
}

bool same(const expression& a, const expression& b) {
    if (a.is != b.is || (a.is == expression::kind::number && a.value != b.value) || (a.is == expression::kind::call && a.function != b.function)) return false;
    return a.variable == b.variable && std::ranges::equal(a.operands, b.operands, same);
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
