// SPDX-License-Identifier: BSD-3-Clause
#include <chrono>
#include <csignal>
#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>
#include <thread>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/checkpoint.hpp"
#include "io/json.hpp"
#include "io/output_file.hpp"
#include "tests/cli/program.hpp"
#include "tests/io/expect_error.hpp"
#include "tests/io/temporary_folder.hpp"

/// Checkpoints, signals and logs of "apical run"; tests/mpi has those on several processes.
namespace apical {
namespace {

using testing::says, testing::small_experiment, testing::temporary_folder;

class long_run : public ::testing::Test {
protected:
    std::string path(const std::string& name) const { return (folder / name).string(); }
    std::vector<std::string> arguments(const std::string& out, std::vector<std::string> more = {}) {
        write_text(folder / "a.json", small_experiment(), overwrite::yes);
        more.insert(more.begin(), {"run", path("a.json"), "--out", path(out)});
        return more;
    }
    testing::outcome run(const std::string& out, std::vector<std::string> more = {}) { return testing::apical(arguments(out, std::move(more))); }
    void expect_same_files(const std::string& a, const std::string& b) {
        for (const char* name : {"spikes.h5", "v.h5", "dendrite.h5"}) EXPECT_TRUE(read_text(folder / a / name) == read_text(folder / b / name)) << name;
    }
    temporary_folder folder;
};

TEST_F(long_run, resumed_from_its_middle_writes_the_same_files) {
    ASSERT_EQ(run("whole").code, 0);
    ASSERT_EQ(run("half", {"--set", "/run/until=17.5 ms", "--checkpoint", path("c.h5")}).code, 0);
    const auto o = run("rest", {"--resume", path("c.h5"), "--threads", "2"});
    ASSERT_EQ(o.code, 0) << o.err;
    says(o.err, "going on from 17.5 ms");
    expect_same_files("whole", "rest");
}

TEST_F(long_run, of_cells_in_steps_of_their_own_is_resumed_as_any_other) {
    for (const std::string scheme : {"auto", "precise", "cvode"}) {
        ASSERT_EQ(run("whole " + scheme, {"--scheme", scheme}).code, 0);
        ASSERT_EQ(run("half " + scheme, {"--scheme", scheme, "--set", "/run/until=17.5 ms", "--checkpoint", path("c.h5"), "--overwrite"}).code, 0);
        const auto o = run("rest " + scheme, {"--scheme", scheme, "--resume", path("c.h5"), "--threads", "2"});
        ASSERT_EQ(o.code, 0) << o.err;
        expect_same_files("whole " + scheme, "rest " + scheme);
    }
}

TEST_F(long_run, with_checkpoints_and_a_log_writes_the_same_files) {
    ASSERT_EQ(run("whole").code, 0);
    const auto o = run("watched", {"--checkpoint-every", "7 ms", "--log", path("log")});
    ASSERT_EQ(o.code, 0) << o.err;
    says(o.out, "1 process x 1 thread: ");
    expect_same_files("whole", "watched");
    EXPECT_EQ(read_checkpoint(folder / "watched" / "checkpoint.h5").step, 1600);
    int checkpoints = 0;
    double time = 0;
    const auto log = read_text(folder / "log");
    for (std::size_t at = 0, end; (end = log.find('\n', at)) != log.npos; at = end + 1) {
        const auto line = json::parse(log.substr(at, end - at), "log");
        const auto event = line.find("event")->text;
        checkpoints += event == "checkpoint";
        EXPECT_GE(line.find("time_ms")->number, time);
        time = line.find("time_ms")->number;
        if (event != "progress") continue;
        const auto& s = *line.find("statistics");
        EXPECT_GT(s.find("phase_seconds")->find("compute")->number, 0);
        EXPECT_GT(line.find("rate_ms_per_second")->number, 0);
    }
    EXPECT_EQ(time, 40);
    EXPECT_EQ(checkpoints, 6);   // after 7, 14, 21, 28, 35 ms and at the end
}

/// The program as a child whose process id is known.
class child {
public:
    explicit child(std::vector<std::string> words) {
        words.insert(words.begin(), APICAL_PROGRAM);
        std::vector<char*> argv;
        for (auto& w : words) argv.push_back(w.data());
        argv.push_back(nullptr);
        pid_ = fork();
        if (pid_ == 0) {
            execv(argv[0], argv.data());
            _exit(127);
        }
    }
    void send(int signal) const { kill(pid_, signal); }
    bool runs() const {
        siginfo_t ended{};
        return waitid(P_PID, static_cast<id_t>(pid_), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 && ended.si_pid == 0;
    }
    int wait() const {
        int status = 0;
        waitpid(pid_, &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    }

private:
    pid_t pid_ = 0;
};

/// Waits for what a program should come to, for as long as it runs.
template <class F> bool comes(const child& program, F&& is_so) {
    while (!is_so()) {
        if (!program.runs()) return is_so();
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return true;
}

TEST_F(long_run, writes_a_checkpoint_at_one_signal_and_stops_at_another) {
    const child program(arguments("out", {"--quiet", "--set", "/run/until=10000 s", "--set", "/probes=[]", "--checkpoint", path("c.h5"), "--log", path("log")}));
    constexpr std::string_view progress = "\"event\":\"progress\"";
    const auto tells = [&](std::initializer_list<std::string_view> events) {
        const auto log = std::filesystem::exists(folder / "log") ? read_text(folder / "log") : "";
        std::size_t at = 0;
        for (const auto e : events)
            if (at != log.npos) at = log.find(e, at);
        return at != log.npos;
    };
    ASSERT_TRUE(comes(program, [&] { return tells({progress}); }));
    program.send(SIGUSR1);
    ASSERT_TRUE(comes(program, [&] { return tells({"\"event\":\"checkpoint\"", progress}); }));   // and goes on
    const auto first = read_checkpoint(folder / "c.h5").step;
    EXPECT_GT(first, 0);
    program.send(SIGTERM);
    EXPECT_EQ(program.wait(), 4);
    EXPECT_GT(read_checkpoint(folder / "c.h5").step, first);
    says(read_text(folder / "log"), "\"event\":\"stopped\"");
    EXPECT_FALSE(std::filesystem::exists(folder / "out" / "spikes.h5"));
}

TEST_F(long_run, what_cannot_be_is_refused_before_it_begins) {
    auto o = run("a", {"--checkpoint-every", "0.001 ms"});
    EXPECT_EQ(o.code, 1);
    says(o.err, "--checkpoint-every: '0.001 ms' is less than a step");
    o = run("a", {"--checkpoint", path("a.json")});
    EXPECT_EQ(o.code, 1);
    says(o.err, "a.json");
    ASSERT_EQ(run("a", {"--checkpoint", path("c.h5")}).code, 0);
    o = run("b", {"--resume", path("c.h5"), "--dt", "0.05 ms"});
    EXPECT_EQ(o.code, 1);
    says(o.err, "c.h5: is of another model");
    EXPECT_FALSE(std::filesystem::exists(folder / "b" / "spikes.h5"));
}

TEST_F(long_run, plan_tells_what_a_run_needs) {
    arguments("unused");
    const auto o = testing::apical({"plan", path("a.json"), "--ranks", "1,2,...,8", "--memory", "1 GB", "--json"});
    ASSERT_EQ(o.code, 0) << o.err;
    const auto told = json::parse(o.out, "plan");
    const auto& runs = told.find("runs")->items;
    ASSERT_EQ(runs.size(), 4u);
    for (std::size_t k = 0; k < 4; ++k) {
        EXPECT_EQ(runs[k].find("ranks")->number, 1 << k);
        EXPECT_EQ(runs[k].find("processes")->items.size(), std::size_t{1} << k);
        EXPECT_TRUE(runs[k].find("fits")->boolean);
        EXPECT_GT(runs[k].find("seconds_per_second")->number, 0);
    }
    EXPECT_GE(runs[0].find("compute_seconds")->number, runs[3].find("compute_seconds")->number);
    EXPECT_EQ(told.find("fewest_ranks")->number, 1);
    EXPECT_TRUE(told.find("fits")->boolean);
    says(testing::apical({"plan", path("a.json"), "--memory", "1 MB"}).out, "no number of processes is enough");
}

TEST_F(long_run, plan_refuses_what_it_does_not_understand) {
    arguments("unused");
    for (const auto& [option, value] : {std::pair("--ranks", "4,2"), std::pair("--ranks", "1,..."), std::pair("--ranks", "x"), std::pair("--memory", "4"), std::pair("--memory", "-4 GB"),
                                        std::pair("--bandwidth", "10 GB"), std::pair("--rate", "-1 Hz"), std::pair("--rate", "nobody=1 Hz"), std::pair("--short-run", "0 ms"), std::pair("--set", "cells=3")}) {
        const auto o = testing::apical({"plan", path("a.json"), option, value});
        EXPECT_NE(o.code, 0) << option << ' ' << value;
        says(o.err, option);
    }
    const auto o = testing::apical({"plan", "l5_microcirkuit"});
    EXPECT_EQ(o.code, 1);
    says(o.err, "l5_microcircuit");
}

/// Ready circuits are not built: ten thousand processes of a million cells are told within seconds.
TEST_F(long_run, plan_goes_far) {
    const auto o = testing::apical({"plan", "brunel", "--ranks", "1,10,...,10000", "--weak", "--json"});
    ASSERT_EQ(o.code, 0) << o.err;
    const auto told = json::parse(o.out, "plan");
    const auto& runs = told.find("runs")->items;
    ASSERT_EQ(runs.size(), 5u);
    EXPECT_NEAR(runs[4].find("cells")->number, 1e4*runs[0].find("cells")->number, 0.5);
    EXPECT_NEAR(runs[4].find("connections")->number, 1e4*runs[0].find("connections")->number, 1e7);
    for (std::size_t k = 1; k < 5; ++k) EXPECT_GT(runs[k].find("received_bytes_per_second")->number, runs[k - 1].find("received_bytes_per_second")->number);
}

}  // namespace
}  // namespace apical
