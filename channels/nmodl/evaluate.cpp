// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/evaluate.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "channels/nmodl/arithmetic.hpp"
#include "channels/nmodl/services.hpp"
#include "channels/nmodl/strip.hpp"

namespace apical::nmodl {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Instances in a strip, so that its registers take three quarters of a first cache of 32 kB: dispatching an instruction costs as much
/// as some ten instances of an addition.
int size_of_strip(int registers, int instances) {
    int size = 256;
    while (size > 32 && registers*size > 3072) size /= 2;
    return std::min(size, (instances + 7)/8*8);
}

}  // namespace

strip::strip(const code& c, const evaluation& e) : code_(c), e_(e) {
    size_ = std::max(size_of_strip(c.registers, e.count), width);
    const auto uniforms = c.uniforms.size()*width, columns = c.columns.size()*width, registers = static_cast<std::size_t>(c.registers)*size_;
    const auto all = registers + uniforms + columns + 2*static_cast<std::size_t>(size_);
    double* memory = near_;
    if (all > on_stack) far_.resize(all), memory = far_.data();
    registers_ = memory, uniforms_ = registers_ + registers, copies_ = uniforms_ + uniforms;
    unwanted_ = copies_ + columns, zeros_ = unwanted_ + size_;
    std::fill_n(unwanted_, 2*size_, 0.0);
    slots_.resize(c.slots());
    for (int r = 0; r < c.registers; ++r) slots_[r] = registers_ + static_cast<std::size_t>(r)*size_;
    for (std::size_t u = 0; u < c.uniforms.size(); ++u) slots_[c.registers + u] = uniforms_ + u*width;
    loops_.resize(c.loops.size());
    set_uniforms();
}

void strip::set_uniforms() {
    for (std::size_t u = 0; u < code_.uniforms.size(); ++u) {
        const uniform_value& v = code_.uniforms[u];
        double x = v.value;
        if (v.is == uniform_value::kind::shared) x = e_.at.shared[v.index];
        else if (v.is == uniform_value::kind::flag) x = e_.flag;
        else if (v.is == uniform_value::kind::argument) x = static_cast<std::size_t>(v.index) < e_.arguments.size() ? e_.arguments[v.index] : nan;
        std::fill_n(uniforms_ + u*width, width, x);
    }
    for (const instruction& i : code_.prologue) {
        const auto operand = [&](int slot) { return slot < 0 ? nullptr : slots_[slot]; };
        i.run(operand(i.a), i.b < 0 ? operand(i.a) : operand(i.b), i.c < 0 ? operand(i.a) : operand(i.c), slots_[i.to], width);
    }
}

/// Where the strip's part of a column begins; null if nobody has it.
double* strip::column(const column_use& c) const {
    const auto from_first = [this](double* p) { return p ? p + first_ : nullptr; };
    const current_view* to = e_.currents;
    switch (c.is) {
        case column_use::kind::instance: return from_first(e_.at.columns[c.index]);
        case column_use::kind::current: return to ? from_first(to->i) : nullptr;
        case column_use::kind::slope: return to ? from_first(to->g) : nullptr;
        case column_use::kind::ion_current: return to && to->ion_i ? from_first(to->ion_i[c.index]) : nullptr;
        case column_use::kind::ion_slope: return to && to->ion_g ? from_first(to->ion_g[c.index]) : nullptr;
        default: return e_.result ? e_.result + (first_ - e_.first) : nullptr;
    }
}

void strip::begin(int first, int count) {
    first_ = first, count_ = count, lanes_ = (count + width - 1)/width*width;
    const std::size_t base = code_.registers + code_.uniforms.size();
    for (std::size_t k = 0; k < code_.columns.size(); ++k) {
        double* p = column(code_.columns[k]);
        if (count_ < lanes_) {
            double* const copy = copies_ + k*width;
            for (int lane = 0; lane < width; ++lane) copy[lane] = p ? p[std::min(lane, count_ - 1)] : 0;
            p = copy;
        }
        slots_[base + k] = p ? p : code_.columns[k].is_written ? unwanted_ : zeros_;
    }
}
void strip::end() {
    if (count_ < lanes_)
        for (std::size_t k = 0; k < code_.columns.size(); ++k)
            if (double* const p = code_.columns[k].is_written ? column(code_.columns[k]) : nullptr) std::copy_n(copies_ + k*width, count_, p);
    tell_events();
}

