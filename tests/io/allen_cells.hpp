// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <filesystem>
#include <string>

#include "io/sonata/cell_template.hpp"
#include "tests/morphology/real_data.hpp"

/// The five cells that the SONATA examples share.
namespace apical::testing {

struct allen_cell { const char *name, *fit, *morphology; };
inline constexpr std::array allen_cells{
    allen_cell{"Scnn1a", "472363762", "Scnn1a_473845048_m"}, allen_cell{"Rorb", "473863510", "Rorb_325404214_m"},
    allen_cell{"Nr5a1", "473863035", "Nr5a1_471087815_m"},   allen_cell{"PV1", "472912177", "Pvalb_470522102_m"},
    allen_cell{"PV2", "473862421", "Pvalb_469628681_m"}};

inline std::filesystem::path sonata_example(const std::string& name) { return published("sonata/examples/" + name); }

/// As the node types of 5_cells_iclamp have it.
inline sonata::cell_template with_nml(const allen_cell& c) {
    const auto shared = sonata_example("shared_components");
    return {.model_template = std::string("nml:Cell_") + c.fit + ".cell.nml", .model_processing = "aibs_perisomatic",
            .morphology = shared/"morphologies"/c.morphology, .dynamics_params = {}, .templates = shared/"biophysical_neuron_templates/nml",
            .where = c.name};
}
/// The same cell from its fit.
inline sonata::cell_template with_fit(const allen_cell& c) {
    auto t = with_nml(c);
    t.model_template = "ctdb:Biophys1.hoc";
    t.dynamics_params = sonata_example("shared_components/biophysical_neuron_templates/json")/(std::string(c.fit) + "_fit.json");
    return t;
}

}  // namespace apical::testing
