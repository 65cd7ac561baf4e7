// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "core/error.hpp"
#include "morphology/expression_overload.hpp"
#include "morphology/expression_tree.hpp"

namespace apical::expression {
namespace {

bool related(double a, relation r, double b) {
    switch (r) {
        case relation::less: return a < b;
        case relation::at_most: return a <= b;
        case relation::greater: return a > b;
        case relation::at_least: return a >= b;
        case relation::equal: return a == b;
        case relation::different: return a != b;
    }
    return false;
}

bool contains(const named_stretch& s, const place& p) {
    return p.section == s.index && (!s.span || (s.span->first <= p.x && p.x <= s.span->second));
}

bool contains(const junction& j, const place& p) {
    const auto holds = [&](const region_tree& r) { return contains(*r, p); };
    return j.all ? std::all_of(j.operands.begin(), j.operands.end(), holds)
                 : std::any_of(j.operands.begin(), j.operands.end(), holds);
}

bool contains(const comparison& c, const place& p) {
    double left = evaluate(*c.values.front(), p);
    for (std::size_t i = 0; i < c.relations.size(); ++i) {
        const double right = evaluate(*c.values[i + 1], p);
        if (!related(left, c.relations[i], right)) return false;
        left = right;
    }
    return true;
}

double value_of(variable v, const place& p) {
    switch (v) {
        case variable::distance: return p.distance;
        case variable::diameter: return p.diameter;
        case variable::order: return p.order;
        case variable::x: return p.x;
    }
    return 0;
}

double extreme(const call& c, const place& p) {
    double best = evaluate(*c.arguments.front(), p);
    for (const auto& a : c.arguments) {
        const double v = evaluate(*a, p);
        best = c.f == function::min ? std::min(best, v) : std::max(best, v);
    }
    return best;
}

double value_of(const call& c, const place& p) {
    if (c.f == function::min || c.f == function::max) return extreme(c, p);
    const double a = evaluate(*c.arguments[0], p);
    const double b = c.arguments.size() > 1 ? evaluate(*c.arguments[1], p) : 0;
    switch (c.f) {
        case function::plus: return a + b;
        case function::minus: return a - b;
        case function::times: return a*b;
        case function::over: return a/b;
        case function::power: return std::pow(a, b);
        case function::negate: return -a;
        case function::exp: return std::exp(a);
        case function::log: return std::log(a);
        case function::sqrt: return std::sqrt(a);
        case function::sigmoid: return 1/(1 + std::exp(-a));
        default: return std::abs(a);
    }
}

// ---- binding

/// Rebuilds a tree with everything looked up that depends on the morphology only.
class binder {
public:
    explicit binder(const morphology& shape) : shape_(shape) {}

    region_tree region(const region_tree& r) {
        return std::visit(overload{[&](const named_stretch& n) { return make_region(found(n)); },
                                   [&](const named_sections& n) { return sections(n); },
                                   [&](const subtree_of& n) { return make_region(subtree(n)); },
                                   [&](const negation& n) { return make_region(negation{region(n.operand)}); },
                                   [&](const junction& n) { return joined(n); },
                                   [&](const comparison& n) { return compared(n); }, [&](const auto&) { return r; }},
                          r->what);
    }

    /// `required`: a longest distance of nothing is an error, not NaN.
    value_tree value(const value_tree& v, bool required) {
        return std::visit(overload{[&](const longest_distance& n) { return longest(n, required); },
                                   [&](const call& n) { return called(n, v->dimension, required); },
                                   [&](const choice& n) {
                                       return make_value(choice{region(n.region), value(n.inside, required), value(n.outside, required)},
                                                         v->dimension);
                                   },
                                   [&](const auto&) { return v; }},
                          v->what);
    }

private:
    named_stretch found(named_stretch n) const {
        n.index = section_index(n.name, shape_);
        return n;
    }

    region_tree sections(const named_sections& n) const {
        named_sections all;
        for (const auto& s : n.members) all.members.push_back(found(s));
        return make_region(std::move(all));
    }

