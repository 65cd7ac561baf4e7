// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <limits>
#include <numeric>
#include <queue>
#include <utility>

#include "channels/nmodl/assembler.hpp"

/// From values to registers: what is left out, and what lives where.
namespace apical::nmodl {
namespace {

/// Instructions that do nothing but give a value.
bool only_computes(operation o) {
    using enum operation;
    return is_arithmetic(o) || o == load || o == load_connection || o == gather || o == random || o == table;
}

}  // namespace

template <class F> void assembler::for_uses(const draft& d, F f) {
    for (const value v : {d.a, d.b, d.c})
        if (v >= 0) f(v);
    for (const value v : d.uses)
        if (v >= 0) f(v);
}

/// Which instructions have an effect, or give a value to one that is needed.
std::vector<char> assembler::needed() const {
    std::vector<std::vector<int>> definitions(values_.size());
    for (std::size_t p = 0; p < drafts_.size(); ++p)
        if (drafts_[p].to >= 0) definitions[drafts_[p].to].push_back(static_cast<int>(p));
    std::vector<char> is_needed(drafts_.size(), 0), is_used(values_.size(), 0);
    std::vector<int> open;
    const auto need = [&](int p) {
        if (!is_needed[p]) is_needed[p] = 1, open.push_back(p);
    };
    for (std::size_t p = 0; p < drafts_.size(); ++p)
        if (!only_computes(drafts_[p].does)) need(static_cast<int>(p));
    while (!open.empty()) {
        const int p = open.back();
        open.pop_back();
        for_uses(drafts_[p], [&](value v) {
            if (is_used[v]) return;
            is_used[v] = 1;
            for (const int q : definitions[v]) need(q);
        });
    }
    return is_needed;
}

void assembler::keep(const std::vector<char>& which) {
    std::vector<int> moved(drafts_.size() + 1);
    int to = 0;
    for (std::size_t p = 0; p < drafts_.size(); ++p) {
        moved[p] = to;
        if (which[p] && to++ != static_cast<int>(p)) drafts_[to - 1] = std::move(drafts_[p]);
    }
    moved.back() = to;
    drafts_.resize(to);
    for (int& l : labels_) l = l < 0 ? l : moved[l];
    for (span_of& l : loops_) l = {moved[l.begin], moved[l.end]};
}

bool assembler::remove_unneeded() {
    std::vector<char> which = needed();
    for (std::size_t p = 0; p < drafts_.size(); ++p)
        if (drafts_[p].does == operation::skip && labels_[drafts_[p].extra] == static_cast<int>(p) + 1) which[p] = 0;
    if (std::ranges::all_of(which, [](char w) { return w != 0; })) return false;
    keep(which);
    return true;
}

/// Where each value is first and last wanted, counting two for an instruction: its operands at 2p, its result at 2p + 1 if it may take
/// the place of an operand. What a loop finds when it begins it finds again the next time.
std::vector<assembler::span_of> assembler::lifetimes() const {
    constexpr int never = std::numeric_limits<int>::max();
    std::vector<span_of> life(values_.size(), span_of{never, -1});
    const auto seen = [&](value v, int at) { life[v] = {std::min(life[v].begin, at), std::max(life[v].end, at)}; };
    for (std::size_t p = 0; p < drafts_.size(); ++p) {
        const draft& d = drafts_[p];
        const int at = 2*static_cast<int>(p);
        for_uses(d, [&](value v) { seen(v, at); });
        if (d.to >= 0) seen(d.to, is_arithmetic(d.does) ? at + 1 : at);
    }
    std::vector<span_of> loops = loops_;
    std::ranges::sort(loops, {}, [](span_of l) { return l.end - l.begin; });
    for (const span_of l : loops)
        for (span_of& s : life)
            if (s.begin < 2*l.begin && s.end >= 2*l.begin && s.end < 2*l.end) s.end = 2*l.end - 1;
    return life;
}

/// The least number of registers: values in the order in which they begin take any register that is free.
void assembler::allocate() {
    const std::vector<span_of> life = lifetimes();
    std::vector<value> order;
    for (std::size_t v = 0; v < values_.size(); ++v)
        if (values_[v].is == kind::computed && life[v].end >= 0) order.push_back(static_cast<value>(v));
    std::ranges::stable_sort(order, {}, [&](value v) { return life[v].begin; });
    using ending = std::pair<int, int>;   // when, which register
    std::priority_queue<ending, std::vector<ending>, std::greater<>> busy;
    std::priority_queue<int, std::vector<int>, std::greater<>> free;
    for (const value v : order) {
        while (!busy.empty() && busy.top().first < life[v].begin) free.push(busy.top().second), busy.pop();
        int r = code_.registers;
        if (free.empty()) ++code_.registers;
        else r = free.top(), free.pop();
        values_[v].index = r;
        busy.emplace(life[v].end, r);
    }
}

int assembler::slot(value v) const {
    if (v < 0) return -1;
    const origin& o = values_[v];
    if (o.is == kind::computed) return o.index;
    return code_.registers + o.index + (o.is == kind::column ? static_cast<int>(code_.uniforms.size()) : 0);
}

/// Values become slots, labels positions, and arithmetic gets its kernels.
void assembler::to_slots() {
    const auto uniform_bit = [&](int slot, unsigned bit) { return slot >= 0 && code_.is_uniform(slot) ? bit : 0u; };
    for (draft& d : prologue_) {
        code_.prologue.push_back({d.does, slot(d.to), slot(d.a), slot(d.b), slot(d.c), -1, kernel_of(d.does, 0)});
    }
    for (const draft& d : drafts_) {
        instruction i{d.does, slot(d.to), slot(d.a), slot(d.b), slot(d.c), d.extra, nullptr};
        using enum operation;
        if (i.does == store) i = {copy, i.b, i.a};
        else if (i.does == accumulate) i = {add, i.b, i.b, i.a};
        else if (i.does == skip || i.does == turn) i.extra = labels_[i.extra];
        if (is_arithmetic(i.does)) i.run = kernel_of(i.does, uniform_bit(i.a, 1) | uniform_bit(i.b, 2) | uniform_bit(i.c, 4));
        code_.body.push_back(i);
    }
    const auto all_to_slots = [this](std::vector<int>& values) { for (int& v : values) v = slot(v); };
    for (auto& a : code_.arrays) all_to_slots(a.slots);
    for (auto& s : code_.systems) {
        all_to_slots(s.unknowns), all_to_slots(s.residuals);
        for (auto& j : s.jacobian) j.slot = slot(j.slot);
        s.active = slot(s.active), s.end = labels_[s.end];
    }
    for (auto& l : code_.loops) {
        all_to_slots(l.registers), all_to_slots(l.results);
        l.mask = slot(l.mask), l.end = labels_[l.end];
    }
    for (auto& r : code_.shared_results) r.slot = slot(r.slot);
    code_.voltage = slot(code_.voltage);
    code_.stores = stores_ < 0 ? static_cast<int>(code_.body.size()) : labels_[stores_];
}

code assembler::finish() {
    while (remove_unneeded()) {}
    allocate();
    to_slots();
    return std::move(code_);
}

}  // namespace apical::nmodl
