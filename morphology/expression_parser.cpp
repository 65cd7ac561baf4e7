// SPDX-License-Identifier: BSD-3-Clause
#include "morphology/expression_parser.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "core/error.hpp"
#include "morphology/expression_lexer.hpp"
#include "morphology/expression_units.hpp"
#include "morphology/expression_words.hpp"

namespace apical::expression {
namespace {

using kind = enum token::kind;

/// Recursive descent, one function a level of precedence, loosest first.
class parser {
public:
    explicit parser(std::string_view source) : source_(source), tokens_(tokens_of(source)), values_(source) {}

    parsed whole() {
        auto e = list();
        if (peek().kind != kind::end) unexpected("the end of the expression");
        return e;
    }

private:
    /// Counts the recursion, so that no text can exhaust the stack.
    struct level {
        explicit level(parser& p) : p(p) {
            if (++p.level_ > max_depth)
                refuse(p.source_, p.peek().at, p.peek().past(), fmt::format("nested deeper than {} levels", max_depth),
                       "use fewer parentheses");
        }
        ~level() { --p.level_; }
        level(const level&) = delete;
        level& operator=(const level&) = delete;
        parser& p;
    };

    // ---- tokens

    const token& peek(std::size_t ahead = 0) const { return tokens_[std::min(next_ + ahead, tokens_.size() - 1)]; }
    bool at_symbol(std::string_view s, std::size_t ahead = 0) const {
        return peek(ahead).kind == kind::symbol && peek(ahead).text == s;
    }
    bool at_word(std::string_view w) const { return peek().kind == kind::word && peek().text == w; }
    token take() { const auto t = peek(); ++next_; return t; }
    bool take_symbol(std::string_view s) { return at_symbol(s) && (++next_, true); }
    bool take_word(std::string_view w) { return at_word(w) && (++next_, true); }
    void expect(std::string_view symbol) {
        if (!take_symbol(symbol)) unexpected(fmt::format("'{}'", symbol));
    }
    [[noreturn]] void unexpected(std::string_view wanted) const {
        const auto& t = peek();
        const auto got = t.kind == kind::end ? std::string("the expression ends") : fmt::format("'{}' comes", t.text);
        refuse(source_, t.at, t.past(), fmt::format("{} where {} should be", got, wanted),
               t.kind == kind::end ? "something is missing at the end" : "an operator, a comma or a parenthesis may be missing before it");
    }
    std::size_t last_past() const { return next_ == 0 ? 0 : tokens_[next_ - 1].past(); }

    region_tree as_region(const parsed& p) const { return region_of(p, source_); }
    operand as_operand(const parsed& p) const { return {value_of(p, source_), p.from, p.to}; }

    // ---- the levels

    parsed list() {
        auto first = disjunction();
        if (!at_symbol(",")) return first;
        const auto from = first.from;
        std::vector<locations_tree> members{locations_of(first, source_)};
        while (take_symbol(",")) members.push_back(locations_of(disjunction(), source_));
        return {make_locations(union_of{std::move(members)}), from, last_past()};
    }

    parsed disjunction() {
        const level deeper(*this);
        auto left = conjunction();
        while (take_word("or")) left = joined(false, left, conjunction());
        return left;
    }

    parsed conjunction() {
        auto left = inversion();
        while (take_word("and")) left = joined(true, left, inversion());
        return left;
    }

    parsed joined(bool all, const parsed& a, const parsed& b) const {
        return {make_junction(all, as_region(a), as_region(b)), a.from, b.to};
    }

    parsed inversion() {
        const level deeper(*this);
        if (!at_word("not")) return compared();
        const auto from = take().at;
        const auto inner = inversion();
        return {make_negation(as_region(inner)), from, inner.to};
    }

    parsed compared() {
        auto first = sum();
        comparison c;
        operand left{};
        auto to = first.to;
        for (auto r = take_relation(); r; r = take_relation()) {
            if (c.values.empty()) left = as_operand(first), c.values.push_back(left.value);
            const auto right = as_operand(sum());
            values_.require_same(fmt::format("'{}'", symbol_of(*r)), left, right);
            c.values.push_back(right.value), c.relations.push_back(*r);
            left = right, to = right.to;
        }
        if (c.values.empty()) return first;
        return {make_region(std::move(c)), first.from, to};
    }

    std::optional<relation> take_relation() {
        for (const auto r : {relation::less, relation::at_most, relation::greater, relation::at_least, relation::equal,
                             relation::different})
            if (take_symbol(symbol_of(r))) return r;
        return {};
    }

    parsed sum() {
        auto left = product();
        while (at_symbol("+") || at_symbol("-")) {
            const auto f = take().text == "+" ? function::plus : function::minus;
            const auto right = product();
            left = {values_.sum(f, as_operand(left), as_operand(right)), left.from, right.to};
        }
        return left;
    }

