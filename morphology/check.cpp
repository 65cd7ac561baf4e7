// SPDX-License-Identifier: BSD-3-Clause
#include "morphology/check.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>


namespace apical {
namespace {

constexpr double bin_width = 100;  // um

/// Sums over a section's frusta.
struct cable_sums {
    double volume = 0, diameter_length = 0;
};

cable_sums sums_of(const morphology& m, int s) {
    const auto& points = m[s].points;
    const auto arc = m.arc(s);
    cable_sums sums;
    for (std::size_t i = 1; i < points.size(); ++i) {
        const double step = arc[i] - arc[i - 1], a = points[i - 1].diameter, b = points[i].diameter;
        sums.volume += std::numbers::pi*step*(a*a + a*b + b*b)/12;
        sums.diameter_length += step*(a + b)/2;
    }
    return sums;
}

/// Places where a section's children make a branch point: its end with two or more, and every inner place.
int branch_points(const morphology& m, int s) {
    std::map<double, int> leaving;
    for (int c : m.children(s)) ++leaving[m[c].parent_x];
    int found = 0;
    for (const auto& [x, n] : leaving) found += n > 1 || (x > 0 && x < 1) ? 1 : 0;
    return found;
}

struct accumulator {
    size_summary sum;
    double diameter_length = 0, narrowing = 0, tip_orders = 0;

    void add(const morphology& m, int s) {
        const auto& points = m[s].points;
        const auto cable = sums_of(m, s);
        ++sum.sections;
        sum.points += static_cast<int>(points.size());
        if (m[s].parent < 0 || m[m[s].parent].type != m[s].type) ++sum.stems;
        if (m.children(s).empty()) {
            ++sum.tips;
            tip_orders += m.order(s);
        }
        sum.bifurcations += branch_points(m, s);
        sum.max_order = std::max(sum.max_order, m.order(s));
        sum.length += m.length(s);
        sum.area += m.area(s);
        sum.volume += cable.volume;
        diameter_length += cable.diameter_length;
        narrowing += points.front().diameter - points.back().diameter;
        for (double x : {0.0, 1.0}) {
            if (const double path = m.distance({s, x}); std::isfinite(path)) sum.longest_path = std::max(sum.longest_path, path);
        }
    }

    size_summary finished(std::string name) {
        sum.name = std::move(name);
        if (sum.length > 0) {
            sum.mean_diameter = diameter_length/sum.length;
            sum.taper = 100*narrowing/sum.length;
        }
        if (sum.tips > 0) sum.mean_tip_order = tip_orders/sum.tips;
        return sum;
    }
};

/// Cuts every frustum where a bin ends.
class profile {
public:
    void add(const morphology& m, int s) {
        const double start = m.distance({s, 0}), end = m.distance({s, 1});
        if (m[s].type == section_type::soma || !std::isfinite(start)) return;
        const double outwards = end >= start ? 1 : -1;
        const auto& points = m[s].points;
        const auto arc = m.arc(s);
        for (std::size_t i = 1; i < points.size(); ++i) {
            add_piece(m[s].type, {start + outwards*arc[i - 1], points[i - 1].diameter},
                      {start + outwards*arc[i], points[i].diameter});
        }
    }

    std::vector<diameter_bin> bins() const {
        std::vector<diameter_bin> all;
        for (const auto& [key, sum] : sums_) {
            const double from = key.second*bin_width;
            all.push_back({type_name(section_type{key.first}), from, from + bin_width, sum.length, sum.weighted/sum.length});
        }
        return all;
    }

private:
    struct place { double path, diameter; };
    struct sums { double length = 0, weighted = 0; };

    void add_piece(section_type type, place a, place b) {
        if (a.path > b.path) std::swap(a, b);
        const double step = b.path - a.path;
        if (!(step > 0)) return;
        const auto diameter = [&](double path) { return std::lerp(a.diameter, b.diameter, (path - a.path)/step); };
        for (long bin = static_cast<long>(a.path/bin_width); bin*bin_width < b.path; ++bin) {
            const double from = std::max(a.path, bin*bin_width), to = std::min(b.path, (bin + 1)*bin_width);
            auto& sum = sums_[{static_cast<int>(type), bin}];
            sum.length += to - from;
            sum.weighted += (to - from)*(diameter(from) + diameter(to))/2;
        }
    }

    std::map<std::pair<int, long>, sums> sums_;
};

bool evenly_spaced_line(const morphology& m, int s) {
    const auto arc = m.arc(s);
    const double chord = distance_between(m[s].points.front(), m[s].points.back());
    if (chord < (1 - 1e-6)*arc.back()) return false;
    const double step = arc.back()/(static_cast<double>(arc.size()) - 1);
    for (std::size_t i = 1; i < arc.size(); ++i) {
        if (std::abs(arc[i] - arc[i - 1] - step) > 1e-4*step) return false;
    }
    return true;
}

soma_form form_of_soma(const morphology& m) {
    int first = -1, count = 0;
    for (int s = 0; s < m.size(); ++s) {
        if (m[s].type != section_type::soma) continue;
        if (count++ == 0) first = s;
    }
    if (count == 0) return soma_form::none;
    if (count > 1) return soma_form::several_sections;
    const auto& points = m[first].points;
    const double d = points.front().diameter;
    const bool even = std::all_of(points.begin(), points.end(), [&](const point& p) { return p.diameter == d; });
    if (points.size() == 3 && even && std::abs(m.length(first) - d) < 1e-6*d) return soma_form::sphere;
    constexpr std::size_t contour_points = 21;
    return points.size() == contour_points && evenly_spaced_line(m, first) ? soma_form::contour : soma_form::frusta;
}

int count_harmless_repeats(const morphology& m) {
    int repeats = 0;
    for (const auto& s : m.sections()) {
        for (std::size_t i = 1; i < s.points.size(); ++i) repeats += s.points[i] == s.points[i - 1] ? 1 : 0;
    }
    return repeats;
}

}  // namespace

morphology_report check(const morphology& m) {
    accumulator all;
    std::map<section_type, accumulator> types;
    profile diameters;
    for (int s = 0; s < m.size(); ++s) {
        all.add(m, s);
        types[m[s].type].add(m, s);
        diameters.add(m, s);
    }
    morphology_report report;
    report.all = all.finished("all");
    for (auto& [type, sum] : types) report.types.push_back(sum.finished(type_name(type)));
    report.diameters = diameters.bins();
    report.soma = form_of_soma(m);
    report.harmless_repeats = count_harmless_repeats(m);
    report.suspicious = find_suspicious(m);
    return report;
}

}  // namespace apical
