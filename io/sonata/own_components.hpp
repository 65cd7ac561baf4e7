// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "circuit/circuit.hpp"
#include "io/json.hpp"
#include "io/sonata/cell_template.hpp"

/// Components of Apical's own, for what SONATA has no words for. Types name them by model_template "apical:cell", "apical:NEURON" and
/// "apical:RECEPTOR", with one of these files as dynamics_params; docs/sonata.md has their members. Quantities are texts with units
/// that are read as the same numbers, to the last bit.
namespace apical::sonata {

inline constexpr std::string_view own_prefix = "apical:";
/// The column of node types that has a population's name where HDF5 cannot have it.
inline constexpr std::string_view own_population = "apical_population";

/// Text that parse_quantity reads as this quantity exactly.
std::string exact_text(any_quantity q);
template <dimension D> std::string exact_text(quantity<D> q) { return exact_text({q.coherent(), D}); }

/// A cell with compartments. The morphology is in an SWC file beside; where SWC cannot hold all of it, its sections are here too. What
/// is painted as a function is written as its values at the compartments.
json::value cell_component(const cell& c, const compartments& tree, bool swc_holds_all);
biophysical_cell read_cell_component(const std::filesystem::path& file, const std::filesystem::path& morphology);
/// Of a file that holds one as its member "apical", beside a fit that other simulators read; its axon is numbered last. Nothing of another file.
std::optional<biophysical_cell> read_embedded_cell(const std::filesystem::path& file, const std::filesystem::path& morphology);

/// A point or few-compartment neuron, and the potentials its population starts at.
json::value neuron_component(const population& p);
struct point_component {
    apical::cell cell;
    std::optional<random_value> start;
};
point_component read_neuron_component(const std::filesystem::path& file, const std::string& neuron);

/// What a projection's contacts have in common.
struct projection_component {
    std::string projection;                        ///< name, to which its random numbers belong
    int order = 0;                                 ///< among the projections of the circuit
    std::string receptor;
    std::map<std::string, any_quantity> parameters = {};
    any_quantity weight_unit = {1, dimensions::conductance};   ///< drawn weights are this times a float
    std::optional<short_term_plasticity> short_term = {};
    quantity<dimensions::rate> spontaneous = {};
    bool spontaneous_depletes = false;
    std::optional<learning> learns = {};
    bool lists_release = false;                    ///< edges have their parameters of release in columns of their own, see release_column
    std::string at = {};                           ///< on few-compartment neurons: where contacts lie
};
json::value to_component(const projection_component& p);
/// The column of edges that has the k-th parameter of their model of release.
inline std::string release_column(std::size_t k) { return "release_" + std::to_string(k); }
/// Of a file that holds one, alone or as its member "apical" beside what other simulators read; nothing of another file.
std::optional<projection_component> read_projection_component(const std::filesystem::path& file);

}  // namespace apical::sonata
