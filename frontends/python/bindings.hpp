// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <nanobind/nanobind.h>

/// The Python module apical._apical, one function a source file. The package apical re-exports what is here.
namespace apical {
struct circuit;
}

namespace apical::python {

namespace nb = nanobind;

void bind_errors();
void bind_quantity(nb::module_& m);
void bind_morphology(nb::module_& m);
void bind_shapes(nb::module_& m);
void bind_catalogue(nb::module_& m);
void bind_cell(nb::module_& m);
void bind_stimuli(nb::module_& m);
void bind_receptors(nb::module_& m);
void bind_random_value(nb::module_& m);      // the next two before projections, which have them
void bind_connection_rules(nb::module_& m);
void bind_projection(nb::module_& m);        // and gap junctions, spike sources: before circuits, which hold them
void bind_learning(nb::module_& m);          // before projections and circuits, which hold it
void bind_circuit(nb::module_& m);
void bind_gap_rule(nb::module_& m);
void bind_simulation(nb::module_& m);
void bind_verification(nb::module_& m);
void bind_work_precision(nb::module_& m);
void bind_reduction(nb::module_& m);
void bind_two_layer(nb::module_& m);
void bind_forecast(nb::module_& m);
void bind_energy_meter(nb::module_& m);   // before circuits, which hold them
void bind_energy(nb::module_& m);
void bind_experiment(nb::module_& m);
void bind_models(nb::module_& m);
void bind_protocols(nb::module_& m);
void bind_circuits(nb::module_& m);
void bind_sonata(nb::module_& m);
void bind_sonata_writer(nb::class_<circuit>& c);   // a method of circuits
void bind_training(nb::module_& m);
void bind_nmodl(nb::module_& m);

}  // namespace apical::python
