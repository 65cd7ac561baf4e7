// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/supplied.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>
#include <vector>

#include "core/error.hpp"

namespace apical::nmodl {
namespace {

/// Another mechanism, whose blocks see tables.
class supplied_mechanism final : public mechanism {
public:
    supplied_mechanism(std::shared_ptr<const mechanism> m, supplies s) : m_(std::move(m)), given_(std::move(s)) {
        for (const auto& name : m_->source().function_tables) {
            const auto found = given_.tables.find(name);
            tables_.push_back(found == given_.tables.end() ? function_table{} : found->second);
        }
    }
    const std::shared_ptr<const mechanism>& bare() const { return m_; }
    const supplies& given() const { return given_; }

    const program& source() const override { return m_->source(); }
    void initial(const instance_view& v, event_sink* s) const override { m_->initial(with_tables(v), s); }
    void advance(const instance_view& v) const override { m_->advance(with_tables(v)); }
    void breakpoint(const instance_view& v, const current_view& to) const override { m_->breakpoint(with_tables(v), to); }
    void before_step(const instance_view& v) const override { m_->before_step(with_tables(v)); }
    void after_solve(const instance_view& v) const override { m_->after_solve(with_tables(v)); }
    void receive(const instance_view& v, int instance, double* connection, double flag, event_sink& s) const override {
        m_->receive(with_tables(v), instance, connection, flag, s);
    }
    void net_initial(const instance_view& v, int instance, double* connection) const override { m_->net_initial(with_tables(v), instance, connection); }
    double condition(const instance_view& v, int instance, int n) const override { return m_->condition(with_tables(v), instance, n); }
    void call(const instance_view& v, std::string_view routine, std::span<const double> arguments, double* result) const override {
        m_->call(with_tables(v), routine, arguments, result);
    }

private:
    instance_view with_tables(instance_view v) const {
        v.tables = tables_;
        return v;
    }
    std::shared_ptr<const mechanism> m_;
    supplies given_;
    std::vector<function_table> tables_;       // of program::function_tables
};

std::string place_of(const program& p, const std::string& name) { return "mechanism '" + p.name + "' / " + name; }

std::vector<std::string> pointers_of(const program& p) {
    std::vector<std::string> names;
    for (const auto& v : p.variables)
        if (v.is == role::pointer) names.push_back(v.name);
    return names;
}

void check_table(const function_table& t, const std::string& where) {
    std::size_t combinations = 1;
    for (const auto& axis : t.axes) {
        const bool is_finite = std::ranges::all_of(axis, [](double x) { return std::isfinite(x); });
        if (axis.empty() || !is_finite || std::ranges::adjacent_find(axis, std::greater_equal<>()) != axis.end())
            throw invalid_model(where, "the points of a table must ascend", "give each once, in order");
        combinations *= axis.size();
    }
    if (t.axes.empty() || t.values.size() != combinations)
        throw invalid_model(where, std::to_string(t.values.size()) + " values for " + std::to_string(t.axes.empty() ? 0 : combinations) + " points", "one for each combination of points");
    if (!std::ranges::all_of(t.values, [](double x) { return std::isfinite(x); })) throw invalid_model(where, "a value is not finite");
}

}  // namespace

bool operator==(const supplies& a, const supplies& b) {
    const auto same = [](const auto& x, const auto& y) { return x.first == y.first && x.second.axes == y.second.axes && x.second.values == y.second.values; };
    return a.pointers == b.pointers && std::ranges::equal(a.tables, b.tables, same);
}

std::shared_ptr<const mechanism> supplied(std::shared_ptr<const mechanism> m, supplies s) {
    const auto& p = m->source();
    const auto known_pointers = pointers_of(p);
    for (const auto& [name, table] : s.tables) {
        if (std::ranges::find(p.function_tables, name) == p.function_tables.end())
            throw invalid_model(place_of(p, name), "the file has no such FUNCTION_TABLE", suggestion(name, p.function_tables));
        check_table(table, place_of(p, name));
    }
    for (const auto& [name, to] : s.pointers)
        if (std::ranges::find(known_pointers, name) == known_pointers.end())
            throw invalid_model(place_of(p, name), "the file has no such POINTER", suggestion(name, known_pointers));
    const auto& before = supplies_of(*m);
    s.tables.insert(before.tables.begin(), before.tables.end());
    s.pointers.insert(before.pointers.begin(), before.pointers.end());
    if (const auto* own = dynamic_cast<const supplied_mechanism*>(m.get())) m = std::shared_ptr(own->bare());
    return std::make_shared<supplied_mechanism>(std::move(m), std::move(s));
}

const supplies& supplies_of(const mechanism& m) {
    static const supplies none;
    const auto* own = dynamic_cast<const supplied_mechanism*>(&m);
    return own ? own->given() : none;
}

void check_supplied(const mechanism& m) {
    const auto& p = m.source();
    const auto& given = supplies_of(m);
    for (const auto& name : p.function_tables)
        if (!given.tables.contains(name)) throw invalid_model(place_of(p, name), "the FUNCTION_TABLE has no values", "give it points and values");
    for (const auto& v : p.variables)
        if (v.is == role::pointer && (v.is_read || v.is_written) && !given.pointers.contains(v.name))
            throw invalid_model(place_of(p, v.name), "the POINTER points to nothing", "say which variable it is: \"v\", or one of another mechanism");
}

}  // namespace apical::nmodl
