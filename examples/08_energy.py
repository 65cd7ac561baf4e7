# SPDX-License-Identifier: BSD-3-Clause
"""Example 8: what does a spike cost?

A patch of squid axon fires once, in the cold and in the warm. In the cold sodium and potassium currents overlap more, and most of the
sodium that enters is wasted.

Shows: EnergyMeter, Simulation.energy(), the temperature of a run.
"""
# run: python 08_energy.py

import apical


def spike(temperature: str) -> apical.EnergyReport:
    circuit = apical.Circuit(
        apical.Population("axon", apical.models.squid_axon(length="1 mm", compartment="1 mm")),
        apical.Injection(apical.StepCurrent("51 ms", "1 ms", "300 nA"), on="axon", at="axon[0](0.5)"),
        apical.SpikeDetector(on="axon", at="axon[0](0.5)"),
        apical.EnergyMeter("spike", "axon", start="50 ms", stop="110 ms", rest="10 ms"),
    )
    simulation = apical.Simulation(circuit, temperature=temperature, dt="0.0125 ms")
    simulation.run("110 ms")
    return simulation.energy("spike")


def main() -> None:
    reports = {t: spike(t) for t in ("6.3 degC", "18.5 degC")}
    for t, r in reports.items():
        print(f"{t:9} {r.spikes} spike: {r.excess_ratio:.2f} times the least sodium, {r.per_spike:.3g} ATP above rest, residual {r.active.residual:.0e}")
    assert all(r.spikes == 1 and abs(r.active.residual) < 1e-3 for r in reports.values())
    assert 12 < reports["6.3 degC"].excess_ratio < 14 and 3.5 < reports["18.5 degC"].excess_ratio < 4.5


if __name__ == "__main__":
    main()
