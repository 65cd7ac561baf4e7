// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "circuit/cell.hpp"
#include "core/quantity_text.hpp"
#include "io/sonata/findings.hpp"

namespace apical::sonata {

/// A receptor of a point neuron: what its events are and in which unit the files weigh them.
struct point_port {
    std::string receptor;                          ///< in the catalogue
    std::map<std::string, any_quantity> parameters = {};
    any_quantity weight_unit = {};                 ///< of one unit of syn_weight
};

/// A point neuron of NEST or NEURON as Apical has it.
struct point_model {
    neuron model;
    double v_init = -70;                           ///< [mV] whatever the configuration says, as in NEST
    double current = 0;                            ///< that always flows into it [nA]
    std::vector<point_port> ports = {};            ///< one: for all events; two: for positive weights and for others
    bool is_numbered = false;                      ///< ports are those of NEST's receptor_type, from 1, instead
    bool is_magnitude = false;                     ///< a negative weight is the conductance of an inhibitory port
    bool has_signed_synapses = false;              ///< NEURON's: the file of the synapse has the sign, and any model_template does
};

/// What a point neuron's model_template and dynamics_params say: nrn:IntFire1 and nest:iaf_psc_alpha, iaf_psc_exp, iaf_psc_delta, iaf_cond_alpha,
/// iaf_cond_exp, aeif_cond_alpha, aeif_cond_exp and glif_psc, and glif_lif_* of the Allen Cell Types Database, with their own defaults; "nestml:" stands for "nest:". `dynamics` is a JSON file, or empty;
/// `own` are parameters of NEST that a node has itself. Throws unsupported, at `where`, for other models and at the file for what these cannot do here, and invalid_input for what is not as it should be.
point_model read_point_model(const std::string& model_template, const std::filesystem::path& dynamics, const std::string& where, const std::map<std::string, double>& own = {});

}  // namespace apical::sonata
