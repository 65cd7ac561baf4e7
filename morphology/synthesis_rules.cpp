// SPDX-License-Identifier: BSD-3-Clause
#include "morphology/synthesis_rules.hpp"

#include <array>

#include "core/error.hpp"

namespace apical {
namespace synthesis {
namespace {

constexpr tree_rules l5_basal{
    .first_length = 18, .inner_length = 28, .length_cv = 0.8, .earliness = 0, .least_inner = 3,
    .reach = 172, .reach_sd = 55, .least_last = 60, .evenness = 1.2, .rall = 2.0, .tip_weight = 0.7,
    .least_diameter = 0.6, .taper = 0.92, .last_taper = 0.7, .tip_diameter = 0.35, .root_diameter = {1.1, 1.9}};

constexpr tree_rules l5_oblique{
    .first_length = 25, .inner_length = 45, .length_cv = 0.8, .earliness = 0, .least_inner = 3,
    .reach = 140, .reach_sd = 55, .least_last = 50, .evenness = 1.2, .rall = 2.0, .tip_weight = 0.7,
    .least_diameter = 0.55, .taper = 0.95, .last_taper = 0.7, .tip_diameter = 0.35, .root_diameter = {0.8, 1.4}};

constexpr tree_rules l5_tuft{
    .first_length = 0, .inner_length = 0, .length_cv = 0, .earliness = 1.35, .least_inner = 5,
    .reach = 480, .reach_sd = 70, .least_last = 45, .evenness = 1.5, .rall = 2.2, .tip_weight = 0.6,
    .least_diameter = 0.7, .taper = 0.9, .last_taper = 0.6, .tip_diameter = 0.4, .root_diameter = {1.6, 2.1}};

constexpr trunk_rules l5_trunk{
    .length = {660, 60, 560, 780}, .plateau = {2.65, 0.25, 1.9, 3.4}, .flare = 3.2, .flare_length = 30, .bulge = 0.25,
    .obliques = {10, 1.5, 7, 13}, .spread = 105, .last_oblique = 0.62, .oblique_more_tips = 1.7, .oblique = l5_oblique,
    .tuft_tips = {24, 3, 18, 32}, .least_of_a_tuft_half = 6, .tuft = l5_tuft};

constexpr tree_rules changed(tree_rules r, double reach, double reach_sd, double least_last, double inner_length, range root) {
    r.reach = reach, r.reach_sd = reach_sd, r.least_last = least_last, r.inner_length = inner_length, r.root_diameter = root;
    return r;
}

constexpr tree_rules thicker(tree_rules r, double least_diameter, double last_taper) {
    r.least_diameter = least_diameter, r.last_taper = last_taper;
    return r;
}

constexpr trunk_rules l23_trunk() {
    auto t = l5_trunk;
    t.length = {180, 40, 130, 250}, t.plateau = {1.7, 0.2, 1.2, 2.2}, t.flare = 1.5, t.bulge = 0.15;
    t.obliques = {5, 0.8, 4, 6}, t.spread = 40, t.last_oblique = 0.8, t.oblique_more_tips = 1;
    t.oblique = changed(l5_oblique, 105, 40, 38, 30, {0.7, 1.1});
    t.tuft_tips = {10, 1.2, 8, 12}, t.least_of_a_tuft_half = 3;
    t.tuft = changed(l5_tuft, 183, 35, 45, 0, {0.9, 1.3});
    t.tuft.least_diameter = 0.55, t.tuft.earliness = 2.2;
    return t;
}

constexpr family_rules l5_tufted_pyramidal{
    .soma_length = {24, 1.5, 19, 29}, .soma_diameter = {14.3, 1, 11, 18}, .stems = {6.5, 1.2, 5, 9}, .tips = {42, 5, 33, 52},
    .stem = l5_basal, .layout = stem_layout::skirt, .has_trunk = true, .trunk = l5_trunk};

constexpr family_rules l23_pyramidal{
    .soma_length = {16, 2, 11, 21}, .soma_diameter = {13, 1.5, 9, 17}, .stems = {5.5, 0.9, 4, 7}, .tips = {27, 4, 18, 36},
    .stem = thicker(changed(l5_basal, 120, 40, 45, 24, {1.0, 1.6}), 0.7, 0.75), .layout = stem_layout::skirt, .has_trunk = true, .trunk = l23_trunk()};

constexpr family_rules pv_basket{
    .soma_length = {15, 2, 10, 20}, .soma_diameter = {13, 2, 8, 18}, .stems = {6, 0.9, 5, 8}, .tips = {16, 3, 10, 24},
    .stem = changed(l5_basal, 165, 55, 60, 40, {1.2, 2.0}), .layout = stem_layout::multipolar, .has_trunk = false, .trunk = {}};

// Reach and tips are at the upper end of what is reported, so that the total length comes to the measured 2900 um and more.
constexpr family_rules sst_martinotti{
    .soma_length = {14, 2, 9, 19}, .soma_diameter = {11, 1.5, 7, 15}, .stems = {4, 0.7, 3, 5}, .tips = {17, 2.5, 12, 22},
    .stem = thicker(changed(l5_basal, 215, 70, 70, 50, {1.0, 1.8}), 0.75, 0.8), .layout = stem_layout::bitufted, .has_trunk = false, .trunk = {}};

struct entry { cell_family family; std::string_view name; const family_rules* rules; };
constexpr std::array entries{
    entry{cell_family::l5_tufted_pyramidal, "l5_tufted_pyramidal", &l5_tufted_pyramidal},
    entry{cell_family::l23_pyramidal, "l23_pyramidal", &l23_pyramidal},
    entry{cell_family::pv_basket, "pv_basket", &pv_basket},
    entry{cell_family::sst_martinotti, "sst_martinotti", &sst_martinotti},
};

const entry& entry_of(cell_family f) { return entries[static_cast<std::size_t>(f)]; }

}  // namespace

const family_rules& rules_of(cell_family f) { return *entry_of(f).rules; }

}  // namespace synthesis

std::vector<cell_family> cell_families() {
    std::vector<cell_family> all;
    for (const auto& e : synthesis::entries) all.push_back(e.family);
    return all;
}

std::string_view name_of(cell_family f) { return synthesis::entry_of(f).name; }

cell_family parse_cell_family(std::string_view name) {
    std::vector<std::string> names;
    for (const auto& e : synthesis::entries) {
        if (e.name == name) return e.family;
        names.emplace_back(e.name);
    }
    throw invalid_model("cell family", "'" + std::string(name) + "' is not known", suggestion(name, names));
}

}  // namespace apical
