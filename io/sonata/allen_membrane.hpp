// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "circuit/cell.hpp"
#include "core/error.hpp"
#include "core/quantity_text.hpp"
#include "io/sonata/mechanism_library.hpp"

/// The membranes of the cells of the Allen Cell Types Database, as the files that come with them say. Parameters are the same in all
/// sections of one type.
namespace apical::sonata {

/// Orders mechanisms by name.
struct by_mechanism_name {
    using pointer = std::shared_ptr<const nmodl::mechanism>;
    bool operator()(const pointer& a, const pointer& b) const { return a->source().name < b->source().name; }
};

/// The membrane of the sections of one type. What is not given is NEURON's default.
struct allen_membrane {
    std::optional<any_quantity> cm, ra, g_pas, e_pas, ena, ek;
    bool has_pas = false;
    /// By the catalogue's names: the parameters that are given.
    std::map<std::string, std::map<std::string, any_quantity>> mechanisms;
    /// The same of mechanisms that files of NMODL beside the circuit define.
    std::map<std::shared_ptr<const nmodl::mechanism>, std::map<std::string, any_quantity>, by_mechanism_name> imported;
};
using allen_membranes = std::map<section_type, allen_membrane>;

/// "soma", "axon", "dend", "apic": sections by the first letters of their names.
std::optional<section_type> section_type_of(std::string_view name);
/// Complains of a name that is none of these.
void complain_of_section(std::string_view name, const std::string& where, findings& found);

/// A parameter of a mechanism by the names in these files: gbar of NaTs.
struct parameter_setting {
    std::string_view mechanism, parameter;
    double value;                                 ///< in unit_of(parameter)
};
/// Inserts the mechanism and sets the parameter. Complains of names that are not known, to the library of the circuit neither.
void set_parameter(allen_membrane& m, const parameter_setting& s, mechanism_library& beside, const std::string& where, findings& found);
/// The unit that a parameter of a mechanism has in these files: "S/cm2" of gbar. Empty for a pure number.
std::string_view unit_of(std::string_view parameter);

/// The name in these files of a channel or pool of the catalogue; empty if it has none.
std::string_view allen_name(std::string_view mechanism);
/// A parameter of such a mechanism that these files can set, by its names, and its default [unit].
struct allen_parameter {
    std::string_view theirs, ours, unit;
    double value;
};
std::vector<allen_parameter> allen_parameters(std::string_view mechanism);
/// The ion whose current it carries; ion::none for the pool and for what has no name.
ion allen_carries(std::string_view mechanism);

/// Whether a fit must say what the passive membrane is everywhere, or the genome says it type by type.
enum class fit_kind { perisomatic, all_active };

/// Reads a fit (JSON): passive, conditions/erev and genome; the rest of it is not looked at. Later files win over earlier ones.
/// Throws invalid_input listing every problem as "file:line /pointer".
void read_fit(const std::filesystem::path& path, fit_kind kind, mechanism_library& beside, allen_membranes& to);

/// Reads the export of such a cell to NeuroML: channel densities, capacitance, resistivity and the calcium pool.
/// Throws invalid_input listing every problem as "file:line <element id>".
void read_cell_nml(const std::filesystem::path& path, allen_membranes& to);

/// Paints them.
void paint(cell& c, const allen_membranes& membranes);

}  // namespace apical::sonata
