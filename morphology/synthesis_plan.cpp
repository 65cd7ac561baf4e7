// SPDX-License-Identifier: BSD-3-Clause
#include "morphology/synthesis_plan.hpp"

#include <algorithm>
#include <cmath>

namespace apical::synthesis {
namespace {

double draw(const bounded_normal& b, random_stream& random) {
    for (;;)
        if (const double x = random.normal(b.mean, b.sd); x >= b.least && x <= b.most) return x;
}

/// The nearest integer to a draw; the bounds must be integers.
int draw_count(const bounded_normal& b, random_stream& random) { return static_cast<int>(std::floor(draw(b, random) + 0.5)); }

double draw(const range& r, random_stream& random) { return random.uniform(r.least, r.most); }

/// A tree to grow from a point of the cell.
struct seedling {
    part where;
    int parent;
    double start;       ///< path of its root from the soma
    int tips;
    double diameter;
};

class grower {
public:
    grower(const family_rules& rules, random_stream& random) : rules_(rules), random_(random) {}

    cell_plan cell() {
        plan_.soma_length = draw(rules_.soma_length, random_);
        plan_.soma_diameter = draw(rules_.soma_diameter, random_);
        stems();
        if (rules_.has_trunk) apical();
        return std::move(plan_);
    }

private:
    void stems() {
        const int stems = draw_count(rules_.stems, random_);
        auto tips = shared(std::max(draw_count(rules_.tips, random_), stems), stems);
        for (const int n : tips) {
            const double thinner = n <= 3 ? 0.8 : 1;
            grow(rules_.stem, {part::stem, -1, 0, n, thinner*draw(rules_.stem.root_diameter, random_)});
        }
    }

    /// `tips` in so many parts of at least one, in proportions that are Dirichlet distributed with parameter 2.
    std::vector<int> shared(int tips, int parts) {
        std::vector<double> weights;
        for (int i = 0; i < parts; ++i) weights.push_back(random_.gamma(2, 1));
        std::vector<int> counts;
        int rest = tips - parts;
        double weight_left = 0;
        for (const double w : weights) weight_left += w;
        for (const double w : weights) {
            const auto more = static_cast<int>(random_.binomial(rest, std::min(1.0, w/weight_left)));
            counts.push_back(1 + more);
            rest -= more;
            weight_left -= w;
        }
        counts.back() += rest;   // what rounding of the weights may have left
        return counts;
    }

    void apical() {
        const auto& t = rules_.trunk;
        const double length = draw(t.length, random_);
        plan_.trunk = {length, draw(t.plateau, random_), t.flare, t.flare_length, t.bulge};
        double from = 0;
        int trunk = -1;
        for (const double to : take_offs(length)) {
            trunk = add_trunk(trunk, from, to);
            const int tips = oblique_tips();
            grow(t.oblique, {part::oblique, trunk, to, tips, draw(t.oblique.root_diameter, random_)});
            from = to;
        }
        trunk = add_trunk(trunk, from, length);
        tuft(trunk, length);
    }

    int add_trunk(int parent, double from, double to) {
        const double first = plan_.trunk.diameter(from), last = plan_.trunk.diameter(to);
        return add({part::trunk, parent, from, to - from, first, last});
    }

    /// Ascending path distances of the obliques, no two closer than 6 um.
    std::vector<double> take_offs(double trunk_length) {
        const auto& t = rules_.trunk;
        constexpr double first = 15, gap = 6, shape = 1.6;
        std::vector<double> found;
        for (int left = draw_count(t.obliques, random_); left > 0;) {
            const double s = first + random_.gamma(shape, t.spread);
            const auto close = [&](double other) { return std::abs(other - s) < gap; };
            if (s > t.last_oblique*trunk_length || std::any_of(found.begin(), found.end(), close)) continue;
            found.push_back(s);
            --left;
        }
        std::sort(found.begin(), found.end());
        return found;
    }

    int oblique_tips() {
        constexpr int most = 6;
        for (;;)
            if (const auto n = 1 + random_.poisson(rules_.trunk.oblique_more_tips); n <= most) return static_cast<int>(n);
    }

    void tuft(int trunk, double start) {
        const auto& t = rules_.trunk;
        const int tips = draw_count(t.tuft_tips, random_);
        int half = 0;
        do half = static_cast<int>(random_.binomial(tips, 0.5));
        while (half < t.least_of_a_tuft_half || tips - half < t.least_of_a_tuft_half);
        for (const int n : {half, tips - half}) grow(t.tuft, {part::tuft, trunk, start, n, draw(t.tuft.root_diameter, random_)});
    }

    void grow(const tree_rules& r, const seedling& s) { grow(r, s, s.start); }

    /// Grows the branch that carries s.tips tips, and what it carries; `origin` is the path at which the whole tree starts.
    void grow(const tree_rules& r, const seedling& s, double origin) {
        const double grown = s.start - origin;
        if (s.tips == 1) {
            const double target = random_.normal(r.reach, r.reach_sd);
            const double least = r.least_last*random_.uniform(0.6, 1.6);
            const double end = std::max(r.tip_diameter, r.last_taper*s.diameter);
            add({s.where, s.parent, s.start, std::max(least, target - grown), s.diameter, std::min(end, s.diameter)});
            return;
        }
        const double length = inner_length(r, grown);
        const double end = std::min(s.diameter, std::max(r.least_diameter, r.taper*s.diameter));
        const int self = add({s.where, s.parent, s.start, length, s.diameter, end});
        const auto [one, other] = parted(r, s.tips);
        for (const int n : {one, other}) {
            const double share = std::pow(n, r.tip_weight)/(std::pow(one, r.tip_weight) + std::pow(other, r.tip_weight));
            const double diameter = std::min(end, std::max(r.least_diameter, end*std::pow(share, 1/r.rall)));
            grow(r, {s.where, self, s.start + length, n, diameter}, origin);
        }
    }

    double inner_length(const tree_rules& r, double grown) {
        if (r.earliness > 0) {
            constexpr double least_left = 20;
            return std::max(r.least_inner, std::max(least_left, r.reach - grown)*random_.beta(1, r.earliness));
        }
        const double mean = grown == 0 ? r.first_length : r.inner_length;
        const double shape = 1/(r.length_cv*r.length_cv);
        return std::max(r.least_inner, random_.gamma(shape, mean/shape));
    }

    std::pair<int, int> parted(const tree_rules& r, int tips) {
        const double q = random_.beta(r.evenness, r.evenness);
        const auto one = 1 + static_cast<int>(random_.binomial(tips - 2, q));
        return {one, tips - one};
    }

    int add(const branch& b) {
        plan_.branches.push_back(b);
        return static_cast<int>(plan_.branches.size()) - 1;
    }

    const family_rules& rules_;
    random_stream& random_;
    cell_plan plan_{};
};

}  // namespace

double trunk_profile::diameter(double path) const {
    constexpr double bulge_width = 40;
    const double from_fork = (path - length)/bulge_width;
    return plateau + flare*std::exp(-path/flare_length) + bulge*std::exp(-from_fork*from_fork);
}

double cell_plan::diameter(const branch& b, double along) const {
    if (b.where == part::trunk) return trunk.diameter(b.start + along);
    return std::lerp(b.first_diameter, b.last_diameter, along/b.length);
}

cell_plan plan_cell(const family_rules& rules, random_stream& random) { return grower(rules, random).cell(); }

}  // namespace apical::synthesis
