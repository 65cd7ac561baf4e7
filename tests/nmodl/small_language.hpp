// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cctype>
#include <cmath>
#include <map>
#include <numbers>
#include <stdexcept>
#include <string>
#include <vector>

#include "channels/nmodl/integrate.hpp"
#include "channels/nmodl/simplify.hpp"
#include "channels/nmodl/variables.hpp"

/// For tests of the solve passes: statements read from a line of text, written as a line of text, and carried out for one instance, each in
/// the simplest way there is.
namespace apical::nmodl::testing {

inline const std::map<std::string, builtin>& function_names() {
    static const std::map<std::string, builtin> names{
        {"exp", builtin::exp}, {"log", builtin::log}, {"log10", builtin::log10}, {"sqrt", builtin::sqrt}, {"fabs", builtin::fabs}, {"sin", builtin::sin},
        {"cos", builtin::cos}, {"tan", builtin::tan}, {"asin", builtin::asin}, {"acos", builtin::acos}, {"atan", builtin::atan}, {"atan2", builtin::atan2},
        {"sinh", builtin::sinh}, {"cosh", builtin::cosh}, {"tanh", builtin::tanh}, {"floor", builtin::floor}, {"ceil", builtin::ceil},
        {"fmod", builtin::fmod}, {"erf", builtin::erf}, {"erfc", builtin::erfc}, {"gamma_ln", builtin::gamma_ln}, {"min", builtin::minimum},
        {"max", builtin::maximum}, {"exprel", builtin::exprel}, {"expm1", builtin::expm1}, {"log1p", builtin::log1p}, {"nernst", builtin::nernst}};
    return names;
}

/// A program in the making, with its variables by name. Names that begin with a capital are local, `t` and `dt` are what they are, names
/// declared as states are states; others are values of the instance.
struct model {
    program p;
    std::map<int, std::vector<double>> values;
    diagnostics found;

    int find(const std::string& name) const {
        for (std::size_t i = 0; i < p.variables.size(); ++i) {
            if (p.variables[i].name == name) { return static_cast<int>(i); }
        }
        return -1;
    }
    int variable_named(const std::string& name) {
        if (const int known = find(name); known >= 0) { return known; }
        variable v;
        v.name = name;
        v.kept = std::isupper(static_cast<unsigned char>(name[0])) ? storage::local : storage::instance;
        if (name == "t" || name == "dt") { v.is = name == "t" ? role::time : role::step; v.kept = storage::shared; }
        p.variables.push_back(v);
        return static_cast<int>(p.variables.size()) - 1;
    }
    double& operator[](const std::string& name) { return at(variable_named(name), 0); }
    double& at(int v, int i) {
        auto& x = values[v];
        if (static_cast<int>(x.size()) <= i) { x.resize(static_cast<std::size_t>(i) + 1); }
        return x[static_cast<std::size_t>(i)];
    }
    void states(std::initializer_list<std::pair<const char*, double>> list) {
        for (const auto& [name, value] : list) { (*this)[name] = value; p.variables[variable_named(name)].is = role::state; }
    }
    void array(const std::string& name, std::vector<double> start, role is = role::state) {
        auto& v = p.variables[variable_named(name)];
        v.is = is;
        v.is_array = true;
        v.length = static_cast<int>(start.size());
        values[find(name)] = std::move(start);
    }

    expression parse(const std::string& text);
    block parse_block(const std::string& text);
    std::string text(const expression& e, int outer = 0) const;
    std::string text(const block&) const;
    double value(const expression&);
    void run(const block&);
    void run(const equation_system&);
};

/// Recursive descent over one string.
class reader_of_text {
public:
    reader_of_text(model& m, const std::string& text) : m_(m), s_(text) {}

    block statements() {
        block out;
        while (!peek("}") && !is_end()) { out.push_back(one()); accept(";"); }
        return out;
    }
    expression whole() {
        auto e = logical();
        if (!is_end()) { throw std::runtime_error("left over: " + s_.substr(at_)); }
        return e;
    }

private:
    void skip() { while (at_ < s_.size() && std::isspace(static_cast<unsigned char>(s_[at_]))) { ++at_; } }
    bool is_end() { skip(); return at_ == s_.size(); }
    bool peek(const std::string& token) { skip(); return s_.compare(at_, token.size(), token) == 0; }
    bool accept(const std::string& token) {
        if (!peek(token)) { return false; }
        at_ += token.size();
        return true;
    }
    void expect(const std::string& token) { if (!accept(token)) { throw std::runtime_error("expected " + token + " at: " + s_.substr(at_)); } }
    std::string name() {
        skip();
        const auto start = at_;
        while (at_ < s_.size() && (std::isalnum(static_cast<unsigned char>(s_[at_])) || s_[at_] == '_')) { ++at_; }
        return s_.substr(start, at_ - start);
    }
    double digits() {
        skip();
        std::size_t n = 0;
        const double value = std::stod(s_.substr(at_), &n);
        at_ += n;
        return value;
    }
    element target() {
        element x{m_.variable_named(name())};
        if (accept("[")) { x.index = logical(); expect("]"); }
        return x;
    }
    static expression node(expression::kind is, std::vector<expression> operands) {
        expression e;
        e.is = is;
        e.operands = std::move(operands);
        return e;
    }

