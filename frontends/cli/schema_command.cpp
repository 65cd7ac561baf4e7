// SPDX-License-Identifier: BSD-3-Clause
#include <string>

#include "frontends/cli/command.hpp"
#include "io/experiment.hpp"
#include "io/output_file.hpp"

namespace apical::cli {
namespace {

constexpr std::string_view begin_mark = "<!-- tables: begin -->\n", end_mark = "<!-- tables: end -->";

/// The page with the tables between the marks renewed.
std::string renewed(const std::string& path) {
    const auto page = read_text(path);
    const auto begin = page.find(begin_mark), end = page.find(end_mark);
    if (begin == page.npos || end == page.npos || end < begin)
        throw invalid_input(path, "has no place for the tables", "mark it by the lines '<!-- tables: begin -->' and '<!-- tables: end -->'");
    return page.substr(0, begin + begin_mark.size()) + experiment_tables() + page.substr(end);
}

struct schema_command {
    static constexpr auto name = "schema", summary = "Print the JSON schema of experiment files";
    bool tables = false;
    std::string page;

    void bind(CLI::App& app) {
        app.add_flag("--tables", tables, "print the tables of the reference page instead (Markdown)");
        app.add_option("--renew", page, "write the tables into this page, between its marks");
    }
    int execute(const console& io) const {
        if (!page.empty()) write_text(page, renewed(page), overwrite::yes);
        else if (tables) io.result(json::object({{"tables", json::text(experiment_tables())}}), experiment_tables());
        else io.result(json::parse(experiment_schema(), "schema"), experiment_schema());
        return ok;
    }
};

}  // namespace

void add_schema(CLI::App& program, const console& io, int& code) { add<schema_command>(program, io, code); }

}  // namespace apical::cli
