// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "circuit/stimulus.hpp"
#include "engine/options.hpp"
#include "io/circuit_fields.hpp"
#include "io/experiment.hpp"
#include "io/fields.hpp"

/// The objects of an experiment file, as they are written. Each list of fields here is the only one: reader, schema and tables
/// follow from it. io/experiment.cpp turns them into a circuit.
namespace apical {

/// Names of the values of each enumeration that a file may hold.
inline std::vector<std::string> choices(scheme) { return {"crank_nicolson", "backward_euler", "auto", "precise", "cvode"}; }
inline std::vector<std::string> choices(splitting) { return {"auto", "never"}; }
inline std::vector<std::string> choices(rates) { return {"tabulated", "functions", "single"}; }
inline std::vector<std::string> choices(physical_constants) { return {"modern", "legacy"}; }
inline std::vector<std::string> choices(neuron_method) { return {"fixed_step", "adaptive"}; }
inline std::vector<std::string> choices(spike_time) { return {"interpolated", "on_step"}; }

}  // namespace apical

namespace apical::experiment_file {

using json::region_text, json::rule_text;

/// Where something acts; its fields stand among those of what acts.
struct target_fields {
    located<std::string> population;
    located<location_text> at{{"soma(0.5)"}};
    located<std::vector<int>> cells;
    std::string where;
    void bind(auto& field) {
        field.note_place(where);
        field("population", population, "on which population; may be left out if there is only one");
        field("at", at, "where on each cell; several places mean one copy at each");
        field("cells", cells, "on which cells of the population, counted from 0; left out: all", not_negative);
    }
};

// ---- cells

struct synthetic_fields {
    static constexpr std::string_view title = "synthetic", about = "A morphology of one of the generated families.";
    located<std::string> synthetic;
    std::uint64_t index = 0, seed = 0;
    void bind(auto& field) {
        field("synthetic", synthetic, "the family: `\"l5_tufted_pyramidal\"`, `\"l23_pyramidal\"`, `\"pv_basket\"` or `\"sst_martinotti\"`", required);
        field("index", index, "which member of the family; each is another shape");
        field("seed", seed, "another number, other shapes");
    }
};

struct mechanism_fields {
    static constexpr std::string_view title = "mechanism", about = "A channel or pool of the catalogue over a region.", key = "mechanism";
    located<region_text> region;
    located<std::string> mechanism;
    json::others<value_text> parameters;
    void bind(auto& field) {
        field("region", region, "where", required);
        field("mechanism", mechanism, "its name in the catalogue; `apical channels` lists them", required);
        field("parameters", parameters, "a parameter of the mechanism that differs from its default");
    }
};

struct ion_fields {
    static constexpr std::string_view title = "ion", about = "What is known of an ion in a region where no pool keeps account of it.", key = "ion";
    located<region_text> region;
    located<std::string> ion;
    std::optional<voltage> e_rev;
    std::optional<concentration> c_in, c_out;
    void bind(auto& field) {
        field("region", region, "where", required);
        field("ion", ion, "`\"na\"`, `\"k\"`, `\"ca\"` or `\"cl\"`", required);
        field("e_rev", e_rev, "reversal potential; left out: NEURON's default");
        field("c_in", c_in, "concentration inside; left out: NEURON's default", not_negative);
        field("c_out", c_out, "concentration outside; left out: NEURON's default", not_negative);
    }
};

struct cable_fields {
    static constexpr std::string_view title = "cable", about = "The passive cable over a region.", key = "";
    located<region_text> region;
    located<value_text> capacitance;
    quantity<dimensions::resistivity> resistivity;
    void bind(auto& field) {
        field("region", region, "where", required);
        field("capacitance", capacitance, "specific membrane capacitance, such as `\"1 uF/cm2\"`", required);
        field("resistivity", resistivity, "axial resistivity", required | positive);
    }
};

struct cell_fields {
    static constexpr std::string_view title = "cell", about = "A kind of neuron: a ready model, or a morphology with what is painted on it.";
    std::optional<located<json::text_or<synthetic_fields>>> morphology;
    std::optional<located<std::string>> model;
    std::map<std::string, located<value_text>> options;
    std::optional<located<rule_text>> compartments;
    std::optional<voltage> v_init;
    std::vector<json::by_key<mechanism_fields, ion_fields, cable_fields>> paint;
    std::string where;
    void bind(auto& field) {
        field("model", model, "a ready model; `apical models` lists them");
        field("options", options, "choices the model leaves open");
        field("morphology", morphology, "an SWC or ASC file, or a generated shape; with a model: in place of the model's own");
        field("compartments", compartments, "how finely sections are cut; left out: `d_lambda(0.1, 100 Hz)`, or as the model says");
        field("v_init", v_init, "potential at the start; left out: -65 mV, or as the model says");
        field("paint", paint, "what sits where; later entries win over earlier ones, and over the model's");
    }
};

struct population_fields {
    static constexpr std::string_view title = "population", about = "Neurons of one kind.";
    located<std::string> name, cell;
    int size = 1;
    std::optional<located<position_fields>> positions;
    void bind(auto& field) {
        field("name", name, "what to call it", required);
        field("cell", cell, "which of the `cells`", required);
        field("size", size, "number of neurons", between(1, 1e8));
        field("positions", positions, "where their somata are; needed by rules and delays that depend on distance. Random ones belong to the seed and the name");
    }
};

// ---- stimuli

struct step_fields {
    static constexpr std::string_view title = "step", about = "A constant current.";
    static constexpr bool is_tagged = true;
    target_fields on;
    step_current source;
    void bind(auto& field) {
        on.bind(field);
        field("delay", source.delay, "when it begins", required | not_negative);
        field("duration", source.duration, "how long it lasts", required | not_negative);
        field("amplitude", source.amplitude, "positive depolarises", required);
    }
};

struct ramp_fields {
    static constexpr std::string_view title = "ramp", about = "A current that changes linearly.";
    static constexpr bool is_tagged = true;
    target_fields on;
    ramp_current source;
    void bind(auto& field) {
        on.bind(field);
        field("delay", source.delay, "when it begins", required | not_negative);
        field("duration", source.duration, "how long it lasts", required | positive);
        field("from", source.from, "current at the beginning", required);
        field("to", source.to, "current at the end", required);
    }
};

struct noise_fields {
    static constexpr std::string_view title = "noise", about = "Ornstein-Uhlenbeck noise, another on each cell.";
    static constexpr bool is_tagged = true;
    target_fields on;
    noise_current source;
    void bind(auto& field) {
        on.bind(field);
        field("delay", source.delay, "when it begins", required | not_negative);
        field("duration", source.duration, "how long it lasts", required | not_negative);
        field("mean", source.mean, "mean", required);
        field("sd", source.sd, "standard deviation", required | not_negative);
        field("tau", source.tau, "correlation time", required | positive);
        field("stream", source.stream, "noises of one number and target are the same noise");
    }
};

struct waveform_point {
    static constexpr std::string_view title = "point", about = "A point of a waveform.";
    duration time;
    apical::current current;
    void bind(auto& field) {
        field("time", time, "when", required | not_negative);
        field("current", current, "how much", required);
    }
};

struct waveform_fields {
    static constexpr std::string_view title = "waveform", about = "A current that is linear between points, and zero before and after them.";
    static constexpr bool is_tagged = true;
    target_fields on;
    std::vector<waveform_point> points;
    std::optional<located<std::string>> file;
    std::string where;
    void bind(auto& field) {
        on.bind(field);
        field("points", points, "the points, in order of time");
        field("file", file, "instead of points: a CSV file whose first line is `time [ms],current [nA]`, in units of your choice");
    }
};

struct epsp_fields {
    static constexpr std::string_view title = "epsp", about = "A current with the shape of an EPSP's.";
    static constexpr bool is_tagged = true;
    target_fields on;
    epsp_current source;
    void bind(auto& field) {
        on.bind(field);
        field("onset", source.onset, "when it begins", required | not_negative);
        field("peak", source.peak, "its largest value", required);
        field("tau_rise", source.tau_rise, "time constant of the rise", positive);
        field("tau_decay", source.tau_decay, "time constant of the decay", positive);
    }
};

struct clamp_level {
    static constexpr std::string_view title = "level", about = "A level of a voltage clamp's command.";
    duration from;
    apical::voltage voltage;
    void bind(auto& field) {
        field("from", from, "when the command steps to it", required | not_negative);
        field("voltage", voltage, "the command", required);
    }
};

struct voltage_clamp_fields {
    static constexpr std::string_view title = "voltage_clamp", about = "A single-electrode voltage clamp.";
    static constexpr bool is_tagged = true;
    target_fields on;
    std::vector<clamp_level> levels;
    voltage_clamp clamp;
    std::string where;
    void bind(auto& field) {
        on.bind(field);
        field("levels", levels, "the command, in order of time; before the first level the electrode is off", required);
        field("stop", clamp.stop, "when the electrode is taken off", not_negative);
        field("series", clamp.series, "resistance of the electrode", positive);
    }
};

using stimulus_fields = json::by_type<step_fields, ramp_fields, noise_fields, waveform_fields, epsp_fields, voltage_clamp_fields>;

// ---- synapses

struct receptor_fields {
    static constexpr std::string_view title = "receptor", about = "A receptor of the catalogue at a place. Spike trains reach it by its label.";
    located<std::string> label, receptor;
    target_fields on;
    json::others<value_text> parameters;
    void bind(auto& field) {
        field("label", label, "what to call it", required);
        field("receptor", receptor, "its name in the catalogue; `apical channels` lists them", required);
        on.bind(field);
        field("parameters", parameters, "a parameter of the receptor that differs from its default");
    }
};

struct spike_file_fields {
    static constexpr std::string_view title = "spike_file", about = "The spikes of one cell in a SONATA spike file.";
    located<std::string> file;
    std::string population;
    int cell = 0;
    void bind(auto& field) {
        field("file", file, "the file", required);
        field("population", population, "which population; may be left out if the file has only one");
        field("cell", cell, "which cell of it", not_negative);
    }
};

struct spike_train_fields {
    static constexpr std::string_view title = "spike_train", about = "Spikes that arrive at the receptors of a label.";
    located<std::string> onto;
    std::vector<duration> times;
    std::optional<located<spike_file_fields>> source;
    located<value_text> weight;
    duration delay = 0*units::ms;
    std::string where;
    void bind(auto& field) {
        field("onto", onto, "the label of the receptors", required);
        field("times", times, "when the spikes happen", not_negative);
        field("source", source, "instead of times: a file of spikes");
        field("weight", weight, "what one spike adds: a peak conductance, or a current where the receptor takes one", required);
        field("delay", delay, "from the spike to its arrival", not_negative);
    }
};

struct poisson_train_fields {
    static constexpr std::string_view title = "poisson_train", about = "Random events at the receptors of a label, others at each of them.";
    located<std::string> onto;
    quantity<dimensions::rate> rate;
    located<value_text> weight;
    duration start = 0*units::ms, length = poisson_train{}.duration;
    std::uint64_t stream = 0;
    std::string where;
    void bind(auto& field) {
        field("onto", onto, "the label of the receptors", required);
        field("rate", rate, "events per time at each receptor, such as `\"8 kHz\"`: the sum of its inputs' rates", required | not_negative);
        field("weight", weight, "what one event adds: a peak conductance, or a current where the receptor takes one", required);
        field("start", start, "when they begin", not_negative);
        field("duration", length, "how long they last; left out: to the end", not_negative);
        field("stream", stream, "trains of one number onto one label are the same train");
    }
};

// ---- what is watched

struct probe_fields {
    static constexpr std::string_view title = "probe", about = "A time series to keep.";
    located<std::string> label;
    target_fields on;
    std::string variable = "v";
    duration interval = 0*units::ms, start = 0*units::ms;
    void bind(auto& field) {
        field("label", label, "what to call it; also the name of its file", required);
        on.bind(field);
        field("variable", variable, "`v`, `<mechanism>.<state>`, `<mechanism>.i`, `<mechanism>.g`, `ca.c_in`, `ca.e_rev`, `ca.i`, `i_membrane` or `i_clamp`; on point neurons `v` or `<neuron>.<state>`");
        field("interval", interval, "between samples; 0: every step", not_negative);
        field("start", start, "time of the first sample", not_negative);
    }
};

struct detector_fields {
    static constexpr std::string_view title = "detector", about = "A place where spikes are seen: upward crossings of the threshold.";
    target_fields on;
    voltage threshold = spike_detector{}.threshold;
    void bind(auto& field) {
        on.bind(field);
        field("threshold", threshold, "the potential that must be crossed; point neurons have a rule of their own");
    }
};

struct meter_fields {
    static constexpr std::string_view title = "energy_meter", about = "An account of what crosses the membranes of a population, from which ATP is told: `energy.csv`.";
    located<std::string> label, population;
    energy_meter meter;
    std::optional<duration> stop;
    std::string where;
    void bind(auto& field) {
        field("label", label, "what to call it", required);
        field("population", population, "whose cells; may be left out if there is one population");
        field("start", meter.start, "when it begins", not_negative);
        field("stop", stop, "when it ends; left out: with the run", positive);
        field("rest", meter.rest, "for so long before `start` the cells rest, which is subtracted from a spike's cost; 0: unknown", not_negative);
        field("interval", meter.interval, "between readings of the currents where the voltage changes slowly; 0: every step", not_negative);
    }
};

// ---- ready experiments

/// The experiments of models/protocols.hpp, by name.
enum class protocol_name { bap, epsp, calcium_spike, bac, step_firing, critical_frequency };
inline std::vector<std::string> choices(protocol_name) { return {"bap", "epsp", "calcium_spike", "bac", "step_firing", "critical_frequency"}; }

struct protocol_fields {
    static constexpr std::string_view title = "protocol", about = "A ready experiment on a layer-5 pyramidal cell, Hay et al. (2011): its stimuli, probes, "
                                                                  "detector and duration. Stimuli and probes of the file are added to them.";
    protocol_name name = protocol_name::bac;
    std::optional<current> amplitude, peak;
    std::optional<quantity<dimensions::rate>> frequency;
    std::optional<location_text> soma, trunk, tuft;
    void bind(auto& field) {
        field("name", name, "which", required);
        field("amplitude", amplitude, "of the current into the soma (bap, bac, step_firing, critical_frequency); left out: 1.9 nA, 0.793 nA for steps, 1.99 nA for pulses");
        field("peak", peak, "of the current into the dendrite (epsp, bac); left out: 0.5 nA");
        field("frequency", frequency, "of the pulses (critical_frequency); left out: 120 Hz", positive);
        field("soma", soma, "the somatic electrode; left out: `soma(0.5)`");
        field("trunk", trunk, "the dendritic electrode; left out: `thickest(at(apical, 620 um))`");
        field("tuft", tuft, "where a calcium spike is looked for (critical_frequency); left out: `thickest(at(apical, 830 um))`");
    }
};

// ---- the run

struct run_fields {
    static constexpr std::string_view title = "run", about = "How the model is run.";
    std::optional<duration> until;
    run_options options;
    void bind(auto& field) {
        field("until", until, "simulated time; may be left out with a protocol, which has its own", positive);
        field("dt", options.dt, "time step", positive);
        field("scheme", options.scheme, "second order; NEURON's default scheme step for step; second order in steps that each cell chooses; or all equations coupled, each cell in steps of its own, by RODAS or by CVODE");
        field("max_change", options.max_change, "of a voltage in a step that a cell chooses (scheme auto)", positive);
        field("max_error", options.max_error, "of a voltage in one step (schemes precise and cvode)", positive);
        field("rates", options.rates, "of gates that follow the voltage: from tables exact to 1e-12, from the channels' functions, or single: from tables, with gates and currents in single precision");
        field("temperature", options.temperature, "of the bath", positive);
        field("constants", options.constants, "R and F of Nernst potentials and pools: CODATA 2018, or those of NEURON before version 8");
        field("seed", options.seed, "of all random numbers");
        field("threads", options.threads, "number of threads; results do not depend on it", between(1, 4096));
        field("split", options.split, "whether one large cell may be shared out over the threads; results do not depend on it");
        field("neurons", options.neurons, "how point neurons advance: in fixed steps, or each with steps of its own, the reference");
        field("tolerance", options.tolerance, "of adaptive steps, relative, and absolute in mV and nA", positive);
        field("steps_per_input", options.steps_per_input, "steps between the times at which noise is drawn and events arrive: n with a step of dt/n has the inputs of dt", between(1, 1 << 20));
        field("gap_tolerance", options.gap_tolerance, "of gap junctions: both ends are solved for together until no voltage at one changes by more", positive);
        field("lanes", options.lanes, "cells computed side by side; 0 chooses; results do not depend on it", between(0, 64));
    }
};

struct output_fields {
    static constexpr std::string_view title = "output", about = "What the run leaves behind. A file that exists is not replaced unless `--overwrite` is given.";
    std::string folder = output_options{}.folder.string();
    output_options options;
    void bind(auto& field) {
        field("folder", folder, "where the files go, from the current folder");
        field("spikes", options.spikes, "`spikes.h5`, in SONATA's format");
        field("traces", options.traces, "`<label>.h5` for each probe, a SONATA compartment report");
        field("csv", options.csv, "the same as text: `spikes.csv`, `<label>.csv`");
        field("report", options.report, "`report.html`, a page of figures");
        field("held_samples", options.held_samples, "so many samples are kept in memory until the end; the traces of the probes with the most are written while the run goes on until the rest are no more, and are not in `report.html`. With `csv` all are kept", not_negative);
        field("spike_time", options.spike_time, "where within the step the threshold is crossed, or the first step above it as NEURON reports");
    }
};

struct experiment_fields {
    static constexpr std::string_view title = "experiment", about = "A model and what is done with it.";
    std::string schema, name;
    std::vector<located<std::string>> mechanisms;
    std::map<std::string, cell_fields> cells;
    std::vector<population_fields> populations;
    std::optional<located<json::text_or<protocol_fields>>> protocol;
    std::vector<stimulus_fields> stimuli;
    std::vector<receptor_fields> receptors;
    std::vector<spike_train_fields> spike_trains;
    std::vector<poisson_train_fields> poisson_trains;
    std::vector<spike_source_fields> spike_sources;
    std::vector<projection_fields> projections;
    std::vector<gap_fields> gap_junctions;
    std::vector<modulator_fields> modulators;
    std::vector<weight_probe_fields> weights;
    std::vector<probe_fields> probes;
    std::vector<detector_fields> detectors;
    std::vector<meter_fields> meters;
    located<run_fields> run;
    output_fields output;
    std::string where;
    void bind(auto& field) {
        field("$schema", schema, "address of the JSON schema, for editors; not looked at");
        field("title", name, "a line about the experiment, for the report");
        field("mechanisms", mechanisms, "files of NMODL (.mod), or folders of them; what they define goes before what the package has under the same name");
        field("cells", cells, "the kinds of neurons, by name; may be left out with a protocol, which has its own");
        field("populations", populations, "left out: one neuron of each kind, named like it");
        field("protocol", protocol, "a ready experiment, by its name or with its options");
        field("stimuli", stimuli, "currents and clamps");
        field("receptors", receptors, "synaptic receptors");
        field("spike_trains", spike_trains, "spikes onto receptors");
        field("poisson_trains", poisson_trains, "random events onto receptors");
        field("spike_sources", spike_sources, "spikes from outside, for projections");
        field("projections", projections, "connections between populations");
        field("gap_junctions", gap_junctions, "electrical synapses");
        field("modulators", modulators, "neuromodulators, which learning may depend on");
        field("weights", weights, "weights that are recorded while they change");
        field("probes", probes, "what is recorded");
        field("detectors", detectors, "where spikes are detected; a population that others hear has one at the soma without being asked");
        field("energy", meters, "energy meters");
        field("run", run, "how the model is run");
        field("output", output, "what is written");
    }
};

}  // namespace apical::experiment_file
