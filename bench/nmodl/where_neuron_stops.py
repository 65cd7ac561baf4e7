# SPDX-License-Identifier: BSD-3-Clause
"""Why NEURON and Apical differ by more than 1e-9 in two of the files of tests/nmodl/mechanisms: the steps of both files, in 40 digits.

NEURON's ``sparse`` stops when the changes of all states together, whatever their units, are 1e-6 or less. Its STEADYSTATE of a linear scheme is
one step of 1e9 ms from states of 0. Steps that end so are NEURON's to rounding; steps that end at the root, and the state of rest itself, are as
far from NEURON's as Apical's are.

    python bench/nmodl/where_neuron_stops.py
"""

import json
import pathlib
from decimal import Decimal, getcontext

getcontext().prec = 40
REFERENCE = pathlib.Path(__file__).resolve().parents[2] / "tests/nmodl/reference"
PI, FARADAY = Decimal("3.141592653589793238462643383279502884197"), Decimal("96485.33212331001")


def solved(rows):
    """Of a square system, each row with its right side last."""
    n = len(rows)
    for c in range(n):
        pivot = max(range(c, n), key=lambda r: abs(rows[r][c]))
        rows[c], rows[pivot] = rows[pivot], rows[c]
        for r in range(n):
            if r != c:
                share = rows[r][c] / rows[c][c]
                rows[r] = [x - share * y for x, y in zip(rows[r], rows[c])]
    return [rows[k][n] / rows[k][k] for k in range(n)]


def furthest(theirs, ours):
    return max(abs(float(Decimal(a) / b - 1)) for row, x in zip(theirs, ours) for a, b in zip(row, x))


def markov_step(x, v, celsius, dt):
    """Of na_markov; without dt its state of rest."""
    q = Decimal(3) ** ((Decimal(celsius) - 22) / 10)
    a, b, on = (q * Decimal(r) * ((Decimal(v) - half) / slope).exp() for r, half, slope in (("3.5", -20, 22), ("0.35", -30, -18), ("0.8", 0, 60)))
    off = q * Decimal("0.004")
    rows = [[Decimal(0)] * 7 for _ in range(6)]
    if dt:
        for k in range(6):
            rows[k][k], rows[k][6] = 1 / Decimal(dt), x[k] / Decimal(dt)
    for i, j, forth, back in ((0, 1, 3 * a, b), (1, 2, 2 * a, 2 * b), (2, 3, a, 3 * b), (3, 4, on, off), (2, 5, on / 4, off), (5, 4, a, 3 * b / 4)):
        rows[i][i] += forth
        rows[i][j] -= back
        rows[j][i] -= forth
        rows[j][j] += back
    rows[5] = [Decimal(1)] * 7
    return solved(rows)


def markov(run):
    v, celsius = run["v"][0][1], run["celsius"]
    starts = {"one step of 1e9 ms": markov_step([Decimal(0)] * 6, v, celsius, 1e9), "state of rest": markov_step(None, v, celsius, None)}
    for name, x in starts.items():
        yield f"starts at {name}: {furthest([run['initially'][:6]], [x]):.1e} of NEURON"
        course, k = [], 0
        for until in run["samples"]:
            for k in range(k, until):
                x = markov_step(x, [held for first, held in run["v"] if first <= k][-1], celsius, run["dt"])
            k = until
            course.append(x)
        yield f"    and in all steps {furthest([row[:6] for row in run['rows']], course):.1e}"


def pump_course(run, limit):
    """Of ca_extrusion: pump, bound and calcium at the samples, by Newton's method down to changes of `limit`."""
    diameter, dt = Decimal(run["diam"]), Decimal(run["dt"])
    area, inner, outside = PI * diameter, PI * diameter * diameter / 4, Decimal(run["initially"][3])
    pump, bound, ca = (Decimal(run["initially"][k]) for k in (0, 1, 4))
    membrane = area * Decimal("1e10")
    bind, free, out, back = membrane, Decimal("0.005") * membrane, membrane, Decimal("0.005") * membrane * outside
    total, course, k = Decimal("1e-11") * membrane, [], 0
    for until in run["samples"]:
        for k in range(k, until):
            fed = Decimal([amount for first, amount in run["feed"]["ca"] if first <= k][-1])
            enters, before = -fed * PI * diameter * 10000 / (2 * FARADAY), (ca, bound)
            while True:
                binds, leaves = bind * ca * pump - free * bound, out * bound - back * pump
                change = solved([[inner / dt + bind * pump, bind * ca, -free, enters - binds - inner * (ca - before[0]) / dt],
                                 [Decimal(0), membrane, membrane, total - membrane * (pump + bound)],
                                 [-bind * pump, -bind * ca - back, membrane / dt + free + out, binds - leaves - membrane * (bound - before[1]) / dt]])
                ca, pump, bound = ca + change[0], pump + change[1], bound + change[2]
                if sum(map(abs, change)) <= limit:
                    break
        k = until
        course.append((pump, bound, ca))
    return course


def pump(run):
    for name, limit in (("changes of 1e-6", Decimal("1e-6")), ("the root", Decimal("1e-30"))):
        yield f"iterates to {name}: {furthest([(row[0], row[1], row[4]) for row in run['rows']], pump_course(run, limit)):.1e} of NEURON"


def main():
    for file, look in (("na_markov", markov), ("ca_extrusion", pump)):
        for run in json.loads((REFERENCE / f"{file}.json").read_text())["runs"][:2]:
            print(f"{file}, {run['name']}")
            for line in look(run):
                print("   ", line)


if __name__ == "__main__":
    main()
