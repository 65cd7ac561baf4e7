# SPDX-License-Identifier: BSD-3-Clause
"""Mechanisms of NMODL in NEURON and in Apical, side by side.

Every file is built by NEURON's own compiler and put into one compartment, which is held at potentials, left free, and sent events; the same is
done by Apical (``apical.nmodl``). For each file the largest relative difference of any value at any time is told, against a bound of 1e-9.

    python bench/nmodl/compare_neuron.py FOLDER... --neuron /path/to/a/venv/bin/python
    python bench/nmodl/compare_neuron.py tests/nmodl/mechanisms models/mechanisms/hay_2011 --neuron ... --write tests/nmodl/reference

The second form writes what NEURON gave, for ``tests/nmodl/reference_test.cpp``, and needs no Apical.
"""

import argparse
import hashlib
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
BOUND = 1e-9
#: Where NEURON stops iterating before the last digits; where_neuron_stops.py shows it.
ITERATED = {"ca_pump_pool": 1e-8, "ca_extrusion": 1e-6, "na_markov": 5e-6}
#: A mechanism that lets a current of an ion in, for those that read it.
FEED = """NEURON {{ SUFFIX feed_{ion} USEION {ion} WRITE i{ion} RANGE amount }}
UNITS {{ (mA) = (milliamp) }}
PARAMETER {{ amount = 0 (mA/cm2) }}
ASSIGNED {{ i{ion} (mA/cm2) }}
BREAKPOINT {{ i{ion} = amount }}
"""


def files_of(paths):
    """The .mod files that are named, or lie in the folders that are named."""
    files = []
    for path in map(pathlib.Path, paths):
        files += sorted(path.glob("*.mod")) if path.is_dir() else [path]
    if not files:
        raise SystemExit(f"no .mod files in {' '.join(paths)}")
    return files


