// SPDX-License-Identifier: BSD-3-Clause
#include "engine/ledger.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace apical {
namespace {

std::size_t index(int i) { return static_cast<std::size_t>(i); }

bool carries(const catalogue::entry& m, ion which) { return m.schema.kind == mechanism_kind::channel && m.schema.carries == which; }
bool has(const cell_plan& cell, const region_plan& r, ion which) {
    const auto is_here = [&](const imported_plan& m) { return std::ranges::any_of(m.rows, [&](int row) { return row >= r.first_row && row < r.first_row + r.rows; }); };
    const auto writes = [&](const imported_plan& m) {
        return std::ranges::any_of(m.program().currents, [&](const nmodl::current& c) {
            return c.ion >= 0 && cell.imported_ions[m.ions[index(c.ion)]].known == static_cast<int>(which);
        });
    };
    return std::ranges::any_of(r.mechanisms, [&](const auto& m) { return carries(m, which); }) ||
           std::ranges::any_of(cell.imported, [&](const auto& m) { return !m.is_point() && writes(m) && is_here(m); });
}

/// The column of a mechanism's reversal potential; null if it has none.
const double* reversal(const mechanism_schema& s, const double* parameters, std::size_t stride) {
    const auto* f = s.parameter("e_rev");
    return f ? parameters + static_cast<std::size_t>(f - s.parameters.data())*stride : nullptr;
}
const double* reversal(const region_plan& r, std::size_t m) {
    return reversal(r.mechanisms[m].schema, r.parameters.data() + index(r.first_parameter[m]*r.rows), index(r.rows));
}
const double* reversal(const receptor_plan& r) { return reversal(r.mechanism.schema, r.parameters.data(), r.rows.size()); }

double chord(double i, double slope, double distance) { return std::abs(distance) < 1e-3 ? slope : i/distance; }

}  // namespace

std::int64_t window_plan::middles(std::int64_t from, std::int64_t to, std::int64_t each) const {
    const std::int64_t whole = (stop - start)/each, left = (stop - start) % each;
    const auto before = [&](std::int64_t at) { return std::min(whole, (2*(at - start) + each - 1)/(2*each)); };
    std::int64_t sum = each*(before(to) - before(from));
    const std::int64_t last = 2*(start + whole*each) + left;   // twice the middle of what is left
    if (left && last >= 2*from && last < 2*to) sum += left;
    return sum;
}

std::vector<double> fastest_changes(const cell_plan& cell, const double* v, const double* x, double later) {
    native_pack most(0.0);
    for (int k = 0; k < cell.first_branch_row*cell.lanes; k += native_pack::width)
        most = math::at_least(math::absolute(native_pack::load(x + k) - native_pack::load(v + k)), most);
    std::vector<double> fastest(index(cell.lanes), 0.0);
    for (int l = 0; l < native_pack::width; ++l) fastest[index(l % cell.lanes)] = std::max(fastest[index(l % cell.lanes)], most[l]/later);
    return fastest;
}

std::size_t ledger::take(std::size_t elements) {
    const auto start = sums_.size();
    sums_.resize(start + (elements + 7)/8*8, 0.0);
    return start;
}

ledger::ledger(const cell_plan& cell) : injected_(index(cell.lanes), 0.0), clamped_(index(cell.lanes), 0.0), is_dense_(index(cell.lanes), 0), weights_(index(cell.lanes), 0.0) {
    const auto lanes = index(cell.lanes), all = index(cell.rows)*lanes;
    std::size_t largest = 0;
    for (const auto& r : cell.regions) {
        const auto elements = index(r.rows)*lanes;
        largest = std::max(largest, elements);
        of_region columns;
        for (std::size_t m = 0; m < r.mechanisms.size(); ++m) {
            const bool is_channel = r.mechanisms[m].schema.kind == mechanism_kind::channel;
            columns.charge.push_back(is_channel ? take(elements) : none);
            columns.e_rev.push_back(carries(r.mechanisms[m], ion::none) ? reversal(r, m) : nullptr);
            columns.conductance.push_back(columns.e_rev.back() ? take(elements) : none);
        }
        columns.overlaps = has(cell, r, ion::na) && has(cell, r, ion::k);
        regions_.push_back(std::move(columns));
    }
    for (const auto& r : cell.receptors) {
        const auto elements = r.rows.size()*lanes;
        of_receptors columns{};
        for (auto* c : {&columns.charge, &columns.conductance, &columns.calcium, &columns.events}) *c = take(elements);
        receptors_.push_back(columns);
    }
    take_imported(cell);
    for (auto* c : {&v_start_, &v_stop_, &v_peak_, &overlap_}) *c = take(all);
    sodium_ = take(largest), potassium_ = take(largest);
}

void ledger::open(const double* v) {
    const auto all = v_stop_ - v_start_;
    std::copy_n(v, all, sums_.data() + v_start_);
    std::copy_n(v, all, sums_.data() + v_peak_);
}
void ledger::close(const double* v) { std::copy_n(v, v_stop_ - v_start_, sums_.data() + v_stop_); }

