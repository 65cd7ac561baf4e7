// SPDX-License-Identifier: BSD-3-Clause
// Experiment files with mechanisms of NMODL in networks, and with what their files leave to the model.
#include <cmath>
#include <fstream>

#include <gtest/gtest.h>

#include "engine/simulation.hpp"
#include "io/experiment.hpp"
#include "tests/io/temporary_folder.hpp"

namespace apical {
namespace {

using namespace units;

class experiment_mechanisms : public ::testing::Test {
protected:
    experiment_mechanisms() {
        write("kick.mod", "NEURON { POINT_PROCESS kick NONSPECIFIC_CURRENT i RANGE x }\nPARAMETER { tau = 3 (ms) }\nASSIGNED { v (mV) i (nA) x }\nINITIAL { x = 0 }\nBREAKPOINT { i = 0 }\n"
                          "NET_RECEIVE (weight (uS), n) { INITIAL { n = 0 } n = n + 1 x = x + n*weight*v }\n");
        write("fire.mod", "NEURON { ARTIFICIAL_CELL fire RANGE late }\nPARAMETER { late = 1 (ms) }\nNET_RECEIVE (w) { if (flag == 1) { net_event(t) } else { net_send(late, 1) } }\n");
        write("follower.mod", "NEURON { SUFFIX follower POINTER p RANGE y }\nASSIGNED { p y }\nINITIAL { y = 0 }\nBREAKPOINT { SOLVE step }\nPROCEDURE step() { y = f(p) }\nFUNCTION_TABLE f(x)\n");
        write("soma.swc", "1 1 0 0 0 10 -1\n");
    }

    void write(const char* name, const char* text) const { std::ofstream(folder_ / name) << text; }
    experiment read(const std::string& follower, const std::string& late = "3 ms") const {
        return parse_experiment(R"({"mechanisms": ["kick.mod", "fire.mod", "follower.mod"],
            "cells": {"cell": {"morphology": "soma.swc", "paint": [
                {"region": "all", "capacitance": "1 uF/cm2", "resistivity": "100 ohm cm"},
                {"region": "all", "mechanism": "pas", "g": "1e-4 S/cm2", "e_rev": "-65 mV"},
                {"region": "all", "mechanism": "follower")" + follower + R"(}]},
                "fire": {"model": "fire", "options": {"late": ")" + late + R"("}}},
            "populations": [{"name": "cell", "cell": "cell"}, {"name": "fire", "cell": "fire", "size": 2}],
            "spike_sources": [{"name": "inputs", "spikes": [{"source": 0, "times": ["5 ms"]}]}],
            "projections": [
                {"name": "in", "source": "inputs", "target": "fire", "receptor": "fire", "rule": {"type": "all_to_all"}, "weight": 1, "delay": "1.234 ms"},
                {"name": "on", "source": "fire", "target": "cell", "receptor": "kick", "rule": {"type": "all_to_all"}, "weight": "2 nS", "delay": "1 ms"}],
            "probes": [{"label": "y", "population": "cell", "variable": "follower.y"}, {"label": "x", "population": "cell", "variable": "kick.x"}],
            "run": {"until": "15 ms"}})", "run.json", folder_.path(), {});
    }
    std::string refused(const std::string& follower, const std::string& late = "3 ms") const {
        try {
            read(follower, late);
        } catch (const error& e) {
            return e.what();
        }
        return "accepted";
    }
    testing::temporary_folder folder_;
};

TEST_F(experiment_mechanisms, projections_artificial_cells_pointers_and_tables_stand_in_the_file) {
    const auto e = read(R"x(, "p": "v at soma(0.5)", "f": "-80: 1, -60: 5, 0: 7")x");
    simulation s(e.model, e.run);
    s.run(15*ms);
    ASSERT_EQ(s.spikes().size(), 2u);
    for (const auto& x : s.spikes()) EXPECT_NEAR(x.time, 5 + 1.234 + 3, 1e-12);
    EXPECT_NEAR(s["y"].samples.back(), 4, 1e-9);
    EXPECT_NEAR(s["x"].samples.back(), -2*0.002*65, 1e-9);   // each contact counts for itself
}

TEST_F(experiment_mechanisms, what_is_wrong_is_said_at_its_line) {
    EXPECT_NE(refused(R"x(, "q": "v")x").find("has no such parameter"), std::string::npos);
    EXPECT_NE(refused(R"x(, "f": "1 2")x").find("run.json"), std::string::npos);
    EXPECT_NE(refused(R"x(, "f": "1 2")x").find("is no point of a table"), std::string::npos);
    EXPECT_NE(refused(R"x(, "f": "1: 2, 0: 3")x").find("must ascend"), std::string::npos);
    EXPECT_NE(refused("", "3 mV").find("run.json"), std::string::npos);
}

}  // namespace
}  // namespace apical
