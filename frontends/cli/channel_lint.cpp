// SPDX-License-Identifier: BSD-3-Clause
#include <string>
#include <vector>

#include <fmt/format.h>

#include "channels/nmodl/lint.hpp"
#include "frontends/cli/command.hpp"

namespace apical::cli {
namespace {

std::string_view word_for(nmodl::severity s) { return s == nmodl::severity::error ? "error" : "warning"; }

json::value document(const nmodl::diagnostic& d) {
    return json::object({{"file", json::text(d.at.in ? d.at.in->file : "")}, {"line", json::number(d.at.line)}, {"column", json::number(d.at.column)},
                         {"severity", json::text(word_for(d.is))}, {"rule", json::text(d.rule)}, {"message", json::text(d.message)}, {"hint", json::text(d.hint)}});
}

/// The finding, with the rule it belongs to in brackets behind the first line.
std::string text(const nmodl::diagnostic& d) {
    auto all = d.text();
    if (!d.rule.empty()) all.insert(std::min(all.find('\n'), all.size()), fmt::format(" [{}]", d.rule));
    return all;
}

struct lint_command {
    static constexpr auto name = "lint", summary = "Check mechanisms in NMODL for what translates and is still wrong";
    std::vector<std::string> files, folders;
    nmodl::lint_options options;
    bool lists_rules = false;

    void bind(CLI::App& app) {
        app.add_option("FILE", files, "files of NMODL (.mod)");
        app.add_option("--dt", options.dt, "the step the mechanisms are to run with [ms]")->capture_default_str()->check(CLI::Range(1e-6, 1e3));
        app.add_option("--celsius", options.celsius, "the temperature [degC]")->capture_default_str()->check(CLI::Range(-10.0, 60.0));
        app.add_option("--include", folders, "folders with files that are included");
        app.add_flag("--rules", lists_rules, "list what is looked for");
    }

    int rules(const console& io) const {
        json::value list{.type = json::kind::array};
        std::vector<std::vector<std::string>> rows{{"rule", "finds"}};
        for (const auto& r : nmodl::lint_rules()) {
            list.items.push_back(json::object({{"rule", json::text(r.name)}, {"summary", json::text(r.summary)}}));
            rows.push_back({std::string(r.name), std::string(r.summary)});
        }
        io.result(list, columns(rows));
        return ok;
    }

    int execute(const console& io) const {
        if (lists_rules) return rules(io);
        if (files.empty()) throw CLI::RequiredError("FILE");
        json::value list{.type = json::kind::array};
        std::string lines;
        int errors = 0, warnings = 0;
        for (const auto& file : files)
            for (const auto& d : nmodl::lint(file, options, folders).all()) {
                list.items.push_back(document(d));
                lines += text(d);
                if (!lines.ends_with('\n')) lines += '\n';
                ++(d.is == nmodl::severity::error ? errors : warnings);
            }
        lines += fmt::format("{} {}, {} errors, {} warnings\n", files.size(), files.size() == 1 ? "file" : "files", errors, warnings);
        io.result(json::object({{"findings", list}, {"files", json::number(static_cast<double>(files.size()))}, {"errors", json::number(errors)},
                                {"warnings", json::number(warnings)}}), lines);
        return errors > 0 ? failed : ok;
    }
};

}  // namespace

void add_lint(CLI::App& channels, const console& io, int& code) { add<lint_command>(channels, io, code); }

}  // namespace apical::cli
