// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "frontends/cli/command.hpp"
#include "frontends/cli/processes.hpp"
#include "frontends/cli/watched_run.hpp"
#include "io/sonata/build_circuit.hpp"

namespace apical::cli {
namespace {

using sonata::circuit_files;

json::value count(std::uint64_t n) { return json::number(static_cast<double>(n)); }

/// What is wrong, and how many errors there are.
int tell_findings(const std::vector<sonata::finding>& all, const console& io) {
    json::value list{.type = json::kind::array};
    std::string text;
    for (const auto& f : all) {
        list.items.push_back(json::object({{"kind", json::text(name_of(f.kind))}, {"where", json::text(f.about.where)}, {"what", json::text(f.about.what)},
                                           {"hint", json::text(f.about.hint)}}));
        text += fmt::format("{}: {}\n", name_of(f.kind), f.about.text());
    }
    const auto errors = std::ranges::count_if(all, &sonata::finding::is_error);
    text += errors == 0 ? "no errors\n" : fmt::format("{} error{}\n", errors, errors == 1 ? "" : "s");
    io.result(json::object({{"errors", json::number(static_cast<double>(errors))}, {"findings", std::move(list)}}), text);
    return errors == 0 ? ok : failed;
}

/// How many nodes of a population are of each kind, as "240 biophysical, 60 virtual".
std::string kinds(const sonata::node_population& p) {
    std::map<std::string, std::uint64_t> n;
    for (std::uint64_t i = 0; i < p.size(); ++i) ++n[p.text(i, "model_type").value_or("?")];
    std::string text;
    for (const auto& [kind, many] : n) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", many, kind);
    return text;
}

/// Tables of the populations, the inputs and the reports, for people and for programs.
struct listing {
    std::string text;
    json::value document = json::object({});

    void add(const std::string& title, const std::vector<std::vector<std::string>>& rows) {
        json::value list{.type = json::kind::array};
        for (std::size_t i = 1; i < rows.size(); ++i) {
            auto o = json::object({});
            for (std::size_t c = 0; c < rows[i].size(); ++c) o.members.emplace_back(rows[0][c], json::text(rows[i][c]));
            list.items.push_back(std::move(o));
        }
        document.members.emplace_back(title, std::move(list));
        if (rows.size() > 1) text += fmt::format("{}\n{}\n", title, columns(rows));
    }
};

std::string amount(const sonata::input& i) {
    if (const auto* c = std::get_if<sonata::current_clamp>(&i.what)) return fmt::format("{} nA from {} ms for {} ms", fmt::join(c->amplitude, ", "), fmt::join(c->delay, ", "), fmt::join(c->duration, ", "));
    if (const auto* s = std::get_if<sonata::spike_replay>(&i.what)) return s->file.filename().string();
    if (const auto* c = std::get_if<sonata::soma_current>(&i.what)) return fmt::format("{} to {} nA from {} ms for {} ms", c->amplitude_start, c->amplitude_end, c->delay, c->duration);
    if (const auto* c = std::get_if<sonata::current_table>(&i.what)) return c->file.filename().string();
    if (const auto* c = std::get_if<sonata::voltage_step>(&i.what)) return fmt::format("{} mV from {} ms for {} ms", c->voltage, c->delay, c->duration);
    return "not supported";
}

listing contents(const circuit_files& files) {
    listing l;
    const auto& c = files.settings;
    std::vector<std::vector<std::string>> nodes{{"population", "nodes", "kinds"}}, edges{{"population", "edges", "from", "to"}},
        inputs{{"input", "type", "module", "nodes", "what"}}, reports{{"report", "variable", "cells", "sections", "file"}};
    for (const auto& p : files.nodes) nodes.push_back({p.name(), std::to_string(p.size()), kinds(p)});
    for (const auto& p : files.edges) edges.push_back({p.name(), std::to_string(p.size()), p.source(), p.target()});
    for (const auto& i : c.inputs) inputs.push_back({i.name, i.type, i.module, i.node_set, amount(i)});
    for (const auto& r : c.reports) reports.push_back({r.name, r.variable, r.node_set, r.sections, r.file.filename().string()});
    l.add("nodes", nodes);
    l.add("edges", edges);
    l.add("inputs", inputs);
    l.add("reports", reports);
    if (!c.has_run) return l;
    l.text += fmt::format("{} ms in steps of {} ms\n", c.run.tstop, c.run.dt);
    l.document.members.emplace_back("run", json::object({{"tstop_ms", json::number(c.run.tstop)}, {"dt_ms", json::number(c.run.dt)}}));
    return l;
}

struct sonata_command {
    static constexpr bool is_parallel = true;
    static constexpr auto name = "sonata", summary = "Run, check or show a circuit in the SONATA format";
    std::string action, config, scheme_name, constants, geometry = "as_configured", balance_name = "measured";
    int threads = 1;
    std::int64_t held = std::int64_t{1} << 24;
    bool replace = false;

