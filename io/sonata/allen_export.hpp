// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "circuit/cell.hpp"
#include "io/json.hpp"

namespace apical::sonata {

/// A cell with compartments as a fit of the Allen Cell Types Database, which BMTK reads.
struct allen_form {
    std::string processing;                        ///< model_processing, which puts the stub of the axon in its place
    morphology shape;                              ///< what the SWC file holds, so that the processing makes the cell of it
    json::value fit;
    double segment_length;                         ///< BMTK's dL [um]
};

inline constexpr const char* allen_template = "ctdb:Biophys1.hoc";

/// The form, if the cell has one: a spherical soma in whose middle dendrites begin, an axon that is the stub of BMTK's aibs_perisomatic or
/// aibs_allactive, mechanisms of the Allen Institute's set and parameters that are the same in all sections of one type. Else nothing.
std::optional<allen_form> allen_form_of(const cell& c);

/// Whether BMTK's processing makes this shape of what is in an SWC file, to the rounding of its importer.
bool makes_shape(const std::string& swc, const std::string& processing, const morphology& wanted);

}  // namespace apical::sonata
