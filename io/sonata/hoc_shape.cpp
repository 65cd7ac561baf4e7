// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "io/sonata/hoc_cell.hpp"

namespace apical::sonata {
namespace {

constexpr std::size_t at_index(int i) { return static_cast<std::size_t>(i); }

std::vector<int> axon_of(const morphology& shape) {
    std::vector<int> sections;
    for (int i = 0; i < shape.size(); ++i)
        if (shape[i].type == section_type::axon) sections.push_back(i);
    return sections;
}

/// The mean diameters of the compartments of a section [um].
std::vector<double> diameters(const morphology& shape, int section, int count) {
    std::vector<int> counts(at_index(shape.size()), 1);
    counts[at_index(section)] = count;
    const auto tree = discretise(shape, counts, std::vector<cable_properties>(at_index(shape.size())));
    std::vector<double> all;
    for (int k = 0; k < count; ++k) all.push_back(tree.nodes[at_index(tree.first[at_index(section)] + k)].diameter);
    return all;
}

/// As thick as the first pieces of the axon, section after section, each as long as the axon's sections are when they are cut into such pieces.
std::vector<double> of_pieces(const morphology& shape, const std::vector<int>& axon, const hoc::replaced_axon& a) {
    const double piece = a.length/(2*a.pieces);
    std::vector<double> all;
    for (const int s : axon) {
        const auto d = diameters(shape, s, 1 + 2*static_cast<int>(shape.length(s)/piece/2));
        all.insert(all.end(), d.begin(), d.end());
        if (std::ssize(all) >= 2*a.pieces) break;
    }
    if (std::ssize(all) < 2*a.pieces) throw invalid_input(a.where, fmt::format("the axon has {} pieces of {} um, and {} are to be replaced", all.size(), piece, 2*a.pieces), "a longer axon");
    all.resize(at_index(2*a.pieces));
    return all;
}

std::vector<double> of_sections(const morphology& shape, const std::vector<int>& axon, const hoc::replaced_axon& a, double longest) {
    if (axon.empty()) return {1, 1};
    const auto middle = [&](int s) {
        const int n = 1 + 2*static_cast<int>(shape.length(s)/longest);
        return diameters(shape, s, n)[at_index(n/2)];
    };
    const double first = middle(axon.front());
    if (axon.size() == 1) return {first, first};
    const location beginning{shape.origin().section, 0};
    double second = a.last_if_none_is_far ? middle(axon.back()) : first;
    for (const int s : axon)
        if (shape.distance(beginning, {s, 0.5}) > a.far) {
            second = middle(s);
            break;
        }
    return {first, second};
}

class surgeon {
public:
    surgeon(const morphology& original, const hoc::replaced_axon& a, double longest) : original_(original), a_(a), longest_(longest) {}

    hoc_shape operate() {
        const auto axon = axon_of(original_);
        if (std::ssize(axon) < a_.least_sections) throw invalid_input(a_.where, fmt::format("the axon has {} sections, fewer than {}", axon.size(), a_.least_sections), "a morphology with an axon");
        const bool by_piece = a_.from == hoc::replaced_axon::thickness::of_pieces;
        const auto thick = by_piece ? of_pieces(original_, axon, a_) : of_sections(original_, axon, a_, longest_);
        out_.shape = original_.without(section_type::axon);
        const auto soma = out_.shape.empty() ? location{} : out_.shape.origin();
        if (out_.shape.empty() || out_.shape[soma.section].type != section_type::soma) throw invalid_input(a_.where, "the morphology has no soma");
        number_what_is_left();
        tip_ = out_.shape.at({soma.section, 1}), parent_ = soma.section;
        const int each = by_piece ? a_.pieces : 1;
        const auto ids = new_numbers(axon);
        for (int half = 0; half < 2; ++half) {
            const int first = out_.shape.size();
            for (int k = 0; k < each; ++k) cylinder(section_type::axon, a_.length/(2*each), thick[at_index(half*each + k)], 1);
            set(ids[at_index(half)], first, each);
        }
        if (a_.myelin > 0) {
            out_.myelin = unused_type();
            const int first = out_.shape.size();
            cylinder(out_.myelin, a_.myelin, thick.back(), a_.myelin_pieces);
            set(ids[2], first, 1);
        }
        return std::move(out_);
    }

private:
    /// Numbers are those of the whole morphology: what hung on the axon leaves gaps.
    void number_what_is_left() {
        std::vector<int> now(at_index(original_.size()), -1);
        int next = 0;
        for (int s = 0; s < original_.size(); ++s) {
            const int parent = original_[s].parent;
            if (original_[s].type != section_type::axon && (parent < 0 || now[at_index(parent)] >= 0)) now[at_index(s)] = next++;
        }
        for (const int s : section_numbers(original_)) out_.sections.push_back(now[at_index(s)]), out_.pieces.push_back(1);
        const auto counts = compartment_counts(out_.shape, per_length{longest_}, {});
        out_.counts = counts;
    }
    /// Those of the axon's first three sections, where there are so many, or behind all others.
    std::vector<int> new_numbers(const std::vector<int>& axon) const {
        std::vector<int> ids;
        const auto numbers = section_numbers(original_);
        int next = original_.size();
        for (std::size_t k = 0; k < 3; ++k) {
            const bool keeps = a_.keeps_numbers && k < axon.size();
            ids.push_back(keeps ? static_cast<int>(std::ranges::find(numbers, axon[k]) - numbers.begin()) : next++);
        }
        return ids;
    }
    void set(int id, int first, int pieces) {
        if (id >= std::ssize(out_.sections)) out_.sections.resize(at_index(id + 1), -1), out_.pieces.resize(at_index(id + 1), 1);
        out_.sections[at_index(id)] = first, out_.pieces[at_index(id)] = pieces;
    }
    /// Where diameters change there is no disc of membrane between sections, as there is none between compartments that NEURON has without points.
    void cylinder(section_type type, double length, double diameter, int count) {
        auto from = tip_, to = tip_;
        to.y -= length;
        from.diameter = to.diameter = diameter;
        out_.shape.add({type, parent_, 1.0, {from, to}});
        out_.counts.push_back(count);
        tip_ = to, parent_ = out_.shape.size() - 1;
    }
    section_type unused_type() const {
        int type = 5;
        const auto is_used = [&](const section& s) { return static_cast<int>(s.type) == type; };
        while (std::ranges::any_of(out_.shape.sections(), is_used)) ++type;
        return static_cast<section_type>(type);
    }

    const morphology& original_;
    const hoc::replaced_axon& a_;
    double longest_;
    hoc_shape out_;
    point tip_;
    int parent_ = 0;
};

}  // namespace

hoc_shape shaped(const morphology& original, const hoc::program& p) {
    if (p.axon) return surgeon(original, *p.axon, p.longest).operate();
    const auto counts = compartment_counts(original, per_length{p.longest}, {});
    return {original, {counts.begin(), counts.end()}, section_numbers(original), std::vector<int>(at_index(original.size()), 1), section_type::undefined};
}

}  // namespace apical::sonata