    expression logical() {
        auto e = comparison();
        for (;;) {
            if (accept("&&")) { e = node(expression::kind::logical_and, {e, comparison()}); }
            else if (accept("||")) { e = node(expression::kind::logical_or, {e, comparison()}); }
            else { return e; }
        }
    }
    expression comparison() {
        auto e = sum();
        using kind = expression::kind;
        const std::pair<const char*, kind> all[]{{"<=", kind::less_equal}, {">=", kind::greater_equal}, {"==", kind::equal},
                                                 {"!=", kind::not_equal}, {"<", kind::less}, {">", kind::greater}};
        for (const auto& [token, is] : all) {
            if (peek("<<") || peek("<->")) { break; }
            if (accept(token)) { return node(is, {e, sum()}); }
        }
        return e;
    }
    expression sum() {
        auto e = product();
        for (;;) {
            if (peek("->")) { return e; }
            if (accept("+")) { e = node(expression::kind::add, {e, product()}); }
            else if (accept("-")) { e = node(expression::kind::subtract, {e, product()}); }
            else { return e; }
        }
    }
    expression product() {
        auto e = unary();
        for (;;) {
            if (accept("*")) { e = node(expression::kind::multiply, {e, unary()}); }
            else if (accept("/")) { e = node(expression::kind::divide, {e, unary()}); }
            else { return e; }
        }
    }
    expression unary() {
        if (accept("-")) { return node(expression::kind::negate, {unary()}); }
        if (accept("!")) { return node(expression::kind::logical_not, {unary()}); }
        auto e = primary();
        if (accept("^")) { return node(expression::kind::power, {e, unary()}); }
        return e;
    }
    expression primary() {
        if (accept("(")) { auto e = logical(); expect(")"); return e; }
        skip();
        if (std::isdigit(static_cast<unsigned char>(s_[at_]))) { return algebra::number(digits()); }
        const auto start = at_;
        const auto word = name();
        if (accept("(")) {
            std::vector<expression> arguments{logical()};
            while (accept(",")) { arguments.push_back(logical()); }
            expect(")");
            return algebra::call(function_names().at(word), std::move(arguments));
        }
        at_ = start;
        return algebra::read(target());
    }

    block braces() {
        expect("{");
        auto body = statements();
        expect("}");
        return body;
    }
    std::vector<statement::term> side() {
        std::vector<statement::term> terms;
        do {
            skip();
            const double coefficient = std::isdigit(static_cast<unsigned char>(s_[at_])) ? digits() : 1;
            terms.push_back({coefficient, target()});
        } while (accept("+"));
        return terms;
    }
    statement reaction_or_equation() {
        statement s;
        const auto start = at_;
        for (const bool is_reaction : {true, false}) {
            at_ = start;
            if (!is_reaction) {
                s.is = statement::kind::equation;
                s.value = logical();
                expect("=");
                s.second = logical();
                return s;
            }
            s.is = statement::kind::reaction;
            try { s.left = side(); } catch (const std::exception&) { continue; }
            if (accept("<->")) { s.right = side(); expect("("); s.value = logical(); expect(","); s.second = logical(); expect(")"); return s; }
            if (accept("<<")) { s.is_source = true; expect("("); s.value = logical(); expect(")"); s.second = algebra::number(0); return s; }
            if (accept("->")) { expect("("); s.value = logical(); expect(")"); s.second = algebra::number(0); return s; }
            s.left.clear();
        }
        return s;
    }
    statement one() {
        statement s;
        if (accept("~")) { return reaction_or_equation(); }
        if (accept("if")) {
            s.is = statement::kind::branch;
            expect("(");
            s.value = logical();
            expect(")");
            s.body = braces();
            if (accept("else")) { s.other = braces(); }
            return s;
        }
        if (accept("CONSERVE")) {
            s.is = statement::kind::conserve;
            s.value = algebra::number(0);
            for (const auto& term : side()) { s.value = algebra::add(s.value, algebra::multiply(algebra::number(term.coefficient), algebra::read(term.species))); }
            expect("=");
            s.second = logical();
            return s;
        }
        for (const auto& [word, is] : {std::pair{"COMPARTMENT", statement::kind::compartment}, std::pair{"LONGITUDINAL_DIFFUSION", statement::kind::diffusion}}) {
            if (!accept(word)) { continue; }
            s.is = is;
            s.value = logical();
            expect("{");
            while (!accept("}")) { s.names.push_back(target()); }
            return s;
        }
        s.to = target();
        if (accept("'")) { s.is = statement::kind::derivative; }
        expect("=");
        s.value = logical();
        return s;
    }