bool ledger::may_read(const window_plan& w, std::int64_t position, std::int64_t length) const {
    if (!w.contains(position)) return false;
    const auto end = position + length;
    if (w.every == 0 || w.next_interval(position) < end || w.middles(position, end, w.every) > 0) return true;
    return std::ranges::any_of(is_dense_, [](unsigned char d) { return d != 0; }) && w.middles(position, end, w.dense) > 0;
}

/// The time that the step stands for in every lane; false if none.
bool ledger::weigh(const window_plan& w, const solved_step& step, std::span<const double> fastest) {
    const auto from = step.position, to = step.position + step.length;
    const auto turn = w.every == 0 ? from : std::min(w.next_interval(from), to);
    const auto part = [&](unsigned char dense, std::int64_t a, std::int64_t b) { return a == b ? 0 : w.every == 0 ? b - a : w.middles(a, b, dense ? w.dense : w.every); };
    bool any = false;
    for (std::size_t l = 0; l < weights_.size(); ++l) {
        const auto before = part(is_dense_[l], from, turn);
        if (turn < to) is_dense_[l] = w.every == 0 || fastest[l] > fast;
        const auto positions = before + part(is_dense_[l], turn, to);
        weights_[l] = step.time_per_position*static_cast<double>(positions);
        any = any || positions > 0;
    }
    return any;
}

void ledger::read(const window_plan& window, const solved_step& step, std::span<const double> fastest) {
    if (weigh(window, step, fastest)) read_all(step);
}
void ledger::read(const solved_step& moment, double stands_for) {
    weights_.front() = stands_for;
    read_all(moment);
}
void ledger::raise_peak(const double* v) {
    double* const peak = sums_.data() + v_peak_;
    for (std::size_t k = 0; k < v_stop_ - v_start_; ++k) peak[k] = std::max(peak[k], v[k]);
}

void ledger::read_all(const solved_step& step) {
    for (std::size_t r = 0; r < regions_.size(); ++r) read_region(step, r);
    for (std::size_t g = 0; g < receptors_.size(); ++g) read_receptors(step, g);
    for (std::size_t m = 0; m < step.imported.size(); ++m) read_imported(step, m);
    const int lanes = step.cell.lanes;
    double* const peak = sums_.data() + v_peak_;
    for (int k = 0; k < step.cell.first_branch_row*lanes; k += native_pack::width) {
        const auto higher = math::at_least(native_pack::load(step.v + k), native_pack::load(peak + k));
        for (int l = 0; lanes > 1 && l < native_pack::width; ++l)
            if (weights_[index(l)] > 0) peak[k + l] = higher[l];
        if (lanes == 1) higher.store(peak + k);
    }
}

void ledger::read_region(const solved_step& step, std::size_t region) {
    const auto& r = step.cell.regions[region];
    const auto& columns = regions_[region];
    const auto first = index(r.first_row*step.cell.lanes), elements = index(r.rows*step.cell.lanes);
    double* of_ion[ion_count] = {};
    if (columns.overlaps) of_ion[static_cast<int>(ion::na)] = sums_.data() + sodium_, of_ion[static_cast<int>(ion::k)] = sums_.data() + potassium_;
    bool is_first[ion_count] = {true, true, true, true, true};
    for (std::size_t m = 0; m < r.mechanisms.size(); ++m) {
        if (columns.charge[m] == none) continue;
        auto view = step.regions[region];
        view.parameters += index(r.first_parameter[m])*view.parameter_stride;
        view.states += index(r.first_state[m])*view.state_stride;
        if (view.gates) view.gates += index(r.first_gate[m])*view.gate_stride;
        view.q += m;
        kernels::ledger_view to{.weights = weights_.data(), .x = step.x + first, .charge = sums_.data() + columns.charge[m]};
        if (columns.conductance[m] != none) to.conductance = sums_.data() + columns.conductance[m], to.e_rev = columns.e_rev[m];
        const auto which = index(static_cast<int>(r.mechanisms[m].schema.carries));
        to.of_ion = of_ion[which], to.is_first = std::exchange(is_first[which], false);
        r.mechanisms[m].kernels->ledger[step.cell.layout()](view, to);
    }
    if (columns.overlaps) add_imported_overlap(step, region, is_first), add_overlap(first, elements, step.cell.lanes);
}

void ledger::add_overlap(std::size_t first, std::size_t elements, int lanes) {
    const double* const na = sums_.data() + sodium_;
    const double* const k = sums_.data() + potassium_;
    double* const to = sums_.data() + overlap_ + first;
    const native_pack zero(0.0), w = lanes == 1 ? native_pack(weights_[0]) : native_pack::load(weights_.data());
    for (std::size_t e = 0; e < elements; e += index(native_pack::width)) {
        const native_pack both = math::at_most(math::at_least(zero - native_pack::load(na + e), zero), math::at_least(native_pack::load(k + e), zero));
        math::fma(w, both, native_pack::load(to + e)).store(to + e);
    }
}

