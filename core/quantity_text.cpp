// SPDX-License-Identifier: BSD-3-Clause
#include "core/quantity_text.hpp"

#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "core/error.hpp"

namespace apical {
namespace {

struct named_unit {
    std::string_view name;
    double value;
    apical::dimension dimension;
};

template <dimension D> constexpr named_unit named(std::string_view name, quantity<D> q) { return {name, q.coherent(), D}; }

using namespace units;

/// Units that take an SI prefix.
constexpr std::array prefixable{
    named("m", m),     named("s", s),   named("V", V),     named("A", 1e3*mA), named("S", S), named("ohm", ohm),
    named("F", 1e6*uF), named("C", 1e12*pC), named("M", 1e3*mM), named("mol", 1e18*amol), named("Hz", Hz),
};
constexpr std::array plain{named("K", K), named("min", 60.0*s), named("h", 3600.0*s)};

struct prefix { std::string_view name; double factor; };
constexpr std::array prefixes{
    prefix{"", 1},    prefix{"a", 1e-18}, prefix{"f", 1e-15}, prefix{"p", 1e-12}, prefix{"n", 1e-9}, prefix{"u", 1e-6},
    prefix{"\xC2\xB5", 1e-6}, prefix{"\xCE\xBC", 1e-6}, prefix{"m", 1e-3}, prefix{"c", 1e-2}, prefix{"k", 1e3}, prefix{"M", 1e6}, prefix{"G", 1e9},
};

std::optional<any_quantity> lookup(std::string_view name) {
    if (name == "\xCE\xA9" || name == "Ohm") name = "ohm";
    if (name == "%") return any_quantity{0.01, dimensions::none};
    for (const auto& u : plain)
        if (name == u.name) return any_quantity{u.value, u.dimension};
    for (const auto& u : prefixable)
        for (const auto& p : prefixes)
            if (name.size() == p.name.size() + u.name.size() && name.starts_with(p.name) && name.ends_with(u.name))
                return any_quantity{p.factor*u.value, u.dimension};
    return {};
}

[[noreturn]] void refuse(std::string_view text, std::string_view what) {
    throw invalid_model(fmt::format("'{}'", text), std::string(what),
                        "write a number and a unit, such as 0.12 S/cm2, 100 ohm cm, -65 mV, 0.025 ms, 6.3 degC");
}

/// Reads a product of units; `text` is the whole, for messages.
class unit_reader {
public:
    unit_reader(std::string_view units, std::string_view text) : rest_(units), text_(text) {}

    any_quantity read() {
        any_quantity product{1, {}};
        bool dividing = false;
        while (skip_blanks(), !rest_.empty()) {
            if (const char c = rest_.front(); c == '/' || c == '*' || c == '.') {
                if (dividing) refuse(text_, "a unit is missing after '/'");
                dividing = c == '/';
                rest_.remove_prefix(1);
                continue;
            }
            const auto factor = read_factor();
            product.value = dividing ? product.value/factor.value : product.value*factor.value;
            product.dimension = dividing ? product.dimension/factor.dimension : product.dimension*factor.dimension;
            if (!product.dimension.is_within(most_exponent) || !(product.value > 0) || !std::isfinite(product.value))
                refuse(text_, "the unit is beyond all measure");
            dividing = false;
        }
        if (dividing) refuse(text_, "a unit is missing after '/'");
        return product;
    }

private:
    void skip_blanks() {
        while (!rest_.empty() && std::isspace(static_cast<unsigned char>(rest_.front()))) rest_.remove_prefix(1);
    }

    any_quantity read_factor() {
        std::size_t n = 0;
        while (n < rest_.size() && (std::isalpha(static_cast<unsigned char>(rest_[n])) || rest_[n] == '%' || (rest_[n] & 0x80))) ++n;
        const auto name = rest_.substr(0, n);
        if (n == 0 && rest_.front() == '1') { rest_.remove_prefix(1); return {1, {}}; }
        const auto unit = n ? lookup(name) : std::nullopt;
        if (!unit) refuse(text_, fmt::format("unknown unit '{}'", n ? name : rest_));
        rest_.remove_prefix(n);
        const int power = read_power();
        return {std::pow(unit->value, power), unit->dimension.power(power)};
    }

