// SPDX-License-Identifier: BSD-3-Clause
#include <array>
#include <cmath>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "channels/nmodl/print.hpp"
#include "channels/nmodl/units.hpp"

namespace apical::nmodl {
namespace {

using syntax::expression;
using syntax::statement;
using kind = expression::kind;

/// What is known of the unit of a value. Nothing known: no complaint, here or further out.
struct measure {
    std::optional<unit> in;
    bool is_bare = false;      ///< a number without a unit, which an assignment may give to anything
};

const unit one{};

/// Walks the statements of a file in order, with the units of all names in scope.
class checker {
public:
    checker(const syntax::file& f, diagnostics& found) : file_(f), found_(found), units_(f, found) { declare_all(); }

    void run() {
        for (const auto& r : file_.routines) routine(r);
    }

private:
    void declare(const std::string& name, const std::string& text, const place& at) {
        const auto u = units_.find(text);
        if (!u)
            found_.warn("units", at, fmt::format("the unit of {}, ({}), is not known: '{}'", name, text, units_.unknown_in(text)),
                        fmt::format("define it in UNITS, such as ({}) = (...)", units_.unknown_in(text)));
        names_[name] = u;
    }

    void declare_all() {
        const std::string current = file_.neuron.is == syntax::interface::kind::point_process ? "nA" : "mA/cm2";
        for (const auto& [name, text] : {std::pair{"v", "mV"}, {"t", "ms"}, {"dt", "ms"}, {"celsius", "degC"}, {"diam", "um"}, {"area", "um2"}})
            names_[name] = units_.find(text);
        for (const auto& ion : file_.neuron.ions) {
            names_["e" + ion.ion] = units_.find("mV");
            names_["i" + ion.ion] = units_.find(current);
            names_[ion.ion + "i"] = names_[ion.ion + "o"] = unit{1, dimensions::volume.power(-1)};
        }
        for (const auto* list : {&file_.parameters, &file_.constants, &file_.assigned, &file_.states})
            for (const auto& d : *list) declare(d.name, d.unit, d.at);
        for (const auto& d : file_.units)
            if (d.is_factor) declare(d.name, d.as_unit, d.at);
        for (const auto& d : file_.locals) names_[d.name] = std::nullopt;
        for (const auto& s : file_.states) names_.try_emplace(s.name + "0", names_[s.name]);
        for (const auto& r : file_.routines) routines_[r.name] = &r;
    }

    // ---- statements

    void routine(const syntax::routine& r) {
        const auto outside = names_;
        compartments_.clear();
        for (const auto& a : r.arguments) {
            if (r.is_unchecked && a.unit.empty()) names_[a.name] = std::nullopt;
            else declare(a.name, a.unit, a.at);
        }
        if (r.is == syntax::routine::kind::function) {
            if (r.is_unchecked && r.unit.empty()) names_[r.name] = std::nullopt;
            else declare(r.name, r.unit, r.at);
        }
        names_["flag"] = one;
        body(r.body);
        names_ = outside;
    }

    void body(const syntax::block& b) {
        for (const auto& s : b) compartment(s);
        for (const auto& s : b) {
            is_unchecked_ = s.is_unchecked;
            one_statement(s);
        }
    }

    void compartment(const statement& s) {
        if (s.is != statement::kind::compartment) return;
        is_unchecked_ = true;
        if (!s.name.empty()) names_[s.name] = one;
        const auto volume = measured(s.value);
        for (const auto& n : s.names) compartments_[n.name] = volume.in;
    }

    void one_statement(const statement& s) {
        switch (s.is) {
            case statement::kind::assign: return assign(s);
            case statement::kind::call: measured(s.value); return;
            case statement::kind::local:
                for (const auto& n : s.names) names_[n.name] = std::nullopt;
                return;
            case statement::kind::branch:
                for (const auto& arm : s.branches) {
                    measured(arm.condition);
                    body(arm.body);
                }
                return body(s.else_body);
            case statement::kind::loop:
                names_[s.name] = one;
                return body(s.body);
            case statement::kind::repeat:
                measured(s.value);
                return body(s.body);
            case statement::kind::initial: return body(s.body);
            case statement::kind::for_netcons: return for_netcons(s);
            case statement::kind::reaction: return reaction(s);
            case statement::kind::equation:
            case statement::kind::conserve: return both_sides(s);
            case statement::kind::watch: measured(s.value); return;
            default: return;
        }
    }

