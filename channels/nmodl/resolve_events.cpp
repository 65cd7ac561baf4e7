// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "channels/nmodl/build.hpp"
#include "channels/nmodl/resolver.hpp"
#include "channels/nmodl/syntax_visit.hpp"

namespace apical::nmodl {

using kind = statement::kind;

bool resolver::sends(const syntax::expression& c) {
    const bool is_send = c.name == "net_send", is_event = c.name == "net_event", is_move = c.name == "net_move";
    if ((!is_send && !is_event && !is_move) || names_.routine(c.name) != nullptr) return false;
    if (occasion_ != occasion::event && occasion_ != occasion::initial) {
        error(c.at, fmt::format("{} outside of NET_RECEIVE and INITIAL", c.name), "move it to NET_RECEIVE");
        return true;
    }
    if (!has_arguments(c, is_send ? 2 : 1, is_send ? 2 : 1)) return true;
    statement made;
    made.is = is_send ? kind::net_send : is_event ? kind::net_event : kind::net_move;
    made.at = c.at;
    made.value = value(c.operands[0]);
    if (is_send) made.second = value(c.operands[1]);
    emit(std::move(made));
    return true;
}

void resolver::watch(const syntax::statement& s) {
    const bool above = s.value.is == syntax::expression::kind::binary && (s.value.name == ">" || s.value.name == ">=");
    const bool below = s.value.is == syntax::expression::kind::binary && (s.value.name == "<" || s.value.name == "<=");
    if (!above && !below) {
        error(s.at, "WATCH waits for something that is no comparison", "write WATCH (variable > threshold) flag");
        return;
    }
    statement made;
    made.is = kind::watch;
    made.at = s.at;
    made.variable = program_.watches++;
    block* before = std::exchange(out_, &made.body);
    auto left = value(s.value.operands.at(0)), right = value(s.value.operands.at(1));
    out_ = before;
    made.value = binary(expression::kind::subtract, above ? left : right, above ? right : left, s.at);
    made.second = value(s.second);
    emit(std::move(made));
}

void resolver::for_netcons(const syntax::statement& s) {
    if (occasion_ != occasion::event && occasion_ != occasion::initial) {
        error(s.at, "FOR_NETCONS outside of NET_RECEIVE", "move it to NET_RECEIVE");
        return;
    }
    if (s.names.size() > program_.arguments.size()) {
        error(s.at, fmt::format("FOR_NETCONS has {} arguments, NET_RECEIVE {}", s.names.size(), program_.arguments.size()), "give them alike");
        return;
    }
    std::set<std::string> used, set;
    syntax::each_expression(s.body, [&](const auto& e) { used.insert(e.name); });
    syntax::each_statement(s.body, [&](const auto& inner) { set.insert(inner.target.name); });
    // Within, arguments are those of the connection whose turn it is; the event's own are there by copies
    scope inside;
    std::vector<std::pair<element, element>> back;
    for (const auto& bindings : scopes_)
        for (const auto& [name, what] : bindings) {
            if (!used.contains(name) || what.is != expression::kind::variable) continue;
            const auto& v = program_.variables[static_cast<std::size_t>(what.variable)];
            if (v.kept != storage::connection) continue;
            const element own{.variable = what.variable}, copy{.variable = names_.fresh(name, v.unit, s.at)};
            emit(assign(copy, read(own, s.at), s.at));
            inside[name] = read(copy, s.at);
            if (set.contains(name)) back.emplace_back(own, copy);
        }
    for (std::size_t i = 0; i < s.names.size(); ++i) {
        const auto& name = s.names[i].name;
        if (const auto it = inside.find(name); it != inside.end())
            std::erase_if(back, [&](const auto& b) { return b.second.variable == it->second.variable; });
        inside[name] = read({.variable = program_.arguments[i]}, s.at);
    }
    statement made;
    made.is = kind::for_netcons;
    made.at = s.at;
    scopes_.push_back(std::move(inside));
    made.body = captured(s.body);
    scopes_.pop_back();
    emit(std::move(made));
    for (const auto& [own, copy] : back) emit(assign(own, read(copy, s.at), s.at));
}

block resolver::receive(const syntax::routine& r, block& initial) {
    occasion_ = occasion::event;
    scopes_ = {{}};
    const auto connection_value = [&](const std::string& name, const std::string& unit, const place& at) {
        const int variable = local(name, unit, at);
        program_.variables[static_cast<std::size_t>(variable)].kept = storage::connection;
        program_.arguments.push_back(variable);
    };
    for (const auto& a : r.arguments) connection_value(a.name, a.unit, a.at);
    if (r.arguments.empty()) connection_value("weight", "", r.at);
    const int flag = local("flag", "1", r.at);
    program_.variables[static_cast<std::size_t>(flag)].kept = storage::shared;
    program_.variables[static_cast<std::size_t>(flag)].is = role::flag;
    const auto first = std::ranges::find(r.body, syntax::statement::kind::initial, &syntax::statement::is);
    if (first != r.body.end()) {
        scopes_.emplace_back();   // LOCALs of NET_RECEIVE are seen in its INITIAL
        for (const auto& s : r.body)
            if (s.is == syntax::statement::kind::local) locals(s);
        initial = captured(first->body);
        scopes_.pop_back();
    } else {
        for (std::size_t i = 1; i < program_.arguments.size(); ++i)
            initial.push_back(assign({.variable = program_.arguments[i]}, number(0, r.at), r.at));
    }
    block body = captured(r.body);
    scopes_ = {};
    return body;
}

}  // namespace apical::nmodl
