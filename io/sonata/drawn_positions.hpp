// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <random>
#include <string>
#include <vector>

#include "io/sonata/cell_template.hpp"

namespace apical::sonata {

/// The segments of a cell, for synapses whose positions are drawn as BMTK draws them: among the segments of some sections within a range
/// of path distances from soma(0), with probabilities by the length that lies in it.
class drawn_positions {
public:
    explicit drawn_positions(const biophysical_cell& cell);

    struct range { double low = 0, high = 1e20; };
    /// `count` places; none, without a draw, if no segment is there. `sections`: "soma", "axon", "basal"/"dend", "apical"/"apic" in any of
    /// their spellings.
    std::vector<location> draw(int count, const std::vector<std::string>& sections, range distance, std::mt19937& draws) const;

private:
    struct segment {
        location centre;
        section_type type;
        double distance, length;                   ///< of its centre [um]
    };
    std::vector<segment> segments_;                // in the order of sections of SONATA
};

/// "['basal', 'apical']", "basal" or a list as JSON has it: the names in it.
std::vector<std::string> section_list(const std::string& text);
/// "[30.0, 150.0]", or "150.0", which begins at 0. Throws invalid_input at `where`.
drawn_positions::range distance_range(const std::string& text, const std::string& where);

}  // namespace apical::sonata
