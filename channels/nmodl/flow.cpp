// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/flow.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "channels/nmodl/visit.hpp"

namespace apical::nmodl {
namespace {

using kind = statement::kind;

/// Elements that have been set on every way here: (variable, index), and (variable, -1) for those that are no arrays.
using set_so_far = std::set<std::pair<int, int>>;

set_so_far both(const set_so_far& a, const set_so_far& b) {
    set_so_far common;
    std::ranges::set_intersection(a, b, std::inserter(common, common.end()));
    return common;
}

std::pair<int, int> key_of(int variable, const expression* index) {
    if (index == nullptr) return {variable, -1};
    return {variable, index->is == expression::kind::number ? static_cast<int>(index->value) : -2};   // -2: who knows which
}

bool draws(const expression& e) {
    return e.is == expression::kind::call && (e.function == builtin::uniform || e.function == builtin::normal ||
                                              e.function == builtin::exponential || e.function == builtin::poisson);
}

/// Walks a block in the order of its execution. `Reader` hears of each read that may come before the write, and of each write.
template <class Reader> class walker {
public:
    explicit walker(Reader& reader) : reader_(reader) {}

    void walk(const block& statements, set_so_far& done) {
        for (const auto& s : statements) step(s, done);
    }

private:
    void read(const expression& e, const set_so_far& done) {
        each_within(e, [&](const expression& x) {
            if (x.is == expression::kind::variable)
                reader_.read(x.variable, done.contains(key_of(x.variable, x.operands.empty() ? nullptr : &x.operands.front())));
            else if (draws(x)) reader_.read(x.variable, false), reader_.wrote(x.variable);
        });
    }

    void write(const element& e, set_so_far& done) {
        if (e.index) read(*e.index, done);
        reader_.wrote(e.variable);
        done.insert(key_of(e.variable, e.index ? &*e.index : nullptr));
        done.erase({e.variable, -2});   // an element that is not known does not make the next one known
    }

    void read_element(const element& e, const set_so_far& done) {
        if (e.index) read(*e.index, done);
        reader_.read(e.variable, done.contains(key_of(e.variable, e.index ? &*e.index : nullptr)));
    }

    void solve(const equation_system& system, set_so_far& done) {
        for (const auto& unknown : system.unknowns) read_element(unknown, done);
        for (const auto& unknown : system.unknowns) write(unknown, done);
        walk(system.body, done);
        each_expression_of_system(system, [&](const expression& e) { read(e, done); });
    }

    void step(const statement& s, set_so_far& done) {
        if (s.is == kind::watch) {   // looked at later, when all that this block has set means nothing any more
            set_so_far nothing;
            walk(s.body, nothing);
            read(s.value, nothing);
        } else {
            read(s.value, done);
        }
        read(s.second, done);
        read(s.constant_term, done);
        read(s.slope, done);
        for (const auto& name : s.names) read_element(name, done);
        for (const auto* side : {&s.left, &s.right})
            for (const auto& t : *side) {
                read_element(t.species, done);
                write(t.species, done);
            }
        if (s.is == kind::relax) read_element(s.to, done);
        if (s.is == kind::branch) {
            auto otherwise = done;
            walk(s.body, done);
            walk(s.other, otherwise);
            done = both(done, otherwise);
        } else if (s.is == kind::repeat || s.is == kind::for_netcons) {
            auto within = done;
            walk(s.body, within);
            // the condition is looked at again after the body
            read(s.value, within);
        } else if (s.is == kind::solve) {
            for (const auto& system : s.system) solve(system, done);
        }
        if (s.to.variable >= 0) write(s.to, done);
    }

    Reader& reader_;
};

struct use_table {
    usage& u;
    void read(int variable, bool is_set) {
        const auto i = static_cast<std::size_t>(variable);
        u.reads[i] = 1;
        if (!is_set) u.reads_first[i] = 1;
    }
    void wrote(int variable) { u.writes[static_cast<std::size_t>(variable)] = 1; }
};

bool mentions(const expression& e, int variable) {
    return (e.is == expression::kind::variable && e.variable == variable) ||
           std::ranges::any_of(e.operands, [&](const expression& operand) { return mentions(operand, variable); });
}

/// Whether a way through the block reads the variable before it is set; `is_set`: whether it is on every way, before and after.
bool reads_first(const block& statements, int variable, bool& is_set) {
    for (const auto& s : statements) {
        bool reads = s.is == kind::solve || s.is == kind::watch || (s.is == kind::relax && s.to.variable == variable);
        each_expression_of(s, [&](const expression& e) { reads = reads || mentions(e, variable); });
        if (reads && !is_set) return true;
        bool in_body = is_set, in_other = is_set;
        if (reads_first(s.body, variable, in_body) || reads_first(s.other, variable, in_other)) return true;
        if (s.is == kind::branch) is_set = in_body && in_other;
        is_set = is_set || s.to.variable == variable;
    }
    return false;
}

bool has_effect(const statement& s, const std::vector<char>& is_read, const program& p) {
    if (s.is == kind::branch || s.is == kind::for_netcons) return !s.body.empty() || !s.other.empty();
    if (s.is != kind::assign && s.is != kind::relax) return true;
    const auto i = static_cast<std::size_t>(s.to.variable);
    if (p.variables[i].kept != storage::local || is_read[i]) return true;
    bool has_draw = false;
    each_expression_of(s, [&](const expression& e) { each_within(e, [&](const expression& x) { has_draw = has_draw || draws(x); }); });
    return has_draw;
}

bool drop(block& statements, const std::vector<char>& is_read, const program& p) {
    bool any = false;
    for (auto& s : statements) {
        any = drop(s.body, is_read, p) || any;
        any = drop(s.other, is_read, p) || any;
        for (auto& system : s.system) any = drop(system.body, is_read, p) || any;
    }
    return std::erase_if(statements, [&](const statement& s) { return !has_effect(s, is_read, p); }) > 0 || any;
}

void drop_unread(const program& p, block& statements, const std::vector<int>& results) {
    for (;;) {
        std::vector<char> is_read(p.variables.size());
        for (const int r : results) is_read[static_cast<std::size_t>(r)] = 1;
        each_expression(statements, [&](const expression& e) {
            each_within(e, [&](const expression& x) { if (x.is == expression::kind::variable) is_read[static_cast<std::size_t>(x.variable)] = 1; });
        });
        each_statement(statements, [&](const statement& s) {
            for (const auto& system : s.system)
                for (const auto& unknown : system.unknowns) is_read[static_cast<std::size_t>(unknown.variable)] = 1;
        });
        if (!drop(statements, is_read, p)) return;
    }
}

}  // namespace

usage usage_of(const program& p, const block& statements) {
    const std::size_t n = p.variables.size();
    usage u{std::vector<char>(n), std::vector<char>(n), std::vector<char>(n)};
    use_table table{u};
    set_so_far done;
    walker(table).walk(statements, done);
    return u;
}

bool is_set_before_read(const block& statements, int variable) {
    bool is_set = false;
    return !reads_first(statements, variable, is_set) && is_set;
}

void drop_unread(program& p) {
    std::vector<int> results;   // what is asked for when the block is done
    for (const auto& r : p.routines)
        if (r.result >= 0) results.push_back(r.result);
    if (p.rates)
        for (const auto& [state, rate] : p.rates->rates) results.push_back(rate);
    each_block(p, [&](block& b) { drop_unread(p, b, results); });
}

}  // namespace apical::nmodl
