// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include <fmt/format.h>

#include "morphology/check.hpp"

namespace apical {
namespace {

constexpr std::size_t enough_points = 20;  // to judge a whole neurite by

bool is_dendrite(section_type t) { return t != section_type::soma && t != section_type::axon; }

class examiner {
public:
    explicit examiner(const morphology& m) : m_(m) {}

    std::vector<suspicious_place> run() {
        if (m_.empty()) return {};
        examine_whole();
        examine_soma();
        examine_types();
        for (int s = 0; s < m_.size(); ++s) {
            examine_link(s);
            for (std::size_t i = 0; i < m_[s].points.size(); ++i) examine_point(s, i);
        }
        return std::move(found_);
    }

private:
    void report(suspicion kind, std::string what, std::string hint) {
        found_.push_back({kind, -1, -1, "morphology", std::move(what), std::move(hint)});
    }
    void report(suspicion kind, int s, std::string what, std::string hint) {
        found_.push_back({kind, s, -1, m_.name(s), std::move(what), std::move(hint)});
    }
    void report(suspicion kind, int s, std::size_t i, std::string what, std::string hint) {
        const point& p = m_[s].points[i];
        auto where = fmt::format("{}, point {} ({:.6g}, {:.6g}, {:.6g})", m_.name(s), i, p.x, p.y, p.z);
        found_.push_back({kind, s, static_cast<int>(i), std::move(where), std::move(what), std::move(hint)});
    }

    void examine_whole() {
        const auto& all = m_.sections();
        const auto roots = std::count_if(all.begin(), all.end(), [](const section& s) { return s.parent < 0; });
        if (roots > 1) {
            report(suspicion::several_trees, fmt::format("{} separate trees", roots),
                   "they are not connected electrically: join or remove them");
        }
        point low{1e300, 1e300, 1e300, 0}, high{-1e300, -1e300, -1e300, 0};
        std::size_t points = 0;
        for (const auto& s : m_.sections()) {
            if (s.type == section_type::soma) continue;
            points += s.points.size();
            for (const point& p : s.points) {
                low = {std::min(low.x, p.x), std::min(low.y, p.y), std::min(low.z, p.z), 0};
                high = {std::max(high.x, p.x), std::max(high.y, p.y), std::max(high.z, p.z), 0};
            }
        }
        if (points > enough_points && low.z == high.z) {
            report(suspicion::flat, fmt::format("all neurites lie at z = {:.6g}", low.z),
                   "depth was not traced; path lengths are too short");
        }
        const double extent = points > 0 ? distance_between(low, high) : 0;
        if (extent > 5000 && !has_axon()) {
            report(suspicion::extent, fmt::format("the dendrites extend over {:.4g} um", extent),
                   "are the coordinates pixels or nm instead of um?");
        }
    }

    bool has_axon() const {
        const auto& all = m_.sections();
        return std::any_of(all.begin(), all.end(), [](const section& s) { return s.type == section_type::axon; });
    }

    void examine_soma() {
        double area = 0;
        int first = -1;
        for (int s = 0; s < m_.size(); ++s) {
            if (m_[s].type != section_type::soma) continue;
            area += m_.area(s);
            if (first < 0) first = s;
        }
        if (first < 0) {
            report(suspicion::no_soma, "there is no soma", "distances are measured from the first section's start");
        } else if (area > 5000) {
            report(suspicion::soma_size, first, fmt::format("a soma of {:.4g} um2", area),
                   "were diameters given as radii, or pixels as um?");
        } else if (area < 20) {
            report(suspicion::soma_size, first, fmt::format("a soma of {:.4g} um2", area), "is its outline given as its axis?");
        }
    }

