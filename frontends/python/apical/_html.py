# SPDX-License-Identifier: BSD-3-Clause
"""What notebooks show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from . import _svg

if TYPE_CHECKING:
    from ._apical import Catalogue, Cell, Circuit, MechanismSchema, Model, Morphology, Recording

_CELL = "padding:2px 10px 2px 0;text-align:left;vertical-align:top;border:0"
_RULE = "border-bottom:1px solid color-mix(in srgb, currentColor 25%, transparent)"
_MUTED = "opacity:0.65"
_TYPE_WORDS = {"soma": "soma", "axon": "axon", "dend": "basal", "apic": "apical"}


def _table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Cells are escaped, unless they are Markup."""
    head = "".join(f'<th style="{_CELL};{_RULE};font-weight:600">{escape(h)}</th>' for h in header)
    body = "".join("<tr style=\"background:none\">" + "".join(f'<td style="{_CELL}">{_text(c)}</td>' for c in row) + "</tr>" for row in rows)
    return f'<table style="border-collapse:collapse;font-size:12px;margin:4px 0"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


class _Markup(str):
    """HTML already."""


def _text(item: object) -> str:
    return item if isinstance(item, _Markup) else escape(str(item))


def _box(title: str, subtitle: str, *parts: str) -> str:
    return (f'<div style="font-family:sans-serif;font-size:13px;line-height:1.45"><b>{escape(title)}</b> '
            f'<span style="{_MUTED}">{escape(subtitle)}</span>{"".join(parts)}</div>')


def _beside(*parts: str) -> str:
    return '<div style="display:flex;gap:24px;align-items:center;flex-wrap:wrap">' + "".join(f"<div>{p}</div>" for p in parts) + "</div>"


def _swatch(colour: str, word: str) -> _Markup:
    return _Markup(f'<span style="display:inline-block;width:9px;height:9px;border-radius:50%;background:{colour};margin-right:6px"></span>{escape(word)}')


