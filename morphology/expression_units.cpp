// SPDX-License-Identifier: BSD-3-Clause
#include "morphology/expression_units.hpp"

#include <cctype>
#include <cmath>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/quantity_text.hpp"
#include "morphology/expression_lexer.hpp"

namespace apical::expression {
namespace {

/// Blanks around the text dropped, those within made one.
std::string tidy(std::string_view s) {
    std::string out;
    for (const char c : s) {
        if (!std::isspace(static_cast<unsigned char>(c))) out += c;
        else if (!out.empty() && out.back() != ' ') out += ' ';
    }
    if (!out.empty() && out.back() == ' ') out.pop_back();
    return out;
}

/// What to do about a value of dimension `got` where `wanted` is needed.
std::string remedy(dimension wanted, const operand& a) {
    const auto got = a.value->dimension;
    const auto* number = std::get_if<literal>(&a.value->what);
    if (number && got.is_none()) return fmt::format("did you mean {} {}?", number->text, customary_unit(wanted));
    if (wanted.is_none()) return fmt::format("divide it by a quantity in [{}]", customary_unit(got));
    if (got.is_none()) return fmt::format("multiply it by a quantity in [{}], such as 1 {}", customary_unit(wanted), customary_unit(wanted));
    return fmt::format("[{}] and [{}] differ by a factor in [{}]", customary_unit(wanted), customary_unit(got), customary_unit(wanted/got));
}

bool is_even(dimension d) {
    return d.length % 2 == 0 && d.time % 2 == 0 && d.voltage % 2 == 0 && d.current % 2 == 0 && d.amount % 2 == 0 &&
           d.temperature % 2 == 0;
}

dimension halved(dimension d) {
    return {d.length/2, d.time/2, d.voltage/2, d.current/2, d.amount/2, d.temperature/2};
}

/// The integer written as exponent, with its sign.
std::optional<int> written_integer(const value_node& v) {
    if (const auto* c = std::get_if<call>(&v.what); c && c->f == function::negate) {
        const auto positive = written_integer(*c->arguments.front());
        return positive ? std::optional(-*positive) : std::nullopt;
    }
    const auto* l = std::get_if<literal>(&v.what);
    if (!l || !v.dimension.is_none() || l->value != std::floor(l->value) || std::abs(l->value) > 9) return {};
    return static_cast<int>(l->value);
}

}  // namespace

std::string unit_in_words(dimension d) { return d.is_none() ? "a plain number" : fmt::format("[{}]", customary_unit(d)); }

value_tree checked_values::quantity(std::size_t from, std::size_t number_end, std::size_t to) const {
    auto text = std::string(source_.substr(from, number_end - from));
    if (const auto unit = tidy(source_.substr(number_end, to - number_end)); !unit.empty())
        text += unit.front() == '/' ? unit : ' ' + unit;
    try {
        const auto q = parse_quantity(text);
        return make_value(literal{q.value, std::move(text)}, q.dimension);
    } catch (const invalid_model& e) {
        const auto& p = e.problems().front();
        refuse(source_, from, to, fmt::format("'{}': {}", text, p.what), p.hint);
    }
}

void checked_values::require(std::string_view who, dimension expected, const operand& a) const {
    if (a.value->dimension == expected) return;
    refuse(source_, a.from, a.to,
           fmt::format("{} needs {}, got {}", who, unit_in_words(expected), unit_in_words(a.value->dimension)), remedy(expected, a));
}

void checked_values::require_same(std::string_view who, const operand& a, const operand& b) const {
    const auto left = a.value->dimension, right = b.value->dimension;
    if (left == right) return;
    const auto* number = std::get_if<literal>(&a.value->what);
    const bool blame_left = number && left.is_none();   // 685 < distance: the bare number is the mistake
    const auto& wrong = blame_left ? a : b;
    refuse(source_, wrong.from, wrong.to,
           fmt::format("{} needs two values of one dimension, got {} and {}", who, unit_in_words(left), unit_in_words(right)),
           remedy(blame_left ? right : left, wrong));
}

value_tree checked_values::negated(const operand& a) const {
    return make_value(call{function::negate, {a.value}}, a.value->dimension);
}

value_tree checked_values::sum(function f, const operand& a, const operand& b) const {
    require_same(fmt::format("'{}'", name_of(f)), a, b);
    return make_value(call{f, {a.value, b.value}}, a.value->dimension);
}

value_tree checked_values::product(function f, const operand& a, const operand& b) const {
    const auto left = a.value->dimension, right = b.value->dimension;
    return make_value(call{f, {a.value, b.value}}, sensible(f == function::times ? left*right : left/right, a.from, b.to));
}

value_tree checked_values::power(const operand& base, const operand& exponent) const {
    require("an exponent", dimensions::none, exponent);
    const auto d = base.value->dimension;
    const auto n = written_integer(*exponent.value);
    if (!d.is_none() && !n)
        refuse(source_, exponent.from, exponent.to,
               fmt::format("the power of a value in [{}] must be an integer from -9 to 9", customary_unit(d)),
               fmt::format("divide the base by a quantity in [{}] first", customary_unit(d)));
    return make_value(call{function::power, {base.value, exponent.value}}, d.is_none() ? d : sensible(d.power(*n), base.from, exponent.to));
}

dimension checked_values::sensible(dimension d, std::size_t from, std::size_t to) const {
    constexpr int most = 1000;
    if (d.is_within(most)) return d;
    refuse(source_, from, to, fmt::format("a unit to a power beyond {}", most), "no quantity has such a unit");
}

value_tree checked_values::applied(function f, const std::vector<operand>& arguments) const {
    auto result = arguments.front().value->dimension;
    if (f == function::exp || f == function::log || f == function::sigmoid) {
        require(name_of(f), dimensions::none, arguments.front());
    } else if (f == function::sqrt) {
        if (!is_even(result))
            refuse(source_, arguments.front().from, arguments.front().to,
                   fmt::format("sqrt of {} has no unit", unit_in_words(result)), remedy(dimensions::none, arguments.front()));
        result = halved(result);
    } else {
        for (const auto& a : arguments) require_same(name_of(f), arguments.front(), a);
    }
    std::vector<value_tree> values;
    for (const auto& a : arguments) values.push_back(a.value);
    return make_value(call{f, std::move(values)}, result);
}

value_tree checked_values::chosen(const region_tree& where, const operand& inside, const operand& outside) const {
    require_same("where", inside, outside);
    return make_value(choice{where, inside.value, outside.value}, inside.value->dimension);
}

}  // namespace apical::expression
