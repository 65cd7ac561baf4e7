// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "io/sonata/cell_template.hpp"
#include "io/sonata/hoc_template.hpp"

namespace apical::sonata {

/// The shape that a template's surgery leaves, and its sections by the numbers that files have for them.
struct hoc_shape {
    morphology shape;
    std::vector<int> counts;                      ///< compartments [section of the shape]
    std::vector<int> sections;                    ///< [section id] first section of the shape; -1: it was cut off with the axon
    std::vector<int> pieces;                      ///< [section id] sections of the shape that it is made of
    section_type myelin = section_type::undefined;   ///< of the myelinated section; undefined: there is none
};
/// Throws invalid_input with the surgery's place if the axon is too short for it.
hoc_shape shaped(const morphology& original, const hoc::program& p);

/// The cell of a template "hoc:NAME". Mechanisms are those of the files of t.mechanisms, else channels of the package of the same names. Throws
/// as read_template does, and invalid_input for mechanisms and parameters that are not there.
biophysical_cell make_hoc_cell(const cell_template& t, const std::filesystem::path& morphology_file);

}  // namespace apical::sonata
