# SPDX-License-Identifier: BSD-3-Clause
"""Every picture is drawn into memory and must put ink on the page, inside it, in more than one colour."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO

import numpy as np
import pytest

import apical

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402


def ink(ax: plt.Axes) -> np.ndarray:
    """The picture as RGB, after asserting that something is on it."""
    figure = ax.get_figure()
    assert figure is not None
    buffer = BytesIO()
    figure.savefig(buffer, format="png", dpi=80)
    buffer.seek(0)
    pixels = plt.imread(buffer)[:, :, :3]
    plt.close(figure)
    drawn = (pixels < 0.97).any(axis=2)
    assert 0.001 < drawn.mean() < 0.6, f"{100 * drawn.mean():.2f} % of the page is drawn on"
    assert not drawn[0].any() and not drawn[-1].any() and not drawn[:, 0].any() and not drawn[:, -1].any(), "something runs off the page"
    return pixels


def has_colour(pixels: np.ndarray, colour: str, tolerance: float = 0.02) -> bool:
    wanted = np.array(matplotlib.colors.to_rgb(colour))
    return bool((np.abs(pixels - wanted).max(axis=2) < tolerance).any())


@pytest.fixture
def done(simulation: apical.Simulation) -> apical.Simulation:
    simulation.run("40 ms")
    return simulation


def test_traces(done: apical.Simulation) -> None:
    ax = apical.plot.traces(done["dendrite"])
    assert ax.get_xlabel() == "Time [ms]" and ax.get_ylabel() == "Membrane potential [mV]"
    lines = ax.collections[0].get_segments()
    assert len(lines) == 3 and np.array_equal(lines[1][:, 1], done["dendrite"][1]) and np.array_equal(lines[0][:, 0], done["dendrite"].times)
    assert {t.get_text() for t in ax.texts} == {p.name for p in done["dendrite"].places}
    assert has_colour(ink(ax), "#d1495b")


def test_traces_of_several_recordings_share_axes(done: apical.Simulation) -> None:
    _, mine = plt.subplots()
    ax = apical.plot.traces([done["soma"], done["dendrite"]], ax=mine, labels=["a", "b", "c", "d"], colours=["red", "green", "blue", "black"])
    assert ax is mine and len(ax.collections[0].get_segments()) == 4 and {t.get_text() for t in ax.texts} == {"a", "b", "c", "d"}
    plt.close(ax.get_figure())
    with pytest.raises(ValueError, match="no recording given"):
        apical.plot.traces([])


def test_stacked_traces_do_not_overlap(done: apical.Simulation) -> None:
    ax = apical.plot.traces(done["dendrite"], stack=True, scale_bars=True, places=[0, done["dendrite"].places[2].name])
    first, second = ax.collections[0].get_segments()
    assert first[:, 1].min() > second[:, 1].max()
    assert not ax.yaxis.get_visible() and any("mV" in t.get_text() for t in ax.texts) and any("ms" in t.get_text() for t in ax.texts)
    ink(ax)


def test_traces_of_different_units_are_refused(cell: apical.Cell) -> None:
    s = apical.Simulation(apical.Circuit(apical.Population("n", cell), apical.Probe("v", on="n"), apical.Probe("i", on="n", variable="i_membrane")))
    s.run("1 ms")
    with pytest.raises(ValueError, match="different units.*mV, nA"):
        apical.plot.traces([s["v"], s["i"]])


def test_raster_has_a_row_for_each_cell_and_a_tick_for_each_spike(cell: apical.Cell) -> None:
    circuit = apical.Circuit(apical.Population("driven", cell, size=3), apical.Population("silent", cell, size=2), apical.SpikeDetector(on="driven"),
                             apical.SpikeDetector(on="silent"), apical.Injection(apical.StepCurrent("1 ms", "40 ms", "0.5 nA"), on="driven"))
    s = apical.Simulation(circuit)
    s.run("40 ms")
    ax = apical.plot.raster(s)
    assert sum(len(c.get_segments()) for c in ax.collections) == len(s.spikes) > 3
    assert [t.get_text() for t in ax.get_yticklabels()] == ["driven (3)", "silent (2)"] and ax.get_ylim() == (4.5, -0.5)
    ink(ax)
    by_hand = apical.plot.raster({"a": [[1, 2], [3]], "b": [[]]}, until=10)
    assert by_hand.get_xlim() == (0, 10) and [len(c.get_segments()) for c in by_hand.collections] == [3, 0]
    plt.close("all")


@pytest.mark.parametrize("dim", [2, 3])
def test_morphology_by_type(dim: int) -> None:
    m = apical.synthesise("l5_tufted_pyramidal")
    pixels = ink(apical.plot.morphology(m, dim=dim, markers={"soma": "soma(0.5)"}))  # type: ignore[arg-type]
    assert has_colour(pixels, "#d1495b", 0.05) and has_colour(pixels, "#7b5ea7", 0.05)


def test_morphology_by_expression(ball_and_stick: apical.Morphology) -> None:
    ax = apical.plot.morphology(ball_and_stick, "distance", cmap="viridis", limits=(0, 210))
    dendrite, = (c for c in ax.collections if c.get_zorder() == 2)
    shades = np.unique(np.round(dendrite.get_colors(), 6), axis=0)
    assert len(shades) > 7
    bar = ax.get_figure().axes[1]
    assert bar.get_ylabel() == "Path distance [µm]" and bar.get_ylim() == (0, 210)
    ink(ax)
    with pytest.raises(apical.InvalidModel):
        apical.plot.morphology(ball_and_stick, "distance/(1 ms)", unit="um")


def test_morphology_widths_are_true_at_any_zoom(ball_and_stick: apical.Morphology) -> None:
    ax = apical.plot.morphology(ball_and_stick, thickness=1.0)
    lines = next(c for c in ax.collections if c.get_zorder() == 2)
    figure = ax.get_figure()
    widths = []
    figure.canvas.draw()
    figure.set_layout_engine("none")  # the axes keep their box while one zooms
    limits = ax.get_xlim(), ax.get_ylim()
    for zoom in (1.0, 4.0):
        for set_limits, (low, high) in zip((ax.set_xlim, ax.set_ylim), limits):
            set_limits((low + high) / 2 - (high - low) / 2 / zoom, (low + high) / 2 + (high - low) / 2 / zoom)
        figure.canvas.draw()
        um = np.hypot(*(ax.transData.transform((1, 0)) - ax.transData.transform((0, 0)))) * 72 / figure.dpi
        assert lines.get_linewidths() == pytest.approx(np.full(len(lines.get_paths()), 2 * um))
        widths.append(um)
    assert widths[1] == pytest.approx(4 * widths[0])
    plt.close(figure)


def test_morphology_by_recording(done: apical.Simulation, cell: apical.Cell) -> None:
    r = done["dendrite"]
    ax = apical.plot.morphology(cell, r, time="3 ms", cmap="viridis")
    row = r.values[120]
    bar = ax.get_figure().axes[1]
    assert bar.get_ylabel() == "Membrane potential [mV]"
    assert bar.get_ylim() == pytest.approx((row.min(), row.max()), rel=1e-3)
    ink(ax)


def test_morphology_by_section(ball_and_stick: apical.Morphology) -> None:
    for values in ({"soma[0]": 1.0, "dend[0]": 3.0}, np.array([1.0, 3.0])):
        ax = apical.plot.morphology(ball_and_stick, values, unit="mV", label="something")
        assert ax.get_figure().axes[1].get_ylim() == (1, 3) and ax.get_figure().axes[1].get_ylabel() == "something"
        plt.close("all")
    with pytest.raises(ValueError, match=r"shape \(3,\), but the morphology has 2 sections"):
        apical.plot.morphology(ball_and_stick, [1, 2, 3])
    with pytest.raises(ValueError, match="empty"):
        apical.plot.morphology(apical.Morphology())
    with pytest.raises(ValueError, match="plane"):
        apical.plot.morphology(ball_and_stick, plane="ab")


def test_gates() -> None:
    axes = apical.plot.gates("hh_na", temperature="16.3 degC")
    steady, tau = axes
    v, inf = steady.lines[0].get_data()
    assert inf == pytest.approx(apical.channels.hh_na.gates(v)["m"][0]) and tau.get_ylabel() == "Time constant [ms]"
    assert "16.3 °C" in tau.get_title(loc="right") and steady.get_title(loc="left") == "hh_na"
    ink(steady)
    _, mine = plt.subplots(1, 2)
    assert apical.plot.gates(apical.channels.ih, axes=mine)[0] is mine[0]
    plt.close("all")


def test_fi_curve() -> None:
    ax = apical.plot.fi_curve([0, 0.1, 0.2], [0, 5, 9], label="control")
    again = apical.plot.fi_curve([0, 0.1, 0.2], [[0, 3, 6], [0, 4, 8]], label="blocked", ax=ax)
    assert again is ax and ax.get_ylabel() == "Firing rate [Hz]" and [t.get_text() for t in ax.texts] == ["control", "blocked"]
    assert ax.lines[0].get_color() != ax.lines[1].get_color() and ax.lines[1].get_ydata() == pytest.approx([0, 3.5, 7])
    ink(ax)


def test_no_global_setting_is_touched(done: apical.Simulation) -> None:
    before = dict(matplotlib.rcParams)
    apical.plot.traces(done["soma"])
    apical.plot.gates("hh_na")
    assert dict(matplotlib.rcParams) == before
    plt.close("all")


def test_matplotlib_is_needed_only_for_plots() -> None:
    """A fresh interpreter that cannot import matplotlib."""
    program = ("import sys; sys.modules['matplotlib'] = None\n"
               "import apical; apical.Quantity('1 nA')\n"
               "try: apical.plot\n"
               "except ImportError as e: print(e)")
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert 'apical.plot needs matplotlib, which is not installed; pip install "apical[plot]"' in told
