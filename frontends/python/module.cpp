// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/python/bindings.hpp"

NB_MODULE(_apical, m) {
    using namespace apical::python;
    m.doc() = "The compiled part of Apical; the package apical re-exports it.";
    m.attr("version") = APICAL_VERSION;
    bind_errors();
    bind_quantity(m);
    bind_morphology(m);
    bind_shapes(m);
    bind_catalogue(m);
    bind_cell(m);
    bind_stimuli(m);
    bind_receptors(m);
    bind_learning(m);
    bind_projection(m);
    bind_circuit(m);
    bind_gap_rule(m);
    bind_simulation(m);
    bind_verification(m);
    bind_work_precision(m);
    bind_reduction(m);
    bind_two_layer(m);
    bind_forecast(m);
    bind_energy(m);
    bind_experiment(m);
    bind_models(m);
    bind_protocols(m);
    bind_circuits(m);
    bind_sonata(m);
    bind_training(m);
    bind_nmodl(m);
}
