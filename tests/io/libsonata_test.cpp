// SPDX-License-Identifier: BSD-3-Clause
#include <cstdlib>

#include <gtest/gtest.h>
#include <sys/wait.h>

#include "io/json.hpp"
#include "io/report.hpp"
#include "io/spikes.hpp"
#include "tests/io/sample_circuit.hpp"
#include "tests/io/temporary_folder.hpp"

namespace apical {
namespace {

/// The interpreter named by APICAL_PYTHON, else that of the source tree's environment, else the system's.
std::string python() {
    if (const char* named = std::getenv("APICAL_PYTHON")) return named;
    const auto own = std::filesystem::path(APICAL_SOURCE_DIR) / ".venv/bin/python";
    return std::filesystem::exists(own) ? own.string() : "python3";
}

json::value numbers(const auto& from) {
    json::value list{.type = json::kind::array};
    for (const auto x : from) list.items.push_back(json::number(static_cast<double>(x)));
    return list;
}

json::value expected_spikes(const std::vector<population_spikes>& all) {
    auto out = json::object({});
    for (const auto& p : all) {
        json::value list{.type = json::kind::array};
        for (std::size_t i = 0; i < p.times.size(); ++i)
            list.items.push_back(json::array({json::number(static_cast<double>(p.cells[i])), json::number(p.times[i])}));
        out.members.emplace_back(p.population, json::object({{"sorting", json::text(p.order == spike_order::by_time ? "by_time" : "none")}, {"spikes", list}}));
    }
    return out;
}

json::value expected_report(const report& r) {
    json::value data{.type = json::kind::array}, ids{.type = json::kind::array};
    for (std::size_t row = 0; row < r.rows; ++row)
        data.items.push_back(numbers(std::span(r.data).subspan(row*r.columns(), r.columns())));
    for (std::size_t k = 0; k < r.cells.size(); ++k)
        for (auto c = r.first[k]; c < r.first[k + 1]; ++c)
            ids.items.push_back(json::array({json::number(static_cast<double>(r.cells[k])), json::number(r.sections[c])}));
    return json::object({{"population", json::text(r.population)}, {"unit", json::text(r.unit)}, {"start", json::number(r.start)},
                         {"step", json::number(r.interval)}, {"cells", numbers(r.cells)}, {"ids", ids}, {"data", data}});
}

TEST(libsonata, reads_what_was_written) {
    const testing::temporary_folder folder;
    const auto model = testing::two_populations();
    auto spikes = by_population(std::vector<spike>{{0, 2, 1.125, 1.2}, {0, 1, 3.5, 3.6}, {1, 0, 0.25, 0.3}}, model);
    spikes.push_back({"unsorted", {3, 1, 2}, {0, 0, 1}, spike_order::none});
    write_spikes(folder / "spikes.h5", spikes);
    write_report(folder / "report.h5", testing::scattered_recording(), model);
    const auto expected = json::object({{"spikes", expected_spikes(spikes)}, {"report", expected_report(read_report(folder / "report.h5").front())}});
    write_text(folder / "expected.json", json::to_text(expected));

    const auto command = python() + " " APICAL_SOURCE_DIR "/tests/io/read_with_libsonata.py " + folder.path().string();
    const int status = std::system(command.c_str());
    if (WIFEXITED(status) && (WEXITSTATUS(status) == 77 || WEXITSTATUS(status) == 127))
        GTEST_SKIP() << "SKIPPED: no libsonata in " << python() << "; set APICAL_PYTHON to a Python that has it";
    EXPECT_EQ(status, 0) << command;
}

}  // namespace
}  // namespace apical