    parsed product() {
        auto left = signed_value();
        while (at_symbol("*") || at_symbol("/")) {
            const auto f = take().text == "*" ? function::times : function::over;
            const auto right = signed_value();
            left = {values_.product(f, as_operand(left), as_operand(right)), left.from, right.to};
        }
        return left;
    }

    parsed signed_value() {
        const level deeper(*this);
        if (!at_symbol("-")) return raised();
        const auto from = take().at;
        const auto inner = signed_value();
        return {values_.negated(as_operand(inner)), from, inner.to};
    }

    parsed raised() {
        auto base = atom();
        if (!take_symbol("^")) return base;
        const auto exponent = signed_value();
        return {values_.power(as_operand(base), as_operand(exponent)), base.from, exponent.to};
    }

    parsed atom() {
        if (peek().kind == kind::number) return quantity();
        if (peek().kind == kind::word) return word();
        if (!at_symbol("(")) unexpected("a region, a location or a value");
        const auto from = take().at;
        auto inner = disjunction();
        expect(")");
        return {std::move(inner.what), from, last_past()};
    }

    // ---- quantities

    bool at_unit(std::size_t ahead = 0) const {
        return peek(ahead).kind == kind::word && !is_reserved(peek(ahead).text) && !at_symbol("(", ahead + 1) && !at_symbol("[", ahead + 1);
    }

    parsed quantity() {
        const auto number = take();
        while (at_unit() || ((at_symbol("/") || (at_symbol("*") && last_past() > number.past())) && at_unit(1))) {
            if (!at_unit()) take();
            take();
            take_unit_power();
        }
        return {values_.quantity(number.at, number.past(), last_past()), number.at, last_past()};
    }

    void take_unit_power() {
        const std::size_t sign = at_symbol("-", 1) || at_symbol("+", 1);
        if (at_symbol("^") && peek(1 + sign).kind == kind::number) next_ += 2 + sign;
    }

    double fraction() {
        const auto t = peek();
        if (t.kind != kind::number) unexpected("a position from 0 to 1");
        const auto q = as_operand(quantity());
        values_.require("a position along a section", dimensions::none, q);
        const double x = std::get<literal>(q.value->what).value;
        if (x < 0 || x > 1)
            refuse(source_, q.from, q.to, "a position along a section lies outside 0 to 1",
                   "0 is the section's start and 1 its end; for a length write at(region, 100 um)");
        return x;
    }

    int integer(std::string_view what) {
        const auto t = take();
        int n = 0;
        const auto [end, fault] = std::from_chars(t.text.data(), t.text.data() + t.text.size(), n);
        if (t.kind != kind::number || fault != std::errc{} || end != t.text.data() + t.text.size()) {
            --next_;
            unexpected(what);
        }
        return n;
    }

    // ---- words

    parsed word() {
        const auto t = peek();
        if (at_symbol("[", 1) || (t.text == "soma" && at_symbol("(", 1))) return section_part();
        if (const auto v = variable_named(t.text)) return done(t, make_value(*v, dimension_of(*v)));
        if (const auto type = section_kind_named(t.text)) return done(t, section_kind(*type));
        if (t.text == "all") return done(t, make_region(everything{}));
        if (t.text == "terminal") return done(t, make_region(terminal_sections{}));
        if (const auto f = function_named(t.text)) return function_call(*f);
        if (is_special_function(t.text)) return special_call();
        refuse(source_, t.at, t.past(), fmt::format("'{}' means nothing here", t.text), suggestion(t.text, all_words()));
    }

    /// A one-word tree.
    template <class Tree> parsed done(const token& t, Tree tree) {
        ++next_;
        return {std::move(tree), t.at, t.past()};
    }

    region_tree section_kind(int type) const {
        if (at_symbol("(", 1))
            refuse(source_, peek().at, peek(1).past(), fmt::format("'{}' is a kind of section, not one section", peek().text),
                   fmt::format("name one, as in {}[0](0.5)", type_name(static_cast<section_type>(type))));
        return make_region(of_type{type});
    }

    std::string section_name() {
        const auto t = take();
        const auto type = section_kind_named(t.text);
        if (!type)
            refuse(source_, t.at, t.past(), fmt::format("'{}' is no kind of section", t.text),
                   "sections are named soma, axon[3], dend[3], apic[3], or dend_5[3] for a custom type 5");
        if (t.text == "soma" && !at_symbol("[")) return "soma";
        expect("[");
        const int index = integer("the section's number");
        expect("]");
        return fmt::format("{}[{}]", type_name(static_cast<section_type>(*type)), index);
    }

