// SPDX-License-Identifier: BSD-3-Clause
#include "morphology/expression_tree.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/error.hpp"
#include "morphology/expression_overload.hpp"

namespace apical::expression {
namespace {

template <class Tree> int deepest(const std::vector<Tree>& trees) {
    int depth = 0;
    for (const auto& t : trees) depth = std::max(depth, t->depth);
    return depth;
}

/// Depth of the operands of a node; overload resolution picks the last one for nodes without operands.
int below(const negation& n) { return n.operand->depth; }
int below(const junction& n) { return deepest(n.operands); }
int below(const comparison& n) { return deepest(n.values); }
int below(const longest_distance& n) { return n.region->depth; }
int below(const call& n) { return deepest(n.arguments); }
int below(const choice& n) { return std::max({n.region->depth, n.inside->depth, n.outside->depth}); }
int below(const crossings& n) { return std::max(n.region->depth, n.distance->depth); }
int below(const thickest_of& n) { return n.candidates->depth; }
int below(const tips_of& n) { return n.region->depth; }
int below(const centre_of& n) { return n.region->depth; }
int below(const union_of& n) { return deepest(n.members); }
template <class Leaf> int below(const Leaf&) { return 0; }

template <class Variant> int checked_depth(const Variant& what) {
    const int depth = 1 + std::visit([](const auto& n) { return below(n); }, what);
    if (depth > max_depth)
        throw invalid_model("expression", fmt::format("nested deeper than {} levels", max_depth),
                            "split it, or use sections(...) and where(...) instead of long chains");
    return depth;
}

// ---- spelling

/// How tightly a node binds; an operand that binds less than its place asks for is put in parentheses.
enum strength { lowest, any_of, every_of, inverted, compared, sum, product, signed_value, raised, atom };

class speller {
public:
    void write(const region_tree& r, strength needed) {
        parenthesised(strength_of(*r) < needed, [&] { std::visit([&](const auto& n) { write(n); }, r->what); });
    }
    void write(const value_tree& v, strength needed) {
        parenthesised(strength_of(*v) < needed, [&] { std::visit([&](const auto& n) { write(n); }, v->what); });
    }
    void write(const locations_tree& l) { std::visit([&](const auto& n) { write(n); }, l->what); }

    std::string text;

private:
    static strength strength_of(const region_node& r) {
        return std::visit(overload{[](const junction& j) { return j.all ? every_of : any_of; },
                                   [](const negation&) { return inverted; }, [](const comparison&) { return compared; },
                                   [](const auto&) { return atom; }},
                          r.what);
    }
    static strength strength_of(const value_node& v) {
        return std::visit(overload{[](const call& c) { return strength_of(c.f); },
                                   // the unit of an unbracketed base would take up the power: 5 um^2
                                   [](const literal& l) { return l.text.find_first_of(" /") == l.text.npos ? atom : raised; },
                                   [](const auto&) { return atom; }},
                          v.what);
    }
    static strength strength_of(function f) {
        switch (f) {
            case function::plus: case function::minus: return sum;
            case function::times: case function::over: return product;
            case function::negate: return signed_value;
            case function::power: return raised;
            default: return atom;
        }
    }

    template <class F> void parenthesised(bool needed, F write_inside) {
        if (needed) text += '(';
        write_inside();
        if (needed) text += ')';
    }

    void write(const everything&) { text += "all"; }
    void write(const of_type& t) {
        constexpr std::array names{"type(0)", "soma", "axon", "basal", "apical"};
        text += t.type >= 0 && t.type < static_cast<int>(names.size()) ? names[static_cast<std::size_t>(t.type)]
                                                                       : fmt::format("type({})", t.type);
    }
    void write(const terminal_sections&) { text += "terminal"; }
    void write(const named_stretch& s) {
        text += s.name;
        if (s.span) text += fmt::format("({} .. {})", s.span->first, s.span->second);
    }
    void write(const named_sections& s) {
        text += "sections(";
        for (std::size_t i = 0; i < s.members.size(); ++i) {
            if (i > 0) text += ", ";
            write(s.members[i]);
        }
        text += ')';
    }
    void write(const subtree_of& s) { text += fmt::format("subtree({})", s.name); }
    void write(const negation& n) { text += "not ", write(n.operand, inverted); }
    void write(const junction& j) {
        for (std::size_t i = 0; i < j.operands.size(); ++i) {
            if (i > 0) text += j.all ? " and " : " or ";
            write(j.operands[i], j.all ? inverted : every_of);
        }
    }
    void write(const comparison& c) {
        write(c.values.front(), sum);
        for (std::size_t i = 0; i < c.relations.size(); ++i) {
            text += fmt::format(" {} ", symbol_of(c.relations[i]));
            write(c.values[i + 1], sum);
        }
    }

