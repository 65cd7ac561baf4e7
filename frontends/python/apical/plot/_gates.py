# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .._apical import MechanismSchema, Quantity, built_in_catalogue
from . import _style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike, NDArray


def gates(channel: MechanismSchema | str, voltages: ArrayLike | None = None, *, temperature: str | tuple[float, str] | Quantity | None = None,
          axes: Sequence[Axes] | None = None, **parameters: Any) -> NDArray[Any]:
    """Steady states and time constants of a channel over voltage.

    Parameters
    ----------
    channel : MechanismSchema or str
        A channel of :data:`apical.channels`, or its name.
    voltages : array_like, shape (n,), optional
        Membrane potentials [mV]; by default -100 to 50.
    temperature : Quantity, optional
        At which the time constants hold; by default that of the channel's own rates.
    axes : sequence of two Axes, optional
        Where to draw steady states and time constants; by default new axes.
    **parameters : Quantity
        As for :meth:`MechanismSchema.gates`.

    Returns
    -------
    ndarray of Axes, shape (2,)
        Of the steady states and of the time constants.

    Raises
    ------
    apical.InvalidModel
        If it is not a channel, or a parameter is unfit.
    """
    schema = built_in_catalogue()[channel] if isinstance(channel, str) else channel
    at = temperature if temperature is not None else (schema.q10_at, "degC")
    v = np.asarray(voltages, dtype=float) if voltages is not None else np.linspace(-100.0, 50.0, 301)
    curves = schema.gates(v, temperature=at, **parameters)
    pair = np.asarray(axes) if axes is not None else _style.new_axes((7.2, 2.9), ncols=2)
    steady, tau = pair
    for colour, (name, (inf, constant)) in zip(_style.line_colours(len(curves)), curves.items()):
        meaning = schema.states[name].meaning
        steady.plot(v, inf, color=colour, linewidth=1.8, label=f"{name}, {meaning}" if meaning else name)
        tau.plot(v, constant, color=colour, linewidth=1.8)
    _finish(steady, tau, v, [c[1] for c in curves.values()])
    _style.title(steady, schema.name)
    if schema.q10 != 1:
        given = Quantity(*at) if isinstance(at, tuple) else Quantity(at)
        tau.set_title(f"at {given.to('degC'):.3g} °C", loc="right", fontsize=9, color=_style.MUTED)
    return pair


def _finish(steady: Axes, tau: Axes, v: NDArray[np.float64], constants: Sequence[NDArray[np.float64]]) -> None:
    _style.tidy(steady, "Membrane potential [mV]", "Steady state")
    _style.tidy(tau, "Membrane potential [mV]", "Time constant [ms]")
    steady.set_ylim(-0.02, max(1.02, steady.get_ylim()[1]))
    for ax in (steady, tau):
        ax.set_xlim(v[0], v[-1])
    if steady.lines:
        steady.legend(frameon=False, fontsize=9, labelcolor="linecolor", handlelength=0, handletextpad=0, loc="best")
    finite = np.concatenate([c[np.isfinite(c)] for c in constants]) if constants else np.empty(0)
    if finite.size and finite.min() > 0 and max(float(np.nanmax(c)) for c in constants) > 30 * min(float(np.nanmax(c)) for c in constants):
        tau.set_yscale("log")
        _style.tidy(tau)
    elif finite.size:
        tau.set_ylim(0.0, None)


def fi_curve(currents: ArrayLike, rates: ArrayLike, *, unit: str = "nA", label: str | None = None, colour: Any = None, ax: Axes | None = None) -> Axes:
    """Firing rate over injected current.

    Parameters
    ----------
    currents : array_like, shape (n,)
        Amplitudes, in `unit`.
    rates : array_like, shape (n,) or (n_cells, n)
        Firing rates [Hz]; of several cells, their mean and standard deviation are drawn.
    unit : str
        Of the currents.
    label : str, optional
        Written at the end of the curve.
    colour : colour, optional
        By default the next one.
    ax : Axes, optional
        Where to draw, on top of what is there; by default new axes.

    Returns
    -------
    Axes
    """
    x, y = np.asarray(currents, dtype=float), np.atleast_2d(np.asarray(rates, dtype=float))
    if ax is None:
        ax = _style.new_axes((4.6, 3.2))
    drawn = sum(1 for line in ax.lines if line.get_gid() == "apical.fi_curve")
    paint = colour if colour is not None else _style.COLOURS[drawn % len(_style.COLOURS)]
    mean = y.mean(axis=0)
    if len(y) > 1:
        ax.fill_between(x, mean - y.std(axis=0), mean + y.std(axis=0), color=paint, alpha=0.18, linewidth=0)
    line, = ax.plot(x, mean, color=paint, linewidth=1.6, marker="o", markersize=5, markerfacecolor="white", markeredgecolor=paint, markeredgewidth=1.6)
    line.set_gid("apical.fi_curve")
    ax.set_ylim(0.0, None)
    _style.tidy(ax, f"Injected current [{_style.pretty_unit(unit)}]", "Firing rate [Hz]")
    ax.set_axisbelow(True)
    ax.grid(axis="y", color=_style.FAINT, linewidth=0.8)
    if label is not None:
        _style.label_ends(ax, [(float(x[-1]), float(mean[-1]), label, paint)])
    return ax
