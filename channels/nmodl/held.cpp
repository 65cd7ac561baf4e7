// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/held.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"

namespace apical::nmodl {
namespace {

double at(const steps_of_value& values, int step) {
    double value = 0;
    for (const auto& [first, x] : values)
        if (first <= step) value = x;
    return value;
}

double nernst(double inner, double outer, int valence, double celsius) {
    if (inner <= 0) return 1e6;
    if (outer <= 0) return -1e6;
    constexpr double gas = 8.31446261815324, faraday = 96485.3321233100184;
    return 1000*gas*(celsius + 273.15)/faraday/valence*std::log(outer/inner);
}

/// What is under way to the instance: events of connections, and those it sends itself.
struct event {
    double time = 0;
    int connection = -1;       ///< whose values NET_RECEIVE sees; -1: none
    double flag = 0;
    bool is_own = false;
};

class rig final : public event_sink {
public:
    rig(std::shared_ptr<const mechanism> of, const protocol& p, std::vector<std::string> columns)
        : p_(p), cell_(std::move(of), 1), columns_(std::move(columns)) {
        set_up();
    }

    course run() {
        course result{.columns = columns_, .rows = {}, .spikes = {}};
        start();
        result.rows.push_back(sample());
        for (int k = 0; k < p_.steps; ++k) {
            step(k);
            result.rows.push_back(sample());
            check(result.rows.back());
        }
        result.spikes = spikes_;
        return result;
    }

    void send(int, double delay, double flag) override {
        queue_.push_back({t_ + delay, connection_, flag, true});
        outstanding_ = queue_.back().time;
    }
    void spike(int, double time) override { spikes_.push_back(time); }
    void move(int, double time) override {
        for (auto& e : queue_)
            if (e.is_own && e.time == outstanding_) {
                e.time = outstanding_ = time;
                std::rotate(queue_.begin() + (&e - queue_.data()), queue_.begin() + (&e - queue_.data()) + 1, queue_.end());
                return;
            }
    }
    void watch(int, int condition, double flag) override {
        if (!has_watched_) waiting_.clear();
        has_watched_ = true;
        waiting_.push_back({condition, flag, cell_.runs().condition(view(), 0, condition) >= 0});
    }
    std::span<double* const> connections(int) override { return connection_pointers_; }

private:
    struct condition_waited_for { int number; double flag; bool is_past; };

    instance_view view() {
        auto v = cell_.view();
        v.draw = draw_;
        return v;
    }
    const program& source() const { return cell_.source(); }
    bool is_density() const { return source().is == program::kind::density; }

    void set_up() {
        area_ = std::numbers::pi*p_.diameter*p_.length;
        cell_.fill("area", area_);
        cell_.fill("diam", p_.diameter);
        cell_.fill("celsius", p_.celsius);
        cell_.fill("dt", p_.dt);
        for (const auto& [name, value] : p_.parameters) cell_.at(name), cell_.fill(name, value);
        for (const auto& [name, value] : p_.pointers) cell_.at(name), cell_.fill(name, value);
        for (const auto& use : source().ions) {
            const auto given = p_.ions.find(use.name);
            ions_[use.name] = given == p_.ions.end() ? usual_surroundings(use.name) : given->second;
            if (use.valence != 0) ions_[use.name].valence = use.valence;
            cell_.surround(use.name, ions_[use.name]);
        }
        for (const auto& [name, table] : p_.tables) {
            const auto& known = source().function_tables;
            const auto found = std::ranges::find(known, name);
            if (found == known.end()) throw invalid_model(source().name + "." + name, "there is no such FUNCTION_TABLE", suggestion(name, known));
            cell_.tables[static_cast<std::size_t>(found - known.begin())] = table;
        }
        connection_values_.assign(p_.weights.size(), std::vector<double>(static_cast<std::size_t>(source().connection_size)));
        for (auto& c : connection_values_) connection_pointers_.push_back(c.data());
        if (columns_.empty()) columns_ = usual_columns();
    }

    std::vector<std::string> usual_columns() const {
        std::vector<std::string> all{"v"};
        for (const auto& v : source().variables) {
            if (v.kept != storage::instance) continue;
            const bool is_current = std::ranges::any_of(source().currents, [&](const current& c) { return &source().variables[static_cast<std::size_t>(c.variable)] == &v; });
            if (v.is != role::state && v.is != role::inner && v.is != role::outer && !is_current) continue;
            for (int k = 0; k < v.length; ++k) all.push_back(v.is_array ? fmt::format("{}[{}]", v.name, k) : v.name);
        }
        return all;
    }

    // ---- the compartment

    void start() {
        set_time(0);
        set_voltage(p_.v.empty() ? p_.start : at(p_.v, 0));
        for (const auto& use : source().ions) {
            // concentrations that the mechanism writes begin at the global starting value
            if (use.writes_inner) cell_.fill(use.name + "i", ions_[use.name].inner);
            if (use.writes_outer) cell_.fill(use.name + "o", ions_[use.name].outer);
        }
        set_reversals();
        for (const auto& [time, connection] : p_.events) queue_.push_back({time, connection, 0, false});
        cell_.runs().initial(view(), this);
        for (std::size_t i = 0; i < connection_values_.size(); ++i) {
            connection_values_[i].assign(connection_values_[i].size(), 0);
            if (!connection_values_[i].empty()) connection_values_[i][0] = p_.weights[i];
            cell_.runs().net_initial(view(), 0, connection_values_[i].data());
        }
        deliver(0);
        feed(0);
        currents();
        cell_.runs().before_step(view());
    }