void ledger::read_receptors(const solved_step& step, std::size_t group) {
    const auto& r = step.cell.receptors[group];
    const auto& columns = receptors_[group];
    const auto lanes = index(step.cell.lanes), elements = r.rows.size()*lanes;
    const double* const kept = step.receptors[group].kept;
    const double* const e_rev = reversal(r);
    for (std::size_t e = 0; e < elements; ++e) {
        const auto at = index(r.rows[e/lanes])*lanes + e % lanes;
        const double weight = weights_[e % lanes];
        const double from_v = step.x[at] - step.v[at];
        const auto line = [&](kernels::kept_columns i, kernels::kept_columns g) { return math::fma(kept[g*elements + e], from_v, kept[i*elements + e]); };
        const double i = line(kernels::kept_i, kernels::kept_g), calcium = line(kernels::kept_calcium_i, kernels::kept_calcium_g);
        sums_[columns.charge + e] += weight*i, sums_[columns.calcium + e] += weight*calcium;
        const double slope = kept[kernels::kept_g*elements + e] - kept[kernels::kept_calcium_g*elements + e];
        if (e_rev) sums_[columns.conductance + e] += weight*chord(i - calcium, slope, step.x[at] - e_rev[e/lanes]);
    }
}

charge_account ledger::account(const cell_plan& cell, std::size_t lane, double implicit_part) const {
    charge_account a;
    const auto lanes = index(cell.lanes);
    for (int s = 0; s < cell.shape->size(); ++s) a.sections.push_back(cell.shape->name(s));
    std::vector<std::size_t> compartment_of_row(index(cell.rows), none);
    const auto& step = cell.steps.front();
    for (int row = 0; row < cell.rows; ++row) {
        const int n = cell.node_of_row[index(row)];
        if (n < 0) continue;
        const auto& node = cell.tree.nodes[index(n)];
        const auto at = index(row)*lanes + lane;
        compartment_of_row[index(row)] = a.compartments.size();
        a.compartments.push_back({.section = node.section, .x = node.x, .area = node.area, .capacitance = step.capacitance[index(row)]*implicit_part*step.h,
                                  .v_start = sums_[v_start_ + at], .v_stop = sums_[v_stop_ + at], .v_peak = sums_[v_peak_ + at],
                                  .overlap = sums_[overlap_ + at]});
        if (row < cell.first_branch_row) add_channels(cell, row, lane, a.compartments.size() - 1, a);
    }
    add_receptors(cell, lane, compartment_of_row, a);
    add_imported(cell, lane, compartment_of_row, a);
    a.injected = injected_[lane], a.clamped = clamped_[lane];
    return a;
}

void ledger::add_channels(const cell_plan& cell, int row, std::size_t lane, std::size_t compartment, charge_account& to) const {
    const auto* const r = cell.region_of(row);
    if (!r) return;
    const auto& columns = regions_[static_cast<std::size_t>(r - cell.regions.data())];
    const auto at = index(row - r->first_row)*index(cell.lanes) + lane;
    for (std::size_t m = 0; m < r->mechanisms.size(); ++m) {
        if (columns.charge[m] == none) continue;
        const double* const e_rev = reversal(*r, m);
        to.passages.push_back({.compartment = compartment, .mechanism = r->mechanisms[m].schema.name, .carries = r->mechanisms[m].schema.carries,
                               .charge = sums_[columns.charge[m] + at], .conductance = columns.conductance[m] == none ? 0 : sums_[columns.conductance[m] + at],
                               .e_rev = e_rev ? e_rev[row - r->first_row] : std::nan(""), .e_na = r->ions[index(static_cast<int>(ion::na))].e_rev,
                               .e_k = r->ions[index(static_cast<int>(ion::k))].e_rev});
    }
}

void ledger::add_receptors(const cell_plan& cell, std::size_t lane, const std::vector<std::size_t>& compartment_of_row, charge_account& to) const {
    const auto lanes = index(cell.lanes);
    for (std::size_t g = 0; g < cell.receptors.size(); ++g) {
        const auto& r = cell.receptors[g];
        const double* const e_rev = reversal(r);
        for (int k = 0; k < r.instances; ++k) {
            const int row = r.rows[index(k)];
            const auto* region = cell.region_of(row);
            if (!region) region = &cell.regions.front();   // a point without membrane: ions are the cell's
            const auto at = index(k)*lanes + lane;
            to.passages.push_back({.compartment = compartment_of_row[index(row)], .mechanism = r.mechanism.schema.name, .is_receptor = true,
                                   .carries = r.mechanism.schema.carries, .charge = sums_[receptors_[g].charge + at],
                                   .calcium = sums_[receptors_[g].calcium + at], .conductance = sums_[receptors_[g].conductance + at],
                                   .e_rev = e_rev ? e_rev[k] : std::nan(""), .e_na = region->ions[index(static_cast<int>(ion::na))].e_rev,
                                   .e_k = region->ions[index(static_cast<int>(ion::k))].e_rev, .events = sums_[receptors_[g].events + at]});
        }
    }
}

}  // namespace apical
