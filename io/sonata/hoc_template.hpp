// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "morphology/morphology.hpp"

/// What a template of a cell, as BluePyOpt and BluePyEModel write them for NEURON, says of the cell.
namespace apical::sonata::hoc {

/// One of the lists of sections that such templates have.
enum class section_list { all, somatic, axonal, basal, apical, myelinated };
/// Nothing for other names.
std::optional<section_list> list_named(std::string_view name);

/// "insert NAME" in the sections of a list.
struct insertion { section_list in; std::string mechanism, where; };
/// "NAME = value" in them, or distribute_distance: the value at each compartment, from its distance to the soma [um].
struct assignment {
    section_list in;
    std::string name;
    std::function<double(double)> value;
    bool depends_on_distance = false;
    std::string where = {};
};
using statement = std::variant<insertion, assignment>;

/// What takes the axon's place: two sections from the end of the soma on.
struct replaced_axon {
    /// Whole sections as thick as the first one of the axon, and as the first of which the middle is beyond `far` from the soma's
    /// beginning; or cut into pieces, each as thick as that much of the axon.
    enum class thickness { of_sections, of_pieces } from = thickness::of_sections;
    double length = 60;                    ///< of both together [um]
    int pieces = 1;                        ///< of each
    int least_sections = 0;                ///< of the axon; fewer are an error
    double far = 60;                       ///< [um]
    bool last_if_none_is_far = false;      ///< else the first one's thickness
    double myelin = 0;                     ///< length of the section behind, as thick as the last piece [um]; 0: none
    int myelin_pieces = 1;
    bool keeps_numbers = false;            ///< of the axon's first three sections; else the new ones are numbered after all others
    std::string where = {};
};

/// A template in the order in which it builds a cell.
struct program {
    double longest = 40;                   ///< sections are cut into 1 + 2 int(L/longest) compartments [um]
    std::optional<replaced_axon> axon = {};
    std::vector<statement> statements = {};
};

/// FOLDER/NAME.hoc, whether it is there or not.
std::filesystem::path template_file(const std::filesystem::path& folder, const std::string& name);

/// Reads that file. Throws invalid_input as "file:line" if it is missing or wrong, and
/// unsupported for what is a program and more than the insertions, assignments and distributions that such templates consist of.
program read_template(const std::filesystem::path& folder, const std::string& name);

}  // namespace apical::sonata::hoc
