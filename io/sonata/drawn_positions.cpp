// SPDX-License-Identifier: BSD-3-Clause
#include "io/sonata/drawn_positions.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>

#include <fmt/format.h>

namespace apical::sonata {
namespace {

std::size_t index(int i) { return static_cast<std::size_t>(i); }

bool is_of(section_type type, const std::string& name) {
    const auto first = std::string_view(name).substr(0, 4);
    if (first == "soma") return type == section_type::soma;
    if (first == "axon") return type == section_type::axon;
    if (first == "basa" || first == "dend") return type == section_type::basal;
    return first == "apic" && type == section_type::apical;
}

/// As numpy makes them: 53 of 64 bits.
double uniform(std::mt19937& draws) {
    const auto high = draws() >> 5, low = draws() >> 6;
    return (static_cast<double>(high)*67108864.0 + static_cast<double>(low))/9007199254740992.0;
}

}  // namespace

drawn_positions::drawn_positions(const biophysical_cell& cell) {
    const auto& shape = cell.cell.shape();
    std::vector<double> start(index(shape.size()), 0);           // path from soma(0) to the section's beginning
    for (int s = 0; s < shape.size(); ++s) {
        const auto& section = shape[s];
        if (section.parent >= 0) start[index(s)] = start[index(section.parent)] + section.parent_x*shape.length(section.parent);
    }
    for (std::size_t id = 0; id < cell.sections.size(); ++id) {
        const int count = cell.compartments[id];
        for (int k = 0; k < count; ++k) {
            const auto at = cell.compartment(id, k);
            const bool is_whole = id < cell.pieces.size() && cell.pieces[id] > 1;   // a section of the shape
            const double length = shape.length(at.section)/(is_whole ? 1 : count);
            segments_.push_back({at, shape[at.section].type, start[index(at.section)] + (is_whole ? 0.5 : k + 0.5)*length, length});
        }
    }
}

std::vector<location> drawn_positions::draw(int count, const std::vector<std::string>& sections, range distance, std::mt19937& draws) const {
    std::vector<location> places;
    std::vector<const segment*> candidates;
    std::vector<double> sums;
    double total = 0;
    for (const auto& s : segments_) {
        const double inside = std::min(s.distance + s.length/2, distance.high) - std::max(s.distance - s.length/2, distance.low);
        const bool is_wanted = std::ranges::any_of(sections, [&](const auto& name) { return is_of(s.type, name); });
        if (!is_wanted || !(inside > 0)) continue;
        candidates.push_back(&s), sums.push_back(total += inside);
    }
    if (candidates.empty()) return places;
    for (auto& x : sums) x /= total;
    for (int k = 0; k < count; ++k) {
        const auto at = std::min<std::size_t>(static_cast<std::size_t>(std::ranges::upper_bound(sums, uniform(draws)) - sums.begin()), candidates.size() - 1);
        places.push_back(candidates[at]->centre);
    }
    return places;
}

std::vector<std::string> section_list(const std::string& text) {
    std::vector<std::string> names(1);
    for (const char c : text) {
        if (std::isalpha(static_cast<unsigned char>(c))) names.back() += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        else if (!names.back().empty()) names.emplace_back();
    }
    if (names.back().empty()) names.pop_back();
    return names;
}

drawn_positions::range distance_range(const std::string& text, const std::string& where) {
    std::vector<double> numbers;
    for (const char* at = text.c_str(); *at;) {
        if (!std::isdigit(static_cast<unsigned char>(*at)) && *at != '.' && *at != '-' && *at != 'i') {
            ++at;
            continue;
        }
        char* end = nullptr;
        const double x = std::strtod(at, &end);
        if (end == at) break;
        numbers.push_back(x), at = end;
    }
    if (numbers.size() == 1) return {0, numbers[0]};
    if (numbers.size() != 2 || !(numbers[0] <= numbers[1])) throw invalid_input(where, fmt::format("'{}' is no range of distances", text), "\"[30.0, 150.0]\"");
    return {numbers[0], numbers[1]};
}

}  // namespace apical::sonata
