# SPDX-License-Identifier: BSD-3-Clause
"""Example 3: a pyramidal neuron detects that two inputs coincide.

The layer-5 pyramidal cell of Hay et al. (2011). A brief current at the soma makes one spike. A small current at the distal
apical dendrite makes none. Both together, five milliseconds apart, make a calcium spike in the dendrite and a burst at the
soma: back-propagation-activated calcium (BAC) firing, Larkum, Zhu & Sakmann (1999) Nature 398:338.

The shipped morphology is synthetic. With the authors' reconstruction, --soma "1.9 nA" --morphology <path of cell1.asc>, the
burst has three spikes, at 297.92, 307.61 and 325.68 ms.

Shows: ready cells and their options, location expressions, one plan for several runs of a circuit.
"""
# run: python 03_l5pc_bac_firing.py
# run: python 03_l5pc_bac_firing.py --biophysics biophys1

import argparse

import apical

TRUNK = "thickest(at(apical, 620 um))"  # of all apical places at this path distance, the thickest


def perform(cell: apical.Cell, *injections: apical.Injection) -> tuple[int, float]:
    """The number of spikes, and the peak of the dendritic voltage [mV]."""
    circuit = apical.Circuit(
        apical.Population("neuron", cell),
        *injections,
        apical.Probe("trunk", on="neuron", at=TRUNK),
        apical.SpikeDetector(on="neuron"),
    )
    simulation = apical.Simulation(circuit)
    simulation.run("600 ms")
    return len(simulation.spikes), float(simulation["trunk"].values.max())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--morphology", default="l5_tufted_pyramidal_c")
    parser.add_argument("--biophysics", default="biophys3")
    parser.add_argument("--soma", default="1.6 nA", help="current of the somatic pulse")
    given = parser.parse_args()

    cell = apical.models.l5pc(morphology=given.morphology, biophysics=given.biophysics)
    soma = apical.Injection(apical.StepCurrent("295 ms", "5 ms", given.soma), on="neuron")
    dendrite = apical.Injection(apical.EpspCurrent("300 ms", "0.5 nA"), on="neuron", at=TRUNK)
    outcomes = {"soma alone": perform(cell, soma), "dendrite alone": perform(cell, dendrite), "both": perform(cell, soma, dendrite)}
    for name, (spikes, peak) in outcomes.items():
        print(f"{name:15} {spikes} spikes, dendrite up to {peak:6.1f} mV")

    assert outcomes["soma alone"][0] == 1
    assert outcomes["dendrite alone"][0] == 0
    assert outcomes["both"][0] >= 2, "no burst"
    assert outcomes["both"][1] > -20 > max(outcomes["soma alone"][1], outcomes["dendrite alone"][1]), "no calcium spike"


if __name__ == "__main__":
    main()
