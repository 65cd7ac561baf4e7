# SPDX-License-Identifier: BSD-3-Clause
"""Example 2: a synapse on a dendrite, a spike at the soma.

Builds a cell from two cylinders, paints channels on it, places a synapse on its dendrite and a current on its soma, and
records both voltages. With backward Euler at 0.025 ms every voltage is NEURON's (version 9, secondorder = 0) to 1e-6 mV; the
default scheme, second order in the step, is nearer to the exact solution.

Shows: morphologies by hand, painting, receptors and spike trains, probes, the choice of scheme.
"""
# run: python 02_ball_and_stick_synapse.py
# run: python 02_ball_and_stick_synapse.py --scheme crank_nicolson

import argparse

import apical


def ball_and_stick() -> apical.Cell:
    """A soma of 20 um and a dendrite of 300 um at its end. Points are x, y, z and diameter, in um."""
    shape = apical.Morphology()
    soma = shape.add("soma", [(0, 0, 0, 20), (20, 0, 0, 20)])
    shape.add("dend", [(20, 0, 0, 2), (320, 0, 0, 2)], parent=soma)

    cell = apical.Cell(shape, compartments=[1, 5], v_init="-65 mV")
    cell.paint("soma", capacitance="1 uF/cm2", resistivity="100 ohm cm")
    cell.paint("dend", capacitance="2 uF/cm2", resistivity="100 ohm cm")  # twice, for its spines
    cell.paint("soma", "hh_na").paint("soma", "hh_k").paint("soma", "hh_leak")
    cell.paint("dend", "pas", g="1e-4 S/cm2", e_rev="-65 mV")
    return cell


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scheme", default="backward_euler", choices=("backward_euler", "crank_nicolson"))
    given = parser.parse_args()

    circuit = apical.Circuit(
        apical.Population("neuron", ball_and_stick()),
        apical.Injection(apical.StepCurrent("1 ms", "10 ms", "0.3 nA"), on="neuron", at="soma(0.5)"),
        apical.Receptor("excitatory", "exp2syn", on="neuron", at="dend[0](0.7)", tau_rise="0.5 ms", tau_decay="3 ms"),
        apical.SpikeTrain("excitatory", ([3.01, 7.31], "ms"), weight="4 nS", delay="1 ms"),
        apical.Probe("soma", on="neuron"),
        apical.Probe("dendrite", on="neuron", at="dend[0](0.9)"),
    )
    simulation = apical.Simulation(circuit, dt="0.025 ms", scheme=given.scheme)
    simulation.run("20 ms")

    peak, end = simulation["soma"].values.max(), simulation.voltage("neuron")
    print(f"peak at the soma {peak:.9f} mV, at 20 ms {end:.9f} mV; dendrite up to {simulation['dendrite'].values.max():.3f} mV")
    if given.scheme == "backward_euler":
        assert abs(peak - 33.277238048686) < 1e-6
        assert abs(end + 65.523262681552) < 1e-6
    else:
        assert abs(peak - 33.63) < 0.5


if __name__ == "__main__":
    main()
