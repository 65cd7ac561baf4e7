// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/assembler.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace apical::nmodl {
namespace {

bool commutes(operation o) {
    using enum operation;
    return o == add || o == multiply || o == equal || o == not_equal || o == both || o == either;
}
bool gives_truth(operation o) {
    using enum operation;
    return o == less || o == less_equal || o == equal || o == not_equal || o == both || o == either || o == neither || o == truth;
}

}  // namespace

assembler::value assembler::add(origin o) {
    values_.push_back(o);
    return static_cast<value>(values_.size()) - 1;
}

assembler::value assembler::number(double x) {
    const auto [at, is_new] = numbers_.try_emplace(std::bit_cast<std::uint64_t>(x), -1);
    if (is_new) {
        code_.uniforms.push_back({uniform_value::kind::number, x, 0});
        at->second = add({.is = kind::number, .number = x, .index = static_cast<int>(code_.uniforms.size()) - 1});
    }
    return at->second;
}

assembler::value assembler::uniform(uniform_value u) {
    const auto [at, is_new] = uniforms_.try_emplace({static_cast<int>(u.is), u.index}, -1);
    if (is_new) {
        code_.uniforms.push_back(u);
        at->second = add({.is = kind::uniform, .index = static_cast<int>(code_.uniforms.size()) - 1});
    }
    return at->second;
}

assembler::value assembler::column(column_use c) {
    const auto [at, is_new] = columns_.try_emplace({static_cast<int>(c.is), c.index}, -1);
    if (is_new) {
        code_.columns.push_back({c.is, c.index});
        at->second = add({.is = kind::column, .index = static_cast<int>(code_.columns.size()) - 1});
    }
    code_.columns[values_[at->second].index].is_written |= c.is_written;
    return at->second;
}

bool assembler::is_truth(value v) const {
    const origin& o = values_[v];
    return is_number(v) ? o.number == 0 || o.number == 1 : o.of >= 0 && gives_truth(o.by);
}

/// A value that is there already and equals the result in every bit, or -1.
assembler::value assembler::simplified(operation o, value a, value b, value c) {
    using enum operation;
    const bool all_numbers = is_number(a) && (b < 0 || is_number(b)) && (c < 0 || is_number(c));
    if (all_numbers) return number(result_of(o, number_of(a), b < 0 ? 0 : number_of(b), c < 0 ? 0 : number_of(c)));
    switch (o) {
        case copy: return a;
        case truth: return is_truth(a) ? a : -1;
        case negate: return values_[a].is == kind::computed && values_[a].by == negate && values_[a].of >= 0 ? values_[a].of : -1;
        case multiply:
            if (is_number(a)) std::swap(a, b);
            return is_number(b, 1) ? a : is_number(b, -1) ? apply(negate, a) : -1;
        case divide: return is_number(b, 1) ? a : -1;
        case subtract: return is_number(b, 0) && std::bit_cast<std::uint64_t>(number_of(b)) == 0 ? a : -1;
        case both:
            if (is_number(a)) std::swap(a, b);
            return !is_number(b) ? -1 : number_of(b) == 0 ? number(0) : apply(truth, a);
        case select: return a == b ? a : is_number(c) ? (number_of(c) != 0 ? a : b) : -1;
        default: return -1;
    }
}

assembler::value assembler::apply(operation o, value a, value b, value c) {
    if (commutes(o) && b < a) std::swap(a, b);
    if (const value known = simplified(o, a, b, c); known >= 0) return known;
    const bool everywhere = is_uniform(a) && (b < 0 || is_uniform(b)) && (c < 0 || is_uniform(c));
    const key k{static_cast<int>(o), a, b, c};
    auto& known = everywhere ? known_uniform_ : known_;
    if (const auto found = known.find(k); found != known.end()) return found->second;
    draft d;
    d.does = o, d.a = a, d.b = b, d.c = c;
    if (everywhere) {
        code_.uniforms.push_back({uniform_value::kind::computed, 0, 0});
        d.to = add({.is = kind::uniform, .index = static_cast<int>(code_.uniforms.size()) - 1, .by = o, .of = a});
        prologue_.push_back(d);
    } else {
        d.to = add({.by = o, .of = a});
        drafts_.push_back(d);
        if (!scopes_.empty()) scopes_.back().push_back(k);
    }
    known.emplace(k, d.to);
    return d.to;
}

assembler::value assembler::cell() { return add({}); }
assembler::value assembler::cell(value initial) {
    const value c = cell();
    set(c, initial);
    return c;
}
void assembler::set(value cell, value to) { set(cell, operation::copy, to, -1); }
void assembler::set(value cell, operation o, value a, value b, value c) {
    draft d;
    d.does = o, d.to = cell, d.a = a, d.b = b, d.c = c;
    drafts_.push_back(d);
}

assembler::value assembler::emit(instruction i, bool has_result, std::vector<value> uses) {
    draft d{i, std::move(uses)};
    if (has_result) d.to = add({});
    drafts_.push_back(std::move(d));
    return drafts_.back().to;
}

void assembler::store(column_use c, value v) {
    c.is_written = true;
    emit({.does = operation::store, .a = v, .b = column(c)}, false);
}
void assembler::accumulate(column_use c, value v) {
    c.is_written = true;
    emit({.does = operation::accumulate, .a = v, .b = column(c)}, false);
}
void assembler::begin_stores() { stores_ = label(), bind(stores_); }
assembler::value assembler::settled(value v) {
    return values_[v].is == kind::column ? emit({.does = operation::load, .a = v}, true) : v;
}

int assembler::label() {
    labels_.push_back(-1);
    return static_cast<int>(labels_.size()) - 1;
}
void assembler::bind(int label) { labels_[label] = static_cast<int>(drafts_.size()); }
void assembler::jump(operation o, value condition, int to) { emit({.does = o, .a = condition, .extra = to}, false); }
void assembler::begin_loop() {
    open_loops_.push_back(static_cast<int>(loops_.size()));
    loops_.push_back({static_cast<int>(drafts_.size()), 0});
    begin_scope();
}
void assembler::end_loop() {
    end_scope();
    loops_[open_loops_.back()].end = static_cast<int>(drafts_.size());
    open_loops_.pop_back();
}
void assembler::begin_scope() { scopes_.emplace_back(); }
void assembler::end_scope() {
    for (const key& k : scopes_.back()) known_.erase(k);
    scopes_.pop_back();
}

}  // namespace apical::nmodl
