# SPDX-License-Identifier: BSD-3-Clause
"""Example 1: a spike travels along the giant axon of the squid.

Takes the ready model of Hodgkin and Huxley (1952), stimulates one end of the cable and measures how fast the spike passes
between a quarter and three quarters of its length. Hodgkin and Huxley computed 18.8 m/s for their axon of 476 um at 18.5 degC,
and measured 21.2 m/s.

Shows: quantities with units, a ready cell, a circuit as a value, detectors and probes, running.
"""
# run: python 01_squid_axon.py
# run: python 01_squid_axon.py --temperature "6.3 degC" --diameter "500 um"

import argparse
import math

import apical

# Velocity of an axon of 1 um [m/s] at these temperatures; it grows as the square root of the diameter. Converged solutions.
KNOWN = {"18.5 degC": 18.74 / math.sqrt(476), "6.3 degC": 0.56489}
ELECTRODES = "axon[0](0.25), axon[0](0.75)"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--diameter", default="476 um")
    parser.add_argument("--temperature", default="18.5 degC", choices=KNOWN)
    given = parser.parse_args()

    axon = apical.models.squid_axon(diameter=given.diameter)
    # A circuit says what there is; it can be copied, changed and compared.
    circuit = apical.Circuit(
        apical.Population("axon", axon),
        apical.Injection(apical.StepCurrent("0.5 ms", "0.5 ms", "20 uA"), on="axon", at="axon[0](0)"),
        apical.SpikeDetector(on="axon", at=ELECTRODES, threshold="0 mV"),
        apical.Probe("voltages", on="axon", at=ELECTRODES),
    )
    # A simulation compiles it and runs it.
    simulation = apical.Simulation(circuit, dt="0.01 ms", temperature=given.temperature)
    simulation.run("40 ms")

    first, second = simulation.spike_times()
    # A recording knows where its compartments really are.
    near, far = simulation["voltages"].places
    millimetres = (far.x - near.x) * axon.morphology["axon[0]"].length / 1000
    velocity = millimetres / (second - first)  # mm/ms is m/s
    known = KNOWN[given.temperature] * math.sqrt(float(given.diameter.split()[0]))
    print(f"conduction velocity {velocity:.3f} m/s, expected {known:.3f}")
    assert abs(velocity - known) < 5e-3 * known


if __name__ == "__main__":
    main()