    void for_netcons(const statement& s) {
        for (const auto& r : file_.routines)
            if (r.is == syntax::routine::kind::net_receive)
                for (std::size_t i = 0; i < std::min(s.names.size(), r.arguments.size()); ++i) declare(s.names[i].name, r.arguments[i].unit, s.at);
        body(s.body);
    }

    void assign(const statement& s) {
        const auto value = measured(s.value);
        const auto& to = s.target;
        auto target = names_.contains(to.name) ? names_[to.name] : std::nullopt;
        if (to.is == kind::derivative && target) target = *target/ms().power(to.order);
        if (is_local_without_unit(to)) {
            names_[to.name] = value.is_bare && value.in ? std::optional<unit>() : value.in;
            locals_of_value_.insert_or_assign(to.name, true);
            return;
        }
        if (!target || !value.in || value.is_bare) return;
        if (value.in->is_same_as(*target)) return;
        const auto left = to.is == kind::derivative ? syntax::print(to) : to.name;
        mismatch(to.at, fmt::format("{} is in {}, and is given a value in {}", left, to_text(*target), to_text(*value.in)), *target, *value.in, "the value");
    }

    /// Locals take the unit of what they are given, each time anew.
    bool is_local_without_unit(const expression& to) const {
        const auto found = names_.find(to.name);
        return found != names_.end() && (!found->second || locals_of_value_.contains(to.name)) && !is_declared(to.name);
    }
    bool is_declared(const std::string& name) const {
        for (const auto* list : {&file_.parameters, &file_.constants, &file_.assigned, &file_.states})
            for (const auto& d : *list)
                if (d.name == name) return true;
        return false;
    }

    /// What CONSERVE adds are amounts: concentrations times the volumes of COMPARTMENT.
    void both_sides(const statement& s) {
        are_amounts_ = s.is == statement::kind::conserve;
        const auto left = measured(s.value);
        are_amounts_ = false;
        const auto right = measured(s.second);
        compare(s.at, "the two sides", left, right);
    }

    void reaction(const statement& s) {
        const auto forward = measured(s.value), backward = s.is_sink || s.is_source ? measure{} : measured(s.second);
        auto flux = forward.in;
        if (!s.is_source) flux = times(flux, s.left);
        if (!s.is_sink && !s.is_source) {
            const auto back = times(backward.in, s.right);
            if (flux && back && !flux->is_same_as(*back))
                return mismatch(s.at, fmt::format("the forward flux of the reaction is in {}, the backward one in {}", to_text(*flux), to_text(*back)), *flux, *back,
                                "the backward rate");
        }
        for (const auto* side : {&s.left, &s.right})
            for (const auto& t : *side) {
                const auto known = names_.find(t.species.name);
                if (!flux || known == names_.end() || !known->second || !is_state(t.species.name)) continue;
                auto expected = *known->second/ms();
                if (const auto c = compartments_.find(t.species.name); c != compartments_.end()) {
                    if (!c->second) continue;
                    expected = expected**c->second;
                }
                if (flux->is_same_as(expected)) continue;
                return mismatch(t.species.at, fmt::format("the flux of the reaction is in {}, where {} changes in {}", to_text(*flux), t.species.name, to_text(expected)),
                                expected, *flux, "the rates");
            }
    }
    bool is_state(const std::string& name) const {
        for (const auto& d : file_.states)
            if (d.name == name) return true;
        return false;
    }
    std::optional<unit> times(std::optional<unit> u, const std::vector<syntax::term>& side) {
        for (const auto& t : side) {
            const auto known = names_.find(t.species.name);
            if (!u || known == names_.end() || !known->second) return std::nullopt;
            *u = *u*known->second->power(static_cast<int>(t.coefficient));
        }
        return u;
    }

    // ---- expressions

