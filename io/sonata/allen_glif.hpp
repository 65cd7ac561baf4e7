// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <string_view>

#include "io/json.hpp"

namespace apical::sonata {

/// Whether a file of dynamics_params is a neuron of the Allen Cell Types Database, of type GLIF.
bool is_allen_glif(const json::value& file);

/// Such a neuron as the parameters of NEST's glif_psc, which BMTK makes of it. `model` is what stands after "nest:", one of glif_lif, glif_lif_r,
/// glif_lif_asc, glif_lif_r_asc and glif_lif_r_asc_a, with or without "_psc", and says which of its mechanisms are used. Its synapses have the
/// time constants that BMTK gives them: 5.5, 8.5, 2.8 and 5.8 ms. Throws unsupported for other models, and invalid_input, at `name`, for what a
/// file lacks.
json::value nest_glif(const json::value& file, std::string_view model, const std::string& name);

}  // namespace apical::sonata
