// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <array>
#include <cmath>

#include "engine/block_cursor.hpp"

namespace apical {
namespace {

std::size_t index(int i) { return static_cast<std::size_t>(i); }

}  // namespace

block::joint_steps::joint_steps(block& b, const plan& p, const block_plan& where, const inlet& in, sink out)
    : block_(b), plan_(p), where_(where), in_(in), out_(out), cursor_(std::make_unique<cursor>(p, where, b.memory_.data(), b.singles_.data(), b.modulation_)) {}
block::joint_steps::joint_steps(joint_steps&&) noexcept = default;
block::joint_steps::~joint_steps() = default;

void block::joint_steps::begin(std::int64_t step, gap_voltages& all) {
    auto& c = *cursor_;
    block_.deliver(plan_, where_, in_, step, cursor_->imported);
    block_.begin_step(plan_, where_, in_, step, c);
    block_.assemble(plan_, where_, c);
    double* const memory = block_.memory_.data();
    const auto lanes = index(c.cell.lanes), n = index(c.cell.rows)*lanes;
    for (const auto& end : where_.gaps) {
        const auto lane = index(end.cell - where_.first_cell), at = index(end.row)*lanes + lane;
        memory[c.map.diagonal + at] += end.conductance;
        const double v = memory[c.map.v + at];
        all[end.own] = {v, v};
    }
    rhs_.assign(memory + c.map.rhs, memory + c.map.rhs + n), diagonal_.assign(memory + c.map.diagonal, memory + c.map.diagonal + n);
}

double block::joint_steps::solve(const gap_voltages& all, gap_voltages& own) {
    auto& c = *cursor_;
    double* const memory = block_.memory_.data();
    double* const rhs = memory + c.map.rhs;
    double* const diagonal = memory + c.map.diagonal;
    const auto lanes = index(c.cell.lanes);
    const auto place = [&](const gap_end& end) { return index(end.row)*lanes + index(end.cell - where_.first_cell); };
    const auto reference = [&](const gap_end& end) { return memory[c.map.reference + index(end.cell - where_.first_cell)]; };
    const auto add = [&](double* to, int half) {
        for (const auto& end : where_.gaps) to[place(end)] += end.conductance*(all[end.peer][index(half)] - reference(end));
    };
    std::ranges::copy(rhs_, rhs), std::ranges::copy(diagonal_, diagonal);
    const bool second_order = plan_.second_order(), halves = c.edges && second_order;
    if (halves) {
        block_.solve_in_halves(c, add);
    } else {
        add(rhs, 0);
        block::solve(c, diagonal, rhs);
    }
    double change = 0;
    for (const auto& end : where_.gaps) {
        const auto at = place(end);
        const double x = rhs[at] + reference(end);
        const bool is_halved = halves && c.edges >> index(end.cell - where_.first_cell) & 1;
        const std::array now = is_halved ? std::array{c.first[at] + reference(end), x} : std::array{x, second_order ? 2*x - memory[c.map.v + at] : x};
        for (std::size_t k = 0; k < 2; ++k) change = std::max(change, std::abs(now[k] - all[end.own][k]));
        own[end.own] = now;
    }
    return change;
}

std::optional<divergence> block::joint_steps::finish() { return block_.finish_step(plan_, where_, *cursor_, out_); }

}  // namespace apical
