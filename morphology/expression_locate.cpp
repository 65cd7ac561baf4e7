// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "core/error.hpp"
#include "morphology/expression_overload.hpp"
#include "morphology/expression_tree.hpp"

namespace apical::expression {
namespace {

/// The places along one section. Distance falls to a point `fold_` (the origin, or where the way to it leaves) and rises
/// beyond; in all but the sections between root and origin the fold is the start.
class along_section {
public:
    along_section(const morphology& shape, int section)
        : shape_(shape), section_(section), order_(shape.order(section)), length_(shape.length(section)), fold_(fold(shape, section)),
          nearest_(shape.distance({section, fold_})) {}

    place at(double x) const {
        return {&shape_, section_, x, nearest_ + std::abs(x - fold_)*length_, shape_.at({section_, x}).diameter, order_};
    }

    /// Where the distance has this value, within rounding of the section's ends.
    std::vector<double> at_distance(double distance) const {
        const double rise = (distance - nearest_)/length_;
        std::vector<double> found;
        if (!(rise >= -tolerance)) return found;
        for (const double x : {fold_ - rise, fold_ + rise}) {
            if (x < -tolerance || x > 1 + tolerance) continue;
            const double snapped = x < tolerance ? 0 : x > 1 - tolerance ? 1 : x;
            if (found.empty() || found.back() != snapped) found.push_back(snapped);
        }
        return found;
    }

    double fold() const { return fold_; }

private:
    static constexpr double tolerance = 1e-9;

    static double fold(const morphology& shape, int section) {
        auto [s, x] = shape.origin();
        while (s > section) {
            x = shape[s].parent_x;
            s = shape[s].parent;
        }
        return s == section ? x : 0;
    }

