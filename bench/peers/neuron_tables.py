# SPDX-License-Identifier: BSD-3-Clause
"""What every writer of NEURON reference data shares: the form of its tables, and NEURON's fixed step.

A file starts with comment lines (``#``) that state version, script and settings; numbers have 17 significant digits.
"""

import csv

import neuron
import numpy as np
from neuron import h

COMMON_NOTES = (f"NEURON {neuron.__version__}, written by bench/peers/neuron_reference.py",)


def number(value):
    """Text of a value: integers and names as they are, floats with 17 significant digits."""
    return f"{value:.17g}" if isinstance(value, (float, np.floating)) else str(value)


def write_csv(path, notes, columns, rows):
    with open(path, "w", newline="") as out:
        for line in (*COMMON_NOTES, *notes):
            out.write(f"# {line}\n")
        table = csv.writer(out, lineterminator="\n")
        table.writerow(columns)
        table.writerows([[number(v) for v in row] for row in rows])


def read_rows(path):
    """Rows of an earlier file as text, without comments and heading; none if there is no file."""
    if not path.exists():
        return []
    with open(path, newline="") as source:
        return [tuple(row) for row in csv.reader(line for line in source if not line.startswith("#"))][1:]


def fixed_step(secondorder=0, dt=0.025):
    h.cvode_active(0)
    h.secondorder, h.steps_per_ms, h.dt = secondorder, 1 / dt, dt
