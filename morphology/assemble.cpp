// SPDX-License-Identifier: BSD-3-Clause
#include "morphology/assemble.hpp"

#include <algorithm>

namespace apical::detail {
namespace {

constexpr double shortest_section = 1e-6;  // um

bool has_length(const section& s) {
    double arc = 0;
    for (std::size_t i = 1; i < s.points.size(); ++i) arc += distance_between(s.points[i - 1], s.points[i]);
    return arc > shortest_section;
}

}  // namespace

std::vector<point> sphere_points(const point& centre) {
    point left = centre, right = centre;
    left.x -= centre.diameter/2;
    right.x += centre.diameter/2;
    return {left, centre, right};
}

morphology assemble(std::vector<raw_section> raw, reader_log& log) {
    morphology shape;
    struct place { int section; bool kept; double x; };
    std::vector<place> places;  // where each raw section, or whatever hung on it, has gone
    for (auto& [body, line] : raw) {
        if (body.parent >= 0) {
            const auto& p = places[static_cast<std::size_t>(body.parent)];
            body.parent = p.section;
            if (!p.kept) body.parent_x = p.x;
        }
        const bool long_enough = has_length(body);
        if (!long_enough && body.parent >= 0) {
            log.repaired(line, "a branch without length was left out; what hangs on it was attached to its parent");
            places.push_back({body.parent, false, body.parent_x});
            continue;
        }
        if (!long_enough) {
            if (body.points.size() > 1) log.repaired(line, "the root has no length; it was taken for a sphere");
            const auto widest = std::max_element(body.points.begin(), body.points.end(), [](auto& a, auto& b) {
                return a.diameter < b.diameter;
            });
            body.points = sphere_points(*widest);
        }
        places.push_back({shape.add(std::move(body)), true, 0});
    }
    return shape;
}

}  // namespace apical::detail