/// Whole strips, then what fills whole packs, then the rest.
template <class F> void strip::for_strips(F f) {
    const int last = e_.first + e_.count;
    for (int first = e_.first; first < last;) {
        int count = std::min(size_, last - first);
        if (count > width) count -= count % width;
        begin(first, count);
        f();
        end();
        first += count;
    }
    if (e_.count > 0)
        for (const code::shared_result& r : code_.shared_results) e_.at.shared[r.offset] = at(r.slot, count_ - 1);
}

void strip::run() {
    for_strips([this] { execute(0, static_cast<int>(code_.body.size())); });
}

/// Currents at v + over and at v go to columns of the strip's own, and from there to where they belong.
void strip::run_with_differences(double over) {
    const std::size_t base = code_.registers + code_.uniforms.size();
    std::vector<std::size_t> currents;
    for (std::size_t k = 0; k < code_.columns.size(); ++k) {
        const auto is = code_.columns[k].is;
        if (is == column_use::kind::current || is == column_use::kind::ion_current) currents.push_back(k);
    }
    aligned_vector memory((2*currents.size() + 1)*size_);
    double* const shifted = memory.data();
    for_strips([&] {
        std::fill(memory.begin(), memory.end(), 0.0);
        std::vector<double*> there, shifted_i, i;
        for (std::size_t n = 0; n < currents.size(); ++n) {
            there.push_back(slots_[base + currents[n]]);
            shifted_i.push_back(shifted + (2*n + 1)*size_), i.push_back(shifted + (2*n + 2)*size_);
        }
        const auto use = [&](const std::vector<double*>& columns) {
            for (std::size_t n = 0; n < currents.size(); ++n) slots_[base + currents[n]] = columns[n];
        };
        if (code_.voltage >= 0) {
            double* const v = slots_[code_.voltage];
            for (int k = 0; k < lanes_; ++k) shifted[k] = v[k] + over;
            use(shifted_i), slots_[code_.voltage] = shifted;
            execute(0, code_.stores);
            slots_[code_.voltage] = v;
        }
        use(i);
        execute(0, static_cast<int>(code_.body.size()));
        for (std::size_t n = 0; n < currents.size(); ++n) {
            const column_use& c = code_.columns[currents[n]];
            double* const slope = column({c.is == column_use::kind::current ? column_use::kind::slope : column_use::kind::ion_slope, c.index});
            for (int k = 0; k < lanes_; ++k) there[n][k] += i[n][k];
            if (slope && code_.voltage >= 0) for (int k = 0; k < count_; ++k) slope[k] += (shifted_i[n][k] - i[n][k])/over;
        }
        use(there);
    });
}

void strip::execute(int from, int to) {
    double* const* const slots = slots_.data();
    const instruction* const body = code_.body.data();
    const int lanes = lanes_;
    for (int pc = from; pc < to;) {
        const instruction& i = body[pc];
        if (i.run) {
            const double* const a = slots[i.a];
            i.run(a, i.b < 0 ? a : slots[i.b], i.c < 0 ? a : slots[i.c], slots[i.to], lanes);
            ++pc;
        } else {
            pc = execute_special(pc);
        }
    }
}

/// An instruction that is not arithmetic; gives the next one.
int strip::execute_special(int pc) {
    const instruction& i = code_.body[pc];
    using enum operation;
    switch (i.does) {
        case load: for (int lane = 0; lane < lanes_; ++lane) slots_[i.to][lane] = at(i.a, lane); break;
        case operation::gather: this->gather(i); break;
        case random: draw(i); break;
        case table: look_up(i); break;
        case send: case spike: case move: case watch: record(i); break;
        case fault:
            for (int lane = 0; lane < count_; ++lane) if (is_true(i.a, lane)) { report(i.extra, lane); break; }
            break;
        case skip: return any_true(i.a) ? pc + 1 : i.extra;
        case turn: return i.extra;
        case operation::solve: this->solve(code_.systems[i.extra], pc + 1); return code_.systems[i.extra].end + 1;
        case load_connection: std::fill_n(slots_[i.to], lanes_, e_.connection ? e_.connection[i.extra] : 0); break;
        case store_connection: if (e_.connection) e_.connection[i.extra] = at(i.a, 0); break;
        case connections: loops_[i.extra] = {}; break;
        case operation::next_connection: return this->next_connection(i, pc);
        case operation::connected: this->connected(i); break;
        default: break;
    }
    return pc + 1;
}

bool strip::any_true(int slot) const {
    const double* const x = slots_[slot];
    const int n = code_.is_uniform(slot) ? width : lanes_;
    native_pack found(0.0);
    for (int k = 0; k < n; k += native_width) found += arithmetic::truth(native_pack::load(x + k));
    return math::any_positive(found);
}

