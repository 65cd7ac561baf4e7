# SPDX-License-Identifier: BSD-3-Clause
"""What is done to a mechanism so that two programs can be compared: the same protocols for NEURON and for Apical.

A protocol is a plain dictionary, written as it is into ``tests/nmodl/reference/*.json``. Times in ms, potentials in mV, currents fed to ions and
injected in mA/cm2, concentrations in mM. ``v`` and ``feed`` are lists of [first step, value]. ``v`` is absent where the potential is free.
"""

import pathlib
import re

KINDS = {"SUFFIX": "density", "POINT_PROCESS": "point_process", "ARTIFICIAL_CELL": "artificial_cell"}
#: Inside, outside, reversal potential, valence.
IONS = {"na": (10.0, 140.0, 50.0, 1), "k": (54.4, 2.5, -77.0, 1), "ca": (1e-4, 2.0, 120.0, 2), "cl": (6.0, 130.0, -70.0, -1),
        "h": (1.0, 1.0, -30.0, 1)}
LEVELS = (-65.0, -100.0, -38.0, -27.5, 0.0, -66.0, 40.0, -80.0)
SAMPLES = (1, 2, 5, 16)
EVENTS = ((1.0137, 0), (2.5, 1), (2.51, 0), (6.0371, 2), (6.2, 0), (9.05, 1), (12.337, 2), (12.4, 0), (12.6, 1))
#: Reversal and the like, of files that need them; random mechanisms are run without their noise, which no two programs draw alike.
SETTINGS = {"fluctuating": {"sd": 0.0}}
WEIGHTS = {"stdp": (0.002, 0.001, -1.0), "leaky_unit": (0.4, 0.5, 0.6), "driven_unit": (0.2, 0.1, -0.3), "site_ladder": (1.0, 2.0, 0.4)}


class File:
    """What a .mod file says of itself, as far as a protocol needs it.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    """

    def __init__(self, path):
        self.path = pathlib.Path(path)
        text = self.path.read_text(encoding="latin-1")
        self.raw = text
        text = re.sub(r"(?s)COMMENT.*?ENDCOMMENT", "", text)
        text = re.sub(r"(?m)^TITLE.*$|[:?].*$", "", text)
        for name in re.findall(r'INCLUDE\s+"([^"]+)"', text):
            text += re.sub(r"[:?].*", "", (self.path.parent / name).read_text(encoding="latin-1"))
        self.text = text
        found = re.search(r"\b(SUFFIX|POINT_PROCESS|ARTIFICIAL_CELL)\s+(\w+)", text)
        self.kind = KINDS[found.group(1)] if found and found.group(2) != "nothing" else "nothing"
        self.name = found.group(2) if found else self.path.stem
        self.ions = {}
        for ion, rest in re.findall(r"\bUSEION\s+(\w+)((?:\s+(?:READ|WRITE|VALENCE)\s+[\w\s,+-]*?(?=\s+(?:READ|WRITE|VALENCE|USEION|RANGE|GLOBAL|\w+_CURRENT|POINTER|THREADSAFE|REPRESENTS)\b|\s*}))+)", text):
            verbs = dict(re.findall(r"(READ|WRITE)\s+((?:\w+\s*,\s*)*\w+)", rest))
            self.ions[ion] = {k: re.findall(r"\w+", verbs.get(v, "")) for k, v in (("read", "READ"), ("write", "WRITE"))}
        self.pointers = [p for group in re.findall(r"\bPOINTER\s+([\w, ]+)", text) for p in re.findall(r"\w+", group)]
        self.weight_unit = (re.findall(r"NET_RECEIVE\s*\(\s*\w+\s*\((\w+)\)", text) or [""])[0]
        self.receives = "NET_RECEIVE" in text
        self.functions = {name: [a for a in re.findall(r"(\w+)\s*(?:\([^)]*\))?\s*(?:,|$)", arguments)]
                          for name, arguments in re.findall(r"\bFUNCTION\s+(\w+)\s*\(((?:[^()]|\([^)]*\))*)\)", text)}
        self.tables = re.findall(r"\bFUNCTION_TABLE\s+(\w+)", text)


def ion_settings(file):
    """Concentrations, reversal potential and valence of each ion, and which of them the mechanism writes."""
    settings = {}
    for ion, use in file.ions.items():
        inner, outer, reversal, valence = IONS.get(ion, (1.0, 1.0, -10.0, 1))
        settings[ion] = {"in": inner, "out": outer, "reversal": reversal, "valence": valence}
    return settings


def feeds(file):
    """A current of its own for each ion whose current the mechanism reads."""
    return {ion: [[0, 0.0], [20, -0.01 if ion != "k" else 0.01], [90, 0.003 if ion != "k" else -0.003], [110, 0.0]]
            for ion, use in file.ions.items() if f"i{ion}" in use["read"]}


def protocols(file):
    """All that is done to one mechanism.

    Parameters
    ----------
    file : File
        The mechanism.

    Returns
    -------
    list of dict
        ``name``, ``dt``, ``celsius``, ``steps``, ``samples`` (steps after which values are taken), and what else is set.
    """
    if file.kind == "nothing":
        return []
    common = {"ions": ion_settings(file), "feed": feeds(file), "parameters": SETTINGS.get(file.name, {}), "diam": 2.0, "length": 5.0}
    if file.pointers:
        common["pointers"] = {p: -30.0 for p in file.pointers}
    if file.tables:
        common["tables"] = {t: {"x": [-120.0, -60.0, -20.0, 60.0], "y": [1.0, 7.0, 3.0, 0.5]} for t in file.tables}
    if file.receives:
        common["weights"] = list(WEIGHTS.get(file.name, (0.002, 0.001, 0.0005) if file.weight_unit == "uS" else (1.0, 1.0, 1.0)))
    per_level = 20
    clamped = {"v": [[i * per_level, v] for i, v in enumerate(LEVELS)], "steps": per_level * len(LEVELS),
               "samples": [i * per_level + s for i in range(len(LEVELS)) for s in SAMPLES]}
    run = []
    for name, dt, celsius in (("clamp", 0.025, 23.0), ("clamp, other step and temperature", 0.1, 34.0)):
        run.append({"name": name, "dt": dt, "celsius": celsius} | common | clamped)
    if "ca" in file.ions:  # so much that what calcium opens is open
        run[1]["ions"] = common["ions"] | {"ca": common["ions"]["ca"] | {"in": 2e-3}}
    run.append({"name": "free", "dt": 0.025, "celsius": 23.0, "start": -65.0, "cm": 1.0, "inject": 0.016, "steps": 160, "samples": list(range(8, 161, 8))} | common)
    if file.receives:
        for protocol in run:
            scale = protocol["steps"] * protocol["dt"] / 16.0
            protocol["events"] = [[round(t * scale, 6), c] for t, c in EVENTS]
    return run
