// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "frontends/cli/command.hpp"
#include "models/model.hpp"

namespace apical::cli {
namespace {

json::value document(const models::model& m) {
    json::value options{.type = json::kind::array};
    for (const auto& o : m.options)
        options.items.push_back(json::object({{"name", json::text(o.name)}, {"default", json::text(o.value)}, {"meaning", json::text(o.meaning)},
                                              {"choices", json::texts(o.choices)}}));
    return json::object({{"name", json::text(m.name)}, {"summary", json::text(m.summary)}, {"source", json::text(m.source)}, {"options", options}});
}

std::string text(const models::model& m) {
    auto out = fmt::format("{}: {}\n{}\n", m.name, m.summary, wrapped(m.source, 2));
    std::vector<std::vector<std::string>> rows{{"option", "default", "meaning"}};
    for (const auto& o : m.options) {
        auto meaning = o.meaning;
        if (!o.choices.empty()) meaning += fmt::format(" ({})", fmt::join(o.choices, ", "));
        rows.push_back({o.name, o.value, meaning});
    }
    return rows.size() > 1 ? out + columns(rows) : out + "no options\n";
}

struct models_command {
    static constexpr auto name = "models", summary = "List the ready cells, or show one";
    std::string which;

    void bind(CLI::App& app) { app.add_option("NAME", which, "show this one and its options"); }

    int execute(const console& io) const {
        const auto all = models::all();
        if (which.empty()) {
            std::vector<std::vector<std::string>> rows{{"model", "summary"}};
            json::value list{.type = json::kind::array};
            for (const auto& m : all) {
                rows.push_back({m.name, m.summary});
                list.items.push_back(document(m));
            }
            io.result(list, columns(rows));
            return ok;
        }
        std::vector<std::string> names;
        for (const auto& m : all) names.push_back(m.name);
        const auto found = std::ranges::find(names, which);
        if (found == names.end()) throw invalid_input("models", fmt::format("no model '{}'", which), suggestion(which, names));
        const auto& m = all[static_cast<std::size_t>(found - names.begin())];
        io.result(document(m), text(m));
        return ok;
    }
};

}  // namespace

void add_models(CLI::App& program, const console& io, int& code) { add<models_command>(program, io, code); }

}  // namespace apical::cli
