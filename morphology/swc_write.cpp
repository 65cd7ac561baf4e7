// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "morphology/swc.hpp"

namespace apical {
namespace {

constexpr std::size_t at_index(int i) { return static_cast<std::size_t>(i); }

bool stands_for_sphere(const section& s) {
    if (s.type != section_type::soma || s.parent >= 0 || s.points.size() != 3) return false;
    const point &a = s.points[0], &centre = s.points[1], &b = s.points[2];
    const double d = centre.diameter, tolerance = 1e-9*(d + std::abs(centre.x));
    return a.diameter == d && b.diameter == d && a.y == b.y && a.z == b.z && a.y == centre.y && a.z == centre.z &&
           std::abs(b.x - a.x - d) < tolerance && std::abs(centre.x - a.x - d/2) < tolerance;
}

class swc_writer {
public:
    swc_writer(const morphology& shape, std::ostream& out) : shape_(shape), out_(out) {}

    void write() {
        out_ << "# id type x y z radius parent\n";
        for (int i = 0; i < shape_.size(); ++i) {
            const auto& s = shape_[i];
            const int parent = s.parent < 0 ? -1 : sample_at({s.parent, s.parent_x});
            ids_.emplace_back();
            if (stands_for_sphere(s)) {
                ids_.back().assign(3, put(s.type, s.points[1], parent));
            } else {
                put_section(s, parent);
            }
        }
    }

private:
    /// Readers leave out the piece between the inside of a soma and a neurite of several points.
    bool is_floating(const section& s) const {
        return shape_[s.parent].type == section_type::soma && s.type != section_type::soma && s.parent_x > 0 &&
               s.parent_x < 1 && s.points.size() > 2;
    }

    /// Points of the section, but for a first one that only repeats the place it is attached at.
    void put_section(const section& s, int parent) {
        auto& ids = ids_.back();
        const bool attached = s.parent >= 0 && !is_floating(s);
        const point joint = attached ? shape_.at({s.parent, s.parent_x}) : point{};
        for (std::size_t k = 0; k < s.points.size(); ++k) {
            const bool repeats = k == 0 && attached && distance_between(joint, s.points[0]) < 1e-6;
            ids.push_back(repeats ? parent : put(s.type, s.points[k], k == 0 ? parent : ids.back()));
        }
    }

    int put(section_type type, const point& p, int parent) {
        out_ << fmt::format("{} {} {} {} {} {} {}\n", ++last_, static_cast<int>(type), p.x, p.y, p.z, p.diameter/2, parent);
        return last_;
    }

    /// The sample nearest to a place along its section, keeping inner places off the ends where there is a choice.
    int sample_at(location where) const {
        const auto& ids = ids_[at_index(where.section)];
        const auto arc = shape_.arc(where.section);
        if (where.x <= 0) return ids.front();
        if (where.x >= 1) return ids.back();
        if (ids.size() == 2) return where.x < 0.5 ? ids.front() : ids.back();
        const double target = where.x*arc.back();
        std::size_t best = 1;
        for (std::size_t k = 1; k + 1 < ids.size(); ++k) {
            if (std::abs(arc[k] - target) < std::abs(arc[best] - target)) best = k;
        }
        return ids[best];
    }

    const morphology& shape_;
    std::ostream& out_;
    std::vector<std::vector<int>> ids_;  // [section][point]
    int last_ = 0;
};

}  // namespace

void write_swc(const morphology& shape, std::ostream& out) { swc_writer(shape, out).write(); }

}  // namespace apical
