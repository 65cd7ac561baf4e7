// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/bytecode.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "channels/nmodl/block_compiler.hpp"

namespace apical::nmodl {
namespace {

/// Turns that all loops of a block may take together, for one instance; more are an endless loop.
constexpr double most_turns = 1e6;

void add_elements(const program& p, const element& e, std::set<variable_key>& to) {
    const variable& v = p.variables[e.variable];
    if (e.index && e.index->is == expression::kind::number && e.index->value > -1 && e.index->value < v.length) {
        to.insert({e.variable, static_cast<int>(e.index->value)});
        return;
    }
    for (int i = 0; i < (e.index ? v.length : 1); ++i) to.insert({e.variable, i});
}
/// Variables that a failure leaves without meaning.
bool is_result(const variable& v) { return v.kept == storage::instance && (v.is == role::state || (v.is == role::assigned && v.is_written)); }

void add_assigned(const program& p, const block& b, std::set<variable_key>& to) {
    for (const statement& s : b) {
        using enum statement::kind;
        if (s.is == assign || s.is == statement::kind::relax) add_elements(p, s.to, to);
        if (s.is == statement::kind::repeat) to.insert(turns);
        if (s.is == statement::kind::fail)
            for (std::size_t v = 0; v < p.variables.size(); ++v)
                if (is_result(p.variables[v])) for (int i = 0; i < p.variables[v].length; ++i) to.insert({static_cast<int>(v), i});
        bool draws_one = draws_random(s.value) || draws_random(s.second) || draws_random(s.constant_term) || draws_random(s.slope);
        if (s.to.index) draws_one |= draws_random(*s.to.index);
        for (const equation_system& e : s.system) {
            for (const element& x : e.unknowns) add_elements(p, x, to);
            add_assigned(p, e.body, to);
            draws_one |= std::ranges::any_of(e.residuals, draws_random);
        }
        if (draws_one) to.insert(draws);
        add_assigned(p, s.body, to), add_assigned(p, s.other, to);
    }
}

}  // namespace

std::set<variable_key> assigned_in(const program& p, const block& b) {
    std::set<variable_key> found;
    add_assigned(p, b, found);
    return found;
}

block_compiler::block_compiler(const program& p, const compilation& c)
    : program_(p), wanted_(c), has_slopes_(c.has_slopes), by_voltage_(c.has_slopes) {
    for (std::size_t k = 0; k < c.arguments.size(); ++k)
        holds_[{c.arguments[k], 0}] = {out_.uniform({uniform_value::kind::argument, 0, static_cast<int>(k)})};
    if (c.has_connection) load_connection();
}

code block_compiler::result() {
    for (const block* b : wanted_.blocks) run(*b);
    if (wanted_.has_currents) add_currents();
    value v = -1;
    if (wanted_.value) v = evaluate(*wanted_.value).is;
    else if (wanted_.result >= 0) v = held_by({wanted_.result, 0}).is;
    if (v >= 0) v = out_.settled(v);
    store_all();
    if (v >= 0) out_.store({column_use::kind::result}, v);
    std::vector<value> last;
    for (const code::shared_result& r : out_.target().shared_results) last.push_back(r.slot);
    if (!last.empty()) out_.emit({.does = operation::keep}, false, last);
    return out_.finish();
}

// What variables hold.

std::vector<variable_key> block_compiler::elements_of(storage kept) const {
    std::vector<variable_key> all;
    for (std::size_t v = 0; v < program_.variables.size(); ++v)
        if (program_.variables[v].kept == kept)
            for (int i = 0; i < program_.variables[v].length; ++i) all.emplace_back(static_cast<int>(v), i);
    return all;
}

/// What a variable holds when the block begins.
block_compiler::held block_compiler::initially(variable_key k) const {
    if (k.first < 0) return {out_.number(0)};
    const variable& v = program_.variables[k.first];
    const int at = v.offset + k.second;
    switch (v.kept) {
        case storage::instance: {
            const value column = out_.column({column_use::kind::instance, at});
            if (v.is != role::voltage) return {column};
            out_.target().voltage = column;
            return {column, by_voltage_ ? out_.number(1) : -1};
        }
        case storage::shared:
            return {v.is == role::flag ? out_.uniform({uniform_value::kind::flag, 0, 0}) : out_.uniform({uniform_value::kind::shared, 0, at})};
        case storage::connection:
            if (const auto loaded = loaded_.find(k); loaded != loaded_.end()) return {loaded->second};
            return {out_.number(0)};
        default: return {out_.number(0)};
    }
}
block_compiler::held block_compiler::held_by(variable_key k) const {
    const auto found = holds_.find(k);
    return found != holds_.end() ? found->second : initially(k);
}
block_compiler::held block_compiler::of_role(role r) const {
    for (std::size_t v = 0; v < program_.variables.size(); ++v)
        if (program_.variables[v].is == r) return held_by({static_cast<int>(v), 0});
    return {out_.number(std::numeric_limits<double>::quiet_NaN())};
}

void block_compiler::load_connection() {
    for (const variable_key& k : elements_of(storage::connection)) {
        loaded_[k] = out_.emit({.does = operation::load_connection, .extra = program_.variables[k.first].offset + k.second}, true);
        holds_[k] = {loaded_[k]};
    }
}
void block_compiler::store_connection() {
    for (const auto& [k, loaded] : loaded_) {
        const held h = held_by(k);
        if (h.is == loaded) continue;
        const value v = where_ < 0 ? h.is : apply(operation::select, h.is, loaded, where_);
        out_.emit({.does = operation::store_connection, .a = v, .extra = program_.variables[k.first].offset + k.second}, false);
    }
}

/// Columns are written at the very end, when nobody reads them any more.
void block_compiler::store_all() {
    std::vector<std::pair<column_use, value>> results;
    for (const auto& [k, h] : holds_) {
        if (k.first < 0 || h.is == initially(k).is) continue;
        const variable& v = program_.variables[k.first];
        const int at = v.offset + k.second;
        if (v.kept == storage::instance) results.emplace_back(column_use{column_use::kind::instance, at}, out_.settled(h.is));
        if (v.kept == storage::shared && v.is != role::flag) out_.target().shared_results.push_back({out_.cell(h.is), at});
    }
    out_.begin_stores();
    for (const auto& [column, v] : results) out_.store(column, v);
    this->store_connection();
}

void block_compiler::add_currents() {
    held sum;
    int of_ion = 0;
    const auto add_to = [&](column_use::kind k, int index, value v) { if (v >= 0) out_.accumulate({k, index}, v); };
    for (const current& c : program_.currents) {
        const held h = held_by({c.variable, 0});
        if (c.ion >= 0) {
            add_to(column_use::kind::ion_current, of_ion, h.is);
            add_to(column_use::kind::ion_slope, of_ion++, h.slope);
        }
        const held outward = c.is_electrode ? negate(h) : h;
        sum = sum.is < 0 ? outward : add(sum, outward);
    }
    add_to(column_use::kind::current, 0, sum.is);
    add_to(column_use::kind::slope, 0, sum.slope);
}

// Statements.

void block_compiler::run(const block& b) {
    for (const statement& s : b) run(s);
}
void block_compiler::run(const statement& s) {
    using enum statement::kind;
    at_ = s.at;
    switch (s.is) {
        case assign: return this->assign(s.to, evaluate(s.value));
        case branch: return this->branch(s);
        case repeat: return this->repeat(s);
        case relax: return this->relax(s);
        case solve: return this->solve(s);
        case net_send: case net_event: case net_move: case watch: return event(s);
        case for_netcons: return for_connections(s);
        case fail: return this->fail(s);
        default: return;   // equations, which are worked out before
    }
}

void block_compiler::assign(const element& to, held h) {
    if (!to.index) holds_[{to.variable, 0}] = h;
    else assign_element(to.variable, evaluate(*to.index), h);
}
/// An index beyond the array leaves NaN in all of it.
void block_compiler::assign_element(int variable, held index, held h) {
    using enum operation;
    const int length = program_.variables[variable].length;
    if (out_.is_number(index.is)) {
        const double at = out_.number_of(index.is);
        if (at > -1 && at < length) holds_[{variable, static_cast<int>(at)}] = h;
        else for (int i = 0; i < length; ++i) holds_[{variable, i}] = number(std::numeric_limits<double>::quiet_NaN());
        return;
    }
    const value is_below = apply(operation::less, index.is, out_.number(0));
    const value whole = apply(operation::select, apply(ceil, index.is), apply(floor, index.is), is_below);
    const value is_inside = apply(both, apply(less, out_.number(-1), index.is), apply(less, index.is, out_.number(length)));
    const value is_beyond = apply(neither, is_inside);
    report(site_of(fault_kind::index_out_of_range), where_ < 0 ? is_beyond : apply(both, where_, is_beyond));
    const held kept = choose(is_beyond, number(std::numeric_limits<double>::quiet_NaN()), h);
    for (int i = 0; i < length; ++i) {
        const value is_this = apply(either, is_beyond, apply(equal, whole, out_.number(i)));
        holds_[{variable, i}] = choose(is_this, kept, held_by({variable, i}));
    }
}

block_compiler::value block_compiler::within(value condition) {
    return where_ < 0 ? apply(operation::truth, condition) : apply(operation::both, where_, condition);
}

/// Runs a block where a condition holds; what variables hold afterwards is right there only.
void block_compiler::arm(const block& b, value condition) {
    const value around = where_;
    where_ = within(condition);
    const int end = out_.label();
    out_.jump(operation::skip, where_, end);
    out_.begin_scope();
    run(b);
    out_.end_scope();
    out_.bind(end);
    where_ = around;
}

void block_compiler::branch(const statement& s) {
    const value condition = evaluate(s.value).is;
    if (out_.is_number(condition)) return run(out_.number_of(condition) != 0 ? s.body : s.other);
    const holdings before = holds_;
    if (!s.body.empty()) arm(s.body, condition);
    holdings first = std::exchange(holds_, before);
    if (!s.other.empty()) arm(s.other, apply(operation::neither, condition));
    for (const auto& [k, h] : holds_) first.try_emplace(k, initially(k));
    for (const auto& [k, h] : first) {
        const held other = held_by(k);
        if (h != other) holds_[k] = choose(condition, h, other);
    }
}

/// Registers for variables that a loop changes.
block_compiler::holdings block_compiler::become_cells(const std::set<variable_key>& changed) {
    holdings cells;
    for (const variable_key& k : changed) {
        const held h = held_by(k);
        const bool has_slope = has_slopes_ && k.first >= 0;
        cells[k] = {out_.cell(h.is), has_slope ? out_.cell(h.slope < 0 ? out_.number(0) : h.slope) : -1};
    }
    for (const auto& [k, h] : cells) holds_[k] = h;
    return cells;
}

/// What the body leaves goes into the registers that the next turn finds, where there was a turn.
void block_compiler::end_turn(const std::set<variable_key>& changed, const holdings& cells, value mask) {
    std::vector<std::pair<value, value>> moves;   // from, to
    const auto is_cell = [&](value v) { return std::ranges::any_of(cells, [v](const auto& c) { return c.second.is == v || c.second.slope == v; }); };
    const auto move = [&](value from, value to) {
        if (from != to && to >= 0) moves.emplace_back(is_cell(from) ? out_.emit({.does = operation::load, .a = from}, true) : from, to);
    };
    for (const variable_key& k : changed) {
        const held h = held_by(k), c = cells.at(k);
        move(h.is, c.is);
        move(h.slope < 0 && c.slope >= 0 ? out_.number(0) : h.slope, c.slope);
    }
    for (const auto& [from, to] : moves) out_.set(to, operation::select, from, to, mask);
    for (const auto& [k, h] : cells) holds_[k] = h;
}

void block_compiler::repeat(const statement& s) {
    using enum operation;
    const int site = site_of(fault_kind::endless_loop);
    std::set<variable_key> changed = assigned_in(program_, s.body);
    changed.insert(turns);
    if (draws_random(s.value)) changed.insert(draws);
    const holdings cells = become_cells(changed);
    const value count = cells.at(turns).is, mask = out_.cell(where_ < 0 ? out_.number(1) : where_);
    const value around = std::exchange(where_, mask);
    const int top = out_.label(), end = out_.label(), after = out_.label();
    out_.begin_loop();
    out_.bind(top);
    const value condition = evaluate(s.value).is;
    out_.set(mask, both, mask, condition);
    out_.jump(skip, mask, end);
    out_.set(count, add, count, mask);
    run(s.body);
    end_turn(changed, cells, mask);
    out_.set(mask, both, mask, apply(less, count, out_.number(most_turns)));
    out_.jump(turn, -1, top);
    out_.end_loop();
    out_.bind(end);
    where_ = around;
    const value is_endless = apply(less_equal, out_.number(most_turns), count);
    const value here = where_ < 0 ? is_endless : apply(both, where_, is_endless);
    out_.jump(skip, here, after);
    report(site, here);
    const value nan = out_.number(std::numeric_limits<double>::quiet_NaN());
    for (const auto& [k, c] : cells)
        if (k.first >= 0) out_.set(c.is, select, nan, c.is, here);
    out_.bind(after);
}

/// y + dt phi(slope dt) (constant + slope y), phi(x) = (e^x - 1)/x.
void block_compiler::relax(const statement& s) {
    const held y = read(s.to), constant = evaluate(s.constant_term), slope = evaluate(s.slope), dt = of_role(role::step);
    if (y.slope >= 0 || constant.slope >= 0 || slope.slope >= 0) out_.target().is_exact = false;
    const held way = multiply(dt, {apply(operation::phi, multiply({slope.is}, dt).is)});
    assign(s.to, add({y.is}, multiply(way, add({constant.is}, multiply({slope.is}, {y.is})))));
}

/// Newton's method runs what stands between `solve` and `solved` as often as it needs. Then the body is run once more: it begins where
/// the solution did, and leaves what it computes from the unknowns as they are now.
void block_compiler::solve(const statement& s) {
    const equation_system& system = s.system.front();
    if (has_slopes_) out_.target().is_exact = false;
    std::vector<value> unknowns;
    for (const element& x : system.unknowns) unknowns.push_back(out_.cell(read(x).is));
    const auto n = out_.target().systems.size();
    const int end = out_.label();
    code::equations solved;
    solved.unknowns = unknowns, solved.active = where_, solved.end = end;
    solved.site = site_of(fault_kind::no_convergence), solved.is_linear = system.is_linear;
    out_.target().systems.push_back(solved);
    std::vector<value> uses = unknowns;
    uses.push_back(where_);
    out_.emit({.does = operation::solve, .extra = static_cast<int>(n)}, false, uses);
    const holdings before = holds_;
    out_.begin_loop();
    run_system(system, unknowns, solved);
    uses.insert(uses.end(), solved.residuals.begin(), solved.residuals.end());
    for (const auto& j : solved.jacobian) uses.push_back(j.slot);
    out_.bind(end);
    out_.emit({.does = operation::solved, .extra = static_cast<int>(n)}, false, uses);
    out_.end_loop();
    out_.target().systems[n] = solved;
    holds_ = before;
    hold(system, unknowns);
    run(system.body);
    hold(system, unknowns);
}

void block_compiler::hold(const equation_system& system, const std::vector<value>& unknowns) {
    for (std::size_t i = 0; i < unknowns.size(); ++i) assign(system.unknowns[i], {unknowns[i]});
}

/// Residuals, and the Jacobian as it is given or by differentiation.
void block_compiler::run_system(const equation_system& system, const std::vector<value>& unknowns, code::equations& to) {
    const holdings before = holds_;
    hold(system, unknowns);
    run(system.body);
    for (const expression& r : system.residuals) to.residuals.push_back(evaluate(r).is);
    for (const auto& j : system.jacobian) to.jacobian.push_back({j.row, j.column, evaluate(j.value).is});
    holds_ = before;
    if (system.jacobian.empty()) differentiate(system, unknowns, to);
}

/// The body once more for each unknown, with derivatives by it; what does not depend on it is there already.
void block_compiler::differentiate(const equation_system& system, const std::vector<value>& unknowns, code::equations& to) {
    const holdings before = holds_;
    const bool had_slopes = std::exchange(has_slopes_, true), was_by_voltage = std::exchange(by_voltage_, false);
    const bool was_exact = std::exchange(out_.target().is_exact, true);
    for (std::size_t k = 0; k < unknowns.size(); ++k) {
        for (auto& [key, h] : holds_) h.slope = -1;
        hold(system, unknowns);
        assign(system.unknowns[k], {unknowns[k], out_.number(1)});
        run(system.body);
        for (std::size_t r = 0; r < system.residuals.size(); ++r)
            if (const value slope = evaluate(system.residuals[r]).slope; slope >= 0)
                to.jacobian.push_back({static_cast<int>(r), static_cast<int>(k), slope});
        holds_ = before;
    }
    to.by_differences = !out_.target().is_exact;
    if (to.by_differences) to.jacobian.clear();
    has_slopes_ = had_slopes, by_voltage_ = was_by_voltage, out_.target().is_exact = was_exact;
}

void block_compiler::event(const statement& s) {
    using enum operation;
    if (s.is == statement::kind::watch) {   // what it waits for is looked at later
        out_.emit({.does = watch, .a = evaluate(s.second).is, .c = where_, .extra = s.variable}, false);
        return;
    }
    const value x = evaluate(s.value).is;
    switch (s.is) {
        case statement::kind::net_send: {
            const value flag = evaluate(s.second).is;
            out_.emit({.does = send, .a = x, .b = flag, .c = where_}, false);
            return;
        }
        case statement::kind::net_event: out_.emit({.does = spike, .a = x, .c = where_}, false); return;
        default: out_.emit({.does = move, .a = x, .c = where_}, false);
    }
}

/// Instance by instance, connection by connection: `where_` is the one instance whose turn it is.
void block_compiler::for_connections(const statement& s) {
    using enum operation;
    this->store_connection();
    std::set<variable_key> changed = assigned_in(program_, s.body);
    std::erase_if(changed, [&](variable_key k) { return k.first >= 0 && program_.variables[k.first].kept == storage::connection; });
    const holdings cells = become_cells(changed);
    const auto connection = elements_of(storage::connection);
    const auto n = static_cast<int>(out_.target().loops.size());
    const value mask = out_.cell(out_.number(0));
    const int top = out_.label(), last = out_.label();
    code::connection_loop loop{.mask = mask, .end = last};
    for (const variable_key& k : connection) {
        loop.offsets.push_back(program_.variables[k.first].offset + k.second);
        loop.registers.push_back(out_.cell(out_.number(0)));
        holds_[k] = {loop.registers.back()};
    }
    std::vector<value> uses = loop.registers;
    uses.push_back(mask);
    out_.target().loops.push_back(loop);
    out_.emit({.does = connections, .a = where_, .extra = n}, false, uses);
    out_.begin_loop();
    out_.bind(top);
    out_.emit({.does = next_connection, .extra = n}, false, uses);
    const value around = std::exchange(where_, mask);
    run(s.body);
    for (const variable_key& k : connection) uses.push_back(out_.target().loops[n].results.emplace_back(held_by(k).is));
    end_turn(changed, cells, mask);
    out_.bind(last);
    out_.emit({.does = connected, .extra = n}, false, uses);
    out_.jump(turn, -1, top);
    out_.end_loop();
    where_ = around;
    for (const variable_key& k : connection) holds_.erase(k);
    if (wanted_.has_connection) this->load_connection();
}

int block_compiler::site_of(fault_kind f, std::string text) {
    auto& sites = out_.target().sites;
    sites.push_back({f, at_, std::move(text)});
    return static_cast<int>(sites.size()) - 1;
}
void block_compiler::report(int site, value where) {
    out_.emit({.does = operation::fault, .a = where < 0 ? out_.number(1) : where, .extra = site}, false);
}

void block_compiler::fail(const statement& s) {
    report(site_of(fault_kind::failed, s.text), where_);
    const held nan = number(std::numeric_limits<double>::quiet_NaN());
    for (const variable_key& k : elements_of(storage::instance))
        if (is_result(program_.variables[k.first])) holds_[k] = nan;
}

code compile(const program& p, const compilation& c) { return block_compiler(p, c).result(); }

}  // namespace apical::nmodl
