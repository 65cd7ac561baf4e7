// SPDX-License-Identifier: BSD-3-Clause
#include "tests/cli/program.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>

#include <sys/wait.h>

#include "io/output_file.hpp"
#include "tests/io/temporary_folder.hpp"

namespace apical::testing {
namespace {

std::string quoted(const std::string& word) {
    std::string out = "'";
    for (const char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + "'";
}

}  // namespace

outcome apical(const std::vector<std::string>& arguments) {
    const temporary_folder folder;
    std::string command = quoted(APICAL_PROGRAM);
    for (const auto& a : arguments) command += " " + quoted(a);
    command += " >" + quoted((folder / "out").string()) + " 2>" + quoted((folder / "err").string()) + " </dev/null";
    const int status = std::system(command.c_str());
    outcome o;
    o.code = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    o.out = read_text(folder / "out");
    o.err = read_text(folder / "err");
    return o;
}

std::string small_experiment(const std::string& run) {
    return R"json({
  "title": "small",
  "cells": {"ball": {"model": "ball_and_stick"}},
  "stimuli": [{"type": "step", "delay": "5 ms", "duration": "30 ms", "amplitude": "0.3 nA"}],
  "probes": [{"label": "v"}, {"label": "dendrite", "at": "dend[0](0.5)", "interval": "0.1 ms"}],
  "detectors": [{}],
  "run": {)json" + run + "},\n  \"output\": {\"folder\": \"unused\"}\n}\n";
}

}  // namespace apical::testing
