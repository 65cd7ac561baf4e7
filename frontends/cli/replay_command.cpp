// SPDX-License-Identifier: BSD-3-Clause
#include <string>

#include "frontends/cli/command.hpp"
#include "frontends/cli/flight_record.hpp"
#include "io/json.hpp"

namespace apical::cli {
namespace {

struct replay_command {
    static constexpr auto name = "replay", summary = "Run a cell that diverged again, alone and on its recorded inputs";
    std::string file;
    int rows = 20;

    void bind(CLI::App& app) {
        app.add_option("RECORD", file, "diverged.json, as 'apical run' left it")->required();
        app.add_option("--rows", rows, "last steps to print")->capture_default_str()->check(CLI::Range(1, 1000000));
    }

    int execute(const console& io) const {
        const auto flight = read_flight(file);
        const auto steps = std::max(1, static_cast<int>(flight.record.times.size()));
        const auto again = record_flight(flight.what.model, flight.what.run, flight.record.at, flight.what.until, steps);
        const bool is_same = again == flight.record;
        io.result(json::object({{"identical", json::boolean(is_same)}, {"population", json::text(again.at.population)},
                                {"cell", json::number(static_cast<double>(again.at.cell))}, {"location", json::text(again.at.location)},
                                {"quantity", json::text(again.at.quantity)}, {"time_ms", json::number(again.at.time_ms)}, {"reason", json::text(again.at.reason)}}),
                  text(again, static_cast<std::size_t>(rows)) + (is_same ? "\nthe same to the last bit as recorded\n" : "\nNOT as recorded: another program, machine or file?\n"));
        return is_same ? ok : failed;
    }
};

}  // namespace

void add_replay(CLI::App& program, const console& io, int& code) { add<replay_command>(program, io, code); }

}  // namespace apical::cli
