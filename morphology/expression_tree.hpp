// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/units.hpp"
#include "morphology/expression.hpp"

/// The trees behind region, locations and value_expression. Nodes are immutable and shared; none lies deeper than max_depth.
namespace apical::expression {

inline constexpr int max_depth = 256;

// ---- regions

struct everything {};
struct of_type { int type; };                    ///< sections of a section_type number
struct terminal_sections {};
/// Part of a section named in the text. Binding fills `index`.
struct named_stretch {
    std::string name;
    std::optional<std::pair<double, double>> span;   ///< absent: the whole section
    int index = -1;
};
/// sections(a, b): kept apart from `a or b` for its spelling only.
struct named_sections { std::vector<named_stretch> members; };
/// A section and all that hangs on it. Binding fills `member`, one flag a section.
struct subtree_of {
    std::string name;
    std::vector<bool> member;
};
struct negation { region_tree operand; };
struct junction {
    bool all;                                    ///< and; else or
    std::vector<region_tree> operands;
};
enum class relation { less, at_most, greater, at_least, equal, different };
/// v0 r0 v1 r1 v2 ...: true if every neighbouring pair is so related.
struct comparison {
    std::vector<value_tree> values;
    std::vector<relation> relations;
};

struct region_node {
    std::variant<everything, of_type, terminal_sections, named_stretch, named_sections, subtree_of, negation, junction, comparison>
        what;
    int depth;
};

// ---- values

/// `text` is the user's spelling, with its unit.
struct literal {
    double value;
    std::string text;
};
enum class variable { distance, diameter, order, x };
/// Binding replaces it by a literal.
struct longest_distance { region_tree region; };
enum class function { plus, minus, times, over, power, negate, exp, log, sqrt, sigmoid, min, max, abs };
struct call {
    function f;
    std::vector<value_tree> arguments;
};
struct choice {
    region_tree region;
    value_tree inside, outside;
};

struct value_node {
    std::variant<literal, variable, longest_distance, call, choice> what;
    apical::dimension dimension;
    int depth;
};

// ---- locations

struct named_point {
    std::string name;
    double x;
};
struct crossings { region_tree region; value_tree distance; };   ///< at(region, distance)
struct thickest_of { locations_tree candidates; };               ///< of equals the last, as in Hay et al. (2011)
struct tips_of { region_tree region; };
struct centre_of { region_tree region; };
struct union_of { std::vector<locations_tree> members; };

struct locations_node {
    std::variant<named_point, crossings, thickest_of, tips_of, centre_of, union_of> what;
    int depth;
};

// ---- building: each throws invalid_model if the tree would be deeper than max_depth

region_tree make_region(decltype(region_node::what) what);
locations_tree make_locations(decltype(locations_node::what) what);
value_tree make_value(decltype(value_node::what) what, dimension d);
/// a and b, a or b; an operand that is the same kind of junction is taken up into the new one.
region_tree make_junction(bool all, const region_tree& a, const region_tree& b);
region_tree make_negation(const region_tree& a);

// ---- spelling

std::string text_of(const region_tree&);
std::string text_of(const locations_tree&);
std::string text_of(const value_tree&);

/// Names of functions as written, in the order of `function`; operators have their symbol.
std::string_view name_of(function);
std::string_view symbol_of(relation);
std::string_view name_of(variable);

// ---- evaluating

/// A copy with names and longest distances looked up on this shape. Throws invalid_model if a section is missing, or if a
/// condition compares with the longest distance of a region that has no place here. In a value such a distance is NaN.
region_tree bound(const region_tree&, const morphology&);
value_tree bound(const value_tree&, const morphology&);

/// Of bound trees.
bool contains(const region_node&, const place&);
double evaluate(const value_node&, const place&);
std::vector<stretch> stretches(const region_node&, const morphology&);

/// Of a tree that need not be bound.
std::vector<location> locate(const locations_node&, const morphology&);

/// True if the value uses none of distance, diameter, order, x, so that it is one number on a given morphology.
bool is_uniform(const value_node&);
/// True if moreover it does not depend on the morphology.
bool is_constant(const value_node&);

/// Index of a named section; throws invalid_model, saying which exist.
int section_index(const std::string& name, const morphology&);

}  // namespace apical::expression