void strip::gather(const instruction& i) {
    const std::vector<int>& from = code_.arrays[i.extra].slots;
    const auto length = static_cast<double>(from.size());
    int beyond = -1;
    for (int lane = 0; lane < lanes_; ++lane) {
        const double index = at(i.a, lane);
        const bool is_inside = index > -1 && index < length;
        slots_[i.to][lane] = is_inside ? at(from[static_cast<std::size_t>(std::max(index, 0.0))], lane) : nan;
        if (!is_inside && beyond < 0 && lane < count_ && is_true(i.c, lane)) beyond = lane;
    }
    if (beyond >= 0) report(code_.arrays[i.extra].site, beyond);
}

void strip::draw(const instruction& i) {
    const code::draw& d = code_.draws[i.extra];
    for (int lane = 0; lane < lanes_; ++lane) {
        const auto nth = static_cast<std::uint64_t>(at(i.c, lane));
        const double a = at(i.a, lane), b = i.b < 0 ? 0 : at(i.b, lane);
        slots_[i.to][lane] = random_number(e_.at, first_ + std::min(lane, count_ - 1), d.is, d.stream, nth, a, b);
    }
}

void strip::look_up(const instruction& i) {
    const code::table_call& call = code_.tables[i.extra];
    const bool is_there = call.table >= 0 && static_cast<std::size_t>(call.table) < e_.at.tables.size();
    for (int lane = 0; lane < lanes_; ++lane) {
        const double x[3] = {at(i.a, lane), i.b < 0 ? 0 : at(i.b, lane), i.c < 0 ? 0 : at(i.c, lane)};
        slots_[i.to][lane] = is_there ? table_value(e_.at.tables[call.table], {x, static_cast<std::size_t>(call.arguments)}) : nan;
    }
}

void strip::record(const instruction& i) {
    if (!e_.sink) return;
    for (int lane = 0; lane < count_; ++lane)
        if (is_true(i.c, lane)) events_.push_back({i.does, lane, at(i.a, lane), i.b < 0 ? 0 : at(i.b, lane), i.extra});
}

/// In the order of instances, and for each in the order in which they happened.
void strip::tell_events() {
    std::ranges::stable_sort(events_, {}, &event::lane);
    for (const event& e : events_) {
        const int instance = first_ + e.lane;
        if (e.is == operation::send) e_.sink->send(instance, e.x, e.y);
        else if (e.is == operation::spike) e_.sink->spike(instance, e.x);
        else if (e.is == operation::move) e_.sink->move(instance, e.x);
        else e_.sink->watch(instance, e.condition, e.x);
    }
    events_.clear();
}

void strip::report(int site, int lane) {
    if (!e_.at.faults || e_.at.faults->is != fault_kind::none) return;
    const fault_site& s = code_.sites[site];
    *e_.at.faults = {s.is, first_ + lane, s.at, s.text};
}

int strip::next_connection(const instruction& i, int pc) {
    const code::connection_loop& loop = code_.loops[i.extra];
    connection_state& state = loops_[i.extra];
    const auto mask = [&](double x) { if (state.lane >= 0) slots_[loop.mask][state.lane] = x; };
    if (state.lane < 0) std::fill_n(slots_[loop.mask], lanes_, 0.0);
    while (state.next >= state.all.size()) {
        mask(0);
        do ++state.lane;
        while (state.lane < count_ && !is_true(i.a, state.lane));
        if (state.lane >= count_ || !e_.sink) return loop.end + 2;   // behind the turn
        state.next = 0, state.all = e_.sink->connections(first_ + state.lane);
    }
    mask(1);
    const double* const values = state.all[state.next++];
    for (std::size_t k = 0; k < loop.registers.size(); ++k) std::fill_n(slots_[loop.registers[k]], lanes_, values[loop.offsets[k]]);
    return pc + 1;
}
void strip::connected(const instruction& i) {
    const code::connection_loop& loop = code_.loops[i.extra];
    const connection_state& state = loops_[i.extra];
    double* const values = state.all[state.next - 1];
    for (std::size_t k = 0; k < loop.results.size(); ++k) values[loop.offsets[k]] = at(loop.results[k], state.lane);
}

void run(const code& c, const evaluation& e) { strip(c, e).run(); }
void run_with_differences(const code& c, const evaluation& e, double over) { strip(c, e).run_with_differences(over); }

}  // namespace apical::nmodl
