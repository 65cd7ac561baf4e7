// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>

#include <CLI/CLI.hpp>

#include "frontends/cli/console.hpp"
#include "frontends/cli/processes.hpp"

namespace apical::cli {

/// A command is a struct with `name`, `summary`, `bind(CLI::App&)`, which lists its options once, and `execute(console)`, which
/// returns an exit code and throws apical::error. Only one with a member `is_parallel` may run on several processes.
template <class Command> void add(CLI::App& program, const console& io, int& code) {
    auto command = std::make_shared<Command>();
    auto* app = program.add_subcommand(Command::name, Command::summary);
    app->fallthrough();
    app->footer("--json and --quiet may follow any command; see apical --help.");
    command->bind(*app);
    app->callback([command, &io, &code] {
        if constexpr (!requires { Command::is_parallel; }) require_one_process(Command::name);
        code = command->execute(io);
    });
}

/// One function a command file, so that main.cpp names no command's insides.
using registrar = void (*)(CLI::App&, const console&, int&);
void add_run(CLI::App&, const console&, int&);
void add_demo(CLI::App&, const console&, int&);
void add_morphology(CLI::App&, const console&, int&);
void add_channels(CLI::App&, const console&, int&);
void add_rules(CLI::App&, const console&, int&);
void add_models(CLI::App&, const console&, int&);
void add_circuit(CLI::App&, const console&, int&);
void add_bench(CLI::App&, const console&, int&);
void add_convergence(CLI::App&, const console&, int&);
void add_replay(CLI::App&, const console&, int&);
void add_plan(CLI::App&, const console&, int&);
void add_reduce(CLI::App&, const console&, int&);
void add_schema(CLI::App&, const console&, int&);
void add_sonata(CLI::App&, const console&, int&);
void add_learn(CLI::App&, const console&, int&);

}  // namespace apical::cli
