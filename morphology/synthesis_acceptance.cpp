// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <optional>

#include <fmt/format.h>

#include "morphology/compartments.hpp"
#include "morphology/expression.hpp"
#include "morphology/synthesis.hpp"

namespace apical {
namespace {

struct interval { double least, most; };

/// What members of a family measure; lengths in um, areas in um2.
struct acceptable {
    interval stem_length, dendritic_area;
    std::optional<interval> apical_length, apical_tips, apical_reach, calcium_zone_area;
};

constexpr std::array accepted{
    acceptable{{4400, 6700}, {28000, 38000}, interval{6000, 9800}, interval{39, 63}, interval{1150, 1420}, interval{2000, 3000}},
    acceptable{{1700, 3300}, {8000, 14000}, interval{1600, 3200}, interval{12, 22}, interval{300, 480}, {}},
    acceptable{{1800, 5200}, {4000, 12000}, {}, {}, {}, {}},
    acceptable{{2500, 4800}, {5000, 11000}, {}, {}, {}, {}},
};

class examiner {
public:
    examiner(const morphology& shape, const acceptable& limits) : shape_(shape), limits_(limits) {}

    std::vector<problem> found() {
        check_soundness();
        if (!findings_.empty()) return findings_.problems();   // measures of an unsound tree mean little
        check("total length of the basal (or all) dendrites", "um", length_of("basal"), limits_.stem_length);
        check("dendritic membrane area", "um2", area_of("basal or apical"), limits_.dendritic_area);
        if (limits_.apical_length) check("apical length", "um", length_of("apical"), *limits_.apical_length);
        if (limits_.apical_tips) check("apical tips", "", apical_tips(), *limits_.apical_tips);
        if (limits_.apical_reach) check("longest apical path", "um", apical_reach(), *limits_.apical_reach);
        if (limits_.calcium_zone_area)
            check("membrane area of the apical calcium zone", "um2", area_of("apical and 685 um < distance < 885 um"), *limits_.calcium_zone_area);
        return findings_.problems();
    }

private:
    void check(std::string_view what, std::string_view unit, double value, interval wanted) {
        if (value >= wanted.least && value <= wanted.most) return;
        findings_.add(std::string(what), fmt::format("{:.5g} {}", value, unit), fmt::format("expected {:g} to {:g}", wanted.least, wanted.most));
    }

    double length_of(std::string_view region) const { return total_length(shape_, parse_region(region).on(shape_)); }
    double area_of(std::string_view region) const { return total_area(shape_, parse_region(region).on(shape_)); }

    double apical_tips() const {
        const auto pieces = parse_region("apical and terminal").on(shape_);
        return static_cast<double>(pieces.size());
    }

    double apical_reach() const {
        double longest = 0;
        for (const auto& s : parse_region("apical").on(shape_)) longest = std::max(longest, shape_.distance({s.section, s.to}));
        return longest;
    }

    void check_soundness() {
        for (int i = 0; i < shape_.size(); ++i) {
            const auto name = shape_.name(i);
            if (shape_.length(i) < 1) findings_.add(name, fmt::format("length {:.4g} um", shape_.length(i)), "expected 1 um or more");
            for (const auto& p : shape_[i].points)
                if (p.diameter < 0.2) {
                    findings_.add(name, fmt::format("diameter {:.4g} um", p.diameter), "expected 0.2 um or more");
                    break;
                }
            check_daughter(i, name);
            if (i > 0 && shape_[i].parent < 0) findings_.add(name, "not connected to the first section", "expected one tree");
        }
        if (shape_.empty() || shape_[0].type != section_type::soma) findings_.add("morphology", "does not begin with a soma", "");
        if (findings_.empty()) check_compartments();
    }

    void check_daughter(int i, const std::string& name) {
        const int parent = shape_[i].parent;
        if (parent < 0 || shape_[parent].type == section_type::soma) return;
        const double here = shape_[i].points.front().diameter, there = shape_.at({parent, shape_[i].parent_x}).diameter;
        constexpr double most = 1.2;
        if (here > most*there)
            findings_.add(name, fmt::format("starts {:.4g} um thick on a parent of {:.4g} um", here, there), "expected 1.2 times the parent or less");
    }

    void check_compartments() {
        constexpr cable_properties typical{.resistivity = 1, .capacitance = 1e-5};   // 100 ohm cm, 1 uF/cm2
        const std::vector<cable_properties> everywhere(static_cast<std::size_t>(shape_.size()), typical);
        const auto counts = compartment_counts(shape_, d_lambda{}, everywhere);
        const int total = std::accumulate(counts.begin(), counts.end(), 0);
        if (total >= 900) findings_.add("morphology", fmt::format("{} compartments by d_lambda at 100 Hz", total), "expected fewer than 900");
    }

    const morphology& shape_;
    const acceptable& limits_;
    findings findings_;
};

}  // namespace

std::vector<problem> acceptance(const morphology& shape, cell_family family) {
    return examiner(shape, accepted[static_cast<std::size_t>(family)]).found();
}

std::vector<std::uint64_t> accepted_indices(cell_family family, int count, std::uint64_t first, std::uint64_t seed) {
    std::vector<std::uint64_t> indices;
    for (auto i = first; static_cast<int>(indices.size()) < count; ++i)
        if (acceptance(synthesise(family, i, seed), family).empty()) indices.push_back(i);
    return indices;
}

}  // namespace apical
