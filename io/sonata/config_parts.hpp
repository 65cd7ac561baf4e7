// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "io/sonata/config.hpp"
#include "io/sonata/document.hpp"

namespace apical::sonata {

/// Readers of the parts of a configuration. Each complains about what it does not know.
component_folders read_components(const field& f);
void read_networks(const field& f, config& to);
void read_inputs(const field& f, config& to);
void read_reports(const field& f, config& to);
void read_overrides(const field& f, config& to);
/// BBP's conditions.mechanisms: parameters of all synapses of a model.
void read_mechanisms(const field& f, config& to);
/// BBP's conditions.modifications: of cells.
void read_modifications(const field& f, config& to);
/// An input by a module of BBP's that is a current into somata, or a voltage clamp; false: it is another.
bool read_soma_input(const field& f, input& to);

/// A path of a file to write: below the output folder, unless it is absolute or leads there already.
std::filesystem::path in_output_folder(const output_settings& o, const origin& from, const std::filesystem::path& path);

/// The node set that a field names, or that stands in it. Without a field, or with null, `otherwise`.
std::string read_node_set(const field& f, config& to, std::string otherwise);

}  // namespace apical::sonata
