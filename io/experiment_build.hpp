// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/catalogue.hpp"
#include "io/experiment_fields.hpp"
#include "io/spikes.hpp"

/// From the objects of an experiment file to the circuit. Every step adds what it finds wrong to `found` and goes on.
namespace apical::experiment_file {

/// What all steps share.
struct builder {
    const experiment_fields& file;
    std::filesystem::path folder;       ///< files are looked for here
    findings& found;
    catalogue mechanisms = catalogue::built_in();
    experiment out = {};
    std::map<std::string, cell> cells = {};
    std::set<std::string> receptor_labels = {};
    /// Mechanisms that have been given what their files leave open, by name.
    std::map<std::string, std::shared_ptr<const nmodl::mechanism>> supplied = {};

    /// Runs `step`; what it throws is reported at `where`.
    template <class Step> bool attempt(const std::string& where, const Step& step) {
        try {
            step();
            return true;
        } catch (const error& e) {
            for (const auto& p : e.problems()) found.add(where, p.where.empty() ? p.what : p.where + ": " + p.what, p.hint);
            return false;
        }
    }
    std::filesystem::path beside(const std::string& name) const { return folder / name; }
};

/// experiment_file::cells -> builder::cells.
void build_cells(builder&);
/// The mechanism that was read, with what settings of the names of its POINTERs ("ca_shell.rate", "v at soma(0.5)") and FUNCTION_TABLEs
/// ("-80: 1, -60: 5", in the units of the file) say; these are taken from `named`. Null: it is of the package.
std::shared_ptr<const nmodl::mechanism> supplied_by(builder& b, const catalogue::entry& entry, std::map<std::string, located<value_text>>& named);
/// Populations, and the protocol with its stimuli, probes and detectors.
void build_populations(builder&);
/// Stimuli, receptors, spike trains, probes and detectors.
void build_inputs(builder&);
/// Spike sources, projections and gap junctions.
void build_connections(builder&);

/// Modulators and probes of weights, after the projections.
void build_learning(builder&);

/// Energy meters, after the run is known.
void build_meters(builder&);

/// Whether the file speaks of this population; if it could not be built, that has been said.
bool is_declared(const builder& b, const std::string& population);
/// Where a population's cells are.
std::vector<position> positions_of(builder& b, const located<position_fields>& f, const std::string& name, int size);
/// The receptor of the catalogue; nullptr, with a complaint unless it has no name at all, if there is none.
const catalogue::entry* receptor_named(builder& b, const located<std::string>& name);
/// Those of its parameters that are given.
std::map<std::string, any_quantity> receptor_parameters(builder& b, const catalogue::entry& receptor, const std::map<std::string, located<value_text>>& given);
/// How a projection learns, onto receptors of a kind; nothing, with a complaint, if there is no such rule.
std::optional<learning> learning_of(builder& b, const located<learning_fields>& wanted, const mechanism_schema& receptor);
/// The spikes of one population of a file; without a name, of the only one.
population_spikes spikes_from(const std::filesystem::path& file, const std::string& population);

/// A waveform as text: a header "time [ms],current [nA]" with units of one's choice, then numbers. Throws invalid_input ("file:line").
waveform_current read_waveform(const std::filesystem::path& path);

}  // namespace apical::experiment_file