    void bind(CLI::App& app) {
        app.add_option("ACTION", action, "run: simulate it; check: read everything and say what is wrong; show: list populations, inputs and reports")
            ->required()->check(CLI::IsMember({"run", "check", "show"}));
        app.add_option("CONFIG", config, "config.json, circuit_config.json or simulation_config.json")->required();
        app.add_option("--scheme", scheme_name, "run: backward_euler, crank_nicolson, auto, precise or cvode; left out: as the simulators of SONATA have it, backward_euler, or as a circuit that Apical wrote says");
        app.add_option("--constants", constants, "run: modern, or legacy for circuits published before NEURON 8; left out: modern, or as a circuit that Apical wrote says");
        app.add_option("--geometry", geometry, "run: how coordinates are rounded: bmtk, as by its own importer, neuron8 or neuron9, as by theirs, or exact; as_configured is bmtk unless the "
                                              "configuration says use_old_import3d: false")
            ->capture_default_str()->check(CLI::IsMember(sonata::geometry_names()));
        app.add_option("--balance", balance_name, "run: how much work cells are taken to be when processes share them: measured, or counted by rows and states")->capture_default_str();
        app.add_option("--threads", threads, "run: number of threads")->capture_default_str()->check(CLI::Range(1, 4096));
        app.add_option("--held-samples", held, "run: so many samples of reports are kept in memory until the end; the largest reports are written meanwhile until the rest are no more")
            ->capture_default_str()->check(CLI::NonNegativeNumber);
        app.add_flag("--overwrite", replace, "run: replace results that are there already");
    }
    int run(const processes& all) const {
        const auto mode = replace ? overwrite::yes : overwrite::no;
        sonata::built_circuit built;
        std::optional<simulation> sim;
        all.together([&] {
            sonata::findings found;
            const auto files = std::make_shared<const circuit_files>(sonata::read_circuit(config, found));
            found.throw_if_errors();
            sonata::build_options how{.threads = threads};
            if (!scheme_name.empty()) how.scheme = parse_scheme(scheme_name);
            if (!constants.empty()) how.constants = parse_constants(constants);
            how.rounding = sonata::parse_geometry(geometry);
            built = sonata::build_circuit(files, how, found);
            found.throw_if_errors();
            sonata::check_outputs(built, mode);
        });
        all.together([&] {
            built.run.ranks = all.ranks(), built.run.balance = parse_balance(balance_name);
            sim.emplace(built.model, built.run);
        });
        std::optional<report_stream> reports;
        all.together([&] { reports = sonata::stream_outputs(built, *sim, mode, static_cast<double>(held)); });
        watched_run(*sim, built.until, {.checkpoint = {}, .reports = reports ? &*reports : nullptr}, all);
        all.io().end_progress();
        sim->collect();
        all.together([&] {
            if (!all.is_first()) return;
            std::string text = fmt::format("{} spikes in {} ms\n", sim->spikes().size(), built.until.coherent());
            std::vector<std::string> names;
            const auto files = sonata::write_outputs(built, *sim, mode);
            if (reports) reports->commit();
            for (const auto& w : files) names.push_back(w.string()), text += fmt::format("wrote {}\n", w.string());
            all.io().result(json::object({{"spikes", count(sim->spikes().size())}, {"files", json::texts(names)}}), text);
        });
        return ok;
    }
    int execute(const console& io) const {
        if (action == "run") return run_together(io, [&](const processes& all) { return run(all); });
        require_one_process(name);
        if (action == "check") return tell_findings(sonata::examine(config), io);
        sonata::findings found;
        const auto files = sonata::read_circuit(config, found);
        found.throw_if_errors();
        const auto l = contents(files);
        io.result(l.document, l.text);
        return ok;
    }
};

}  // namespace

void add_sonata(CLI::App& program, const console& io, int& code) { add<sonata_command>(program, io, code); }

}  // namespace apical::cli
