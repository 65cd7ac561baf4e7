# SPDX-License-Identifier: BSD-3-Clause
"""Writes the pages that the program knows better than any author: channels, with their gates drawn, learning rules, and ready models.

    python docs/tables.py build/release/apical build/docs/source
"""

import json
import subprocess
import sys
from pathlib import Path

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt  # noqa: E402

KINDS = {"channel": "Channels", "pool": "Pools", "receptor": "Receptors"}


def ask(program: str, *words: str):
    """What the program answers to `apical --json words...`."""
    return json.loads(subprocess.run([program, "--json", *words], check=True, capture_output=True, text=True).stdout)


def table(header: list[str], rows: list[list[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines) + "\n"


def fields(heading: str, list_of_fields: list[dict]) -> str:
    if not list_of_fields:
        return ""
    rows = [[f"`{f['name']}`", f"{f['default']:g} {f['unit']}".strip(), f"{f['low']:g} to {f['high']:g}", f["meaning"]] for f in list_of_fields]
    return table([heading, "default", "range", "meaning"], rows) + "\n"


def draw_gates(mechanism: dict, path: Path) -> bool:
    """Steady states and time constants over the voltage, or over the concentration where the gates read one."""
    rows = mechanism["gates"]
    if not rows:
        return False
    over_voltage = len({row["v_mV"] for row in rows}) > 1
    x = [row["v_mV" if over_voltage else "c_in_mM"] for row in rows]
    figure, (left, right) = plt.subplots(1, 2, figsize=(7, 2.4), layout="constrained")
    for state in mechanism["states"]:
        left.plot(x, [row[state["name"]]["inf"] for row in rows], label=state["name"])
        right.plot(x, [row[state["name"]]["tau_ms"] for row in rows], label=state["name"])
    left.set_ylabel("steady state")
    right.set_ylabel("time constant [ms]")
    for axes in (left, right):
        axes.set_xlabel("v [mV]" if over_voltage else "concentration [mM]")
        axes.set_xscale("linear" if over_voltage else "log")
        axes.legend(frameon=False, fontsize=8)
    right.set_yscale("log")
    figure.savefig(path, transparent=False)
    plt.close(figure)
    return True


def section(program: str, name: str, pictures: Path) -> str:
    m = ask(program, "channels", name)
    facts = []
    if m["carries"] != "none":
        facts.append(f"{'keeps account of' if m['kind'] == 'pool' else 'carries'} {m['carries']}")
    if m["reads"] != "none":
        facts.append(f"reads the concentrations of {m['reads']}")
    if m["q10"] != 1:
        facts.append(f"Q10 {m['q10']:g} from {m['q10_at_degC']:g} degC")
    text = f"### {name}\n\n{m['summary'][0].upper() + m['summary'][1:]}. {m['source']}.\n\n"
    if facts:
        text += "; ".join(facts).capitalize() + ".\n\n"
    text += fields("parameter", m["parameters"]) + fields("state", m["states"])
    if draw_gates(m, pictures / f"{name}.svg"):
        text += f"![Gates of {name}](generated/{name}.svg)\n\n"
    return text


def channel_page(program: str, pictures: Path) -> str:
    mechanisms = ask(program, "channels")
    text = (
        "# Channels\n\nEvery file of `channels/`, by kind. `apical channels NAME` shows one in a terminal. Names are understood in any "
        "letter case. Parameters and states may be probed: `NAME.m`; so may the current `NAME.i` and the slope conductance `NAME.g`.\n\n"
    )
    rows = [[f"[{m['name']}](#{m['name']})", m["kind"], "" if m["carries"] == "none" else m["carries"], m["summary"]] for m in mechanisms]
    text += table(["name", "kind", "ion", "summary"], rows) + "\n"
    for kind, heading in KINDS.items():
        text += f"## {heading}\n\n"
        text += "".join(section(program, m["name"], pictures) for m in mechanisms if m["kind"] == kind)
    return text


def draw_window(rule: dict, path: Path) -> bool:
    """The change of a weight by one pair of spikes over their distance, where nothing else decides."""
    pairs = [(w["delta_ms"], w["change"]) for w in rule["window"]]
    if not any(change for _, change in pairs):
        return False
    figure, axes = plt.subplots(figsize=(4, 2.4), layout="constrained")
    axes.axhline(0, color="0.7", linewidth=0.8)
    axes.axvline(0, color="0.7", linewidth=0.8)
    for side in (-1, 1):
        part = [w for w in pairs if side*w[0] > 0]
        axes.plot([x for x, _ in part], [y for _, y in part], marker=".", color="C0")
    axes.set_xlabel("spike of the cell after arrival [ms]")
    axes.set_ylabel("change of a weight of 0.5")
    figure.savefig(path, transparent=False)
    plt.close(figure)
    return True


def rule_section(program: str, name: str, pictures: Path) -> str:
    r = ask(program, "rules", name)
    text = f"## {name}\n\n{r['summary'][0].upper() + r['summary'][1:]}. {r['source']}.\n\nAnswers {', '.join(r['answers'])}."
    if r["phases"]:
        text += f" Phases of a trial: {', '.join(r['phases'])}."
    text += "\n\nAll that a synapse knows:\n\n" + "".join(f"- {k}\n" for k in r["knows"]) + "\n" + fields("parameter", r["parameters"])
    if r["published"]:
        text += table(["published set", "source"], [[f"`{p['name']}`", p["source"]] for p in r["published"]]) + "\n"
    if draw_window(r, pictures / f"rule_{name}.svg"):
        text += f"![Window of {name}](generated/rule_{name}.svg)\n\n"
    return text


def rule_page(program: str, pictures: Path) -> str:
    rules = ask(program, "rules")
    text = (
        "# Learning rules\n\nEvery rule of `plasticity/`; `apical rules NAME` shows one in a terminal. {doc}`learning` explains how they are used. "
        "Pictures show what one pair of spikes does to a weight of 0.5, of rules that need nothing else.\n\n"
    )
    text += table(["name", "summary"], [[f"[{r['name']}](#{r['name']})", r["summary"]] for r in rules]) + "\n"
    return text + "".join(rule_section(program, r["name"], pictures) for r in rules)


def model_tables(program: str) -> str:
    text = ""
    for m in ask(program, "models"):
        text += f"### {m['name']}\n\n{m['summary'][0].upper() + m['summary'][1:]}. {m['source']}.\n\n"
        rows = [[f"`{o['name']}`", o["default"], o["meaning"] + (f" ({', '.join(o['choices'])})" if o["choices"] else "")] for o in m["options"]]
        text += (table(["option", "default", "meaning"], rows) if rows else "No options.\n") + "\n"
    return text


def experiment_page(program: str) -> str:
    tables = subprocess.run([program, "schema", "--tables"], check=True, capture_output=True, text=True).stdout
    return (
        "# Experiment files\n\nAn experiment is a JSON file: the model, how it is run, and what is kept. `apical run FILE` runs it; "
        "`--set /run/seed=3` puts another value in place of one. Quantities are text with units. Every problem of a file is told at once, "
        "each with its line.\n\n## Objects\n\n" + tables
    )


def write_unless_there(path: Path, text: str) -> None:
    """A page that an author has written wins over one that is only tables."""
    if not path.exists():
        path.write_text(text)


def main() -> None:
    program, source = sys.argv[1], Path(sys.argv[2])
    pictures = source / "generated"
    pictures.mkdir(parents=True, exist_ok=True)
    (source / "channels.md").write_text(channel_page(program, pictures))
    (source / "rules.md").write_text(rule_page(program, pictures))
    (pictures / "models.md").write_text(model_tables(program))
    write_unless_there(source / "models.md", "# Models\n\nReady cells: `apical models` lists them.\n\n## Cells\n\n" + model_tables(program))
    write_unless_there(source / "reference" / "experiment.md", experiment_page(program))


if __name__ == "__main__":
    main()
