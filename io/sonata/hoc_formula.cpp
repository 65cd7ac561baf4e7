// SPDX-License-Identifier: BSD-3-Clause
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include <fmt/format.h>

#include "core/error.hpp"
#include "io/sonata/hoc_text.hpp"

namespace apical::sonata::hoc {
namespace {

using function = std::function<double(double)>;

struct named { std::string_view name; double (*f)(double); };
constexpr std::array functions{named{"exp", [](double x) { return std::exp(x); }},     named{"log10", [](double x) { return std::log10(x); }},
                               named{"log", [](double x) { return std::log(x); }},     named{"sqrt", [](double x) { return std::sqrt(x); }},
                               named{"abs", [](double x) { return std::abs(x); }},     named{"int", [](double x) { return std::trunc(x); }},
                               named{"sin", [](double x) { return std::sin(x); }},     named{"cos", [](double x) { return std::cos(x); }},
                               named{"tanh", [](double x) { return std::tanh(x); }}};

/// The distance as it is printed into the text that NEURON then reads.
double as_printed(double x, const char* format) {
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), format, x);
    return std::strtod(text.data(), nullptr);
}

/// By descent, from what binds least to what binds most. Comparisons are 1 or 0, as in NEURON.
class formula_parser {
public:
    formula_parser(const std::string& text, const std::string& where) : text_(text), where_(where) {}

    function parse() {
        auto f = level(0);
        if (skip(); at_ < text_.size()) fail(fmt::format("'{}' is not expected here", text_[at_]));
        return f;
    }

private:
    struct binary { std::string_view sign; int level; double (*f)(double, double); };
    static constexpr int levels = 5;
    static constexpr std::array known{
        binary{"||", 0, [](double a, double b) { return double(a != 0 || b != 0); }}, binary{"&&", 1, [](double a, double b) { return double(a != 0 && b != 0); }},
        binary{"<=", 2, [](double a, double b) { return double(a <= b); }},           binary{">=", 2, [](double a, double b) { return double(a >= b); }},
        binary{"==", 2, [](double a, double b) { return double(a == b); }},           binary{"!=", 2, [](double a, double b) { return double(a != b); }},
        binary{"<", 2, [](double a, double b) { return double(a < b); }},             binary{">", 2, [](double a, double b) { return double(a > b); }},
        binary{"+", 3, [](double a, double b) { return a + b; }},                     binary{"-", 3, [](double a, double b) { return a - b; }},
        binary{"*", 4, [](double a, double b) { return a*b; }},                       binary{"/", 4, [](double a, double b) { return a/b; }}};

    [[noreturn]] void fail(const std::string& what) const {
        throw invalid_input(where_, fmt::format("{} at column {} of '{}'", what, at_ + 1, text_),
                            "numbers, + - * / ^, comparisons, exp log sqrt abs int and the distance, %.17g, are read");
    }
    void skip() { while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_; }
    bool takes(std::string_view sign) {
        skip();
        if (text_.compare(at_, sign.size(), sign) != 0) return false;
        at_ += sign.size();
        return true;
    }
    const binary* takes_binary(int level) {
        for (const auto& b : known)
            if (b.level == level && takes(b.sign)) return &b;
        return nullptr;
    }
    function level(int n) {
        if (n == levels) return power();
        auto left = level(n + 1);
        while (const auto* b = takes_binary(n)) left = [left, right = level(n + 1), f = b->f](double d) { return f(left(d), right(d)); };
        return left;
    }
    function power() {
        if (takes("-")) return [f = power()](double d) { return -f(d); };
        if (takes("+")) return power();
        auto base = one();
        if (takes("^")) return [base, by = power()](double d) { return std::pow(base(d), by(d)); };
        return base;
    }
    function one() {
        if (deeper_ > 200) fail("too many parentheses");
        if (takes("(")) return rest_of_parentheses();
        for (const char* format : {"%.17g", "%.17f", "%lf", "%g", "%f"})
            if (takes(format)) return [format](double d) { return as_printed(d, format); };
        for (const auto& f : functions)
            if (const auto at = at_; takes(f.name)) {
                if (takes("(")) return [inner = rest_of_parentheses(), g = f.f](double d) { return g(inner(d)); };
                at_ = at;
            }
        skip();
        double x = 0;
        const auto [rest, wrong] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), x);
        if (wrong != std::errc{}) fail(at_ < text_.size() ? "no number" : "something is missing");
        at_ = static_cast<std::size_t>(rest - text_.data());
        return [x](double) { return x; };
    }
    function rest_of_parentheses() {
        ++deeper_;
        auto f = level(0);
        if (!takes(")")) fail("a ')' is missing");
        --deeper_;
        return f;
    }

    const std::string &text_, &where_;
    std::size_t at_ = 0;
    int deeper_ = 0;
};

}  // namespace

std::function<double(double)> formula(const std::string& text, const std::string& where) { return formula_parser(text, where).parse(); }

}  // namespace apical::sonata::hoc
