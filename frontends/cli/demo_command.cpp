// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "core/quantity_text.hpp"
#include "frontends/cli/command.hpp"
#include "frontends/cli/every_compartment.hpp"
#include "frontends/cli/stopwatch.hpp"
#include "io/results.hpp"
#include "models/model.hpp"
#include "models/protocols.hpp"

namespace apical::cli {
namespace {

constexpr double calcium_threshold = -55;     // mV; Hay et al. (2011) call the dendrite's potential above it a calcium spike

/// One experiment of the demonstration, and how to tell of it.
struct act {
    models::experiment experiment;
    std::string title, stimulus;
    std::vector<html::span> shaded;
};

/// What an act came to.
struct outcome {
    std::string title;
    std::vector<double> spikes;                ///< [ms]
    double dendrite_peak = 0;                  ///< [mV]
    double dendrite_above = 0;                 ///< time above the calcium threshold [ms]
    html::panel panel;
};

std::vector<act> acts(current pulse_amplitude) {
    const models::l5pc_protocols hay;
    const auto into_soma = fmt::format("5 ms, {:g} nA into the soma.", pulse_amplitude.in(units::nA));
    const html::span pulse{295, 300, "current into the soma"}, epsp{300, 320, "current into the dendrite"};
    return {{hay.bap(pulse_amplitude), "Back-propagation", into_soma, {pulse}},
            {hay.epsp(), "Dendritic EPSP", "An EPSP-like current of 0.5 nA into the apical dendrite.", {epsp}},
            {hay.calcium_spike(), "Calcium spike", "The same current three times as strong.", {epsp}},
            {hay.bac(pulse_amplitude), "BAC firing", "The somatic pulse and the weak EPSP together.", {pulse, epsp}}};
}

std::string count_of(std::size_t n) {
    constexpr std::string_view words[] = {"No spike", "One spike", "Two spikes", "Three spikes"};
    return n < std::size(words) ? std::string(words[n]) : fmt::format("{} spikes", n);
}

std::string millivolts(double v) { return fmt::format("{}{:.0f} mV", v < -0.5 ? "\xE2\x88\x92" : "", std::abs(v)); }

outcome told(const act& a, const simulation& sim) {
    outcome o{.title = a.title, .spikes = {}, .panel = {}};
    for (const auto& s : sim.spikes()) o.spikes.push_back(s.time);
    const auto& trunk = sim["trunk"];
    o.dendrite_peak = std::ranges::max(trunk.samples);
    o.dendrite_above = trunk.interval*static_cast<double>(std::ranges::count_if(trunk.samples, [](double v) { return v > calcium_threshold; }));
    o.panel = {.title = a.title, .caption = fmt::format("{} {} at the soma, {} in the dendrite.", a.stimulus, count_of(o.spikes.size()), millivolts(o.dendrite_peak)),
               .lines = {}, .spans = a.shaded, .x_from = 280, .x_to = 400, .y_from = -90, .y_to = 50};
    int colour = 0;
    for (const auto* r : {&sim["soma"], &trunk}) {
        html::line l{.name = colour == 0 ? "soma" : "apical dendrite", .x = {}, .y = r->column(0), .colour = colour};
        for (std::size_t k = 0; k < r->rows(); ++k) l.x.push_back(r->time(k));
        o.panel.lines.push_back(std::move(l));
        ++colour;
    }
    return o;
}

/// The cell in colour from shortly before the somatic pulse until the calcium spike is over.
html::film portrait(const cell& c, const simulation& sim) {
    constexpr double from = 293, until = 355;     // [ms]
    const auto& everywhere = sim["everywhere"];
    const auto& soma = sim["soma"];
    html::film f{.cell = {.title = "The cell during BAC firing", .caption = "The potential of every compartment, from the somatic pulse to the end of the calcium spike.", .quantity = "potential",
                          .unit = "mV", .shape = c.shape(), .places = {}, .values = std::vector<double>(everywhere.columns(), -1e9)}, .times = {}, .frames = {},
                 .trace = {.name = "soma", .x = {}, .y = soma.column(0), .colour = 0}};
    for (const auto& place : everywhere.places) f.cell.places.push_back(place.where);
    for (std::size_t row = 0; row < everywhere.rows(); ++row) {
        if (everywhere.time(row) < from || everywhere.time(row) > until) continue;
        if (row % 3 == 0) f.times.push_back(everywhere.time(row));
        for (std::size_t i = 0; i < everywhere.columns(); ++i) {
            const double v = everywhere.samples[row*everywhere.columns() + i];
            f.cell.values[i] = std::max(f.cell.values[i], v);
            if (row % 3 == 0) f.frames.push_back(v);
        }
    }
    for (std::size_t row = 0; row < soma.rows(); ++row) f.trace.x.push_back(soma.time(row));
    f.at = 299.2;
    f.cell.marks = {{soma.places.front().where, "soma", 0}, {sim["trunk"].places.front().where, "dendrite", 1}};
    return f;
}

html::table outcome_table(const std::vector<outcome>& all) {
    html::table t{.title = "What happened", .caption = "Spikes are upward crossings of \xE2\x88\x92" "20 mV at the soma; a dendrite above \xE2\x88\x92" "55 mV is in a calcium spike.",
                  .header = {"Experiment", "Spikes", "Times [ms]", "Dendritic peak [mV]", "Dendrite above \xE2\x88\x92" "55 mV [ms]"}, .rows = {}};
    for (const auto& o : all) {
        std::string times;
        for (const double s : o.spikes) times += fmt::format("{}{:.2f}", times.empty() ? "" : ", ", s);
        t.rows.push_back({o.title, fmt::format("{}", o.spikes.size()), times, fmt::format("{:.2f}", o.dendrite_peak), fmt::format("{:.1f}", o.dendrite_above)});
    }
    return t;
}

json::value document(const std::vector<outcome>& all, const std::filesystem::path& folder) {
    json::value acts{.type = json::kind::array};
    for (const auto& o : all) {
        json::value times{.type = json::kind::array};
        for (const double s : o.spikes) times.items.push_back(json::number(s));
        acts.items.push_back(json::object({{"name", json::text(o.title)}, {"spikes_ms", times}, {"dendrite_peak_mV", json::number(o.dendrite_peak)},
                                           {"dendrite_above_55_ms", json::number(o.dendrite_above)}}));
    }
    return json::object({{"experiments", acts}, {"folder", json::text(folder.string())}, {"report", json::text((folder / "report.html").string())}});
}

struct demo_command {
    static constexpr auto name = "demo", summary = "A layer 5 pyramidal cell whose dendrite fires: four experiments, their data, and a page about them";
    std::string out = "out/demo", morphology, pulse = "1.6 nA";
    int threads = 1;
    bool replace = false;

