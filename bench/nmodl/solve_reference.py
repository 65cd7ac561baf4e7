# SPDX-License-Identifier: BSD-3-Clause
"""What NEURON makes of blocks of equations: writes tests/reference/nmodl/solve.json.

Each case is a block of equations with a method. It becomes a .mod file, is translated and compiled by nrnivmodl, and put alone into a
compartment that nothing flows into, so that v stays where it starts. The states after some numbers of steps are kept, and what NEURON
said while it translated. Needs NEURON 9 (``pip install neuron setuptools``) and a C++ compiler.

    python bench/nmodl/solve_reference.py [folder to build in]
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import neuron

PARAMETERS = {"a": 0.3, "b": 0.2, "k": 1.5, "tau": 2.5, "vol1": 2.0, "vol2": 3.5, "total": 1.1}
STATES = {"m": 0.1, "h": 0.6, "s": 0.3}
DT = 0.1
V = -52.0
STEPS = [1, 2, 25]


def case(name, block, method, text, steady=False, states=None, outputs=()):
    """One set of equations; `outputs` are variables that the block assigns and that are kept too."""
    return {"name": name, "block": block, "method": method, "steady": steady, "text": text, "states": dict(states or STATES), "outputs": list(outputs)}


CHAIN = "~ m <-> h (a, b) ~ h <-> s (k, a)"
SECOND_ORDER = "~ m + h <-> s (k, a) ~ 2 h <-> m (b, k)"
CASES = [
    case("cnexp_shapes", "DERIVATIVE", "cnexp", "m' = (0.8 - m)/tau h' = a*(1 - h) - b*h s' = -k*s"),
    case("cnexp_more_shapes", "DERIVATIVE", "cnexp", "m' = -(m - 0.7)*k/tau h' = a - (a + b)*h s' = a"),
    case("cnexp_of_v", "DERIVATIVE", "cnexp", "alpha = exp((v + 40)/20) inf = 1/(1 + exp(-(v + 50)/9)) m' = alpha*(inf - m) h' = (1 - h)*alpha - 0.1*h*inf s' = 0.1 - s/(tau*alpha)",
         outputs=["alpha", "inf"]),
    case("cnexp_one_after_another", "DERIVATIVE", "cnexp", "m' = (h - m)/tau h' = a*m - k*h s' = h*(1 - s) - m*s"),
    case("cnexp_branches", "DERIVATIVE", "cnexp", "if (v > -60) { m' = -k*m } else { m' = -m } if (m > 0.08) { h' = 1 - h } else { h' = -h } s' = -s/tau"),
    case("cnexp_by_way", "DERIVATIVE", "cnexp", "Q = m*m/(1 + m) m' = a - Q if (h > 0.5) { R = 1 } else { R = 2 } h' = -R*h s' = (0.4 - s)/(tau*R)"),
    case("cnexp_not_linear", "DERIVATIVE", "cnexp", "m' = a - sqrt(m) h' = -h*m s' = -s/(1 + s)"),
    case("derivimplicit_linear", "DERIVATIVE", "derivimplicit", "m' = a*h - k*m h' = -a*h + k*m + s s' = -s/tau"),
    case("derivimplicit_step", "DERIVATIVE", "derivimplicit", "m' = a - k*m*h h' = m*m - h/(1 + h) s' = -exp(s) + h"),
    case("derivimplicit_by_way", "DERIVATIVE", "derivimplicit", "Q = m*h if (v > -60) { R = exp(-s) } else { R = 3 } m' = a - Q h' = Q - R*h s' = R - s*h out = Q + R",
         outputs=["out"]),
    case("euler_step", "DERIVATIVE", "euler", "Q = m*h m' = a - Q h' = Q - b*h s' = -k*s + t out = m", outputs=["out"]),
    case("runge_step", "DERIVATIVE", "runge", "Q = m*h m' = a - Q h' = Q - b*h s' = -k*s + sin(t) out = m", outputs=["out"]),
    case("derivative_without_method", "DERIVATIVE", "", "m' = a - m h' = m - b*h s' = -k*s"),
    case("derivative_after_cvode", "DERIVATIVE", "after_cvode", "m' = a - m h' = m - b*h s' = -k*s out = m + 1", outputs=["out"]),
    case("derivative_cvode_t", "DERIVATIVE", "cvode_t", "m' = a - m h' = m - b*h s' = -k*s out = m + 1", outputs=["out"]),
    case("kinetic_chain", "KINETIC", "sparse", CHAIN),
    case("kinetic_conserve", "KINETIC", "sparse", CHAIN + " CONSERVE m + h + s = total"),
    case("kinetic_conserve_other", "KINETIC", "sparse", CHAIN + " CONSERVE s + h + m = total"),
    case("kinetic_volumes", "KINETIC", "sparse", "COMPARTMENT vol1 {m h} COMPARTMENT vol2 {s} " + CHAIN),
    case("kinetic_volumes_conserve", "KINETIC", "sparse", "COMPARTMENT vol1 {m h} COMPARTMENT vol2 {s} " + CHAIN + " CONSERVE m + h + s = total"),
    case("kinetic_flux", "KINETIC", "sparse", "COMPARTMENT vol1 {m h} " + CHAIN + " ~ m << (a*v/100) ~ s -> (k)"),
    case("kinetic_rates_of_states", "KINETIC", "sparse", "r = a*h ~ m <-> h (r, b/(1 + m)) ~ h <-> s (k*m, a) ~ s << (b*s)", outputs=["r"]),
    case("kinetic_second_order", "KINETIC", "sparse", SECOND_ORDER),
    case("kinetic_second_order_volumes", "KINETIC", "sparse", "COMPARTMENT vol1 {m h} COMPARTMENT vol2 {s} " + SECOND_ORDER + " ~ m << (b)"),
    case("kinetic_second_order_conserve", "KINETIC", "sparse", "~ m + h <-> s (k, a) CONSERVE h + s = total"),
    case("kinetic_second_order_rates_of_states", "KINETIC", "sparse", "r = a*h ~ m + h <-> s (k, r) ~ s << (b*s*s) ~ m -> (r)", outputs=["r"]),
    case("kinetic_coefficients", "KINETIC", "sparse", "~ 2 m <-> h (k, a) ~ h <-> 3 s (b, k) CONSERVE m + 2 h = 0.9"),
    case("kinetic_array", "KINETIC", "sparse", "COMPARTMENT vol1 {c} ~ c[0] <-> c[1] (a, b) ~ c[1] <-> c[2] (k, b) ~ c[0] + m <-> s (k, a) ~ c[2] << (b)",
         states={"c": [0.5, 0.1, 0.2], "m": 0.4, "s": 0.2}),
    case("kinetic_rest", "KINETIC", "sparse", CHAIN, steady=True),
    case("kinetic_rest_conserve", "KINETIC", "sparse", CHAIN + " CONSERVE m + h + s = total", steady=True),
    case("kinetic_rest_second_order", "KINETIC", "sparse", "~ m + h <-> s (k, a)", steady=True),
    case("kinetic_rest_second_order_conserve", "KINETIC", "sparse", "~ m + h <-> s (k, a) CONSERVE h + s = total CONSERVE m + s = 0.7", steady=True),
    case("derivative_rest", "DERIVATIVE", "derivimplicit", "m' = a - k*m h' = m - b*h*h s' = h - s", steady=True),
    case("linear", "LINEAR", "", "~ m + k*h = 3 out = m + 1 ~ h - a*s + m*b = 1 ~ s*v/50 - m = out", outputs=["out"]),
    case("nonlinear", "NONLINEAR", "", "~ m*m + h = k ~ h*s = a ~ s - exp(-m) = 0.4"),
    # What NEURON refuses.
    case("sparse_derivative", "DERIVATIVE", "sparse", "m' = a - m"),
    case("derivimplicit_kinetic", "KINETIC", "derivimplicit", CHAIN),
    case("cnexp_kinetic", "KINETIC", "cnexp", CHAIN),
    case("conserve_product", "KINETIC", "sparse", CHAIN + " CONSERVE m + 2*h + s = total"),
]


def declaration(name, value):
    return f"{name}[{len(value)}]" if isinstance(value, list) else name


def starts(states):
    for name, value in states.items():
        for i, x in enumerate(value if isinstance(value, list) else [value]):
            yield (f"{name}[{i}]" if isinstance(value, list) else name), x


def mod_text(c):
    """The .mod file of a case. Names of one capital letter are LOCAL."""
    words = set(re.findall(r"\b[A-Za-z_]\w*", c["text"]))
    local = sorted(w for w in words if re.fullmatch("[QRS]", w))
    assigned = sorted(w for w in ("alpha", "inf", "out", "r") if w in words)
    method = f" METHOD {c['method']}" if c["method"] else ""
    states = " ".join(declaration(n, x) for n, x in c["states"].items())
    ranges = ", ".join([n for n in c["states"]] + assigned)
    solve_initially = f" SOLVE equations STEADYSTATE {c['method']}" if c["steady"] else ""
    text = c["text"]
    return "\n".join([
        f"NEURON {{ SUFFIX {c['name']} RANGE {ranges} }}",
        "PARAMETER { " + " ".join(f"{n} = {x}" for n, x in PARAMETERS.items()) + " }",
        "ASSIGNED { v dt " + " ".join(assigned) + " }",
        f"STATE {{ {states} }}",
        "INITIAL { " + " ".join(f"{n} = {x}" for n, x in starts(c["states"])) + solve_initially + " }",
        "BREAKPOINT { " + ("" if c["steady"] else f"SOLVE equations{method} ") + "}",
        f"{c['block']} equations {{" + (f" LOCAL {', '.join(local)}" if local else ""),
        text, "}", ""])


RUN = """
import json, sys
from neuron import h
h.nrn_load_dll(sys.argv[1])
name, steps, dt, v, names = json.loads(sys.argv[2])
section = h.Section(name="cell")
section.insert(name)
mechanism = getattr(section(0.5), name)
def read(n):
    return getattr(mechanism, n.split("[")[0])[int(n.split("[")[1][:-1])] if "[" in n else getattr(mechanism, n)
