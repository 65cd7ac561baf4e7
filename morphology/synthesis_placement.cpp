// SPDX-License-Identifier: BSD-3-Clause
#include "morphology/synthesis_placement.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

namespace apical::synthesis {
namespace {

struct vec {
    double x, y, z;
    friend vec operator+(vec a, vec b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
    friend vec operator*(double s, vec a) { return {s*a.x, s*a.y, s*a.z}; }
    friend double dot(vec a, vec b) { return a.x*b.x + a.y*b.y + a.z*b.z; }
    friend vec cross(vec a, vec b) { return {a.y*b.z - a.z*b.y, a.z*b.x - a.x*b.z, a.x*b.y - a.y*b.x}; }
};

constexpr vec up{0, 1, 0};
constexpr double degree = std::numbers::pi/180;
constexpr double layer_1 = 165;            // thickness in rat somatosensory cortex, Markram et al. (2015)
constexpr double depth_without_trunk = 1120;   // the middle of layer 5, ibid.

vec unit(vec a) { return 1/std::sqrt(dot(a, a))*a; }

/// The direction of p in the plane of the pia.
vec flattened(vec p) { return p.x == 0 && p.z == 0 ? vec{1, 0, 0} : unit({p.x, 0, p.z}); }

/// u turned by an angle towards v, both unit and orthogonal.
vec turned(vec u, vec v, double angle) { return std::cos(angle)*u + std::sin(angle)*v; }

double to_nanometre(double x) { return std::round(x*1000)/1000 + 0.0; }   // + 0.0: no negative zero

/// How a neurite wanders: what is left of its direction after each step, how it is drawn, how it is jolted.
struct gait { double keep, pull, noise; };

gait gait_of(part p) {
    switch (p) {
        case part::trunk: return {0.85, 0.15, 0.13};
        case part::tuft: return {0.85, 0.10, 0.17};
        default: return {0.85, 0.15, 0.27};
    }
}

class placer {
public:
    placer(const cell_plan& plan, const family_rules& rules, random_stream& random)
        : plan_(plan), rules_(rules), random_(random), heading_(plan.branches.size()), end_(plan.branches.size()),
          daughters_(plan.branches.size()),
          pia_(rules.has_trunk ? 0.93*(plan.trunk.length + rules.trunk.tuft.reach) : depth_without_trunk) {}

    morphology cell() {
        soma();
        head_stems();
        for (int i = 0; i < static_cast<int>(plan_.branches.size()); ++i)
            if (const int parent = plan_.branches[index(i)].parent; parent >= 0) daughters_[index(parent)].push_back(i);
        for (int i = 0; i < static_cast<int>(plan_.branches.size()); ++i) {
            walk(i);
            head_daughters(i);
        }
        return std::move(shape_);
    }

private:
    static std::size_t index(int i) { return static_cast<std::size_t>(i); }

    static point at(vec p, double diameter) {
        return {to_nanometre(p.x), to_nanometre(p.y), to_nanometre(p.z), to_nanometre(diameter)};
    }

    vec jolt() {
        const double x = random_.normal(), y = random_.normal(), z = random_.normal();
        return {x, y, z};
    }

    /// A random direction at right angles to u.
    vec beside(vec u) {
        for (;;) {
            const vec v = cross(u, jolt());
            if (dot(v, v) > 1e-6) return unit(v);
        }
    }

    void soma() {
        const double half = plan_.soma_length/2, d = plan_.soma_diameter;
        section s{section_type::soma, -1, 0, {}};
        for (const double y : {-half, 0.0, half}) s.points.push_back(at({0, y, 0}, d));
        shape_.add(std::move(s));
    }

    // ---- directions at the start of branches

    void head_stems() {
        std::vector<int> stems;
        for (int i = 0; i < static_cast<int>(plan_.branches.size()); ++i) {
            const auto& b = plan_.branches[index(i)];
            if (b.parent >= 0) continue;
            if (b.where == part::trunk) heading_[index(i)] = up;
            else stems.push_back(i);
        }
        const double turn = 360.0/static_cast<double>(stems.size()), first = random_.uniform(0, 360);
        for (std::size_t k = 0; k < stems.size(); ++k) {
            const double azimuth = degree*(first + turn*static_cast<double>(k) + random_.uniform(-20, 20));
            heading_[index(stems[k])] = turned(up, {std::cos(azimuth), 0, std::sin(azimuth)}, polar_angle(k));
        }
    }

    /// Of the stem's direction, from the pia's.
    double polar_angle(std::size_t stem) {
        switch (rules_.layout) {
            case stem_layout::skirt: return degree*random_.uniform(60, 130);
            case stem_layout::multipolar: return std::acos(random_.uniform(-0.9, 0.9));
            case stem_layout::bitufted: break;
        }
        const double tilt = degree*random_.uniform(5, 35);
        return stem % 2 == 0 ? tilt : std::numbers::pi - tilt;
    }

