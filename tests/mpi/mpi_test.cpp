// SPDX-License-Identifier: BSD-3-Clause
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include "engine/mpi_communicator.hpp"
#include "io/checkpoint.hpp"
#include "io/json.hpp"
#include "io/output_file.hpp"
#include "io/parallel_hdf5.hpp"
#include "io/report.hpp"
#include "tests/io/expect_error.hpp"
#include "tests/io/temporary_folder.hpp"

/// Programs on several processes, as a launcher starts them.
namespace apical {
namespace {

using testing::says, testing::temporary_folder;
/// What `timeout` says of a program that did not end: minutes after it should have, so that a busy machine is not taken for a fault.
constexpr int ended_by_force = 124;

struct outcome {
    int code = -1;
    std::string out, err;
};

/// More processes than cores, in containers, as root: each MPI library has its own way to forbid and to allow it.
void allow_everything() {
    for (const auto& [name, value] : {std::pair("OMPI_ALLOW_RUN_AS_ROOT", "1"), std::pair("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1"), std::pair("OMPI_MCA_rmaps_base_oversubscribe", "1"),
                                      std::pair("OMPI_MCA_mpi_yield_when_idle", "1"), std::pair("OMPI_MCA_hwloc_base_binding_policy", "none"), std::pair("OMPI_MCA_btl_vader_single_copy_mechanism", "none"),
                                      std::pair("PRTE_MCA_rmaps_default_mapping_policy", ":oversubscribe")})
        setenv(name, value, 1);
}

outcome launch(int processes, const std::string& command) {
    allow_everything();
    const temporary_folder folder;
    const auto out = folder / "out", err = folder / "err";
    const int status = std::system(fmt::format("timeout 300 {} -n {} {} >{} 2>{} </dev/null", APICAL_MPIEXEC, processes, command, out.string(), err.string()).c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read_text(out), read_text(err)};
}
/// A task of program.cpp.
outcome task(int processes, const std::string& task, int threads = 1, const std::string& file = "") {
    return launch(processes, fmt::format("{} {} {} {}", APICAL_MPI_PROGRAM, task, threads, file));
}

class mpi : public ::testing::Test {
protected:
    void SetUp() override {
        if (!has_mpi()) GTEST_SKIP() << "this build is without MPI: nothing of it is tested";
    }
};

TEST_F(mpi, every_message_arrives) {
    for (const int processes : {1, 2, 3, 4}) {
        const auto o = task(processes, "messages");
        EXPECT_EQ(o.code, 0) << o.err;
        EXPECT_EQ(o.out, "all arrived\n") << processes;
    }
}

/// Spikes, voltages and what is left of the gap junctions' currents, to the last bit.
TEST_F(mpi, results_do_not_depend_on_processes_and_threads) {
    const auto one = task(1, "run");
    ASSERT_EQ(one.code, 0) << one.err;
    EXPECT_GT(std::atoi(one.out.c_str()), 100) << one.out;
    for (const int processes : {1, 2, 4})
        for (const int threads : {1, 2}) {
            const auto o = task(processes, "run", threads);
            EXPECT_EQ(o.code, 0) << o.err;
            EXPECT_EQ(o.out, one.out) << processes << " x " << threads;
        }
    EXPECT_EQ(task(3, "counted").out, one.out);
}

TEST_F(mpi, a_checkpoint_goes_on_with_other_processes_and_threads) {
    const temporary_folder folder;
    const auto file = (folder / "a.h5").string();
    const auto whole = task(1, "run");
    ASSERT_EQ(task(2, "save", 1, file).code, 0);
    for (const auto& [processes, threads] : {std::pair(1, 2), std::pair(2, 1), std::pair(3, 2)}) EXPECT_EQ(task(processes, "resume", threads, file).out, whole.out) << processes << " x " << threads;
    ASSERT_EQ(task(1, "save", 2, file).code, 0);
    EXPECT_EQ(task(4, "resume", 1, file).out, whole.out);
}

/// Many events of one instant: their order is that of the spikes before, wherever these were.
TEST_F(mpi, events_of_one_instant_are_answered_in_one_order) {
    const temporary_folder folder;
    const auto file = (folder / "a.h5").string();
    const auto whole = task(1, "run-events");
    EXPECT_GT(std::atoi(whole.out.c_str()), 30) << whole.err;
    for (const auto& [processes, threads] : {std::pair(2, 1), std::pair(3, 2)}) EXPECT_EQ(task(processes, "run-events", threads).out, whole.out) << processes << " x " << threads;
    ASSERT_EQ(task(2, "save-events", 1, file).code, 0);
    EXPECT_EQ(task(3, "resume-events", 1, file).out, whole.out);
}

/// Contacts that keep values of their own, and events in continuous time.
TEST_F(mpi, what_is_read_from_NMODL_does_not_depend_on_processes) {
    const temporary_folder folder;
    const auto file = (folder / "a.h5").string();
    const auto whole = task(1, "run-imported");
    EXPECT_GT(std::atoi(whole.out.c_str()), 10) << whole.err;
    for (const auto& [processes, threads] : {std::pair(2, 1), std::pair(3, 2)}) EXPECT_EQ(task(processes, "run-imported", threads).out, whole.out) << processes << " x " << threads;
    ASSERT_EQ(task(2, "save-imported", 1, file).code, 0);
    EXPECT_EQ(task(3, "resume-imported", 1, file).out, whole.out);
}

/// All write into one file, or process 0 for all: the report is the same.
TEST_F(mpi, a_report_that_is_written_meanwhile_does_not_depend_on_processes) {
    const temporary_folder folder;
    const auto written = [&](const std::string& name, const std::string& what, int processes) {
        const auto o = task(processes, what, 1, (folder / name / "v.h5").string());
        EXPECT_EQ(o.code, 0) << o.err;
    };
    const auto expect_same = [&](const std::string& name) {
        EXPECT_TRUE(read_report(folder / "1" / "v.h5") == read_report(folder / name / "v.h5")) << name;
        if (!hdf5::is_parallel()) { EXPECT_TRUE(read_text(folder / "1" / "v.h5") == read_text(folder / name / "v.h5")) << name; }
    };
    for (const char* name : {"1", "2", "4", "resumed"}) create_folder(folder / name);
    written("1", "stream", 1), written("2", "stream", 2), written("4", "stream", 4);
    const auto whole = read_report(folder / "1" / "v.h5").front();
    EXPECT_EQ(whole.rows, 2401u);
    EXPECT_EQ(whole.columns(), 40u);
    expect_same("2"), expect_same("4");
    written("resumed", "stream-save", 4), written("resumed", "stream-resume", 2);
    expect_same("resumed");
}

TEST_F(mpi, a_checkpoint_of_cells_in_steps_of_their_own_goes_on_elsewhere) {
    const temporary_folder folder;
    const auto file = (folder / "a.h5").string();
    for (const char* scheme : {"crank_nicolson", "auto", "precise", "cvode"}) {
        const auto of = [&](const char* what) { return fmt::format("{}-{}", what, scheme); };
        const auto whole = task(1, of("run"));
        EXPECT_GT(std::atoi(whole.out.c_str()), 10) << whole.err;
        EXPECT_EQ(task(2, of("save"), 1, file).code, 0);
        for (const auto& [processes, threads] : {std::pair(1, 2), std::pair(3, 1)}) EXPECT_EQ(task(processes, of("resume"), threads, file).out, whole.out) << scheme << " " << processes << " x " << threads;
    }
}

/// test/ringtest/out.dat.ref of NEURON: the first spike after 0.475 ms, then one every 3.05 ms, from cell to cell, 33 in all.
TEST_F(mpi, neurons_ring_has_neurons_spikes) {
    std::string expected;
    for (int k = 0; k < 33; ++k) expected += fmt::format("{:g} {}\n", 0.475 + 3.05*k, k % 20);
    for (const int processes : {1, 2, 3, 4}) EXPECT_EQ(task(processes, "ring").out, expected) << processes;
}

TEST_F(mpi, a_process_that_fails_ends_all_and_says_why) {
    const auto o = task(3, "fail");
    EXPECT_EQ(o.code, 5);   // not that of a program that had to be ended
    says(o.err, "process 2: process: fails on purpose");
}

/// The process of that number, started by a launcher that is a child of this program: from what the system says of each.
int pid_of_rank(const std::string& file, int rank) {
    for (const auto& p : std::filesystem::directory_iterator("/proc")) {
        const auto name = p.path().filename().string();
        if (name.find_first_not_of("0123456789") != name.npos) continue;
        std::string arguments, environment;
        try {
            arguments = read_text(p.path()/"cmdline"), environment = read_text(p.path()/"environ");
        } catch (const error&) {
            continue;   // it has ended, or is somebody else's
        }
        if (!arguments.starts_with(APICAL_MPI_PROGRAM) || arguments.find(file) == arguments.npos) continue;
        for (const char* variable : {"OMPI_COMM_WORLD_RANK", "PMI_RANK"})
            if (environment.find(fmt::format("{}={}", variable, rank) + '\0') != environment.npos) return std::atoi(name.c_str());
    }
    return 0;
}

TEST_F(mpi, a_process_that_is_killed_ends_all_and_leaves_the_last_checkpoint) {
    const temporary_folder folder;
    const auto file = (folder / "a.h5").string();
    outcome o;
    std::atomic<bool> has_ended = false;
    std::jthread run([&] { o = task(3, "hang", 1, file), has_ended = true; });
    while (!std::filesystem::exists(file) && !has_ended) std::this_thread::sleep_for(std::chrono::milliseconds(50));
    std::this_thread::sleep_for(std::chrono::seconds(1));
    const int victim = pid_of_rank(file, 1);
    ASSERT_GT(victim, 0);
    ASSERT_EQ(kill(victim, SIGKILL), 0);
    run.join();
    EXPECT_NE(o.code, 0);
    EXPECT_NE(o.code, ended_by_force);
    // nothing of what was written is lost; below the times MPICH's launcher tells what has happened
    int last = 0;
    std::istringstream lines(o.out);
    for (int time = 0; lines >> time;) last = time;
    EXPECT_GT(last, 0);
    EXPECT_GE(read_checkpoint(file).step*0.025, last - 1e-6);
}

TEST_F(mpi, commands_that_do_not_simulate_refuse_several_processes) {
    const auto o = launch(2, fmt::format("{} models", APICAL_PROGRAM));
    EXPECT_EQ(o.code, 1);
    EXPECT_EQ(o.out, "");
    says(o.err, "apical models: runs on one process, and 2 were started");
}

TEST_F(mpi, a_plan_measures_its_links) {
    const auto o = launch(2, fmt::format("{} plan l5_microcircuit --set cells=16 --time '20 ms' --cores 2 --json", APICAL_PROGRAM));
    ASSERT_EQ(o.code, 0) << o.err;
    const auto told = json::parse(o.out, "plan");
    EXPECT_GT(told.find("latency_seconds")->number, 1e-8);
    EXPECT_NE(told.find("latency_seconds")->number, 2e-6);   // what is taken without
    EXPECT_GT(told.find("bandwidth_bytes_per_second")->number, 1e6);
    EXPECT_EQ(told.find("runs")->items.at(0).find("ranks")->number, 2);
}

/// Weights, scores, outputs and what rules ask for: one pass, settling, both directions of a symmetric net, learning on the way, synapses
/// that remember, nobody who teaches.
TEST_F(mpi, layered_nets_learn_the_same_bits_whoever_trains_them) {
    const auto one = task(1, "learn");
    ASSERT_EQ(one.code, 0) << one.err;
    EXPECT_NE(one.out.find("sanger "), one.out.npos) << one.out;
    for (const auto& [processes, threads] : {std::pair(2, 1), std::pair(3, 2)}) {
        const auto o = task(processes, "learn", threads);
        EXPECT_EQ(o.code, 0) << o.err;
        EXPECT_EQ(o.out, one.out) << processes << " x " << threads;
    }
}

TEST_F(mpi, learn_goes_on_with_other_processes) {
    const temporary_folder folder;
    const auto learn = [&](int ranks, const std::string& more) {
        const auto o = launch(ranks, fmt::format("{} learn --task yin_yang --examples 130 --hidden 20 --rule generec {} --json --quiet", APICAL_PROGRAM, more));
        EXPECT_EQ(o.code, 0) << o.err;
        std::vector<double> losses;
        for (const auto& p : json::parse(o.out, "out").find("curve")->items) losses.push_back(p.find("test_loss")->number);
        return losses;
    };
    const auto file = (folder / "t.h5").string(), out = (folder / "out").string();
    const auto whole = learn(1, "--epochs 4");
    learn(2, "--epochs 2 --checkpoint " + file);
    EXPECT_EQ(learn(3, fmt::format("--epochs 4 --resume {} --out {}", file, out)), whole);
    EXPECT_TRUE(std::filesystem::exists(folder / "out" / "report.html"));
    const auto o = launch(2, fmt::format("{} learn --task yin_yang --rule generec --resume {}", APICAL_PROGRAM, (folder / "none.h5").string()));
    EXPECT_EQ(o.code, 1);
    says(o.err, "none.h5");
}

TEST_F(mpi, a_ready_circuit_goes_on_from_a_checkpoint) {
    const temporary_folder folder;
    const auto run = [&](int ranks, const std::string& more) {
        const auto o = launch(ranks, fmt::format("{} circuit l5_microcircuit --set cells=16 {}", APICAL_PROGRAM, more));
        EXPECT_EQ(o.code, 0) << o.err;
    };
    const auto at = [&](const char* name) { return (folder / name).string(); };
    run(1, "--time '10 ms' --out " + at("whole"));
    run(2, "--time '5 ms' --checkpoint " + at("half.h5"));
    run(3, "--time '10 ms' --threads 2 --resume " + at("half.h5") + " --out " + at("resumed"));
    for (const char* file : {"spikes.h5", "pyramidal.h5", "tuft.h5"}) EXPECT_EQ(read_text(folder / "whole" / file), read_text(folder / "resumed" / file)) << file;
}

TEST_F(mpi, a_ready_circuit_writes_the_same_files_whoever_runs_it) {
    const temporary_folder folder;
    const auto run = [&](int ranks, const std::string& out) {
        const auto o = launch(ranks, fmt::format("{} circuit l5_microcircuit --set cells=16 --time '10 ms' --out {}", APICAL_PROGRAM, (folder / out).string()));
        EXPECT_EQ(o.code, 0) << o.err;
    };
    run(1, "one"), run(2, "two");
    for (const char* file : {"spikes.h5", "pyramidal.h5", "tuft.h5"}) EXPECT_EQ(read_text(folder / "one" / file), read_text(folder / "two" / file)) << file;
}

class parallel_run : public mpi {
protected:
    void SetUp() override {
        mpi::SetUp();
        write_text(folder / "a.json", R"json({
  "cells": {"ball": {"model": "ball_and_stick"}}, "populations": [{"name": "cells", "cell": "ball", "size": 20}],
  "stimuli": [{"type": "step", "delay": "5 ms", "duration": "300 ms", "amplitude": "0.3 nA"}],
  "probes": [{"label": "v", "interval": "0.1 ms"}], "detectors": [{}], "run": {"until": "200 ms"}, "output": {"report": false}
})json");
    }
    outcome run(int processes, const std::string& out, const std::string& more = "") {
        return launch(processes, fmt::format("{} run {} --out {} {}", APICAL_PROGRAM, (folder / "a.json").string(), (folder / out).string(), more));
    }
    void expect_same_files(const std::string& a, const std::string& b) {
        for (const char* name : {"spikes.h5", "v.h5"}) EXPECT_TRUE(read_text(folder / a / name) == read_text(folder / b / name)) << b << ": " << name;
    }
    temporary_folder folder;
};

TEST_F(parallel_run, writes_the_same_files_whoever_runs_and_resumes) {
    const auto checkpoint = (folder / "c.h5").string();
    auto o = run(1, "one");
    ASSERT_EQ(o.code, 0) << o.err;
    o = run(3, "three", "--threads 2 --log " + (folder / "log").string() + " --checkpoint-every '30 ms' --checkpoint " + checkpoint);
    ASSERT_EQ(o.code, 0) << o.err;
    says(o.out, "3 processes x 2 threads");
    expect_same_files("one", "three");
    const auto log = read_text(folder / "log");
    for (const char* event : {"\"event\":\"start\"", "\"event\":\"progress\"", "\"event\":\"checkpoint\"", "\"event\":\"end\""}) says(log, event);
    // that at the end
    EXPECT_EQ(read_checkpoint(checkpoint).step, 8000);
    const auto half = (folder / "half.h5").string();
    ASSERT_EQ(run(2, "half", "--set /run/until='\"120 ms\"' --checkpoint " + half).code, 0);
    o = run(4, "resumed", "--threads 2 --resume " + half);
    ASSERT_EQ(o.code, 0) << o.err;
    expect_same_files("one", "resumed");
}

/// Traces that are written while the run goes on are those that are held to its end, whoever runs and resumes.
TEST_F(parallel_run, writes_long_reports_meanwhile) {
    const std::string meanwhile = "--set /output/held_samples=0 --set /probes/0/interval='\"0.025 ms\"'", half = (folder / "half.h5").string();
    ASSERT_EQ(run(1, "held", "--set /probes/0/interval='\"0.025 ms\"'").code, 0);
    ASSERT_EQ(run(1, "one", meanwhile).code, 0);
    EXPECT_TRUE(read_report(folder / "held" / "v.h5") == read_report(folder / "one" / "v.h5"));
    const auto expect_same = [&](const std::string& out) {
        EXPECT_TRUE(read_report(folder / "one" / "v.h5") == read_report(folder / out / "v.h5")) << out;
        if (!hdf5::is_parallel()) expect_same_files("one", out);   // one that several have written has its parts in another order
    };
    for (const int processes : {2, 4}) {
        const auto out = fmt::format("{}", processes);
        const auto o = run(processes, out, meanwhile);
        ASSERT_EQ(o.code, 0) << o.err;
        expect_same(out);
    }
    ASSERT_EQ(run(2, "half", meanwhile + " --set /run/until='\"120 ms\"' --checkpoint " + half).code, 0);
    EXPECT_GT(read_checkpoint(half).taken.at(0), 1000u);
    const auto o = run(4, "resumed", meanwhile + " --resume " + half);
    ASSERT_EQ(o.code, 0) << o.err;
    expect_same("resumed");
}

TEST_F(parallel_run, stops_at_a_signal_with_a_checkpoint) {
    const auto checkpoint = (folder / "c.h5").string();
    // one process is told, and all stop
    const auto script = folder / "stop.sh";
    write_text(script, "#!/bin/sh\n\"$@\" &\nchild=$!\n[ \"${OMPI_COMM_WORLD_RANK:-$PMI_RANK}\" = 1 ] && { sleep 2; kill -TERM $child; }\nwait $child\n");
    std::filesystem::permissions(script, std::filesystem::perms::owner_all);
    const auto command = fmt::format("{} {} run {} --set /run/until='\"2000 s\"' --out {} --checkpoint {}", script.string(), APICAL_PROGRAM, (folder / "a.json").string(), (folder / "two").string(), checkpoint);
    auto o = launch(2, command);
    EXPECT_EQ(o.code, 4) << o.err;
    says(o.err, "go on with --resume " + checkpoint);
    EXPECT_FALSE(std::filesystem::exists(folder / "two" / "spikes.h5"));
    EXPECT_GT(read_checkpoint(checkpoint).step, 0);
}

TEST_F(parallel_run, says_a_failure_once) {
    auto o = run(3, "three", "--verify");
    EXPECT_EQ(o.code, 1);
    says(o.err, "error: --verify: runs some cells again, which one process does, and 3 processes were started");
    EXPECT_EQ(o.err.find("process 1"), o.err.npos) << o.err;
    o = run(2, "two", "--resume " + (folder / "nothing.h5").string());
    EXPECT_EQ(o.code, 1);
    says(o.err, "nothing.h5");
}

}  // namespace
}  // namespace apical
