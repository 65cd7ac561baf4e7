# SPDX-License-Identifier: BSD-3-Clause
"""What the studies of this folder share: trainings that are done once and kept, and tables of mean and standard error.

A training is asked for by names, as of apical.learn. Its figures go to a JSON file in the folder of results, named by what was asked, and a
study that is started again goes on where it stopped. Wall time is of one thread.
"""
import argparse
import json
import math
import os
import platform
from pathlib import Path

import apical


def arguments(description, out="out/learning"):
    """Arguments of every study."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--out", default=out, help="folder of results; trainings that are there are not done again")
    parser.add_argument("--seeds", type=int, default=5, help="trainings of each, with seeds from 1 on")
    parser.add_argument("--only", nargs="*", default=[], help="parts of the study: see its list")
    parser.add_argument("--table", action="store_true", help="only the tables, of what is there")
    return parser.parse_args()


def name_of(request):
    """File of a training."""
    return "-".join(f"{key}={'x'.join(map(str, value)) if isinstance(value, (list, tuple)) else value}" for key, value in sorted(request.items()) if value not in (None, {}))


def measured(folder, epochs, angles=0, angle_epochs=(), **request):
    """Figures of one training: from its file, or done now.

    angles: examples on which the angle to the gradient is measured, after the epochs of `angle_epochs`.
    A training whose epochs take seconds is kept after each, and goes on from there.
    """
    path = Path(folder)/f"{name_of({**request, 'epochs': epochs})}.json"
    if path.exists():
        return json.loads(path.read_text())
    path.parent.mkdir(parents=True, exist_ok=True)
    state, unfinished = path.with_suffix(".h5"), path.with_suffix(".unfinished")
    training = apical.learn(epochs=0, **request)
    found = {"request": request, "epochs": epochs, "version": apical.__version__, "machine": platform.machine(), "angle_epochs": [], "angles": [], "test_error": [], "train_error": [], "seconds": []}
    before = 0.0
    if state.exists() and unfinished.exists():
        training.load(str(state))
        found = json.loads(unfinished.read_text())
        before = found["seconds"][-1]
    while training.epochs < epochs:
        epoch = training.epochs + 1
        is_measured = angles > 0 and epoch in angle_epochs
        training.learn(1, angles=angles if is_measured else 0)
        for name in ("test_error", "train_error"):
            found[name].append(getattr(training, name)[-1])
        found["seconds"].append(before + training.seconds[-1])
        if is_measured:
            found["angle_epochs"].append(epoch)
            found["angles"].append(training.angles[-1].tolist())
        if found["seconds"][-1]/epoch > 2:
            training.save(str(state))
            write(unfinished, found)
            print(f"{path.stem}: epoch {epoch}, {100*found['test_error'][-1]:.2f} % wrong", flush=True)
    write(path, found)
    for file in (state, unfinished):
        file.unlink(missing_ok=True)
    print(f"{path.stem}: {100*found['test_error'][-1]:.2f} % wrong, {found['seconds'][-1]:.1f} s", flush=True)
    return found


def write(path, found):
    """Writes a file that is whole or not there."""
    waiting = path.with_name(path.name + ".part")
    waiting.write_text(json.dumps(found, indent=1))
    os.replace(waiting, path)


def there(folder, epochs, **request):
    """Figures of one training that has been done, or None."""
    path = Path(folder)/f"{name_of({**request, 'epochs': epochs})}.json"
    return json.loads(path.read_text()) if path.exists() else None


def mean_and_error(numbers):
    """Mean, and standard error of it; NaN of one number."""
    n = len(numbers)
    mean = sum(numbers)/n
    return mean, math.sqrt(sum((x - mean)**2 for x in numbers)/(n - 1)/n) if n > 1 else math.nan


def told(numbers, factor=1, digits=2):
    """Mean +- standard error as text."""
    if not numbers:
        return "-"
    mean, error = mean_and_error([factor*x for x in numbers])
    return f"{mean:.{digits}f}" if math.isnan(error) else f"{mean:.{digits}f} +- {error:.{digits}f}"


def angles_at(trainings, which):
    """Angles by projection, mean over seeds, at the first or last measured epoch."""
    rows = [t["angles"][which] for t in trainings if t["angles"]]
    return ", ".join(f"{sum(column)/len(column):.0f}" for column in zip(*rows)) if rows else "-"


def print_table(header, rows):
    """A table as Markdown."""
    print("| " + " | ".join(header) + " |")
    print("|" + "---|"*len(header))
    for row in rows:
        print("| " + " | ".join(row) + " |")


def run(entries, arguments, title):
    """Does the trainings of a list of (label, seeds, keywords of `measured`), and prints their table."""
    rows = []
    for label, seeds, keywords in entries:
        if arguments.only and not any(word in label for word in arguments.only):
            continue
        asked = {k: v for k, v in keywords.items() if k not in ("angles", "angle_epochs")}
        done = []
        for seed in range(1, min(seeds, arguments.seeds) + 1):
            found = there(arguments.out, **asked, seed=seed) if arguments.table else measured(arguments.out, **keywords, seed=seed)
            if found:
                done.append(found)
        if done:
            rows.append([label, str(len(done)), told([d["test_error"][-1] for d in done], 100), told([min(d["test_error"]) for d in done], 100),
                         told([d["train_error"][-1] for d in done], 100), angles_at(done, 0), angles_at(done, -1), told([d["seconds"][-1] for d in done], 1, 1)])
    print(f"\n{title}\n")
    print_table(["rule", "seeds", "test error [%]", "best epoch [%]", "training error [%]", "angles, first [deg]", "last [deg]", "time [s]"], rows)