    model& m_;
    std::string s_;
    std::size_t at_ = 0;
};

inline expression model::parse(const std::string& text) { return reader_of_text(*this, text).whole(); }
inline block model::parse_block(const std::string& text) { return reader_of_text(*this, text).statements(); }

inline std::string text_of_number(double x) {
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%.15g", x);
    return buffer;
}

inline std::string model::text(const expression& e, int outer) const {
    using kind = expression::kind;
    const auto wrapped = [&](int own, const std::string& s) { return own < outer ? "(" + s + ")" : s; };
    const auto two = [&](const char* op, int own) { return wrapped(own, text(e.operands[0], own) + op + text(e.operands[1], own + 1)); };
    switch (e.is) {
        case kind::number: return wrapped(e.value < 0 ? 5 : 9, text_of_number(e.value));
        case kind::variable: return p.variables[e.variable].name + (e.operands.empty() ? "" : "[" + text(e.operands[0]) + "]");
        case kind::negate: return wrapped(5, "-" + text(e.operands[0], 6));
        case kind::logical_not: return wrapped(5, "!" + text(e.operands[0], 6));
        case kind::add: return two(" + ", 4);
        case kind::subtract: return two(" - ", 4);
        case kind::multiply: return two("*", 6);
        case kind::divide: return two("/", 6);
        case kind::power: return two("^", 8);
        case kind::less: return two(" < ", 3);
        case kind::greater: return two(" > ", 3);
        case kind::less_equal: return two(" <= ", 3);
        case kind::greater_equal: return two(" >= ", 3);
        case kind::equal: return two(" == ", 3);
        case kind::not_equal: return two(" != ", 3);
        case kind::logical_and: return two(" && ", 2);
        case kind::logical_or: return two(" || ", 1);
        case kind::call: break;
    }
    std::string s;
    for (const auto& [name, f] : function_names()) { if (f == e.function) { s = name; } }
    s += "(";
    for (std::size_t i = 0; i < e.operands.size(); ++i) { s += (i ? ", " : "") + text(e.operands[i]); }
    return s + ")";
}

inline std::string model::text(const block& statements) const {
    std::string all;
    const auto target = [&](const element& x) { return text(algebra::read(x)); };
    for (const auto& s : statements) {
        all += all.empty() ? "" : "; ";
        switch (s.is) {
            case statement::kind::assign: all += target(s.to) + " = " + text(s.value); break;
            case statement::kind::branch:
                all += "if (" + text(s.value) + ") {" + text(s.body) + "}";
                if (!s.other.empty()) { all += " else {" + text(s.other) + "}"; }
                break;
            case statement::kind::repeat: all += "while (" + text(s.value) + ") {" + text(s.body) + "}"; break;
            case statement::kind::relax: all += target(s.to) + "' = " + text(s.constant_term) + " | " + text(s.slope); break;
            case statement::kind::derivative: all += target(s.to) + "' = " + text(s.value); break;
            case statement::kind::solve: {
                const auto& q = s.system[0];
                all += q.is_linear ? "solve linear" : "solve";
                for (const auto& x : q.unknowns) { all += " " + target(x); }
                all += " {" + text(q.body) + "}";
                for (const auto& r : q.residuals) { all += " 0 = " + text(r) + ","; }
                for (const auto& j : q.jacobian) { all += " J" + std::to_string(j.row) + std::to_string(j.column) + " = " + text(j.value) + ","; }
                break;
            }
            default: all += "?"; break;
        }
    }
    return all;
}

inline double model::value(const expression& e) {
    using kind = expression::kind;
    const auto a = [&] { return value(e.operands[0]); };
    const auto b = [&] { return value(e.operands[1]); };
    switch (e.is) {
        case kind::number: return e.value;
        case kind::variable: return at(e.variable, e.operands.empty() ? 0 : static_cast<int>(a()));
        case kind::negate: return -a();
        case kind::logical_not: return a() == 0;
        case kind::add: return a() + b();
        case kind::subtract: return a() - b();
        case kind::multiply: return a()*b();
        case kind::divide: return a()/b();
        case kind::power: return std::pow(a(), b());
        case kind::less: return a() < b();
        case kind::greater: return a() > b();
        case kind::less_equal: return a() <= b();
        case kind::greater_equal: return a() >= b();
        case kind::equal: return a() == b();
        case kind::not_equal: return a() != b();
        case kind::logical_and: return a() != 0 && b() != 0;
        case kind::logical_or: return a() != 0 || b() != 0;
        case kind::call: break;
    }
    switch (e.function) {
        case builtin::exp: return std::exp(a());
        case builtin::log: return std::log(a());
        case builtin::log10: return std::log10(a());
        case builtin::sqrt: return std::sqrt(a());
        case builtin::fabs: return std::fabs(a());
        case builtin::sin: return std::sin(a());
        case builtin::cos: return std::cos(a());
        case builtin::tan: return std::tan(a());
        case builtin::asin: return std::asin(a());
        case builtin::acos: return std::acos(a());
        case builtin::atan: return std::atan(a());
        case builtin::atan2: return std::atan2(a(), b());
        case builtin::sinh: return std::sinh(a());
        case builtin::cosh: return std::cosh(a());
        case builtin::tanh: return std::tanh(a());
        case builtin::floor: return std::floor(a());
        case builtin::ceil: return std::ceil(a());
        case builtin::fmod: return std::fmod(a(), b());
        case builtin::erf: return std::erf(a());
        case builtin::erfc: return std::erfc(a());
        case builtin::minimum: return std::fmin(a(), b());
        case builtin::maximum: return std::fmax(a(), b());
        case builtin::exprel: return a() == 0 ? 1 : a()/std::expm1(a());
        case builtin::expm1: return std::expm1(a());
        case builtin::log1p: return std::log1p(a());
        default: throw std::runtime_error("no such function here");
    }
}

inline void model::run(const block& statements) {
    for (const auto& s : statements) {
        const int index = s.to.index ? static_cast<int>(value(*s.to.index)) : 0;
        switch (s.is) {
            case statement::kind::assign: { const double x = value(s.value); at(s.to.variable, index) = x; break; }
            case statement::kind::branch: run(value(s.value) != 0 ? s.body : s.other); break;
            case statement::kind::repeat: while (value(s.value) != 0) { run(s.body); } break;
            case statement::kind::relax: {
                const double a = value(s.constant_term), b = value(s.slope), y = at(s.to.variable, index);
                at(s.to.variable, index) = y + std::expm1(b*(*this)["dt"])*(a/b + y);
                break;
            }
            case statement::kind::solve: run(s.system[0]); break;
            default: throw std::runtime_error("not a statement that is run");
        }
    }
}

inline void model::run(const equation_system& q) {
    const auto n = q.unknowns.size();
    const auto unknown = [&](std::size_t i) -> double& {
        return at(q.unknowns[i].variable, q.unknowns[i].index ? static_cast<int>(q.unknowns[i].index->value) : 0);
    };
    for (int iteration = 0; iteration < (q.is_linear ? 1 : 100); ++iteration) {
        run(q.body);
        std::vector<std::vector<double>> m(n, std::vector<double>(n + 1));
        if (q.jacobian.empty()) { throw std::runtime_error("no jacobian"); }
        for (const auto& j : q.jacobian) { m[static_cast<std::size_t>(j.row)][static_cast<std::size_t>(j.column)] = value(j.value); }
        for (std::size_t i = 0; i < n; ++i) { m[i][n] = -value(q.residuals[i]); }
        for (std::size_t k = 0; k < n; ++k) {
            std::size_t pivot = k;
            for (std::size_t i = k; i < n; ++i) { if (std::fabs(m[i][k]) > std::fabs(m[pivot][k])) { pivot = i; } }
            std::swap(m[k], m[pivot]);
            for (std::size_t i = 0; i < n; ++i) {
                if (i == k || m[i][k] == 0) { continue; }
                const double f = m[i][k]/m[k][k];
                for (std::size_t j = k; j <= n; ++j) { m[i][j] -= f*m[k][j]; }
            }
        }
        double change = 0;
        for (std::size_t i = 0; i < n; ++i) {
            const double d = m[i][n]/m[i][i];
            unknown(i) += d;
            change = std::fmax(change, std::fabs(d)/(std::fabs(unknown(i)) + 1e-30));
        }
        if (change < 1e-15) { return; }
    }
    if (!q.is_linear) { run(q.body); }
}

}  // namespace apical::nmodl::testing