def _count(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def morphology(m: Morphology) -> str:
    if len(m) == 0:
        return _box("Morphology", "empty")
    rows = []
    for kind in dict.fromkeys(s.type for s in m):
        sections = [s for s in m if s.type == kind]
        length, area = sum(s.length for s in sections), sum(s.area for s in sections)
        swatch = _swatch(_svg.TYPE_COLOURS.get(kind, "#9c6644"), _TYPE_WORDS.get(kind, kind))
        rows.append((swatch, len(sections), f"{length:,.0f} um", f"{area:,.0f} um²", f"{area / (np.pi * length):.2f} um"))
    table = _table(("", "sections", "length", "area", "mean diameter"), rows)
    points = np.concatenate([s.points for s in m])
    x, y, z = np.ptp(points[:, :3], axis=0)
    reach = max(m.distance(_end(m, i)) for i in range(len(m)))
    extent = f'<div style="{_MUTED};font-size:12px">{x:,.0f} × {y:,.0f} × {z:,.0f} um; farthest path {reach:,.0f} um</div>'
    return _box("Morphology", f"{_count(len(m), 'section')}, {len(points):,} points", _beside(_svg.morphology(m), table + extent))


def _end(m: Morphology, section: int) -> Any:
    from ._apical import Location

    return Location(section, 1.0)


def _value(value: object) -> str:
    return f"{getattr(value, '__name__', 'function')}(place)" if callable(value) else str(value)


def _what(mechanism: str | None, ion: str | None) -> str:
    return mechanism or (f"ion {ion}" if ion else "cable")


def cell(c: Cell) -> str:
    rows = [(p.region, _what(p.mechanism, p.ion), ", ".join(f"{k} = {_value(v)}" for k, v in p.values.items())) for p in c.paintings]
    table = _table(("region", "what", "values"), rows) if rows else f'<div style="{_MUTED}">nothing painted yet</div>'
    rule = c.compartments if isinstance(c.compartments, str) else "explicit counts"
    subtitle = f"{_count(len(c.morphology), 'section')}, {rule}, starts at {c.v_init}"
    drawing = _svg.morphology(c.morphology, 200, 240) if len(c.morphology) else ""
    return _box("Cell", subtitle, _beside(drawing, table))


def _where(target: Any) -> str:
    cells = "" if not target.cells else "[" + ", ".join(map(str, target.cells)) + "]"
    return f"{target.population}{cells} {target.at}"


def circuit(c: Circuit) -> str:
    parts = [_table(("population", "cells", "sections", "mechanisms"),
                    [(p.name, p.size, len(p.cell.morphology), ", ".join(dict.fromkeys(q.mechanism for q in p.cell.paintings if q.mechanism)))
                     for p in c.populations])]
    stimuli = [(_where(i.on), repr(i.source)) for i in c.injections]
    stimuli += [(_where(v.on), f"VoltageClamp(levels={v.levels!r}, series='{v.series}')") for v in c.clamps]
    stimuli += [(_where(r.on), f"receptor '{r.label}': {r.name}") for r in c.receptors]
    stimuli += [(f"receptor '{t.receptor}'", f"{_count(len(t.times[0]), 'spike')} of {t.weight}") for t in c.spike_trains]
    stimuli += [(f"receptor '{t.receptor}'", f"random events, {t.rate}, of {t.weight}") for t in c.poisson_trains]
    stimuli += [(f"spike source '{s.name}'", f"{s.size} trains, {len(s.times[0])} given spikes, random ones at {s.rate}") for s in c.spike_sources]
    if stimuli:
        parts.append(_table(("stimulus at", "what"), stimuli))
    if c.projections:
        parts.append(_table(("projection", "from", "to", "rule", "receptor", "weight", "delay"),
                            [(p.name, p.source, f"{p.target} {p.at}", repr(p.rule), p.receptor, str(p.weight), str(p.delay)) for p in c.projections]))
    if c.gap_junctions:
        parts.append(f"<div>{_count(len(c.gap_junctions), 'gap junction')}</div>")
    watched: list[tuple[str, str, str]] = [(p.label, p.variable, _where(p.on)) for p in c.probes]
    watched += [("spikes", f"above {d.threshold}", _where(d.on)) for d in c.detectors]
    if watched:
        parts.append(_table(("probe", "variable", "at"), watched))
    return _box("Circuit", _count(sum(p.size for p in c.populations), "cell"), *parts)


def recording(r: Recording) -> str:
    values, places = r.values, r.places
    names = ", ".join(p.name for p in places[:7]) + (f" and {len(places) - 7} more" if len(places) > 7 else "")
    drawing = _svg.traces(r.times, values, r.unit) if len(r) > 1 else ""
    return _box(f"Recording '{r.label}'", f"{r.variable} [{r.unit}], {len(r):,} samples × {_count(len(places), 'place')}: {names}", drawing)


def _schema(fields: dict[str, Any]) -> str:
    return _table(("name", "default", "range", "meaning"),
                  [(f.name, f"{f.value:g} {f.unit}", f"{f.low:g} to {f.high:g}", f.meaning) for f in fields.values()])


def mechanism(m: MechanismSchema) -> str:
    ion = f", {m.carries}" if m.carries else ""
    parts = [f'<div>{escape(m.summary)}</div><div style="{_MUTED};font-size:12px">{escape(m.source)}</div>']
    if m.parameters:
        parts.append(_schema(m.parameters))
    if m.kind == "channel" and m.states:
        v = np.arange(-100.0, 51.0, 2.0)
        gates = m.gates(v)
        steady = _svg.curves(v, {name: g[0] for name, g in gates.items()}, "steady state")
        tau = _svg.curves(v, {name: g[1] for name, g in gates.items()}, "τ [ms]")
        parts.append(_beside(steady, tau))
    elif m.states:
        parts.append(_table(("state", "meaning"), [(f"{s.name} [{s.unit or 1}]", s.meaning) for s in m.states.values()]))
    return _box(m.name, f"{m.kind}{ion}", *parts)


def catalogue(c: Catalogue) -> str:
    rows = [(m.name, m.kind, m.carries or "", m.summary, _Markup(f'<span style="{_MUTED}">{escape(m.source)}</span>')) for m in c]
    return _box("Catalogue", _count(len(c), "mechanism"), _table(("name", "kind", "ion", "summary", "source"), rows))


def model(m: Model) -> str:
    rows = [(o.name, o.value, o.meaning, ", ".join(o.choices)) for o in m.options]
    source = f'<div>{escape(m.summary)}</div><div style="{_MUTED};font-size:12px">{escape(m.source)}</div>'
    return _box(m.name, "ready cell", source, _table(("option", "default", "meaning", "choices"), rows) if rows else "")
