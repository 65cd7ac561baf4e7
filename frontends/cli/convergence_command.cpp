// SPDX-License-Identifier: BSD-3-Clause
#include <string>

#include <fmt/format.h>

#include "core/quantity_text.hpp"
#include "frontends/cli/command.hpp"
#include "frontends/cli/work_precision.hpp"
#include "io/experiment.hpp"

namespace apical::cli {
namespace {

struct convergence_command {
    static constexpr auto name = "convergence", summary = "Error and time of an experiment under every scheme: work and precision";
    std::string file, page_file, accuracy;
    int cells = 2;
    bool replace = false;

    void bind(CLI::App& app) {
        app.add_option("EXPERIMENT", file, "JSON file, as for 'run'")->required();
        app.add_option("--cells", cells, "how many of each population")->capture_default_str()->check(CLI::Range(1, 1000000));
        app.add_option("--accuracy", accuracy, "also say which way is the cheapest with this error of spike times, such as \"0.1 ms\"");
        app.add_option("--page", page_file, "write the picture and the table into this HTML file");
        app.add_flag("--overwrite", replace, "replace the file if it is there");
    }

    int execute(const console& io) const {
        const auto e = read_experiment(file, {});
        for (const auto& w : e.warnings) io.remark("warning: " + w.text());
        const auto w = measure_work_precision(e.model, e.run, e.until, {.cells_per_population = cells, .candidates = {}});
        auto told = document(w);
        auto words = text(w);
        if (!accuracy.empty()) {
            const auto best = w.cheapest(duration::coherent(parse_as(accuracy, dimensions::time, "--accuracy")));
            words += best ? fmt::format("\ncheapest within {}: {}\n", accuracy, w.points[*best].setting) : fmt::format("\nno way tried is within {}\n", accuracy);
            json::put(told, "/cheapest", best ? json::text(w.points[*best].setting) : json::value{});
        }
        if (!page_file.empty()) html::write_page(page_file, page(w, e.title.empty() ? file : e.title), replace ? overwrite::yes : overwrite::no);
        io.result(told, words);
        return ok;
    }
};

}  // namespace

void add_convergence(CLI::App& program, const console& io, int& code) { add<convergence_command>(program, io, code); }

}  // namespace apical::cli
