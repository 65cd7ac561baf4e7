# SPDX-License-Identifier: BSD-3-Clause
"""Example 4: a channel under voltage clamp.

The experiment that Hodgkin and Huxley (1952) read their equations from: hold a patch of squid membrane at -65 mV, step it to
20 mV, and record the potassium current. Its gate relaxes exponentially and the current follows the fourth power. Both can be
predicted from the curves that a channel of the catalogue shows about itself.

Shows: the catalogue and its gate curves, voltage clamp, recording currents and states. To write a channel of your own, see
04_own_channel.cpp: channels are compiled.
"""
# run: python 04_voltage_clamp.py
# run: python 04_voltage_clamp.py --level "-20 mV"

import argparse
import math

import numpy as np

import apical


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--level", default="20 mV", help="potential of the step")
    given = parser.parse_args()

    shape = apical.Morphology()
    shape.add("soma", [(0, 0, 0, 100 / math.pi), (100, 0, 0, 100 / math.pi)])  # 10000 um2
    patch = apical.Cell(shape, compartments="count(1)").paint("all", "hh_k", g_max="0.036 S/cm2")
    circuit = apical.Circuit(
        apical.Population("patch", patch),
        # A series resistance of next to nothing, so that the membrane is where the electrode says.
        apical.VoltageClamp([("0 ms", "-65 mV"), ("10 ms", given.level)], on="patch", series="1e-6 Mohm"),
        apical.Probe("current", on="patch", variable="hh_k.i"),
        apical.Probe("gate", on="patch", variable="hh_k.n"),
    )
    simulation = apical.Simulation(circuit, dt="0.01 ms")
    simulation.run("40 ms")

    level = simulation.voltage("patch")
    (before, after), (_, tau) = apical.channels.hh_k.gates([-65.0, level])["n"]
    times, gate, current = simulation["gate"].times, simulation["gate"].values[:, 0], simulation["current"].values[:, 0]
    since = times - 10
    expected = after + (before - after) * np.exp(-since / tau)
    worst = np.abs(gate - expected)[since > 0.05].max()
    steady = 0.036e-2 * 1e4 * after**4 * (level + 77)  # 0.036 S/cm2 is 0.00036 uS/um2; nA
    print(f"{apical.channels.hh_k.summary}: tau {tau:.4f} ms at {level:.3f} mV")
    print(f"gate within {worst:.1e} of the exponential; steady current {current[-1]:.4f} nA, expected {steady:.4f}")
    assert worst < 0.01
    assert abs(current[-1] - steady) < 1e-3 * steady


if __name__ == "__main__":
    main()