    void bind(CLI::App& app) {
        app.add_option("--out", out, "folder for the results")->capture_default_str();
        app.add_option("--morphology", morphology, "another pyramidal cell: an SWC or ASC file");
        app.add_option("--pulse", pulse, "current into the soma; 1.9 nA for the reconstruction of Hay et al. (2011)")->capture_default_str();
        app.add_option("--threads", threads, "number of threads")->capture_default_str()->check(CLI::Range(1, 4096));
        app.add_flag("--overwrite", replace, "replace results that are there already");
    }

    /// The experiment file's equivalent of an act.
    experiment staged(const act& a, const cell& c) const {
        experiment e;
        e.title = a.title;
        e.model = models::on(c, a.experiment);
        e.until = a.experiment.until;
        e.run.threads = threads;
        e.output.folder = std::filesystem::path(out) / a.experiment.name;
        e.output.report = false;
        if (a.experiment.name == "bac")
            e.model.probes.push_back({.label = "everywhere", .on = {e.model.populations.front().name, every_compartment(c)}, .interval = 0.1*units::ms});
        return e;
    }

    std::filesystem::path report() const { return std::filesystem::path(out) / "report.html"; }

    /// Everything that would be in the way of the results is told before anything is computed.
    void check_outputs(const std::vector<experiment>& staging, overwrite mode) const {
        findings found;
        const auto collect = [&](const auto& check) {
            try {
                check();
            } catch (const error& e) {
                for (const auto& p : e.problems()) found.add(p.where, p.what, p.hint);
            }
        };
        for (const auto& e : staging) collect([&] { check_results(e, mode); });
        std::error_code ignored;
        if (mode == overwrite::no && std::filesystem::exists(report(), ignored)) found.add(report().string(), "already exists");
        if (!found.empty()) throw invalid_input(out, fmt::format("holds {} results already", found.problems().size()), "choose another folder, or give --overwrite");
    }

