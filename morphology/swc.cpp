// SPDX-License-Identifier: BSD-3-Clause
#include "morphology/swc.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "morphology/assemble.hpp"
#include "morphology/swc_samples.hpp"

namespace apical {
namespace {

using detail::raw_section;
using detail::swc_sample;

constexpr int soma = static_cast<int>(section_type::soma);
constexpr std::size_t at_index(int i) { return static_cast<std::size_t>(i); }

class swc_tree {
public:
    swc_tree(std::vector<swc_sample> samples, detail::reader_log& log)
        : samples_(std::move(samples)), log_(log) {
        count_children();
    }

    std::vector<raw_section> sections() {
        collapse_soma();
        std::vector<int> section_of(samples_.size(), -1);
        for (int i = 0; i < size(); ++i) {
            if (at(i).parent < 0) {
                section_of[at_index(i)] = begin_section(i);
            } else if (continues(i)) {
                section_of[at_index(i)] = section_of[at_index(at(i).parent)];
                own_[at_index(section_of[at_index(i)])].push_back(i);
            } else {
                section_of[at_index(i)] = begin_section(i);
            }
        }
        std::vector<raw_section> made;
        for (const auto& own : own_) made.push_back(make_section(own, section_of));
        return made;
    }

private:
    int size() const { return static_cast<int>(samples_.size()); }
    const swc_sample& at(int i) const { return samples_[at_index(i)]; }
    bool is_soma(int i) const { return at(i).type == soma; }

    void count_children() {
        children_.assign(samples_.size(), {});
        soma_children_.assign(samples_.size(), 0);
        first_soma_child_.assign(samples_.size(), -1);
        for (int i = 0; i < size(); ++i) {
            const int p = at(i).parent;
            if (p < 0) continue;
            children_[at_index(p)].push_back(i);
            if (!is_soma(i)) continue;
            if (is_soma(p)) ++soma_children_[at_index(p)];
            if (first_soma_child_[at_index(p)] < 0) first_soma_child_[at_index(p)] = i;
        }
    }

    /// A soma that stands for a sphere becomes one sample, the root.
    void collapse_soma() {
        if (!is_soma(0)) return;
        std::vector<int> outline;
        for (int i = 0; i < size(); ++i) {
            if (is_soma(i)) outline.push_back(i);
        }
        point sphere = at(0).at;
        if (is_contour(outline, sphere)) {
            log_.repaired(at(0).line, "the soma is an outline; it was replaced by a sphere of its mean radius");
        } else if (!is_three_point_sphere(outline)) {
            return;
        }
        keep_one_soma_sample(sphere);
    }

    /// NeuroMorpho's convention: a centre and two bare poles of equal radius, as far apart as the sphere is wide (to 1 %).
    bool is_three_point_sphere(const std::vector<int>& outline) const {
        if (outline != std::vector<int>{0, 1, 2} || at(1).parent != 0 || at(2).parent != 0) return false;
        const double d = at(0).at.diameter;
        if (at(1).at.diameter != d || at(2).at.diameter != d) return false;
        if (!children_[1].empty() || !children_[2].empty()) return false;
        const double extent = distance_between(at(0).at, at(1).at) + distance_between(at(0).at, at(2).at);
        return std::abs(extent/d - 1) < 0.01;
    }

    /// A closed line of six or more thin points around a centre. Gives the sphere of the mean distance to that centre.
    bool is_contour(const std::vector<int>& outline, point& sphere) const {
        const double n = static_cast<double>(outline.size());
        if (outline.size() < 6) return false;
        point centre{0, 0, 0, 0};
        double around = 0, widest = 0;
        for (std::size_t k = 0; k < outline.size(); ++k) {
            const point& p = at(outline[k]).at;
            if (k > 0 && at(outline[k]).parent != outline[k - 1]) return false;
            centre = {centre.x + p.x/n, centre.y + p.y/n, centre.z + p.z/n, 0};
            if (k > 0) around += distance_between(p, at(outline[k - 1]).at);
            widest = std::max(widest, p.diameter);
        }
        const double closing = distance_between(at(outline.back()).at, at(outline.front()).at);
        double mean = 0, nearest = around;
        for (int i : outline) {
            const double r = distance_between(at(i).at, centre);
            mean += r/n;
            nearest = std::min(nearest, r);
        }
        // Points on a circle lie 2 pi mean radii apart in all; a chain's are nearer to the centre and wider than that.
        const bool closed = closing < 2.5*around/(n - 1) && around > 4*mean && nearest > mean/3 && widest < mean;
        if (closed) sphere = {centre.x, centre.y, centre.z, 2*mean};
        return closed;
    }

