// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <nanobind/nanobind.h>

#include "engine/options.hpp"

namespace apical::python {

namespace nb = nanobind;

/// Run options from keywords. Throws invalid_model for a wrong value, TypeError for an unknown keyword.
run_options read_options(const nb::kwargs& given);
/// The same as keywords.
nb::dict keywords_of(const run_options& o);

/// The keywords as they stand in a signature, and their part of a docstring.
inline const char* const option_signature =
    "dt: str | tuple[float, str] | Quantity = '0.025 ms', scheme: str = 'crank_nicolson', "
    "rates: str = 'tabulated', "
    "temperature: str | tuple[float, str] | Quantity = '6.3 degC', constants: str = 'modern', seed: int = 0, threads: int = 1, split: str = 'auto', lanes: int = 0, "
    "steps_per_epoch: int = 40, steps_per_input: int = 1, neurons: str = 'fixed_step', tolerance: float = 1e-9, "
    "max_change: str | tuple[float, str] | Quantity = '1 mV', "
    "max_error: str | tuple[float, str] | Quantity = '0.001 mV', "
    "gap_tolerance: str | tuple[float, str] | Quantity = '1e-7 mV', "
    "v_limit: str | tuple[float, str] | Quantity = '1000 mV'";

inline const char* const option_parameters = R"doc(dt : Quantity
    Time step [ms].
scheme : str
    ``"crank_nicolson"``: second order, stimuli at the midpoint of a step; or ``"backward_euler"``: first order, step for step
    what NEURON does with ``secondorder = 0``; or ``"auto"``: second order, in steps from ``dt/8`` to ``4*dt`` that each cell
    chooses for itself; or ``"precise"`` and ``"cvode"``: voltages, gates and concentrations coupled, each cell in steps of its own that
    keep to ``max_error``, by the Rosenbrock method RODAS and by CVODE's backward differentiation formulas. ``dt`` then only says
    when to sample.
rates : str
    Of gates that follow the voltage: ``"tabulated"``, by piecewise polynomials that agree with the channel's functions to 1e-12
    relative; or ``"functions"``, by those themselves, at about half the speed; or ``"single"``, tabulated, with gates and currents of
    channels in single precision, not under ``"precise"`` and ``"cvode"``: the fastest.
temperature : Quantity
    Of the whole circuit.
constants : str
    R and F of Nernst potentials and pools: ``"modern"``, CODATA 2018; or ``"legacy"``, those of NEURON before version 8.
seed : int
    Of all noise.
threads : int
    How many cells are computed at a time. The result is the same to the last bit.
split : str
    ``"auto"``: several threads advance one cell together where it is large and they have nothing else to do; or ``"never"``. The result is
    the same to the last bit.
lanes : int
    Cells computed side by side, one a SIMD lane; 0 chooses. The result is the same to the last bit.
steps_per_epoch : int
    Steps that a block of cells is advanced while it sits in the cache.
steps_per_input : int
    Steps between the times at which noise is drawn and events arrive: a run in steps of ``dt/n`` has the inputs of the run in steps
    of ``dt`` if it has ``n`` here.
neurons : str
    How point and few-compartment neurons advance: ``"fixed_step"``, in steps of second order, many side by side; or ``"adaptive"``,
    each with steps of its own and events at their exact times: the reference.
tolerance : float
    Of the adaptive integration: local error relative to each state, and absolute in mV, nA and 1.
max_change : Quantity
    With ``scheme="auto"``: what voltages should change by in one step at most [mV]; it sets the steps.
max_error : Quantity
    With ``scheme="precise"`` or ``"cvode"``: error of a voltage in one step [mV]. A gate's is 1/100 of the number, and so is the relative
    one of a concentration.
gap_tolerance : Quantity
    Of gap junctions: both ends of each are solved for together until no voltage at an end changes by more [mV].
v_limit : Quantity
    Voltages beyond this are called diverged [mV].
)doc";

}  // namespace apical::python
