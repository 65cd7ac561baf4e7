# SPDX-License-Identifier: BSD-3-Clause
"""Timing shared by the peer benchmarks: wall and process CPU seconds of a call, and the printed summary."""

import json
import statistics
import time

NOMINAL_COMPARTMENTS = 642  # per cell; the same for every simulator, so the figures compare


def timed(call):
    """Runs call() and returns (wall s, process CPU s)."""
    wall, cpu = time.perf_counter(), time.process_time()
    call()
    return time.perf_counter() - wall, time.process_time() - cpu


def summary(simulator, version, cells, steps, seconds, **more):
    """One result as a dict.

    Args:
        cells, steps: number of cells and of time steps of each run.
        seconds: list of (wall s, CPU s), one per run.
    """
    per_step = 1e9 / (cells * NOMINAL_COMPARTMENTS * steps)

    def statistic(values):
        ns = [v * per_step for v in values]
        return {"median": round(statistics.median(ns), 2), "min": round(min(ns), 2), "runs": [round(v, 2) for v in ns]}

    return {"simulator": simulator, "version": version, "cells": cells, "compartments": cells * NOMINAL_COMPARTMENTS,
            "steps": steps, "ns_per_compartment_step": statistic([cpu for _, cpu in seconds]),
            "wall_ns_per_compartment_step": statistic([wall for wall, _ in seconds])} | more


def print_json(results):
    print(json.dumps(results, indent=1))
