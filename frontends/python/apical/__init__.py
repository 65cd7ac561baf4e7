# SPDX-License-Identifier: BSD-3-Clause
"""Apical: biophysically detailed neurons, and the learning that happens in their dendrites.

Describe a circuit, compile it, run it::

    import apical

    cell = apical.models.l5pc()
    circuit = apical.Circuit(
        apical.Population("l5pc", cell),
        apical.Injection(apical.StepCurrent("100 ms", "400 ms", "0.8 nA"), on="l5pc"),
        apical.Probe("soma", on="l5pc"),
        apical.SpikeDetector(on="l5pc"),
    )
    simulation = apical.Simulation(circuit, dt="0.025 ms", temperature="34 degC")
    simulation.run("600 ms", progress=True)
    apical.plot.traces(simulation["soma"])

Quantities are text, ``"0.12 S/cm2"``, or a number and a unit, ``(0.12, "S/cm2")``; a bare number where a unit is expected is an
error that says what to write.
"""

from __future__ import annotations

import os as _os
from importlib import import_module as _import_module
from pathlib import Path as _Path
from typing import TYPE_CHECKING

_shipped = _Path(__file__).parent / "data"
if _shipped.is_dir():  # an installed package brings its data files; in the source tree they are found without help
    _os.environ.setdefault("APICAL_DATA_DIR", str(_shipped))
_headers = _Path(__file__).parent / "include"
if _headers.is_dir():  # what mechanisms read from NMODL are compiled with
    _os.environ.setdefault("APICAL_INCLUDE_DIR", str(_headers))

from ._apical import (
    AllToAll,
    BranchSubunit,
    Catalogue,
    Cell,
    Circuit,
    ContactList,
    EnergyAccount,
    EnergyItem,
    EnergyMeter,
    EnergyReport,
    EpspCurrent,
    ErrorEstimate,
    Experiment,
    ExponentialProbability,
    Field,
    FixedIndegree,
    FixedOutdegree,
    FixedTotal,
    GapJunction,
    GaussianProbability,
    GivenContacts,
    Injection,
    Learning,
    Location,
    MechanismSchema,
    Modulator,
    ModulatorEffect,
    Morphology,
    MorphologyReport,
    NoiseCurrent,
    OneToOne,
    Painting,
    PairwiseProbability,
    Place,
    PlacementFit,
    Plan,
    PointReduction,
    PoissonTrain,
    Population,
    Probe,
    ProbedPlace,
    ProbeErrors,
    ProcessForecast,
    Projection,
    Quantity,
    RampCurrent,
    RandomValue,
    Receptor,
    Recording,
    RunForecast,
    Section,
    ShortTermPlasticity,
    Simulation,
    SizeSummary,
    SpikeDetector,
    SpikeErrors,
    SpikeSource,
    SpikeTrain,
    StepCurrent,
    Stretch,
    Target,
    Training,
    Verification,
    VoltageClamp,
    WaveformCurrent,
    WeightProbe,
    WorkPoint,
    WorkPrecision,
    acceptance,
    build_channels,
    built_in_catalogue as _built_in_catalogue,
    cell_families,
    check,
    compile,
    draw_gap_junctions,
    fit_one_layer,
    fit_two_layer,
    forecast,
    learn,
    learning_rules,
    learning_tasks,
    read_experiment,
    read_spikes,
    reduce_to_point,
    rules,
    synthesise,
    version as __version__,
    work_precision,
)
from ._reading import InputWarning, load_mechanisms, read_morphology
from .errors import Diverged, Error, InvalidInput, InvalidModel, Problem, Unsupported
from . import circuits, models, nmodl, sonata

if TYPE_CHECKING:
    from . import plot as plot

channels: Catalogue = _built_in_catalogue()
"""The mechanisms a model may name: ``apical.channels.nata_t``, ``apical.channels["NaTa_t"]``, ``for m in apical.channels``."""

__all__ = [
    "AllToAll", "BranchSubunit", "Catalogue", "Cell", "Circuit", "ContactList", "Diverged", "EnergyAccount", "EnergyItem",
    "EnergyMeter", "EnergyReport", "EpspCurrent", "Error", "ErrorEstimate", "Experiment", "ExponentialProbability", "Field",
    "FixedIndegree", "FixedOutdegree", "FixedTotal", "GapJunction", "GaussianProbability", "GivenContacts", "Injection",
    "InputWarning", "InvalidInput", "InvalidModel", "Learning", "Location", "MechanismSchema", "Modulator", "ModulatorEffect",
    "Morphology", "MorphologyReport", "NoiseCurrent", "OneToOne", "Painting", "PairwiseProbability", "Place", "PlacementFit", "Plan",
    "PointReduction", "PoissonTrain", "Population", "Probe", "ProbeErrors", "ProbedPlace", "Problem", "ProcessForecast", "Projection",
    "Quantity", "RampCurrent", "RandomValue", "Receptor", "Recording", "RunForecast", "Section", "ShortTermPlasticity", "Simulation",
    "SizeSummary", "SpikeDetector", "SpikeErrors", "SpikeSource", "SpikeTrain", "StepCurrent", "Stretch", "Target", "Training",
    "Unsupported", "Verification", "VoltageClamp", "WaveformCurrent", "WeightProbe", "WorkPoint", "WorkPrecision", "__version__",
    "acceptance", "build_channels", "cell_families", "channels", "check", "circuits", "compile", "draw_gap_junctions", "fit_one_layer",
    "fit_two_layer", "forecast", "learn", "learning_rules", "learning_tasks", "load_mechanisms", "models", "nmodl", "plot",
    "read_experiment", "read_morphology", "read_spikes", "reduce_to_point", "rules", "sonata", "synthesise", "work_precision",
]


def __getattr__(name: str) -> object:
    if name == "plot":  # needs matplotlib, and is imported when it is first used
        return _import_module(".plot", __name__)
    raise AttributeError(f"module 'apical' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
