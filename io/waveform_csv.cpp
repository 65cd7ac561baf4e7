// SPDX-License-Identifier: BSD-3-Clause
#include "io/csv_table.hpp"
#include "io/experiment_build.hpp"

namespace apical::experiment_file {

waveform_current read_waveform(const std::filesystem::path& path) {
    constexpr std::string_view example = "time [ms],current [nA]";
    waveform_current w;
    double ms = 0, nA = 0;
    csv::each_line(path, [&](std::string_view line, const std::string& where) {
        const auto words = csv::words_of(line);
        if (words.size() != 2) throw invalid_input(where, "does not have two columns", "separate a time and a current by a comma");
        if (ms == 0) {
            ms = csv::unit_of(words[0], dimensions::time, where, example);
            nA = csv::unit_of(words[1], dimensions::current, where, example);
            return;
        }
        const double time = csv::number(words[0], ms, where);
        if (!w.times_ms.empty() && !(time > w.times_ms.back())) throw invalid_input(where, "is not later than the line before");
        w.times_ms.push_back(time);
        w.values_nA.push_back(csv::number(words[1], nA, where));
    });
    if (w.times_ms.size() < 2) throw invalid_input(path.string(), "needs a heading and two points or more");
    return w;
}

}  // namespace apical::experiment_file
