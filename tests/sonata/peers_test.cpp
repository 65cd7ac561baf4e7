// SPDX-License-Identifier: BSD-3-Clause
#include <cstdlib>

#include <gtest/gtest.h>
#include <sys/wait.h>

#include "io/output_file.hpp"
#include "io/report.hpp"
#include "io/sonata/write_circuit.hpp"
#include "io/spikes.hpp"
#include "models/circuit_model.hpp"
#include "tests/io/sample_circuit.hpp"
#include "tests/io/temporary_folder.hpp"
#include "tests/sonata/bbp_circuit.hpp"
#include "tests/sonata/written_circuit.hpp"

/// What other programs make of the files that Apical writes: libsonata and bluepysnap, the readers of the BlueBrain Project.
namespace apical {
namespace {

std::string python() {
    if (const char* named = std::getenv("APICAL_PYTHON")) return named;
    const auto own = std::filesystem::path(APICAL_SOURCE_DIR) / ".venv/bin/python";
    return std::filesystem::exists(own) ? own.string() : "python3";
}

/// Configurations as bluepysnap asks for them.
void write_snap_configs(const std::filesystem::path& folder) {
    sonata::config c;
    c.nodes.push_back({.nodes = folder / "nodes.h5", .populations = {{"left", {.morphologies = folder / "morphologies", .biophysical_neuron_models = folder / "models"}}, {"drive", {}}}, .population_types = {{"left", "biophysical"}, {"drive", "virtual"}}});
    c.edges.push_back({.edges = folder / "edges.h5", .population_types = {{"drive__left__chemical", "chemical"}}});
    c.output.folder = folder / "output";
    sonata::write_config(folder / "snap_circuit.json", c);
    write_text(folder / "simulation.json", R"({
  "network": "./snap_circuit.json",
  "node_sets_file": "./node_sets.json",
  "run": {"tstop": 10.0, "dt": 0.1, "random_seed": 1},
  "output": {"output_dir": "./output", "spikes_file": "spikes.h5"},
  "reports": {"v": {"cells": "everybody", "sections": "all", "type": "compartment", "variable_name": "v", "unit": "mV", "dt": 0.2, "start_time": 5.0, "end_time": 5.4}}
})");
}

void run_reader(const std::string& reader) {
    const testing::temporary_folder folder;
    testing::write_circuit(folder.path());
    write_snap_configs(folder.path());
    write_text(folder / "node_sets.json", R"({"everybody": {"population": "left"}, "fitting": {"mtype": {"$regex": "TPC"}}, "deep": {"layer": {"$gt": 5}}, "both": ["deep", "one"], "one": {"population": "left", "node_id": [1]}})");
    create_folder(folder / "bbp");
    testing::bbp_circuit().write(folder / "bbp");
    write_sonata(models::build_circuit("l5_microcircuit", {{"cells", "12"}}), folder / "exported", {{}, 10*units::ms});
    create_folder(folder / "output");
    auto model = testing::two_populations();
    write_spikes(folder / "output/spikes.h5", std::vector<population_spikes>{{"left", {1.5, 2.5, 2.5}, {2, 0, 1}, spike_order::by_time}});
    write_report(folder / "output/v.h5", testing::scattered_recording(), model, report_options{.every = 2});
    const auto command = python() + " " APICAL_SOURCE_DIR "/tests/sonata/read_with_peers.py " + reader + " " + folder.path().string();
    const int status = std::system(command.c_str());
    if (WIFEXITED(status) && (WEXITSTATUS(status) == 77 || WEXITSTATUS(status) == 127))
        GTEST_SKIP() << "SKIPPED: no " << reader << " in " << python() << "; set APICAL_PYTHON to a Python that has it";
    EXPECT_EQ(status, 0) << command;
}

TEST(sonata_peers, libsonata_reads_the_circuit) { run_reader("libsonata"); }
TEST(sonata_peers, bluepysnap_reads_circuit_spikes_and_report) { run_reader("bluepysnap"); }

}  // namespace
}  // namespace apical
