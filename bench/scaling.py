# SPDX-License-Identifier: BSD-3-Clause
"""How a circuit scales over processes: forecasts of `apical plan` against runs, and the curve to as many processes as one likes.

Measures the layer 5 microcircuit whole on 1, 2 and 4 processes (strong scaling), and so many cells on one process against twice as many on two
(weak scaling), in rounds; asks `apical plan` about the same beforehand; and draws the weak curve, measured and modelled.

    python bench/scaling.py build/release/apical --cells 1000 --time 40 --rounds 3 --picture docs/pictures/weak_scaling.svg
"""

import argparse
import json
import math
import os
import statistics
import subprocess
import sys


def output(words):
    done = subprocess.run(words, capture_output=True, text=True, env=os.environ | {"OMP_NUM_THREADS": "1"}, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(words)}: {done.stderr}")
    return json.loads(done.stdout)


def launched(args, ranks):
    return [args.mpirun, *args.launcher.split(), "-n", str(ranks)] if ranks > 1 else []


def measured(args, cells, ranks):
    """A run: times, memory, messages."""
    told = output([*launched(args, ranks), args.apical, "circuit", "l5_microcircuit", "--set", f"cells={cells}", "--time", f"{args.time} ms", "--json"])
    per_second = 1000 / told["simulated_ms"]
    s = told["statistics"]
    return {"build": told["build_seconds"], "run": told["run_seconds"] * per_second, "processor": max(p["processor_seconds"] for p in told["processes"]) * per_second, "memory": max(p["peak_bytes"] for p in told["processes"]), "received": s["received_bytes"] * per_second,
            "exchanges": s["exchanges"] * per_second, "rounds": s["rounds"] * per_second, "imbalance": s["imbalance"], "contacts": told["connections"],
            "rates": {p["name"]: p["rate_hz"] for p in told["populations"]}}


def planned(args, cells, ranks, *more):
    """A forecast for so many processes, measured under as many: links are those between them."""
    words = [args.apical, "plan", "l5_microcircuit", "--set", f"cells={cells}", "--time", f"{args.time} ms", "--ranks", str(ranks), "--cores", str(args.cores), "--json", *more]
    return output(words)


def forecast(args, cells, ranks, rates):
    words = [f"--rate={name}={rate} Hz" for name, rate in rates.items()]
    told = output([*launched(args, ranks), args.apical, "plan", "l5_microcircuit", "--set", f"cells={cells}", "--time", f"{args.time} ms", "--cores", str(args.cores), "--on-machine", str(ranks), "--json", *words])
    run = told["runs"][0]
    return {"build": run["build_seconds"], "run": run["seconds_per_second"], "processor": run["largest"]["compute_seconds"] + run["spike_seconds"], "memory": run["largest"]["bytes"], "received": run["received_bytes_per_second"],
            "exchanges": 1000 / run["epoch_ms"], "rounds": run["rounds_per_second"], "imbalance": run["balance"], "contacts": run["connections"],
            "latency": told["latency_seconds"], "bandwidth": told["bandwidth_bytes_per_second"]}


def median(runs):
    return {key: statistics.median(r[key] for r in runs) for key in runs[0] if key not in ("rates",)}


UNITS = {"build": ("building [s]", 1), "run": ("1 s of biology [s]", 1), "processor": ("of that, processor time of the busiest [s]", 1), "memory": ("memory [MB]", 1e-6), "received": ("received [MB/s of biology]", 1e-6), "exchanges": ("exchanges a second", 1),
         "rounds": ("rounds a second", 1), "imbalance": ("imbalance", 1), "contacts": ("contacts", 1)}


def compare(title, forecasts, runs):
    print(f"\n{title}\n\n| | forecast | measured | error |\n|---|---|---|---|")
    for key, (name, scale) in UNITS.items():
        f, m = forecasts[key] * scale, runs[key] * scale
        print(f"| {name} | {f:.4g} | {m:.4g} | {f'{100 * (f / m - 1):+.0f} %' if m else '-'} |")


class Picture:
    """A curve on logarithmic and linear axes, as SVG."""

    width, height, left, bottom, right, top = 640, 300, 60, 50, 16, 34

    def __init__(self, most_ranks, most_seconds):
        self.decades, self.most = math.log10(most_ranks), most_seconds
        self.parts = []

    def at(self, ranks, seconds):
        x = self.left + math.log10(ranks) / self.decades * (self.width - self.left - self.right)
        return x, self.height - self.bottom - seconds / self.most * (self.height - self.bottom - self.top)

    def text(self, x, y, words, anchor="middle", more=""):
        self.parts.append(f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{more}>{words}</text>')

    def axes(self, unit):
        x0, y0 = self.at(1, 0)
        x1, _ = self.at(10**self.decades, 0)
        _, y1 = self.at(1, self.most)
        self.parts.append(f'<path d="M{x0:.1f} {y1:.1f}V{y0:.1f}H{x1:.1f}" fill="none" stroke="#777"/>')
        for d in range(int(self.decades) + 1):
            x, y = self.at(10**d, 0)
            self.parts.append(f'<path d="M{x:.1f} {y:.1f}v5" stroke="#777"/>')
            self.text(x, y + 20, f"{10**d:,}".replace(",", " "))
        step = 10 ** math.floor(math.log10(self.most / 2))
        step *= 5 if self.most / step > 12 else 2 if self.most / step > 6 else 1
        for k in range(int(self.most / step) + 1):
            x, y = self.at(1, k * step)
            self.parts.append(f'<path d="M{x:.1f} {y:.1f}h-5" stroke="#777"/>')
            self.text(x - 9, y + 4, f"{k * step:g}", "end")
        self.text((x0 + x1) / 2, y0 + 40, "processes")
        self.text(12, 18, unit, "start")

    def curve(self, points, colour, words, dashes=""):
        path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in (self.at(*p) for p in points))
        self.parts.append(f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2"{dashes}/>')
        x, y = self.at(*points[-1])
        self.text(x, y - 8, words, "end", f' fill="{colour}"')

    def dots(self, points, colour, words):
        for p in points:
            x, y = self.at(*p)
            self.parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{colour}"/>')
        x, y = self.at(*points[-1])
        self.text(x + 10, y - 10, words, "start", f' fill="{colour}"')

    def write(self, file):
        head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}" font-family="sans-serif" font-size="13" fill="#555">'
        with open(file, "w", encoding="utf-8") as out:
            out.write("\n".join([head, *self.parts, "</svg>"]) + "\n")