    void step(int k) {
        if (!p_.v.empty()) set_voltage(at(p_.v, k));
        draw_ = static_cast<std::uint64_t>(k) + 1;
        feed(k);
        look_at_conditions();
        deliver(t_ + 0.5*p_.dt);
        set_time(t_ + 0.5*p_.dt);
        currents();
        if (p_.v.empty()) {
            const double slope = g_ + p_.cm*1e-3/p_.dt;
            set_voltage(v_ + (p_.inject - i_)/slope);
        }
        set_time(t_ + 0.5*p_.dt);
        give_totals();
        cell_.runs().advance(view());
        cell_.runs().after_solve(view());
        cell_.runs().before_step(view());
        deliver(t_);
    }

    void set_time(double t) { t_ = t; cell_.fill("t", t); }
    void set_voltage(double v) { v_ = v; cell_.fill("v", v); }
    void feed(int k) {
        for (const auto& [ion, values] : p_.feed) fed_[ion] = at(values, k);
    }

    double concentration(const std::string& name, double otherwise) {
        const auto* c = cell_.find(name);
        return c ? *c : otherwise;
    }
    /// Reversal potentials follow concentrations where the mechanism writes one.
    void set_reversals() {
        for (const auto& use : source().ions) {
            auto& s = ions_[use.name];
            if (!use.writes_inner && !use.writes_outer) continue;
            s.reversal = nernst(concentration(use.name + "i", s.inner), concentration(use.name + "o", s.outer), s.valence, p_.celsius);
            cell_.fill("e" + use.name, s.reversal);
        }
    }

    void currents() {
        set_reversals();
        const auto& p = source();
        double own = 0, slope = 0;
        std::vector<double> ion_values(p.currents.size());
        std::vector<double*> ion_pointers;
        std::vector<const current*> of_ions;
        for (const auto& c : p.currents)
            if (c.ion >= 0) of_ions.push_back(&c);
        for (std::size_t n = 0; n < of_ions.size(); ++n) ion_pointers.push_back(&ion_values[n]);
        cell_.runs().breakpoint(view(), {.i = &own, .g = &slope, .ion_i = ion_pointers.data(), .ion_g = nullptr, .slope_over = p_.slope_over});
        const double per_area = is_density() ? 1 : 100/area_;   // nA in mA/cm2
        totals_ = fed_;
        i_ = own*per_area;
        g_ = slope*per_area;
        for (const auto& [ion, amount] : fed_) i_ += amount;
        for (std::size_t n = 0; n < of_ions.size(); ++n) totals_[p.ions[static_cast<std::size_t>(of_ions[n]->ion)].name] += ion_values[n]*per_area;
    }

    /// Currents of ions as blocks other than BREAKPOINT read them: all of the step.
    void give_totals() {
        for (const auto& [ion, total] : totals_) cell_.fill("i" + ion, total);
    }

    // ---- events

    void look_at_conditions() {
        for (auto& c : waiting_) {
            const bool is_past = cell_.runs().condition(view(), 0, c.number) > 0;
            if (is_past && !c.is_past) queue_.push_back({t_, -1, c.flag, false});
            c.is_past = is_past;
        }
    }

    void deliver(double until) {
        const double now = t_;
        for (;;) {
            const auto next = std::ranges::min_element(queue_, {}, &event::time);   // the first of those at one time
            if (next == queue_.end() || next->time > until) break;
            const auto e = *next;
            queue_.erase(next);
            set_time(e.time);
            connection_ = e.connection;
            has_watched_ = false;
            double* values = e.connection >= 0 ? connection_pointers_[static_cast<std::size_t>(e.connection)] : nullptr;
            cell_.runs().receive(view(), 0, values, e.flag, *this);
        }
        set_time(now);
    }

    // ---- what is written down

    std::vector<double> sample() {
        std::vector<double> row;
        for (const auto& name : columns_) row.push_back(value(name));
        return row;
    }
    double value(const std::string& name) {
        if (name == "v") return v_;
        for (const auto& use : source().ions) {
            const auto& s = ions_[use.name];
            if (name == "i" + use.name) return totals_.contains(use.name) ? totals_[use.name] : 0;
            if (name == "e" + use.name) return s.reversal;
            if (name == use.name + "i") return concentration(name, s.inner);
            if (name == use.name + "o") return concentration(name, s.outer);
        }
        const auto bracket = name.find('[');
        if (bracket == std::string::npos) return cell_.at(name);
        return cell_.at(name.substr(0, bracket), std::atoi(name.c_str() + bracket + 1));
    }
    void check(const std::vector<double>& row) {
        for (std::size_t i = 0; i < row.size(); ++i)
            if (!std::isfinite(row[i]))
                throw diverged({.cell = 0, .population = source().name, .location = "the compartment", .time_ms = t_, .quantity = source().name + "." + columns_[i],
                                .value = row[i], .reason = cell_.first_fault.text});
    }

    const protocol& p_;
    patch cell_;
    std::vector<std::string> columns_;
    std::map<std::string, ion_surroundings> ions_;
    std::map<std::string, double> fed_, totals_;
    std::vector<std::vector<double>> connection_values_;
    std::vector<double*> connection_pointers_;
    std::vector<event> queue_;
    std::vector<condition_waited_for> waiting_;
    std::vector<double> spikes_;
    double t_ = 0, v_ = 0, i_ = 0, g_ = 0, area_ = 0, outstanding_ = 0;
    std::uint64_t draw_ = 0;
    int connection_ = -1;
    bool has_watched_ = false;
};

}  // namespace

course run_held(std::shared_ptr<const mechanism> of, const protocol& p, std::vector<std::string> columns) {
    return rig(std::move(of), p, std::move(columns)).run();
}

}  // namespace apical::nmodl
