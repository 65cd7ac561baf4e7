// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>
#include <string>

#include <fmt/format.h>

#include "engine/catalogue.hpp"
#include "frontends/cli/channel_builds.hpp"
#include "frontends/cli/channel_lint.hpp"
#include "frontends/cli/command.hpp"
#include "frontends/cli/gate_table.hpp"

namespace apical::cli {
namespace {

std::string_view word_for(mechanism_kind k) {
    constexpr std::string_view words[] = {"channel", "pool", "receptor"};
    return words[static_cast<int>(k)];
}

json::value document(const std::vector<field>& fields) {
    json::value list{.type = json::kind::array};
    for (const auto& f : fields)
        list.items.push_back(json::object({{"name", json::text(f.name)}, {"default", json::number(f.value)}, {"unit", json::text(f.unit)},
                                           {"meaning", json::text(f.meaning)}, {"low", json::number(f.low)}, {"high", json::number(f.high)}}));
    return list;
}

json::value document(const mechanism_schema& s, const std::vector<gate_row>& gates) {
    json::value rows{.type = json::kind::array};
    for (const auto& r : gates) {
        auto row = json::object({{"v_mV", json::number(r.v)}, {"c_in_mM", json::number(r.concentration)}});
        for (std::size_t i = 0; i < r.gates.size(); ++i)
            row.members.emplace_back(s.states[i].name, json::object({{"inf", json::number(r.gates[i].inf)}, {"tau_ms", json::number(r.gates[i].tau)}}));
        rows.items.push_back(std::move(row));
    }
    return json::object({{"name", json::text(s.name)}, {"kind", json::text(word_for(s.kind))}, {"summary", json::text(s.summary)},
                         {"source", json::text(s.source)}, {"carries", json::text(ion_name(s.carries))}, {"reads", json::text(ion_name(s.reads))},
                         {"q10", json::number(s.q10)}, {"q10_at_degC", json::number(s.q10_at)}, {"parameters", document(s.parameters)},
                         {"states", document(s.states)}, {"gates", rows}});
}

std::string field_table(const char* heading, const std::vector<field>& fields) {
    if (fields.empty()) return {};
    std::vector<std::vector<std::string>> rows{{heading, "default", "unit", "range", "meaning"}};
    for (const auto& f : fields)
        rows.push_back({std::string(f.name), fmt::format("{:g}", f.value), std::string(f.unit), fmt::format("{:g} .. {:g}", f.low, f.high), std::string(f.meaning)});
    return "\n" + columns(rows);
}

std::string gate_text(const mechanism_schema& s, const std::vector<gate_row>& gates) {
    if (gates.empty()) return {};
    const bool over_voltage = s.reads == ion::none;
    std::vector<std::vector<std::string>> rows{{over_voltage ? "v [mV]" : fmt::format("{} inside [mM]", ion_name(s.reads))}};
    for (const auto& state : s.states) {
        rows[0].push_back(fmt::format("{} inf", state.name));
        rows[0].push_back(fmt::format("{} tau [ms]", state.name));
    }
    for (const auto& g : gates) {
        rows.push_back({fmt::format("{:g}", over_voltage ? g.v : g.concentration)});
        for (const auto& x : g.gates) {
            rows.back().push_back(fmt::format("{:.5g}", x.inf));
            rows.back().push_back(fmt::format("{:.5g}", x.tau));
        }
    }
    return "\n" + columns(rows);
}

std::string text(const mechanism_schema& s, const std::vector<gate_row>& gates) {
    auto out = fmt::format("{}: {}, {}\n{}", s.name, word_for(s.kind), s.summary, wrapped(s.source, 2));
    if (s.carries != ion::none) out += fmt::format("  {} {}\n", s.kind == mechanism_kind::pool ? "keeps account of" : "carries", ion_name(s.carries));
    if (s.reads != ion::none) out += fmt::format("  reads the concentrations of {}\n", ion_name(s.reads));
    if (s.q10 != 1) out += fmt::format("  rates times {:g} per 10 degrees, as written at {:g} degC\n", s.q10, s.q10_at);
    return out + field_table("parameter", s.parameters) + field_table("state", s.states) + gate_text(s, gates);
}

struct channels_command {
    static constexpr auto name = "channels", summary = "List channels, pools and receptors, show one with its gates, or compile or check files of NMODL";
    std::string which;
    double celsius_now = 6.3;
    CLI::App* build = nullptr;
    std::vector<std::string> files;
    plug_in_options how;
    CLI::App* lint = nullptr;
    lint_request checks;

    void bind(CLI::App& app) {
        app.add_option("NAME", which, "show this one: parameters, states, source, and steady states and time constants of its gates");
        app.add_option("--celsius", celsius_now, "temperature for the time constants")->capture_default_str()->check(CLI::Range(-10.0, 60.0));
        build = app.add_subcommand("build", "Compile mechanisms that are written in NMODL, or find them in the cache");
        build->fallthrough();
        build->add_option("FILE", files, "files *.mod, or folders of them")->required();
        build->add_option("--cache", how.cache, "folder that compiled mechanisms are kept in; else $APICAL_CACHE, or apical in $XDG_CACHE_HOME or ~/.cache");
        build->add_option("--compiler", how.compiler, "C++ compiler; else $CXX, or the first of c++, g++ and clang++ that there is");
        build->add_option("--jobs", how.jobs, "compilers that run at once; 0: one a core")->check(CLI::Range(0, 1024));
        build->add_flag("--general", how.is_general, "write all in the form that any mechanism has");
        lint = app.add_subcommand("lint", "Check files of NMODL for what translates and is still wrong");
        lint->fallthrough();
        bind_lint(*lint, checks);
    }

    int execute(const console& io) const {
        if (lint->parsed()) return lint_channels(checks, io);
        if (build->parsed()) return build_channels(files, how, io);
        const auto all = catalogue::built_in();
        if (!which.empty()) {
            const auto* found = all.find(which);
            if (!found) throw invalid_input("channels", fmt::format("no mechanism '{}'", which), suggestion(which, all.names()));
            const auto gates = gate_table(found->schema.name, celsius_now);
            io.result(document(found->schema, gates), text(found->schema, gates));
            return ok;
        }
        std::vector<std::vector<std::string>> rows{{"name", "kind", "ion", "summary"}};
        json::value list{.type = json::kind::array};
        for (const auto& e : all.entries()) {
            const auto& s = e.schema;
            rows.push_back({s.name, std::string(word_for(s.kind)), s.carries == ion::none ? "" : std::string(ion_name(s.carries)), s.summary});
            list.items.push_back(document(s, {}));
        }
        io.result(list, columns(rows));
        return ok;
    }
};

}  // namespace

void add_channels(CLI::App& program, const console& io, int& code) { add<channels_command>(program, io, code); }

}  // namespace apical::cli