    void write(const literal& l) { text += l.text; }
    void write(const variable& v) { text += name_of(v); }
    void write(const longest_distance& d) { text += "max_distance(", write(d.region, lowest), text += ')'; }
    void write(const call& c) {
        const auto& a = c.arguments;
        switch (c.f) {
            case function::plus: return infix(a, " + ", sum, product);
            case function::minus: return infix(a, " - ", sum, product);
            case function::times: return infix(a, "*", product, signed_value);
            case function::over: return infix(a, "/", product, signed_value);
            case function::power: return infix(a, "^", atom, signed_value);
            case function::negate: text += '-', write(a.front(), signed_value); return;
            default: break;
        }
        text += name_of(c.f);
        text += '(';
        for (std::size_t i = 0; i < a.size(); ++i) {
            if (i > 0) text += ", ";
            write(a[i], sum);
        }
        text += ')';
    }
    void infix(const std::vector<value_tree>& a, std::string_view symbol, strength left, strength right) {
        write(a[0], left);
        text += symbol;
        write(a[1], right);
    }
    void write(const choice& c) {
        text += "where(";
        write(c.region, lowest);
        text += ", ", write(c.inside, sum);
        text += ", ", write(c.outside, sum);
        text += ')';
    }

    void write(const named_point& p) { text += fmt::format("{}({})", p.name, p.x); }
    void write(const crossings& c) {
        text += "at(", write(c.region, lowest), text += ", ", write(c.distance, sum), text += ')';
    }
    void write(const thickest_of& t) { text += "thickest(", write(t.candidates), text += ')'; }
    void write(const tips_of& t) { text += "tips(", write(t.region, lowest), text += ')'; }
    void write(const centre_of& c) { text += "centre(", write(c.region, lowest), text += ')'; }
    void write(const union_of& u) {
        for (std::size_t i = 0; i < u.members.size(); ++i) {
            if (i > 0) text += ", ";
            write(u.members[i]);
        }
    }
};

void append_operands(std::vector<region_tree>& operands, bool all, const region_tree& r) {
    const auto* same = std::get_if<junction>(&r->what);
    if (same && same->all == all) operands.insert(operands.end(), same->operands.begin(), same->operands.end());
    else operands.push_back(r);
}

}  // namespace

region_tree make_region(decltype(region_node::what) what) {
    const int depth = checked_depth(what);
    return std::make_shared<region_node>(region_node{std::move(what), depth});
}

locations_tree make_locations(decltype(locations_node::what) what) {
    const int depth = checked_depth(what);
    return std::make_shared<locations_node>(locations_node{std::move(what), depth});
}

value_tree make_value(decltype(value_node::what) what, dimension d) {
    const int depth = checked_depth(what);
    return std::make_shared<value_node>(value_node{std::move(what), d, depth});
}

region_tree make_junction(bool all, const region_tree& a, const region_tree& b) {
    std::vector<region_tree> operands;
    append_operands(operands, all, a);
    append_operands(operands, all, b);
    return make_region(junction{all, std::move(operands)});
}

region_tree make_negation(const region_tree& a) {
    if (const auto* inner = std::get_if<negation>(&a->what)) return inner->operand;
    return make_region(negation{a});
}

std::string text_of(const region_tree& r) { speller s; s.write(r, lowest); return s.text; }
std::string text_of(const locations_tree& l) { speller s; s.write(l); return s.text; }
std::string text_of(const value_tree& v) { speller s; s.write(v, lowest); return s.text; }

std::string_view name_of(function f) {
    constexpr std::array<std::string_view, 13> names{"+", "-", "*", "/", "^", "-", "exp", "log", "sqrt", "sigmoid", "min", "max", "abs"};
    return names[static_cast<std::size_t>(f)];
}

std::string_view symbol_of(relation r) {
    constexpr std::array<std::string_view, 6> symbols{"<", "<=", ">", ">=", "==", "!="};
    return symbols[static_cast<std::size_t>(r)];
}

std::string_view name_of(variable v) {
    constexpr std::array<std::string_view, 4> names{"distance", "diameter", "order", "x"};
    return names[static_cast<std::size_t>(v)];
}

}  // namespace apical::expression