h.dt = dt
h.finitialize(v)
kept = {"0": [read(n) for n in names]}
for step in range(1, max(steps) + 1):
    h.fadvance()
    if step in steps:
        kept[str(step)] = [read(n) for n in names]
print("KEPT" + json.dumps(kept))
"""


def said(output):
    """What the translator says beyond its progress."""
    noise = ("Translating", "Thread Safe", "Notice: runge", "Notice: LINEAR", "Notice: NONLINEAR", "Notice: This mechanism")
    lines = [line.strip() for line in output.splitlines()]
    return [line for line in lines if re.match("Error|Could not|syntax|Illegal|NEURON's", line) and not line.startswith(noise)]


def translate(c, folder):
    """What the translator says; the file stays in the folder if it is taken."""
    file = folder / f"{c['name']}.mod"
    if not file.exists() or file.read_text() != mod_text(c):
        file.write_text(mod_text(c))
    home = Path(neuron.__file__).parent / ".data"
    done = subprocess.run([home / "bin/nocmodl", file.name, "-o", "translated"], cwd=folder, env=dict(os.environ, NMODLHOME=home, NRNHOME=home),
                          capture_output=True, text=True)
    if done.returncode:
        file.unlink()
    return {"said": said(done.stdout + done.stderr), "is_taken": done.returncode == 0}


def run(c, library):
    names = [n for n, _ in starts(c["states"])] + c["outputs"]
    steps = [] if c["steady"] else STEPS
    done = subprocess.run([sys.executable, "-c", RUN, str(library), json.dumps([c["name"], steps or [1], DT, V, names])], capture_output=True, text=True)
    if "KEPT" not in done.stdout:
        return {"failed": done.stderr.strip().splitlines()[-1]}
    kept = json.loads(done.stdout.split("KEPT")[1])
    return {"values": {step: dict(zip(names, x)) for step, x in kept.items() if (step == "0") == c["steady"]}}


def main():
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp())
    folder.mkdir(parents=True, exist_ok=True)
    all_cases = [dict(c, **translate(c, folder)) for c in CASES]
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    subprocess.run(["nrnivmodl", "."], cwd=folder, env=dict(os.environ, PATH=path), capture_output=True, check=True)
    library = next(folder.glob("*/libnrnmech.so"))
    out = {"made_by": "bench/nmodl/solve_reference.py", "neuron": neuron.__version__, "parameters": PARAMETERS, "dt": DT, "v": V,
           "cases": [dict(c, **run(c, library)) if c["is_taken"] else c for c in all_cases]}
    path = Path(__file__).resolve().parents[2] / "tests/reference/nmodl/solve.json"
    path.write_text(json.dumps(out, indent=1) + "\n")


if __name__ == "__main__":
    main()
