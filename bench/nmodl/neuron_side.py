# SPDX-License-Identifier: BSD-3-Clause
"""Runs protocols in NEURON and writes what came out, as JSON, to standard output. Started by ``compare_neuron.py`` in a NEURON's Python.

    python neuron_side.py libnrnmech.so FILE.mod...

Tables are switched off. The potential is held by a membrane of capacitance so large that no current moves it: the step is NEURON's own in all else.
"""

import json
import math
import pathlib
import re
import sys

from neuron import h

from protocols import File, protocols

HELD = 1e15  # uF/cm2


def at(steps, k):
    """The value that a list of [first step, value] has in step k."""
    return [value for first, value in steps if first <= k][-1]


class Compartment:
    """One compartment with one mechanism, as a protocol asks for it."""

    def __init__(self, file, protocol):
        self.file, self.protocol = file, protocol
        self.section = h.Section(name="soma")
        self.section.L, self.section.diam, self.section.nseg = protocol["length"], protocol["diam"], 1
        self.section.cm = protocol.get("cm", HELD)
        self.segment = self.section(0.5)
        for ion in protocol["feed"]:
            self.section.insert(f"feed_{ion}")
        self.process = None
        if file.kind == "density":
            self.section.insert(file.name)
        elif file.kind == "point_process":
            self.process = getattr(h, file.name)(self.segment)
        else:
            self.process = getattr(h, file.name)()
        for name, value in protocol["parameters"].items():
            self.set(name, value)
        if re.search(r"\bTABLE\b", file.text):  # the functions themselves are compared, not straight lines between their values
            setattr(h, f"usetable_{file.name}", 0)
        self.other = h.Section(name="other")
        self.other.cm = HELD
        for pointer in protocol.get("pointers", {}):
            h.setpointer(self.other(0.5)._ref_v, pointer, self.process)
        self.tables = []
        for table, points in protocol.get("tables", {}).items():
            x, y = h.Vector(points["x"]), h.Vector(points["y"])
            self.tables.append((x, y))
            getattr(h, f"table_{table}_{file.name}")(y, x) if self.process is None else getattr(self.process, f"table_{table}")(y, x)
        self.set_ions()
        if "inject" in protocol:
            self.current = h.IClamp(self.segment)
            self.current.delay, self.current.dur, self.current.amp = 0.0, 1e9, protocol["inject"] * self.segment.area() / 100
        self.connections = []
        for weight in protocol.get("weights", []):
            connection = h.NetCon(None, self.process)
            connection.weight[0] = weight
            self.connections.append(connection)
        self.names = self.recorded()

    def set(self, name, value):
        if self.process is not None:
            setattr(self.process, name, value)
        else:
            setattr(self.segment, f"{name}_{self.file.name}", value)

    def set_ions(self):
        for ion, s in self.protocol["ions"].items():
            written = self.file.ions[ion]["write"]
            setattr(h, f"{ion}i0_{ion}_ion", s["in"])
            setattr(h, f"{ion}o0_{ion}_ion", s["out"])
            for name, value in ((f"{ion}i", s["in"]), (f"{ion}o", s["out"])):
                if name not in written and hasattr(self.segment, name):
                    setattr(self.segment, name, value)
            if hasattr(self.segment, f"e{ion}"):
                try:
                    setattr(self.segment, f"e{ion}", s["reversal"])
                except Exception:  # NEURON computes it from concentrations
                    pass

    def recorded(self):
        """Names of states, of what the mechanism assigns, of currents and concentrations of ions."""
        names = []
        for kind in (3, 2):
            standard = h.MechanismStandard(self.file.name, kind)
            for i in range(int(standard.count())):
                name = h.ref("")
                size = int(standard.name(name, i))
                plain = name[0].removesuffix(f"_{self.file.name}") if self.process is None else name[0]
                names += [(plain, k if size > 1 else None) for k in range(max(1, size))]
        for ion, use in self.file.ions.items():
            for name in dict.fromkeys(use["read"] + use["write"]):
                names.append((name, None))
        if "v" not in self.protocol:
            names.append(("v", None))
        return [n for n in dict.fromkeys(names) if n[0] not in self.protocol.get("pointers", {})]

    def value(self, name, index):
        is_ions = any(name in use["read"] + use["write"] for use in self.file.ions.values())
        if name == "v":
            return self.segment.v
        if is_ions:
            return getattr(self.segment, name)
        holder = self.process if self.process is not None else self.segment
        value = getattr(holder, name if self.process is not None else f"{name}_{self.file.name}")
        return value if index is None else value[index]

    def run(self):
        protocol = self.protocol
        h.celsius, h.dt = protocol["celsius"], protocol["dt"]
        h.secondorder = 0
        events = h.FInitializeHandler(lambda: [self.connections[c].event(t) for t, c in protocol.get("events", [])])
        for ion, steps in protocol["feed"].items():
            setattr(self.segment, f"amount_feed_{ion}", at(steps, 0))
        self.segment.v = at(protocol["v"], 0) if "v" in protocol else protocol["start"]
        for value in protocol.get("pointers", {}).values():
            self.other.v = value
        h.finitialize()
        values = {"initially": self.sample()}
        rows = []
        for k in range(protocol["steps"]):
            if "v" in protocol:
                self.segment.v = at(protocol["v"], k)
            for ion, steps in protocol["feed"].items():
                setattr(self.segment, f"amount_feed_{ion}", at(steps, k))
            h.fadvance()
            if k + 1 in protocol["samples"]:
                rows.append(self.sample())
        del events
        values["columns"] = [n if i is None else f"{n}[{i}]" for n, i in self.names]
        values["rows"] = rows
        return values

    def sample(self):
        return [self.value(*n) for n in self.names]

    def curves(self):
        """Values of every FUNCTION with arguments of usual sizes."""
        curves = {}
        if self.process is None:
            getattr(h, f"setdata_{self.file.name}", lambda *_: None)(self.segment)
        for name, arguments in self.file.functions.items():
            if not arguments:
                continue
            call = getattr(self.process, name) if self.process is not None else getattr(h, f"{name}_{self.file.name}")
            rows = []
            for v in range(-120, 81, 10):
                given = [float(v) + 0.125] + [1.5 + 0.5 * k for k in range(len(arguments) - 1)]
                result = call(*given)
                if math.isfinite(result):
                    rows.append([*given, result])
            curves[name] = rows
        return curves


def main():
    h.nrn_load_dll(sys.argv[1])
    results = {}
    for path in sys.argv[2:]:
        file = File(pathlib.Path(path))
        runs = []
        for protocol in protocols(file):
            compartment = Compartment(file, protocol)
            runs.append(protocol | compartment.run())
            if len(runs) == 1:
                curves = compartment.curves()
            del compartment
        results[path] = {"mechanism": file.name, "kind": file.kind, "neuron": h.nrnversion(5).split()[-1], "runs": runs, "curves": curves if runs else {}}
    json.dump(results, sys.stdout)


if __name__ == "__main__":
    main()
