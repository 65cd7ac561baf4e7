// SPDX-License-Identifier: BSD-3-Clause
#include <cstring>

#include <fmt/format.h>

#include "frontends/cli/command.hpp"

namespace apical::cli {
namespace {

constexpr registrar commands[] = {add_run, add_demo, add_morphology, add_channels, add_rules, add_models, add_circuit, add_bench, add_convergence, add_replay, add_plan, add_reduce, add_schema,
                                 add_sonata, add_learn};

/// Wrong usage, or a request for help: CLI11 tells both by exceptions.
int explain(const CLI::App& program, const CLI::ParseError& e, const console& io) {
    if (e.get_exit_code() == 0) return program.exit(e);
    const auto chosen = program.get_subcommands();
    const auto whose = chosen.empty() ? std::string("apical") : "apical " + chosen.front()->get_name();
    io.report("usage", {{whose, e.what(), fmt::format("see {} --help", whose)}});
    return wrong_usage;
}

int run(int argc, char** argv) {
    CLI::App program("Biophysically detailed neurons.", "apical");
    program.set_version_flag("--version", "apical " APICAL_VERSION);
    program.require_subcommand(1);
    console io;
    int code = ok;
    program.add_flag("--json", io.json, "results and errors as JSON");
    program.add_flag("--quiet", io.quiet, "no progress, no remarks");
    for (const auto add_to : commands) add_to(program, io, code);
    // mistakes in the usage must be told as JSON even if they come before the flag
    for (int i = 1; i < argc; ++i) io.json = io.json || std::strcmp(argv[i], "--json") == 0;

    try {
        program.parse(argc, argv);
        return code;
    } catch (const CLI::ParseError& e) {
        return explain(program, e, io);
    } catch (...) {
        return io.report_failure();
    }
}

}  // namespace
}  // namespace apical::cli

int main(int argc, char** argv) { return apical::cli::run(argc, argv); }