def weak_curve(args, cells, ranks, rates, links):
    words = [f"--rate={name}={rate} Hz" for name, rate in rates.items()]
    told = planned(args, cells, ranks, "--weak", "--on-machine", "1", f"--latency={links['latency'] * 1e6:.3f} us", f"--bandwidth={links['bandwidth'] * 1e-9:.4f} GB/s", *words)
    return told["runs"]


def tell_curve(args, rates):
    """The modelled curve as a table; its points, and the cells of a process."""
    cells = args.cells // 2
    curve = weak_curve(args, cells, args.curve, rates, {"latency": args.latency * 1e-6, "bandwidth": args.bandwidth * 1e9})
    print(f"\nweak scaling modelled, {cells} cells a process, {args.latency:g} us, {args.bandwidth:g} GB/s\n\n| processes | cells | 1 s takes [s] | spikes [s] | messages [s] | memory [MB] | efficiency |\n|---|---|---|---|---|---|---|")
    for r in curve:
        print(f"| {r['ranks']:.0f} | {r['cells']:.0f} | {r['seconds_per_second']:.1f} | {r['spike_seconds']:.3g} | {r['message_seconds']:.3g} | {r['largest']['bytes'] * 1e-6:.0f} | {100 * r['efficiency']:.1f} % |")
    return [(r["ranks"], r["seconds_per_second"]) for r in curve], cells


def draw(args, points, cells, measured):
    if not args.picture:
        return
    picture = Picture(points[-1][0], 1.25 * max(s for _, s in points + measured))
    picture.axes(f"seconds for 1 s of biology, {cells} detailed cells a process")
    picture.curve(points, "#1f77b4", "modelled")
    picture.dots(measured, "#d62728", "measured")
    picture.write(args.picture)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("apical", help="the program")
    parser.add_argument("--cells", type=int, default=1000)
    parser.add_argument("--time", type=float, default=40.0, help="of biology [ms]")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cores", type=int, default=2, help="of this machine")
    parser.add_argument("--ranks", default="1,2,4", help="of strong scaling")
    parser.add_argument("--curve", default="1,2,4,...,10000", help="of the modelled curve")
    parser.add_argument("--latency", type=float, default=2.0, help="of the curve's network [us]")
    parser.add_argument("--bandwidth", type=float, default=10.0, help="of the curve's network [GB/s]")
    parser.add_argument("--picture", help="SVG file")
    parser.add_argument("--mpirun", default="mpirun")
    parser.add_argument("--launcher", default="--allow-run-as-root --oversubscribe --bind-to none", help="options of mpirun")
    parser.add_argument("--measured", help="only the curve and its picture, with these points of other runs: 1=243,2=248 [s]")
    args = parser.parse_args()
    if args.measured:
        draw(args, *tell_curve(args, {}), [(float(n), float(s)) for n, s in (p.split("=") for p in args.measured.split(","))])
        return
    strong = [int(n) for n in args.ranks.split(",")]
    half = args.cells // 2
    cases = [(args.cells, n) for n in strong] + [(half, 1)]
    runs, forecasts, rates = {c: [] for c in cases}, {c: [] for c in cases}, {}
    for number in range(args.rounds):
        for case in cases:   # a forecast and its run in turn: others may use the machine
            if case[0] not in rates:
                first = measured(args, *case)
                rates[case[0]] = first["rates"]
                runs[case].append(first)
            elif number > 0 or not runs[case]:
                runs[case].append(measured(args, *case))
            forecasts[case].append(forecast(args, *case, rates[case[0]]))
            print(f"round {number}: {case[0]} cells on {case[1]}: 1 s of biology in {runs[case][-1]['run']:.1f} s, forecast {forecasts[case][-1]['run']:.1f} s", flush=True)
    for case in cases:
        compare(f"{case[0]} cells on {case[1]} process{'es' if case[1] > 1 else ''}", median(forecasts[case]), median(runs[case]))
    ratio = [b["run"] / a["run"] for a, b in zip(runs[(half, 1)], runs[(args.cells, 2)], strict=False)] if (args.cells, 2) in runs else []
    if ratio:
        print(f"\nweak scaling, {half} cells on one process against {args.cells} on two: {statistics.median(ratio):.3f} ({min(ratio):.3f} to {max(ratio):.3f}) times as long")
    points, cells = tell_curve(args, rates[half])
    if ratio:
        draw(args, points, cells, [(1, median(runs[(half, 1)])["run"]), (2, median(runs[(args.cells, 2)])["run"])])


if __name__ == "__main__":
    main()