    const morphology& shape_;
    int section_, order_;
    double length_, fold_, nearest_;
};

/// True if a section may be in the region in part only.
bool may_split(const region_node& r) {
    return std::visit(overload{[](const named_stretch& s) { return s.span.has_value(); },
                               [](const negation& n) { return may_split(*n.operand); },
                               [](const junction& j) {
                                   return std::any_of(j.operands.begin(), j.operands.end(), [](const auto& o) { return may_split(*o); });
                               },
                               [](const comparison&) { return true; }, [](const auto&) { return false; }},
                      r.what);
}

/// Appends the positions on this section where the region is known to begin or end.
void append_boundaries(const region_node& r, const along_section& along, int section, std::vector<double>& xs) {
    const auto append_distance = [&](const value_node& a, const value_node& b) {
        const auto* v = std::get_if<variable>(&a.what);
        if (!v || *v != variable::distance || !is_uniform(b)) return;
        const auto found = along.at_distance(evaluate(b, {}));
        xs.insert(xs.end(), found.begin(), found.end());
    };
    std::visit(overload{[&](const named_stretch& s) {
                            if (s.index == section && s.span) xs.insert(xs.end(), {s.span->first, s.span->second});
                        },
                        [&](const negation& n) { append_boundaries(*n.operand, along, section, xs); },
                        [&](const junction& j) {
                            for (const auto& o : j.operands) append_boundaries(*o, along, section, xs);
                        },
                        [&](const comparison& c) {
                            for (std::size_t i = 0; i + 1 < c.values.size(); ++i) {
                                append_distance(*c.values[i], *c.values[i + 1]);
                                append_distance(*c.values[i + 1], *c.values[i]);
                            }
                        },
                        [](const auto&) {}},
               r.what);
}

/// Sorted positions to test, between which the region is taken to change at most once.
std::vector<double> knots(const region_node& r, const along_section& along, const morphology& shape, int section) {
    constexpr int intervals = 32;
    std::vector<double> xs{along.fold()};
    for (int i = 0; i <= intervals; ++i) xs.push_back(double(i)/intervals);
    const auto arc = shape.arc(section);
    for (const double s : arc) xs.push_back(std::min(1.0, s/arc.back()));
    std::vector<double> known;
    append_boundaries(r, along, section, known);
    std::sort(known.begin(), known.end());
    for (std::size_t i = 0; i < known.size(); ++i) {
        xs.push_back(known[i]);
        if (i > 0) xs.push_back(std::midpoint(known[i - 1], known[i]));   // the region may be open at both
    }
    std::sort(xs.begin(), xs.end());
    xs.erase(std::unique(xs.begin(), xs.end()), xs.end());
    return xs;
}

/// The last position inside, going from `inside` to `outside`.
double boundary(const region_node& r, const along_section& along, double inside, double outside) {
    for (int i = 0; i < 64; ++i) {
        const double middle = std::midpoint(inside, outside);
        if (middle == inside || middle == outside) break;
        (contains(r, along.at(middle)) ? inside : outside) = middle;
    }
    return inside;
}

void append_stretches(const region_node& r, const morphology& shape, int section, std::vector<stretch>& found) {
    const along_section along(shape, section);
    const auto xs = knots(r, along, shape, section);
    constexpr double smallest = 1e-12;   // single points are no stretch
    double from = 0;
    bool inside = false;
    for (std::size_t i = 0; i < xs.size(); ++i) {
        const bool now = contains(r, along.at(xs[i]));
        if (now && !inside) from = i == 0 ? xs[i] : boundary(r, along, xs[i], xs[i - 1]);
        const bool ends = inside && !now;
        const double to = ends ? boundary(r, along, xs[i - 1], xs[i]) : xs[i];
        if ((ends || (now && i + 1 == xs.size())) && to - from > smallest) found.push_back({section, from, to});
        inside = now;
    }
}

// ---- locations

std::vector<location> crossings_on(const crossings& c, const morphology& shape) {
    const auto r = bound(c.region, shape);
    const double distance = evaluate(*bound(c.distance, shape), {});
    std::vector<location> found;
    for (int i = 0; i < shape.size(); ++i) {
        const along_section along(shape, i);
        for (const double x : along.at_distance(distance)) {
            if (!contains(*r, along.at(x))) continue;
            // A fork is one place: the parent's end stands for the starts of its daughters, unless it is not in the region.
            const auto& s = shape[i];
            if (x == 0 && s.parent >= 0 && contains(*r, at(shape, {s.parent, s.parent_x}))) continue;
            found.push_back({i, x});
        }
    }
    return found;
}

std::vector<location> thickest_on(const thickest_of& t, const morphology& shape) {
    const auto candidates = locate(*t.candidates, shape);
    if (candidates.empty()) return {};
    auto best = candidates.front();
    for (const auto& c : candidates)
        if (shape.at(c).diameter >= shape.at(best).diameter) best = c;
    return {best};
}

std::vector<location> tips_on(const tips_of& t, const morphology& shape) {
    const auto r = bound(t.region, shape);
    std::vector<location> found;
    for (int i = 0; i < shape.size(); ++i)
        if (shape.children(i).empty() && contains(*r, at(shape, {i, 1}))) found.push_back({i, 1});
    return found;
}

std::vector<location> centres_on(const centre_of& c, const morphology& shape) {
    std::vector<location> found;
    for (const auto& s : stretches(*bound(c.region, shape), shape)) found.push_back({s.section, std::midpoint(s.from, s.to)});
    return found;
}

std::vector<location> united(const union_of& u, const morphology& shape) {
    std::vector<location> found;
    for (const auto& m : u.members)
        for (const auto& l : locate(*m, shape))
            if (std::find(found.begin(), found.end(), l) == found.end()) found.push_back(l);
    return found;
}

}  // namespace

std::vector<stretch> stretches(const region_node& r, const morphology& shape) {
    const bool split = may_split(r);
    std::vector<stretch> found;
    for (int i = 0; i < shape.size(); ++i) {
        if (split) append_stretches(r, shape, i, found);
        else if (contains(r, {&shape, i})) found.push_back({i, 0, 1});
    }
    return found;
}

std::vector<location> locate(const locations_node& l, const morphology& shape) {
    return std::visit(overload{[&](const named_point& p) { return std::vector<location>{{section_index(p.name, shape), p.x}}; },
                               [&](const crossings& c) { return crossings_on(c, shape); },
                               [&](const thickest_of& t) { return thickest_on(t, shape); },
                               [&](const tips_of& t) { return tips_on(t, shape); }, [&](const centre_of& c) { return centres_on(c, shape); },
                               [&](const union_of& u) { return united(u, shape); }},
                      l.what);
}

int section_index(const std::string& name, const morphology& shape) {
    const int found = shape.find(name);
    if (found >= 0) return found;
    const auto kind = name.substr(0, name.find('['));
    std::string kinds;
    int of_this_kind = 0;
    for (const auto& s : shape.sections()) {
        const auto other = type_name(s.type);
        of_this_kind += other == kind;
        if ((", " + kinds + ",").find(", " + other + ",") == std::string::npos) kinds += (kinds.empty() ? "" : ", ") + other;
    }
    throw invalid_model(fmt::format("expression '{}'", name), "this morphology has no such section",
                        of_this_kind == 1  ? fmt::format("the only one of its kind is {}[0]", kind)
                        : of_this_kind > 1 ? fmt::format("there are {0}[0] to {0}[{1}]", kind, of_this_kind - 1)
                        : kinds.empty()    ? "it has none at all"
                                           : "its sections are of the kinds " + kinds);
}

}  // namespace apical::expression