    measure measured(const expression& e) {
        switch (e.is) {
            case kind::number:
                if (e.is_factor && e.value != 0) return {unit{1/e.value, {}}, false};
                if (!e.unit.empty()) return {of_number(e), false};
                return {one, true};
            case kind::name:
            case kind::derivative: {
                for (const auto& o : e.operands) measured(o);
                const auto known = names_.find(e.name);
                auto u = known == names_.end() ? std::nullopt : known->second;
                if (const auto volume = compartments_.find(e.name); are_amounts_ && volume != compartments_.end())
                    u = u && volume->second ? std::optional(*u**volume->second) : std::nullopt;
                return {u, false};
            }
            case kind::call: return call(e);
            case kind::unary: {
                const auto m = measured(e.operands[0]);
                return e.name == "!" ? measure{one, false} : m;
            }
            case kind::binary: return binary(e);
            case kind::text: break;
        }
        return {};
    }

    std::optional<unit> of_number(const expression& e) {
        const auto u = units_.find(e.unit);
        if (!u) warn(e.at, fmt::format("the unit ({}) is not known: '{}'", e.unit, units_.unknown_in(e.unit)), fmt::format("define ({}) in UNITS", units_.unknown_in(e.unit)));
        return u;
    }

    measure binary(const expression& e) {
        const auto a = measured(e.operands[0]), b = measured(e.operands[1]);
        if (e.name == "*" || e.name == "/") {
            if (!a.in || !b.in) return {};
            return {e.name == "*" ? *a.in**b.in : *a.in/ *b.in, a.is_bare && b.is_bare};
        }
        if (e.name == "^") return power(e, a, b);
        if (e.name == "&&" || e.name == "||") return {one, false};
        const bool is_sum = e.name == "+" || e.name == "-";
        const bool agree = zero(e.operands[0]) || zero(e.operands[1]) || compare_operands(e, a, b);
        if (!is_sum) return {one, false};
        if (!agree) return {};
        return {a.is_bare || zero(e.operands[0]) ? b.in : a.in, a.is_bare && b.is_bare};
    }

    static bool zero(const expression& e) { return e.is == kind::number && e.value == 0; }

    bool compare_operands(const expression& e, const measure& a, const measure& b) {
        const auto word = e.name == "+" ? "added" : e.name == "-" ? "subtracted" : "compared";
        for (const auto& [number, other] : {std::pair{&e.operands[0], &b}, {&e.operands[1], &a}}) {
            const auto& m = number == &e.operands[0] ? a : b;
            if (number->is != kind::number || !m.is_bare || !other->in || other->is_bare || other->in->is_same_as(one)) continue;
            warn(number->at, fmt::format("{} has no unit, and is {} with a value in {}", syntax::print(*number), word, to_text(*other->in)),
                 fmt::format("write {} ({})", syntax::print(*number), to_text(*other->in)));
            return false;
        }
        if (!a.in || !b.in || a.in->is_same_as(*b.in)) return true;
        mismatch(e.at, fmt::format("a value in {} and one in {} are {}", to_text(*a.in), to_text(*b.in), word), *a.in, *b.in, "the second");
        return false;
    }
    void compare(const place& at, std::string_view what, const measure& a, const measure& b) {
        if (!a.in || !b.in || a.is_bare || b.is_bare || a.in->is_same_as(*b.in)) return;
        mismatch(at, fmt::format("{} are in {} and {}", what, to_text(*a.in), to_text(*b.in)), *a.in, *b.in, "the second");
    }

    measure power(const expression& e, const measure& a, const measure& b) {
        if (b.in && !b.in->is_same_as(one)) warn(e.operands[1].at, fmt::format("an exponent in {}", to_text(*b.in)), "divide it by its unit");
        if (!a.in) return {};
        if (a.in->is_same_as(one)) return {one, a.is_bare};
        const auto& n = e.operands[1];
        if (n.is == kind::number && n.value == std::floor(n.value) && std::abs(n.value) <= 20) return {a.in->power(static_cast<int>(n.value)), false};
        return {};
    }

