// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

namespace apical::testing {

/// An experiment that uses every kind of object, one a line.
inline const std::string& sample_experiment() {
    static const std::string text = R"json({
  "title": "everything",
  "cells": {
    "ball": {"model": "ball_and_stick", "options": {"dendrite": "400 um", "compartments": 7}, "v_init": "-70 mV"},
    "made": {"morphology": {"synthetic": "pv_basket", "index": 1, "seed": 2}, "compartments": "max_length(40 um)",
      "paint": [
        {"region": "all", "capacitance": "1 uF/cm2", "resistivity": "100 ohm cm"},
        {"region": "all", "mechanism": "pas", "g": "1e-4 S/cm2 * exp(-distance/100 um)", "e_rev": "-70 mV"},
        {"region": "soma", "mechanism": "WB_Na", "g_max": "0.035 S/cm2"},
        {"region": "soma and distance < 100 um", "ion": "k", "e_rev": "-90 mV"}
      ]}
  },
  "populations": [{"name": "a", "cell": "ball", "size": 3, "positions": {"type": "cylinder", "radius": "50 um", "height": "10 um"}}, {"name": "b", "cell": "made"}],
  "stimuli": [
    {"type": "step", "population": "a", "cells": [0, 2], "delay": "10 ms", "duration": "50 ms", "amplitude": "0.3 nA"},
    {"type": "ramp", "population": "a", "at": "dend[0](1)", "delay": "0 ms", "duration": "0.1 s", "from": "0 nA", "to": "100 pA"},
    {"type": "noise", "population": "b", "delay": "0 ms", "duration": "100 ms", "mean": "0.1 nA", "sd": "50 pA", "tau": "3 ms", "stream": 18446744073709551615},
    {"type": "waveform", "population": "b", "points": [{"time": "1 ms", "current": "0 nA"}, {"time": "2 ms", "current": "1 nA"}]},
    {"type": "epsp", "population": "a", "at": "dend[0](0.5)", "onset": "20 ms", "peak": "0.2 nA"},
    {"type": "voltage_clamp", "population": "b", "levels": [{"from": "0 ms", "voltage": "-80 mV"}, {"from": "5 ms", "voltage": "0 mV"}], "stop": "50 ms", "series": "1 Mohm"}
  ],
  "receptors": [{"label": "syn", "receptor": "exp2syn", "population": "b", "at": "soma(0.5)", "tau_rise": "0.5 ms"}],
  "spike_trains": [{"onto": "syn", "times": ["30 ms", "20 ms"], "weight": "2 nS", "delay": "1 ms"}],
  "probes": [
    {"label": "va", "population": "a"},
    {"label": "m", "population": "b", "variable": "wb_na.h", "interval": "0.1 ms", "start": "1 ms"}
  ],
  "detectors": [{"population": "a", "threshold": "-10 mV"}, {"population": "b"}],
  "run": {"until": "100 ms", "dt": "0.05 ms", "scheme": "backward_euler", "temperature": "34 degC", "constants": "legacy", "seed": 7, "threads": 2, "lanes": 1},
  "output": {"folder": "results", "spikes": true, "traces": false, "csv": true, "report": false, "spike_time": "on_step"},
  "spike_sources": [{"name": "outside", "size": 2, "spikes": [{"source": 1, "times": ["5 ms", "7 ms"]}], "rate": "10 Hz", "start": "1 ms", "duration": "50 ms"}],
  "projections": [
    {"name": "drive", "source": "outside", "target": "a", "rule": {"type": "fixed_indegree", "sources": 2}, "receptor": "exp2syn", "parameters": {"tau_decay": "3 ms"},
      "weight": {"normal": ["4 nS", "1 nS"], "within": ["0 nS", "8 nS"]}, "delay": "1.5 ms", "at": "in basal", "contacts": 2, "spontaneous": "1 Hz",
      "short_term": {"use": 0.4, "tau_recovery": {"lognormal": ["200 ms", "50 ms"]}, "tau_facilitation": "20 ms", "vesicles": 3}},
    {"name": "back", "source": "b", "target": "a", "rule": {"type": "list", "contacts": [{"source": 0, "target": 2, "weight": "3 nS", "delay": "2 ms", "at": "dend[0](0.5)"}]}, "receptor": "gaba_a"},
    {"name": "near", "source": "a", "target": "a", "rule": {"type": "gaussian", "p0": 0.5, "sigma": "100 um"}, "receptor": "expsyn", "weight": "1 nS", "delay": {"uniform": ["1 ms", "2 ms"]}, "velocity": "0.3 m/s"}
  ],
  "gap_junctions": [
    {"a": {"population": "a", "cell": 0}, "b": {"population": "a", "cell": 1, "at": "dend[0](1)"}, "conductance": "1 nS"},
    {"name": "pairs", "a": "a", "b": "a", "probability": 1, "within": "1 m", "conductance": "0.5 nS"}
  ]
}
)json";
    return text;
}

}  // namespace apical::testing