    int read_power() {
        if (rest_.starts_with("\xC2\xB2")) { rest_.remove_prefix(2); return 2; }
        if (rest_.starts_with("\xC2\xB3")) { rest_.remove_prefix(2); return 3; }
        const bool caret = rest_.starts_with('^');
        if (caret) rest_.remove_prefix(1);
        int power = 1;
        const auto [end, fault] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), power);
        if (fault == std::errc::result_out_of_range) refuse(text_, "a unit to a power that is out of range");
        if (fault != std::errc{}) {
            if (caret) refuse(text_, "an integer power is missing after '^'");
            return 1;
        }
        if (power < -most_power || power > most_power) refuse(text_, fmt::format("a unit to the power of {}", power));
        rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
        return power;
    }

    static constexpr int most_power = 99, most_exponent = 1000;

    std::string_view rest_, text_;
};

std::string_view trimmed(std::string_view s) {
    while (!s.empty() && std::isspace(static_cast<unsigned char>(s.front()))) s.remove_prefix(1);
    while (!s.empty() && std::isspace(static_cast<unsigned char>(s.back()))) s.remove_suffix(1);
    return s;
}

bool is_celsius(std::string_view unit) { return unit == "degC" || unit == "celsius" || unit == "\xC2\xB0" "C"; }

constexpr std::array customary{
    std::string_view("um"), std::string_view("ms"), std::string_view("mV"), std::string_view("nA"), std::string_view("uS"),
    std::string_view("Mohm"), std::string_view("S/cm2"), std::string_view("uF/cm2"), std::string_view("nF"),
    std::string_view("mA/cm2"), std::string_view("ohm cm"), std::string_view("mM"), std::string_view("1/ms"),
    std::string_view("um2"), std::string_view("um3"), std::string_view("cm/s"), std::string_view("pC"), std::string_view("K"),
    std::string_view("amol"),
};

}  // namespace

any_quantity parse_unit(std::string_view unit) { return unit_reader(unit, unit).read(); }

any_quantity parse_quantity(std::string_view text) {
    const auto t = trimmed(text);
    const auto digits = t.starts_with('+') ? t.substr(1) : t;
    double number = 0;
    const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (fault != std::errc{} || !std::isfinite(number) || t.starts_with("+-")) refuse(text, "not a finite number");
    const auto unit = trimmed(digits.substr(static_cast<std::size_t>(end - digits.data())));
    if (is_celsius(unit)) return {celsius(number).coherent(), dimensions::temperature};
    const auto one = unit_reader(unit, text).read();
    if (!std::isfinite(number*one.value)) refuse(text, "too large");
    return {number*one.value, one.dimension};
}

double parse_as(std::string_view text, dimension expected, std::string_view where) {
    const auto q = parse_quantity(text);
    if (q.dimension == expected) return q.value;
    const auto unit = customary_unit(expected);
    throw invalid_model(std::string(where),
                        fmt::format("expected a quantity in [{}], got {}", unit.empty() ? "1" : unit, text),
                        q.dimension.is_none() ? fmt::format("did you mean {} {}?", trimmed(text), unit)
                                              : fmt::format("[{}] is another dimension", customary_unit(q.dimension)));
}

std::string customary_unit(dimension d) {
    if (d.is_none()) return "";
    for (const auto unit : customary)
        if (parse_unit(unit).dimension == d) return std::string(unit);
    std::string product;
    const auto append = [&](std::string_view unit, int power) {
        if (power == 0) return;
        if (!product.empty()) product += ' ';
        product += power == 1 ? std::string(unit) : fmt::format("{}^{}", unit, power);
    };
    append("um", d.length), append("ms", d.time), append("mV", d.voltage), append("nA", d.current), append("amol", d.amount),
        append("K", d.temperature);
    return product;
}

double number_of(any_quantity q, any_quantity unit) {
    if (q.dimension != unit.dimension)
        throw invalid_model(fmt::format("{} [{}]", q.value, customary_unit(q.dimension)), "has no value in a unit of another dimension",
                            fmt::format("that unit measures in [{}]", customary_unit(unit.dimension)));
    const double exact = q.value/unit.value;
    for (const int digits : {15, 16}) {
        const auto text = fmt::format("{:.{}g}", exact, digits);
        double shorter = exact;
        std::from_chars(text.data(), text.data() + text.size(), shorter);
        if (shorter*unit.value == q.value) return shorter;
    }
    return exact;
}

std::string to_text(any_quantity q) {
    const auto unit = customary_unit(q.dimension);
    const double number = number_of(q, parse_unit(unit));
    return unit.empty() ? fmt::format("{}", number) : fmt::format("{} {}", number, unit);
}

}  // namespace apical
