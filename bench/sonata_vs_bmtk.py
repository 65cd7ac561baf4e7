# SPDX-License-Identifier: BSD-3-Clause
"""The same SONATA files run by BMTK (on NEURON or NEST) and by `apical sonata run`: spikes and voltages compared.

Circuits are made by BMTK's own NetworkBuilder in a folder, from the morphologies and fits of the SONATA examples, so that none is known
to Apical beforehand. Installs nothing; says what is missing.

    python bench/sonata_vs_bmtk.py build/release/apical --peers peers/bin/python --components sonata/examples/shared_components
"""

import argparse
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

BUILDER = pathlib.Path(__file__).parent / "peers" / "bmtk_circuits.py"


def peer(python, *args):
    """What a command of the builder prints last, or its complaint."""
    done = subprocess.run([python, str(BUILDER), *map(str, args)], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, args))} failed:\n{done.stdout[-2000:]}{done.stderr[-3000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def compare(name, folder, apical, python):
    options = json.loads((folder / "options.json").read_text())
    peer(python, "run", folder)
    config = json.loads((folder / "config.simulation.json").read_text())
    config["output"]["output_dir"] = "$BASE_DIR/apical"
    (folder / "config.apical.json").write_text(json.dumps(config, indent=1))
    subprocess.run([apical, "sonata", "run", str(folder / "config.apical.json"), "--overwrite", *options["apical"]], check=True, capture_output=True, text=True)
    r = peer(python, "compare", folder, options["close"])
    voltage = ", ".join(f"{report} {difference:.2g}" for report, difference in r["reports"].items())
    print(f"| {name} | {options['simulator']} | {r['theirs']} | {r['ours']} | {r['alike']} | {voltage} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("apical", help="the program")
    parser.add_argument("--peers", required=True, help="a Python with bmtk (and pandas below 3), neuron, nest-simulator")
    parser.add_argument("--components", required=True, type=pathlib.Path, help="shared_components of the SONATA examples")
    parser.add_argument("--only", nargs="*", help="names of circuits")
    parser.add_argument("--keep", type=pathlib.Path, help="folder for the circuits and results")
    args = parser.parse_args()
    known = peer(args.peers, "list")
    root = args.keep or pathlib.Path(tempfile.mkdtemp())
    root.mkdir(parents=True, exist_ok=True)
    mechanisms = root / "mechanisms"
    if not mechanisms.exists():
        peer(args.peers, "mechanisms", mechanisms)
    print("| circuit | simulator | spikes there | spikes here | alike | largest difference of reports, until the first that differs |\n|---|---|---|---|---|---|")
    for name in args.only or known:
        folder = root / name
        shutil.rmtree(folder, ignore_errors=True)
        peer(args.peers, "build", name, folder, args.components.resolve(), mechanisms.resolve())
        compare(name, folder.resolve(), str(pathlib.Path(args.apical).resolve()), args.peers)
    if not args.keep:
        shutil.rmtree(root)


if __name__ == "__main__":
    main()
