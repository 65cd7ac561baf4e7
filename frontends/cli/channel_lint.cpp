// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/cli/channel_lint.hpp"

#include <algorithm>

#include <fmt/format.h>

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

int list_rules(const console& io) {
    json::value list{.type = json::kind::array};
    std::vector<std::vector<std::string>> rows{{"rule", "finds"}};
    for (const auto& r : nmodl::lint_rules()) {
        list.items.push_back(json::object({{"rule", json::text(r.name)}, {"summary", json::text(r.summary)}}));
        rows.push_back({std::string(r.name), std::string(r.summary)});
    }
    io.result(list, columns(rows));
    return ok;
}

}  // namespace

void bind_lint(CLI::App& app, lint_request& r) {
    app.add_option("FILE", r.files, "files *.mod");
    app.add_option("--dt", r.options.dt, "step that the mechanisms are to run with [ms]")->capture_default_str()->check(CLI::Range(1e-6, 1e3));
    app.add_option("--celsius", r.options.celsius, "temperature that they are to run at [degC]")->capture_default_str()->check(CLI::Range(-10.0, 60.0));
    app.add_option("--include", r.folders, "folders with files that are included");
    app.add_flag("--rules", r.lists_rules, "list what is looked for");
}

int lint_channels(const lint_request& r, const console& io) {
    if (r.lists_rules) return list_rules(io);
    if (r.files.empty()) throw CLI::RequiredError("FILE");
    json::value list{.type = json::kind::array};
    std::string lines;
    int errors = 0, warnings = 0;
    for (const auto& file : r.files) {
        const auto found = nmodl::lint(file, r.options, r.folders);
        for (const auto& d : found.all()) {
            list.items.push_back(document(d));
            lines += text(d);
            if (!lines.ends_with('\n')) lines += '\n';
            ++(d.is == nmodl::severity::error ? errors : warnings);
        }
    }
    lines += fmt::format("{} {}, {} {}, {} {}\n", r.files.size(), r.files.size() == 1 ? "file" : "files", errors, errors == 1 ? "error" : "errors", warnings,
                         warnings == 1 ? "warning" : "warnings");
    io.result(json::object({{"findings", list}, {"files", json::number(static_cast<double>(r.files.size()))}, {"errors", json::number(errors)},
                            {"warnings", json::number(warnings)}}), lines);
    return errors > 0 ? failed : ok;
}

}  // namespace apical::cli