    void examine_types() {
        struct sums {
            double length = 0, weighted = 0, least = std::numeric_limits<double>::infinity(), most = 0;
            std::size_t points = 0;
        };
        std::map<section_type, sums> types;
        for (int s = 0; s < m_.size(); ++s) {
            auto& sum = types[m_[s].type];
            const auto arc = m_.arc(s);
            const auto& points = m_[s].points;
            sum.points += points.size();
            for (std::size_t i = 0; i < points.size(); ++i) {
                sum.least = std::min(sum.least, points[i].diameter);
                sum.most = std::max(sum.most, points[i].diameter);
                if (i > 0) sum.weighted += (arc[i] - arc[i - 1])*(points[i].diameter + points[i - 1].diameter)/2;
            }
            sum.length += arc.back();
        }
        for (const auto& [type, sum] : types) {
            if (type == section_type::soma) continue;
            const auto name = type_name(type);
            if (sum.points > enough_points && sum.least == sum.most) {
                report(suspicion::constant_diameter, fmt::format("every point of {} is {:.4g} um wide", name, sum.most),
                       "diameters were not measured; areas and resistances mean little");
            }
            if (is_dendrite(type) && sum.points > enough_points && sum.weighted > 3*sum.length) {
                report(suspicion::thick_dendrites, fmt::format("{} is {:.3g} um wide on average", name, sum.weighted/sum.length),
                       "were diameters given as radii?");
            }
            if (type == section_type::undefined) {
                report(suspicion::untyped, "sections of type 0", "give them a type: 2 axon, 3 basal, 4 apical");
            }
        }
    }

    void examine_link(int s) {
        const auto& child = m_[s];
        if (child.parent < 0) return;
        const auto& parent = m_[child.parent];
        if (child.type == section_type::soma && parent.type != section_type::soma) {
            report(suspicion::odd_parent, s, fmt::format("a soma on {}", m_.name(child.parent)), "is its type right?");
        }
        if (is_dendrite(child.type) && parent.type == section_type::axon) {
            report(suspicion::odd_parent, s, fmt::format("a dendrite on {}", m_.name(child.parent)), "is its type right?");
        }
        examine_gap(s);
        if (parent.type == section_type::soma) return;
        const double end = m_.at({child.parent, child.parent_x}).diameter;
        const double start = std::max(child.points[0].diameter, child.points[1].diameter);
        if (start > 1.2*end) {
            report(suspicion::thick_daughter, s,
                   fmt::format("begins {:.3g} um wide where {} is {:.3g}", start, m_.name(child.parent), end),
                   "daughters are rarely wider than their parent");
        }
    }

    void examine_gap(int s) {
        const auto& child = m_[s];
        const auto& parent = m_[child.parent];
        const point joint = m_.at({child.parent, child.parent_x});
        double inside = joint.diameter/2;
        if (parent.type == section_type::soma) inside = 10 + std::max(joint.diameter, m_.length(child.parent))/2;
        const double gap = distance_between(joint, child.points.front());
        if (gap <= inside + 1e-6) return;
        report(suspicion::gap, s, fmt::format("begins {:.4g} um from where it is attached to {}", gap, m_.name(child.parent)),
               "the gap is electrically absent: is a piece missing, or the parent wrong?");
    }

    void examine_point(int s, std::size_t i) {
        const point& p = m_[s].points[i];
        if (p.diameter < 0.1) {
            report(suspicion::thin, s, i, fmt::format("{:.3g} um wide", p.diameter),
                   "below the resolution of light; was it measured?");
        }
        if (i == 0 || m_[s].type == section_type::soma) return;
        const point& before = m_[s].points[i - 1];
        const double step = distance_between(before, p), depth = std::abs(p.z - before.z);
        const double ratio = std::max(p.diameter, before.diameter)/std::min(p.diameter, before.diameter);
        if (step > 50) {
            report(suspicion::long_jump, s, i, fmt::format("{:.4g} um from the point before", step), "are points missing?");
        } else if (depth > 10 && depth > 0.9*step) {
            report(suspicion::depth_jump, s, i, fmt::format("{:.4g} um deeper or higher than the point before", depth),
                   "a slip of the focus? it adds cable that is not there");
        }
        if (step == 0 && p.diameter != before.diameter) {
            report(suspicion::repeated_point, s, i,
                   fmt::format("in the place of the point before, {:.3g} um wide instead of {:.3g}", p.diameter, before.diameter),
                   "the disc between them counts as membrane: keep one");
        } else if (ratio >= 3) {
            report(suspicion::diameter_jump, s, i, fmt::format("{:.3g} um wide after {:.3g}", p.diameter, before.diameter),
                   "is one of them mistyped?");
        }
    }

    const morphology& m_;
    std::vector<suspicious_place> found_;
};

}  // namespace

std::vector<suspicious_place> find_suspicious(const morphology& m) { return examiner(m).run(); }

}  // namespace apical