    void keep_one_soma_sample(const point& sphere) {
        std::vector<int> place(samples_.size(), 0);
        std::vector<swc_sample> kept;
        for (int i = 0; i < size(); ++i) {
            if (i > 0 && is_soma(i)) continue;
            place[at_index(i)] = static_cast<int>(kept.size());
            kept.push_back(at(i));
            if (auto& p = kept.back().parent; p >= 0) p = place[at_index(p)];
        }
        kept.front().at = sphere;
        // Where NEURON treats the first neurite point specially it counts all soma samples.
        removed_ = size() - static_cast<int>(kept.size());
        samples_ = std::move(kept);
        count_children();
    }

    /// The first point of a neurite that hangs on the soma may branch without ending its section there. NEURON's importer
    /// excepts the second sample of the file.
    bool branches_on_soma(int p) const {
        return p + removed_ > 1 && !is_soma(p) && at(p).parent >= 0 && is_soma(at(p).parent);
    }

    bool continues(int i) const {
        const int p = at(i).parent;
        if (at(i).type != at(p).type) return false;
        const auto& siblings = children_[at_index(p)];
        if (!is_soma(i)) return siblings.size() == 1 || ((p == 0 || branches_on_soma(p)) && siblings.front() == i);
        if (p > 0) return soma_children_[at_index(p)] == 1;
        return first_soma_child_[at_index(p)] == i;
    }

    int begin_section(int i) {
        own_.push_back({i});
        return static_cast<int>(own_.size()) - 1;
    }

    raw_section make_section(const std::vector<int>& own, const std::vector<int>& section_of) const {
        const int first = own.front(), p = at(first).parent;
        raw_section made{{.type = static_cast<section_type>(at(first).type), .parent = -1, .points = {}}, at(own.back()).line};
        if (p >= 0) {
            made.body.parent = section_of[at_index(p)];
            const auto [x, logical] = link(own, own_[at_index(made.body.parent)], p);
            made.body.parent_x = x;
            if (!logical) made.body.points.push_back(at(p).at);
        }
        for (int i : own) made.body.points.push_back(at(i).at);
        if (p >= 0 && is_soma(p) && !is_soma(first)) made.body.points.front().diameter = at(first).at.diameter;
        return made;
    }

    struct attachment {
        double x;
        bool logical;  // the section starts at its own first point, not at its parent's
    };

    attachment link(const std::vector<int>& own, const std::vector<int>& parent, int p) const {
        const bool neurite_on_soma = is_soma(p) && !is_soma(own.front()), may_float = own.size() > 1;
        const bool soma_branches = soma_children_[at_index(p)] > 1;
        if (parent.front() == 0 && parent.size() == 1 && neurite_on_soma) return {0.5, may_float};
        if (p == 0) return {0, neurite_on_soma && soma_branches && may_float};
        if (branches_on_soma(p) && p != parent.back()) return {0, false};
        if (!is_soma(p)) return {1, false};
        if (p != parent.back()) return {0.5, neurite_on_soma && may_float};
        return {1, neurite_on_soma && soma_branches && may_float};
    }

    std::vector<swc_sample> samples_;
    std::vector<std::vector<int>> children_;
    std::vector<int> soma_children_;        // children of type soma, for soma samples
    std::vector<int> first_soma_child_;     // -1: none
    std::vector<std::vector<int>> own_;     // the samples of each section
    int removed_ = 0;
    detail::reader_log& log_;
};

}  // namespace

reading read_swc(std::string_view text, std::string_view name) {
    detail::reader_log log(name);
    auto samples = detail::read_swc_samples(text, log);
    if (std::none_of(samples.begin(), samples.end(), [](const swc_sample& s) { return s.type == soma; })) {
        log.repaired(samples.front().line, "there is no soma (type 1); the first section is the root");
    }
    swc_tree tree(std::move(samples), log);
    auto shape = detail::assemble(tree.sections(), log);
    return {std::move(shape), log.warnings()};
}

}  // namespace apical
