// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/sensitivity.hpp"

#include <algorithm>

#include "channels/nmodl/simplify.hpp"
#include "channels/nmodl/variables.hpp"
#include "channels/nmodl/visit.hpp"

namespace apical::nmodl {

namespace {

/// What the wanted variables are computed from, directly or not.
std::set<int> leading_to(std::set<int> wanted, const block& body) {
    for (auto before = wanted.size() + 1; before != wanted.size();) {
        before = wanted.size();
        each_statement(body, [&](const statement& s) {
            if (s.is == statement::kind::assign && wanted.contains(s.to.variable)) { algebra::collect_reads(s.value, wanted); }
        });
    }
    return wanted;
}

}  // namespace

sensitivities::sensitivities(program& p, std::vector<element> columns, const block& body, std::set<int> held)
    : program_(p), columns_(std::move(columns)), body_(body), held_(std::move(held)) {
    for (std::size_t c = 0; c < columns_.size(); ++c) { columns_of_[columns_[c].variable].push_back(static_cast<int>(c)); }
    for (auto before = dependent_.size() + 1; before != dependent_.size();) {
        before = dependent_.size();
        find_dependent(body);
    }
}

void sensitivities::find_dependent(const block& statements) {
    each_statement(statements, [&](const statement& s) {
        std::set<int> reads;
        algebra::collect_reads(s.value, reads);
        const bool is_touched = std::any_of(reads.begin(), reads.end(), [&](int v) {
            return dependent_.contains(v) || columns_of_.contains(v);
        });
        if (is_touched && s.is == statement::kind::assign && !held_.contains(s.to.variable)) { dependent_.insert(s.to.variable); }
        if (is_touched && s.is != statement::kind::assign) {   // which arm is taken depends on a column
            for (const int v : algebra::variables_assigned({s})) { if (!held_.contains(v)) { dependent_.insert(v); } }
        }
    });
}

std::optional<sensitivities::key> sensitivities::key_of(const expression& e) const {
    if (e.operands.empty()) { return key{e.variable, -1}; }
    if (e.operands[0].is != expression::kind::number) { return std::nullopt; }
    return key{e.variable, static_cast<int>(e.operands[0].value)};
}

/// Adds the columns that the value changes with. False if an index that is no number hides which they are.
bool sensitivities::add_columns(const expression& value, std::set<int>& columns) const {
    if (value.is == expression::kind::variable) {
        const auto k = key_of(value);
        if (const auto own = columns_of_.find(value.variable); own != columns_of_.end()) {
            if (!k) { return false; }
            for (const int c : own->second) { if (algebra::same(value, algebra::read(columns_[c]))) { columns.insert(c); } }
        }
        if (dependent_.contains(value.variable)) {
            if (!k) { return false; }
            if (const auto found = locals_.find(*k); found != locals_.end()) {
                for (const auto& [column, local] : found->second) { columns.insert(column); }
            }
        }
    }
    return std::all_of(value.operands.begin(), value.operands.end(), [&](const expression& o) { return add_columns(o, columns); });
}

/// Gives a local to each derivative that may be other than 0; false if an index hides what is assigned or read.
bool sensitivities::find_keys(const block& statements, const std::set<int>& relevant) {
    for (const auto& s : statements) {
        if (!find_keys(s.body, relevant) || !find_keys(s.other, relevant)) { return false; }
        const bool is_followed = s.is == statement::kind::assign && relevant.contains(s.to.variable) && dependent_.contains(s.to.variable);
        if (!is_followed) { continue; }
        const auto target = algebra::read(s.to);
        const auto k = key_of(target);
        std::set<int> columns;
        if (!k || !add_columns(s.value, columns)) { return false; }
        for (const int c : columns) {
            if (algebra::same(columns_[c], s.to)) { return false; }   // an unknown that the body itself changes
            if (locals_[*k].contains(c)) { continue; }
            const auto name = "d_" + algebra::name_of(program_, s.to) + "_" + algebra::name_of(program_, columns_[c]);
            locals_[*k][c] = algebra::add_local(program_, name, s.at);
        }
    }
    return true;
}

algebra::gradient sensitivities::of_variable(const expression& e) const {
    algebra::gradient all;
    if (const auto own = columns_of_.find(e.variable); own != columns_of_.end()) {
        for (const int c : own->second) { if (algebra::same(e, algebra::read(columns_[c]))) { all.emplace(c, algebra::number(1)); } }
    }
    const auto k = key_of(e);
    if (const auto found = k ? locals_.find(*k) : locals_.end(); found != locals_.end()) {
        for (const auto& [column, local] : found->second) { all.try_emplace(column, algebra::read(local)); }
    }
    return all;
}

std::optional<algebra::gradient> sensitivities::of(const expression& e) const {
    std::set<int> columns;
    if (!add_columns(e, columns)) { return std::nullopt; }
    return algebra::gradient_of(e, [&](const expression& variable) { return of_variable(variable); });
}

bool sensitivities::follow(const block& statements, const std::set<int>& relevant, block& out) {
    for (const auto& s : statements) {
        auto copy = s;
        if (s.is == statement::kind::assign && relevant.contains(s.to.variable)) {
            const auto k = key_of(algebra::read(s.to));
            if (const auto found = k ? locals_.find(*k) : locals_.end(); found != locals_.end()) {
                const auto by_columns = of(s.value);
                if (!by_columns) { return false; }
                for (const auto& [column, local] : found->second) {
                    const auto d = by_columns->find(column);
                    out.push_back(algebra::assign({local}, d == by_columns->end() ? algebra::number(0) : d->second, s.at));
                }
            }
        }
        copy.body.clear();
        copy.other.clear();
        if (!follow(s.body, relevant, copy.body) || !follow(s.other, relevant, copy.other)) { return false; }
        out.push_back(std::move(copy));
    }
    return true;
}

std::optional<block> sensitivities::followed(const std::set<int>& wanted) {
    const auto relevant = leading_to(wanted, body_);
    const auto count = [&] {
        std::size_t n = 0;
        for (const auto& [k, by_column] : locals_) { n += by_column.size(); }
        return n;
    };
    for (auto before = count() + 1; before != count();) {
        before = count();
        if (!find_keys(body_, relevant)) { return std::nullopt; }
    }
    block followed;
    if (!follow(body_, relevant, followed)) { return std::nullopt; }
    // What only some way through the body assigns starts at nothing.
    std::set<int> at_top;
    for (const auto& s : body_) {
        if (s.is == statement::kind::assign) { at_top.insert(s.to.variable); }
    }
    block all;
    for (const auto& [k, by_column] : locals_) {
        if (at_top.contains(k.first)) { continue; }
        for (const auto& [column, local] : by_column) { all.push_back(algebra::assign({local}, algebra::number(0), body_.front().at)); }
    }
    all.insert(all.end(), followed.begin(), followed.end());
    return all;
}

}  // namespace apical::nmodl
