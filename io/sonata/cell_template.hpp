// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "circuit/cell.hpp"
#include "core/error.hpp"
#include "io/sonata/cell_modification.hpp"

namespace apical::sonata {

/// What a SONATA circuit says of a biophysical neuron: the columns of its node type, with paths complete, and what the simulation
/// adds. Temperature is an option of the run.
struct cell_template {
    /// "ctdb:Biophys1" or "ctdb:Biophys1.hoc": all parameters are in `dynamics_params`. "nml:<file>": they are in that file, of the
    /// folder `templates`. "hoc:<name>": a template for NEURON of that folder, as BluePyOpt writes them (hoc_template.hpp).
    std::string model_template;
    /// What is done to the cell, from left to right, separated by commas: "aibs_perisomatic", "aibs_allactive", each also with
    /// "_directed"; "fullaxon"; "extracellular", which changes nothing.
    std::string model_processing;
    std::filesystem::path morphology;             ///< an SWC or Neurolucida file; ".swc" or ".asc" is added if there is no such file
    std::filesystem::path dynamics_params;        ///< a fit (JSON); empty: NULL
    std::filesystem::path templates;              ///< biophysical_neuron_models_dir
    std::filesystem::path mechanisms;             ///< mechanisms_dir, for channels that are not the package's; may be empty
    length dl = 20*units::um;                     ///< run / dL: sections are cut into 1 + 2 int(L/(2 dL)) compartments
    voltage v_init = -80*units::mV;
    /// How coordinates are rounded: as BMTK does, to compare with published simulations, or, empty, not at all.
    std::optional<import_rounding> rounding = import_rounding::bmtk;
    std::vector<cell_modification> modifications = {};   ///< of templates "hoc:"; node sets are not looked at
    std::string where = "cell";                   ///< the node type, for messages: "nodes.csv:2 (node_type_id 100)"
};

/// A neuron, and its sections by the numbers that SONATA files have for them.
struct biophysical_cell {
    apical::cell cell;
    /// [section id] index in cell.shape(): soma, axon, basal and apical dendrites, each in order of appearance; a stub that takes the
    /// axon's place is last. This is afferent_section_id of the files.
    std::vector<int> sections;                    // -1: a number of the axon that was cut off
    std::vector<int> compartments;                ///< [section id] how many it is cut into; 0 if it was cut off
    std::vector<problem> warnings;                ///< liberties taken with the morphology
    /// [section id] of how many sections of the shape it is made, one after the other, each of one compartment; empty: of one, all of them.
    std::vector<int> pieces = {};

    /// The place of a synapse, `pos` 0 to 1 along the section: the centre of the compartment there. The ends belong to the first and the
    /// last one. Throws invalid_input with `where` if there is no such place.
    location at(long section_id, double pos, const std::string& where = "afferent_section_id") const;
    /// The centre of a compartment of a section that is there.
    location compartment(std::size_t section_id, int k) const;
    /// The section id of a section of the shape, and where on that section x of the shape's is.
    std::pair<std::size_t, double> in_files(location where) const;
};

/// Sections by the numbers that files have for them: soma, axon, basal, apical, others, each in order of appearance; or the axon, a stub that
/// was made when all others were there, last.
enum class axon_place { second, last };
std::vector<int> section_numbers(const morphology& shape, axon_place axon = axon_place::second);

/// What the steps of a model_processing make of a shape. Throws invalid_input for steps that are not known or cannot be done.
morphology processed(const morphology& shape, const std::string& model_processing);

/// Builds it. Throws invalid_input or invalid_model listing what the files lack or say wrongly, and unsupported for "hoc:" templates
/// that are more of a program than BluePyOpt's; each says what would be right.
biophysical_cell make_cell(const cell_template& t);

}  // namespace apical::sonata