def built(files, python, folder):
    """NEURON's library of the files, built in ``folder``."""
    for file in files:
        for beside in [file, *file.parent.glob("*.inc")]:
            shutil.copy(beside, folder)
    for ion in ("na", "k", "ca"):
        (folder / f"feed_{ion}.mod").write_text(FEED.format(ion=ion))
    command = [str(pathlib.Path(python).parent / "nrnivmodl"), "-incflags", "-O0", "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"NEURON did not build the files:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    return next(folder.glob("*/libnrnmech.so"))


def neuron_results(files, python, library):
    """What NEURON gives for each file, as ``neuron_side.py`` writes it. One process a file, so that none can disturb another."""
    results = {}
    for file in files:
        done = subprocess.run([python, str(HERE / "neuron_side.py"), str(library), str(file)], capture_output=True, text=True)
        if done.returncode:
            print(f"{file.name}: NEURON stopped: {done.stderr.strip().splitlines()[-1]}", file=sys.stderr)
            continue
        results[file] = next(iter(json.loads(done.stdout).values()))
    return results


def short(x):
    """A number with the digits that matter against the bound."""
    return json.dumps(float(f"{x:.13g}")) if isinstance(x, float) else json.dumps(x)


def rows_text(rows):
    return "[\n" + ",\n".join("    [" + ", ".join(short(x) for x in row) + "]" for row in rows) + "]"


def write(file, result, folder):
    """One file of reference numbers, a row of values a line."""
    head = {"script": "bench/nmodl/compare_neuron.py --write", "neuron": result["neuron"], "mechanism": result["mechanism"], "kind": result["kind"],
            "file": file.name, "sha256": hashlib.sha256(file.read_bytes()).hexdigest()}
    lines = [f"{json.dumps(k)}: {json.dumps(v)}" for k, v in head.items()]
    runs = []
    for run in result["runs"]:
        parts = [f"  {json.dumps(k)}: {rows_text(v) if k == 'rows' else json.dumps(v)}" for k, v in run.items()]
        runs.append("{\n" + ",\n".join(parts) + "}")
    lines.append('"runs": [' + ",\n".join(runs) + "]")
    curves = [f"  {json.dumps(k)}: {rows_text(v)}" for k, v in result["curves"].items()]
    lines.append('"curves": {\n' + ",\n".join(curves) + "}")
    (folder / f"{file.stem}.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


class Difference:
    """The largest relative difference seen, and where."""

    def __init__(self):
        self.largest, self.where, self.count = 0.0, "", 0

    def take(self, ours, theirs, scale, where):
        """Differences below 1e-12 of the largest value of the column do not count: what passes through 0 has no digits there."""
        self.count += 1
        difference = abs(ours - theirs)
        if difference <= 1e-12 * scale:
            return
        relative = difference / max(abs(theirs), 1e-12 * scale)
        if not relative <= self.largest:
            self.largest, self.where = relative, where


def protocol_of(run):
    """A protocol as Apical takes it."""
    from apical import nmodl

    protocol = nmodl.Protocol()
    protocol.dt, protocol.celsius, protocol.steps = run["dt"], run["celsius"], run["steps"]
    protocol.diameter, protocol.length, protocol.slope_over = run["diam"], run["length"], 0.001
    if "v" in run:
        protocol.v = [tuple(step) for step in run["v"]]
    else:
        protocol.start, protocol.cm, protocol.inject = run["start"], run["cm"], run["inject"]
    protocol.ions = {ion: nmodl.Ion(s["in"], s["out"], s["reversal"], s["valence"]) for ion, s in run["ions"].items()}
    protocol.feed = {ion: [tuple(step) for step in steps] for ion, steps in run["feed"].items()}
    protocol.parameters, protocol.pointers = run["parameters"], run.get("pointers", {})
    protocol.weights, protocol.events = run.get("weights", []), [tuple(e) for e in run.get("events", [])]
    for name, table in run.get("tables", {}).items():
        protocol.set_table(name, table["x"], table["y"])
    return protocol


def compare(file, result):
    """The difference of one file, over all that NEURON ran."""
    from apical import nmodl

    mechanism = nmodl.translate(file)
    found = Difference()
    for run in result["runs"]:
        columns = [c for c in run["columns"] if mechanism.keeps(c)]
        given = nmodl.run(mechanism, protocol_of(run), columns)
        theirs = [run["initially"], *run["rows"]]
        ours = given.rows[[0, *run["samples"]]]
        for j, name in enumerate(columns):
            k = run["columns"].index(name)
            scale = max(abs(row[k]) for row in theirs)
            for n, (a, b) in enumerate(zip(ours, theirs, strict=True)):
                found.take(a[j], b[k], scale, f"{name} of '{run['name']}', row {n}")
    for name, rows in result["curves"].items():
        scale = max((abs(row[-1]) for row in rows), default=0.0)
        for row in rows:
            found.take(mechanism.call(name, row[:-1], celsius=result["runs"][0]["celsius"]), row[-1], scale, f"{name}{tuple(row[:-1])}")
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("paths", nargs="+", help=".mod files, or folders of them")
    parser.add_argument("--neuron", default=sys.executable, help="a Python with NEURON")
    parser.add_argument("--library", help="NEURON's library of these files, if it is built already")
    parser.add_argument("--write", metavar="FOLDER", help="write NEURON's numbers there, and compare nothing")
    args = parser.parse_args()
    files = files_of(args.paths)
    with tempfile.TemporaryDirectory() as folder:
        library = args.library or built(files, args.neuron, pathlib.Path(folder))
        results = neuron_results(files, args.neuron, library)
    if args.write:
        pathlib.Path(args.write).mkdir(parents=True, exist_ok=True)
        for file, result in results.items():
            if result["runs"]:
                write(file, result, pathlib.Path(args.write))
        return 0 if len(results) == len(files) else 1
    beyond = len(files) - len(results)
    print("| file | values | largest relative difference | where |\n|---|---|---|---|")
    for file, result in results.items():
        found = compare(file, result)
        bound = ITERATED.get(file.stem, BOUND)
        beyond += not found.largest <= bound
        print(f"| {file.name} | {found.count} | {found.largest:.1e} | {found.where} |", flush=True)
    print(f"{beyond} of {len(files)} beyond their bounds: {BOUND:g}, and " + ", ".join(f"{b:g} of {f}" for f, b in ITERATED.items()))
    return 1 if beyond else 0


if __name__ == "__main__":
    sys.exit(main())