    parsed section_part() {
        const auto from = peek().at;
        auto name = section_name();
        if (!take_symbol("(")) return {make_region(named_stretch{std::move(name), {}}), from, last_past()};
        const auto start = peek().at;
        const double a = fraction();
        if (!take_symbol("..")) {
            expect(")");
            return {make_locations(named_point{std::move(name), a}), from, last_past()};
        }
        const double b = fraction();
        if (a >= b)
            refuse(source_, start, last_past(), "the stretch does not end behind its start", fmt::format("write {} .. {}", b, a));
        expect(")");
        return {make_region(named_stretch{std::move(name), std::pair(a, b)}), from, last_past()};
    }

    parsed function_call(const function_word& w) {
        const auto from = take().at;
        const auto name_end = last_past();
        expect("(");
        std::vector<operand> arguments;
        do arguments.push_back(as_operand(disjunction()));
        while (take_symbol(","));
        expect(")");
        if (arguments.size() < w.fewest || arguments.size() > w.most)
            refuse(source_, from, name_end, fmt::format("{} has {} arguments", w.word, arguments.size()),
                   fmt::format("it takes {}{}", w.fewest, w.most > w.fewest ? " or more" : ""));
        auto value = w.f == function::power ? values_.power(arguments[0], arguments[1]) : values_.applied(w.f, arguments);
        return {std::move(value), from, last_past()};
    }

    /// The calls whose arguments are not all values.
    parsed special_call() {
        const auto name = take();
        expect("(");
        auto tree = special_body(name.text);
        expect(")");
        return {std::move(tree), name.at, last_past()};
    }

    decltype(parsed::what) special_body(std::string_view name) {
        if (name == "type") return make_region(of_type{integer("the number of a section type")});
        if (name == "subtree") return make_region(subtree_of{section_name(), {}});
        if (name == "sections") return named_list();
        if (name == "thickest") return make_locations(thickest_of{locations_of(list(), source_)});
        const auto where = as_region(disjunction());
        if (name == "tips") return make_locations(tips_of{where});
        if (name == "centre") return make_locations(centre_of{where});
        if (name == "max_distance") return make_value(longest_distance{where}, dimensions::length);
        expect(",");
        const auto first = as_operand(disjunction());
        if (name == "at") return crossings_at(where, first);
        expect(",");
        return values_.chosen(where, first, as_operand(disjunction()));
    }

    region_tree named_list() {
        named_sections s;
        do s.members.push_back({section_name(), {}});
        while (take_symbol(","));
        return make_region(std::move(s));
    }

    locations_tree crossings_at(const region_tree& where, const operand& distance) const {
        values_.require("at", dimensions::length, distance);
        if (!is_uniform(*distance.value))
            refuse(source_, distance.from, distance.to, "the distance of at() varies in space",
                   "give one length, such as 620 um or 0.5*max_distance(apical)");
        return make_locations(crossings{where, distance.value});
    }

    std::string_view source_;
    std::vector<token> tokens_;
    checked_values values_;
    std::size_t next_ = 0;
    int level_ = 0;
};

std::string_view sort_of(const parsed& p) {
    constexpr std::array<std::string_view, 3> sorts{"a region", "locations", "a value"};
    return sorts[p.what.index()];
}

template <class Tree> Tree of_sort(const parsed& p, std::string_view source, std::string_view wanted, std::string_view hint) {
    if (const auto* tree = std::get_if<Tree>(&p.what)) return *tree;
    refuse(source, p.from, p.to, fmt::format("{} should be here, this is {}", wanted, sort_of(p)), std::string(hint));
}

}  // namespace

parsed parse(std::string_view source) { return parser(source).whole(); }

region_tree region_of(const parsed& p, std::string_view source) {
    return of_sort<region_tree>(p, source, "a region",
                                p.what.index() == 2 ? "compare it with another value, as in distance > 100 um"
                                                    : "name sections, as in apical or apic[3](0.2 .. 0.8)");
}

locations_tree locations_of(const parsed& p, std::string_view source) {
    const auto part = source.substr(p.from, p.to - p.from);
    return of_sort<locations_tree>(p, source, "locations",
                                   p.what.index() == 0 ? fmt::format("did you mean centre({0}), tips({0}) or at({0}, 100 um)?", part)
                                                       : "a location is written soma(0.5) or at(apical, 620 um)");
}

value_tree value_of(const parsed& p, std::string_view source) {
    const auto part = source.substr(p.from, p.to - p.from);
    return of_sort<value_tree>(p, source, "a value",
                               p.what.index() == 0 ? fmt::format("did you mean where({}, inside, outside)?", part)
                                                   : "a value is a number with its unit, or made of distance, diameter, order and x");
}

}  // namespace apical::expression