    measure call(const expression& e) {
        std::vector<measure> given;
        for (const auto& o : e.operands) given.push_back(measured(o));
        if (const auto own = routines_.find(e.name); own != routines_.end()) return own_call(e, *own->second, given);
        const auto argument = [&](std::size_t i) { return i < given.size() ? given[i] : measure{}; };
        constexpr std::array pure{"exp", "log", "log10", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "erf", "erfc", "expm1", "log1p", "exprel"};
        for (const auto* name : pure)
            if (e.name == name) return dimensionless(e, argument(0));
        if (e.name == "sqrt") return root(argument(0));
        if (e.name == "fabs" || e.name == "floor" || e.name == "ceil") return {argument(0).in, argument(0).is_bare};
        if (e.name == "fmod" || e.name == "min" || e.name == "max" || e.name == "fmin" || e.name == "fmax" || e.name == "atan2") {
            compare(e.at, fmt::format("the arguments of {}", e.name), argument(0), argument(1));
            return e.name == "atan2" ? measure{one, false} : measure{argument(0).is_bare ? argument(1).in : argument(0).in, argument(0).is_bare && argument(1).is_bare};
        }
        if (e.name == "nernst") return {units_.find("millivolt"), false};
        if (e.name == "ghk" || e.name == "nrn_ghk") return {units_.find(".001 coulomb/cm3"), false};
        if (e.name == "at_time") { expect(e, 0, argument(0), ms()); return {one, false}; }
        if (e.name == "net_send") expect(e, 0, argument(0), ms());
        if (e.name == "net_event" || e.name == "net_move") expect(e, 0, argument(0), ms());
        if (e.name == "state_discontinuity") compare(e.at, "a state and what it is made", argument(0), argument(1));
        return {};
    }

    measure own_call(const expression& e, const syntax::routine& r, const std::vector<measure>& given) {
        if (!r.is_unchecked)
            for (std::size_t i = 0; i < std::min(given.size(), r.arguments.size()); ++i)
                if (const auto wanted = units_.find(r.arguments[i].unit)) expect(e, i, given[i], *wanted, r.arguments[i].name);
        if (r.is_unchecked && r.unit.empty()) return {};
        return {units_.find(r.unit), false};
    }

    void expect(const expression& e, std::size_t i, const measure& m, const unit& wanted, const std::string& name = {}) {
        if (!m.in || m.is_bare || zero(e.operands[i]) || m.in->is_same_as(wanted)) return;
        const auto which = name.empty() ? fmt::format("argument {} of {}", i + 1, e.name) : fmt::format("argument {} of {}", name, e.name);
        mismatch(e.operands[i].at, fmt::format("{} is in {}, and is given a value in {}", which, to_text(wanted), to_text(*m.in)), wanted, *m.in, "the value");
    }

    measure dimensionless(const expression& e, const measure& m) {
        if (m.in && !m.in->is_same_as(one)) {
            const auto what = m.in->of.is_none() ? fmt::format("multiply it by ({:.6g})", m.in->factor) : "divide by a scale of that unit, such as " + fmt::format("1 ({})", to_text(*m.in));
            warn(e.operands.empty() ? e.at : e.operands[0].at, fmt::format("{} is taken of a value in {}", e.name, to_text(*m.in)), what);
        }
        return {one, false};
    }

    static measure root(const measure& m) {
        if (!m.in) return {};
        const auto& d = m.in->of;
        for (const int n : {d.length, d.time, d.voltage, d.current, d.amount, d.temperature})
            if (n%2 != 0) return {};
        return {unit{std::sqrt(m.in->factor), {d.length/2, d.time/2, d.voltage/2, d.current/2, d.amount/2, d.temperature/2}}, m.is_bare};
    }

    // ---- findings

    void mismatch(const place& at, std::string what, const unit& wanted, const unit& given, std::string_view which) {
        std::string hint;
        if (wanted.of == given.of) hint = fmt::format("multiply {} by ({:.6g})", which, given.factor/wanted.factor);
        else if (const auto ratio = wanted/given; !given.of.is_none()) hint = fmt::format("a factor in {} is missing", to_text(ratio));
        else hint = fmt::format("a unit is missing, such as behind a number: 1 ({})", to_text(ratio));
        warn(at, std::move(what), std::move(hint));
    }
    void warn(const place& at, std::string what, std::string hint) {
        if (!is_unchecked_) found_.warn("units", at, std::move(what), std::move(hint));
    }

    unit ms() const { return {1e-3, dimensions::time}; }

    const syntax::file& file_;
    diagnostics& found_;
    unit_table units_;
    std::map<std::string, std::optional<unit>> names_;
    std::map<std::string, std::optional<unit>> compartments_;
    std::map<std::string, bool> locals_of_value_;
    std::map<std::string, const syntax::routine*> routines_;
    bool is_unchecked_ = false, are_amounts_ = false;
};

}  // namespace

void check_units(const syntax::file& f, diagnostics& found) { checker(f, found).run(); }

}  // namespace apical::nmodl