    subtree_of subtree(subtree_of n) const {
        n.member.assign(static_cast<std::size_t>(shape_.size()), false);
        const int root = section_index(n.name, shape_);
        for (int i = root; i < shape_.size(); ++i) {
            const int parent = shape_[i].parent;
            n.member[static_cast<std::size_t>(i)] = i == root || (parent >= 0 && n.member[static_cast<std::size_t>(parent)]);
        }
        return n;
    }

    region_tree joined(const junction& n) {
        junction j{n.all, {}};
        for (const auto& o : n.operands) j.operands.push_back(region(o));
        return make_region(std::move(j));
    }

    region_tree compared(const comparison& n) {
        comparison c{{}, n.relations};
        for (const auto& v : n.values) c.values.push_back(value(v, true));
        return make_region(std::move(c));
    }

    value_tree called(const call& n, dimension d, bool required) {
        call c{n.f, {}};
        for (const auto& a : n.arguments) c.arguments.push_back(value(a, required));
        return make_value(std::move(c), d);
    }

    value_tree longest(const longest_distance& n, bool required) {
        auto greatest = -std::numeric_limits<double>::infinity();
        for (const auto& s : stretches(*region(n.region), shape_))
            for (const double x : {s.from, s.to})
                if (const double d = shape_.distance({s.section, x}); std::isfinite(d)) greatest = std::max(greatest, d);
        if (required && !std::isfinite(greatest))
            throw invalid_model(fmt::format("expression 'max_distance({})'", text_of(n.region)), "this morphology has no such place",
                                "take the region out of the condition, or give the morphology such sections");
        if (!std::isfinite(greatest)) greatest = std::numeric_limits<double>::quiet_NaN();
        return make_value(literal{greatest, fmt::format("{} um", greatest)}, dimensions::length);
    }

    const morphology& shape_;
};

/// True if no part of the value is one for which `depends` holds.
template <class Depends> bool free_of(const value_node& v, const Depends& depends) {
    if (depends(v)) return false;
    const auto* c = std::get_if<call>(&v.what);
    return !c || std::all_of(c->arguments.begin(), c->arguments.end(), [&](const auto& a) { return free_of(*a, depends); });
}

}  // namespace

region_tree bound(const region_tree& r, const morphology& shape) { return binder(shape).region(r); }
value_tree bound(const value_tree& v, const morphology& shape) { return binder(shape).value(v, false); }

bool contains(const region_node& r, const place& p) {
    return std::visit(overload{[](const everything&) { return true; },
                               [&](const of_type& t) { return static_cast<int>((*p.shape)[p.section].type) == t.type; },
                               [&](const terminal_sections&) { return p.shape->children(p.section).empty(); },
                               [&](const named_sections& s) {
                                   return std::any_of(s.members.begin(), s.members.end(), [&](const auto& m) { return contains(m, p); });
                               },
                               [&](const subtree_of& s) { return bool(s.member[static_cast<std::size_t>(p.section)]); },
                               [&](const negation& n) { return !contains(*n.operand, p); },
                               [&](const auto& n) { return contains(n, p); }},
                      r.what);
}

double evaluate(const value_node& v, const place& p) {
    return std::visit(overload{[](const literal& l) { return l.value; }, [&](const variable& n) { return value_of(n, p); },
                               [](const longest_distance&) { return std::numeric_limits<double>::quiet_NaN(); },
                               [&](const call& c) { return value_of(c, p); },
                               [&](const choice& c) { return evaluate(contains(*c.region, p) ? *c.inside : *c.outside, p); }},
                      v.what);
}

bool is_uniform(const value_node& v) {
    return free_of(v, [](const value_node& n) {
        return std::holds_alternative<variable>(n.what) || std::holds_alternative<choice>(n.what);
    });
}

bool is_constant(const value_node& v) {
    return is_uniform(v) && free_of(v, [](const value_node& n) { return std::holds_alternative<longest_distance>(n.what); });
}

}  // namespace apical::expression