    void head_daughters(int parent) {
        const auto& daughters = daughters_[index(parent)];
        if (daughters.empty()) return;
        const vec ahead = heading_[index(parent)], side = beside(ahead);
        if (plan_.branches[index(parent)].where != part::trunk) return head_fork(daughters, ahead, side);
        const double azimuth = degree*random_.uniform(0, 360);
        vec away{std::cos(azimuth), 0, std::sin(azimuth)};
        for (const int d : daughters) {
            switch (plan_.branches[index(d)].where) {
                case part::trunk: heading_[index(d)] = ahead; break;
                case part::oblique: heading_[index(d)] = turned(ahead, side, degree*random_.uniform(60, 90)); break;
                default:
                    heading_[index(d)] = turned(up, away, degree*random_.uniform(25, 40));
                    away = -1*away;
            }
        }
    }

    /// Two daughters in one plane, the thicker nearer to the old direction.
    void head_fork(const std::vector<int>& daughters, vec ahead, vec side) {
        const double included = degree*random_.uniform(40, 80);
        const auto weight = [&](int d) {
            const double diameter = plan_.branches[index(d)].first_diameter;
            return diameter*diameter;
        };
        const double one = weight(daughters[0]), other = weight(daughters[1]);
        heading_[index(daughters[0])] = turned(ahead, side, included*other/(one + other));
        heading_[index(daughters[1])] = turned(ahead, -1*side, included*one/(one + other));
    }

    // ---- the course of a branch

    /// Where on the soma's surface a line from its centre comes out.
    vec surface(vec direction) const {
        const double across = std::sqrt(direction.x*direction.x + direction.z*direction.z), along = std::abs(direction.y);
        const double radius = plan_.soma_diameter/2, half = plan_.soma_length/2;
        return (along*radius > across*half ? half/along : radius/across)*direction;
    }

    /// What draws a growing tip: the pia; away from the trunk; in layer 1, along it; away from the soma.
    vec attraction(part p, vec here, vec heading) const {
        switch (p) {
            case part::trunk: return up;
            case part::oblique: return flattened(here);
            case part::tuft: return here.y < pia_ - layer_1 ? up : flattened(heading);
            case part::stem: break;
        }
        const vec radial = unit(here);
        return rules_.layout == stem_layout::bitufted ? unit(radial + (here.y > 0 ? 1.0 : -1.0)*up) : radial;
    }

    void walk(int i) {
        const auto& b = plan_.branches[index(i)];
        const vec start = b.parent < 0 ? surface(heading_[index(i)]) : end_[index(b.parent)];
        section s{b.where == part::stem ? section_type::basal : section_type::apical, b.parent < 0 ? 0 : 1 + b.parent,
                  b.parent < 0 ? 0.5 : 1.0, {at(start, b.first_diameter)}};
        constexpr double longest_step = 8;
        const int steps = std::max(2, static_cast<int>(std::ceil(b.length/longest_step)));
        const double step = b.length/steps;
        if (steps_in_diameter(b)) s.points.push_back(collar(b, start, heading_[index(i)]));
        vec here = start;
        for (int k = 1; k <= steps; ++k) {
            if (k > 1) turn(heading_[index(i)], b.where, here);
            keep_below_pia(heading_[index(i)], here, step);
            here = here + step*heading_[index(i)];
            s.points.push_back(at(here, plan_.diameter(b, k*step)));
        }
        end_[index(i)] = here;
        shape_.add(std::move(s));
    }

    /// Formats that let a branch begin with its parent's diameter would stretch a step in diameter to the second point.
    bool steps_in_diameter(const branch& b) const {
        return b.parent >= 0 && std::abs(plan_.branches[index(b.parent)].last_diameter - b.first_diameter) > 1e-3;
    }

    /// A point close to the start, which keeps the step in diameter short.
    point collar(const branch& b, vec start, vec heading) const {
        constexpr double width = 0.5;
        return at(start + width*heading, plan_.diameter(b, width));
    }

    void turn(vec& heading, part p, vec here) {
        const auto g = gait_of(p);
        heading = unit(g.keep*heading + g.pull*attraction(p, here, heading) + g.noise*jolt());
    }

    /// Reflection; only neurites that grow towards the pia reach it.
    void keep_below_pia(vec& heading, vec here, double step) const {
        constexpr double margin = 5;
        if (here.y + step*heading.y > pia_ - margin) heading.y = -std::abs(heading.y);
    }

    const cell_plan& plan_;
    const family_rules& rules_;
    random_stream& random_;
    std::vector<vec> heading_, end_;            // of each branch, the former at its growing tip
    std::vector<std::vector<int>> daughters_;
    double pia_;                                // its y
    morphology shape_;
};

}  // namespace

morphology placed(const cell_plan& plan, const family_rules& rules, random_stream& random) { return placer(plan, rules, random).cell(); }

}  // namespace apical::synthesis