    int execute(const console& io) const {
        models::option_values options;
        if (!morphology.empty()) options["morphology"] = std::filesystem::absolute(morphology).string();
        std::vector<problem> repairs;
        const auto c = models::build("l5pc", options, &repairs);
        for (const auto& w : repairs) io.remark("warning: " + w.text());
        const auto mode = replace ? overwrite::yes : overwrite::no;
        const auto program = acts(current::coherent(parse_as(pulse, dimensions::current, "--pulse")));
        std::vector<experiment> staging;
        for (const auto& a : program) staging.push_back(staged(a, c));
        check_outputs(staging, mode);

        std::vector<outcome> all;
        html::page page;
        run_times total;
        plan_summary sizes;
        for (std::size_t i = 0; i < program.size(); ++i) {
            const auto& e = staging[i];
            stopwatch watch;
            simulation sim(e.model, e.run);
            total.compile_seconds += watch.lap();
            sim.run(e.until, io.progress_line());
            io.end_progress();
            total.run_seconds += watch.lap();
            write_results(e, sim, total, mode);
            all.push_back(told(program[i], sim));
            sizes = apical::summary(sim.model());
            if (e.model.probes.back().label == "everywhere") page.figures.insert(page.figures.begin(), portrait(c, sim));
            page.figures.push_back(all.back().panel);
        }
        describe(page, staging.front(), sizes, total);
        page.figures.push_back(outcome_table(all));
        html::write_page(report(), page, mode);
        io.result(document(all, out), text(all, report()));
        return ok;
    }

    static void describe(html::page& page, const experiment& e, const plan_summary& sizes, const run_times& total) {
        const auto compartments = compartments_in(sizes);
        const double steps = 4*e.until.coherent()/e.run.dt.coherent();
        page.title = "A dendrite that fires";
        page.subtitle = "A thick-tufted pyramidal cell of layer 5. A somatic spike alone fades on its way up the apical dendrite, and a weak dendritic EPSP alone hardly "
                        "reaches the soma. Together they set off a calcium spike in the dendrite, and the soma answers with a burst: "
                        "back-propagation-activated calcium (BAC) firing.";
        page.facts = {{"Compartments", fmt::format("{}", compartments)}, {"Time step", fmt::format("{:g} ms", e.run.dt.coherent())},
                      {"Scheme", e.run.scheme == scheme::backward_euler ? "backward Euler" : "Crank\xE2\x80\x93Nicolson"},
                      {"Simulated", fmt::format("4 \xC3\x97 {:g} ms", e.until.coherent())}, {"Wall time", fmt::format("{:.2f} s", total.run_seconds)},
                      {"Per compartment and step", fmt::format("{:.1f} ns", 1e9*total.run_seconds/(steps*static_cast<double>(compartments)))}};
        page.footer = "Model: Hay, Hill, Sch\xC3\xBCrmann, Markram & Segev (2011) PLoS Comput Biol 7:e1002107. Phenomenon: Larkum, Zhu & Sakmann (1999) Nature 398:338. "
                      "Made by apical demo, version " APICAL_VERSION ".";
    }

    static std::string text(const std::vector<outcome>& all, const std::filesystem::path& report) {
        std::vector<std::vector<std::string>> rows{{"experiment", "spikes", "dendritic peak [mV]", "above -55 mV [ms]"}};
        for (const auto& o : all)
            rows.push_back({o.title, fmt::format("{}", o.spikes.size()), fmt::format("{:.2f}", o.dendrite_peak), fmt::format("{:.1f}", o.dendrite_above)});
        return columns(rows) + fmt::format("\nspikes and traces: {}/*/\nreport: {}\n", report.parent_path().string(), report.string());
    }
};

}  // namespace

void add_demo(CLI::App& program, const console& io, int& code) { add<demo_command>(program, io, code); }

}  // namespace apical::cli
