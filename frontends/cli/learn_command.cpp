// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <filesystem>
#include <optional>
#include <iterator>
#include <string>
#include <system_error>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "analysis/representation.hpp"
#include "frontends/cli/command.hpp"
#include "frontends/cli/learning_report.hpp"
#include "io/data_sets.hpp"
#include "io/output_file.hpp"

namespace apical::cli {
namespace {

struct learn_command {
    static constexpr bool is_parallel = true;
    static constexpr auto name = "learn", summary = "Train a layered net on a task by a learning rule; without a task, list what there is";
    learning_request request;
    std::string task, out, checkpoint, resume;
    std::vector<std::string> rules, set;
    int epochs = 20, checkpoint_every = 1, angle_examples = 0, seeds = 1;
    double criterion = 0.1;
    bool replace = false, is_scoreboard = false;

    void bind(CLI::App& app) {
        app.add_option("--task", task, "what is learned");
        app.add_option("--rule", rules, "how: feedback_alignment, or as the task has it, unless said otherwise; of a scoreboard several, or all of them")->delimiter(',');
        app.add_option("--hidden", request.hidden, "units of each hidden layer, as 100 or 100,100")->delimiter(',');
        app.add_option("--epochs", epochs, "how often every example is presented")->capture_default_str()->check(CLI::Range(1, 1000000));
        app.add_option("--seed", request.seed, "of weights, order, noise, and the split of the data")->capture_default_str();
        app.add_option("--batch", request.batch, "examples after which weights change")->check(CLI::Range(1, 1000000));
        app.add_option("--rate", request.rate, "factor of all learning rates")->capture_default_str()->check(CLI::PositiveNumber);
        app.add_option("--set", set, "a setting of the scheme, as free_steps=50")->take_all()->allow_extra_args(false);
        app.add_option("--examples", request.examples, "only the first so many of the training set");
        app.add_option("--threads", request.threads, "number of threads")->capture_default_str()->check(CLI::Range(1, 4096));
        app.add_option("--angles", angle_examples, "examples on which the angle to the gradient is measured; 0: none")->capture_default_str()->check(CLI::Range(0, 100000));
        app.add_option("--out", out, "folder for curve.csv, curve.json and report.html, or scoreboard.csv, ...");
        app.add_option("--checkpoint", checkpoint, "HDF5 file in which the state is kept");
        app.add_option("--checkpoint-every", checkpoint_every, "epochs")->capture_default_str()->check(CLI::Range(1, 1000000));
        app.add_option("--resume", resume, "go on from this checkpoint");
        app.add_flag("--scoreboard", is_scoreboard, "train by every rule and compare");
        app.add_option("--seeds", seeds, "of a scoreboard: how many trainings of each, with seeds from --seed on")->capture_default_str()->check(CLI::Range(1, 1000));
        app.add_option("--criterion", criterion, "of a scoreboard: test error that counts as learned")->capture_default_str()->check(CLI::Range(0.0, 1.0));
        app.add_flag("--overwrite", replace, "replace results that are there already");
    }

    int execute(const console& io) const {
        if (task.empty() && !is_scoreboard) {
            require_one_process(name);
            return list(io);
        }
        check_usage();
        return run_together(io, [&](const processes& all) {
            all.together([&] {
                for (const auto& file : outputs())
                    if (std::error_code ignored; !replace && std::filesystem::exists(file, ignored)) throw invalid_input(file.string(), "already exists", "choose another folder, or allow overwriting");
            });
            return is_scoreboard ? compare(all) : train(all);
        });
    }

private:
    void check_usage() const {
        if (!is_scoreboard && rules.size() > 1) throw CLI::ValidationError("--rule", "several are compared by --scoreboard");
        if (is_scoreboard && (!checkpoint.empty() || !resume.empty())) throw CLI::ValidationError("--scoreboard", "has no checkpoints");
    }
    std::vector<std::filesystem::path> outputs() const {
        if (out.empty()) return {};
        const std::filesystem::path folder = out;
        const std::string stem = is_scoreboard ? "scoreboard" : "curve", page = is_scoreboard ? "scoreboard.html" : "report.html";
        std::vector<std::filesystem::path> all{folder/(stem + ".csv"), folder/(stem + ".json"), folder/page};
        if (is_scoreboard) all.push_back(folder/"scoreboard_curves.csv");
        return all;
    }

    int list(const console& io) const {
        std::vector<std::vector<std::string>> rows{{"rule", "transports weights", "phases", "in time", "summary"}};
        json::value listed{.type = json::kind::array};
        auto all = models::all_learners();
        std::ranges::copy(models::learners_in_time(), std::back_inserter(all));
        for (const auto& l : all) {
            rows.push_back({l.name, l.transports_weights ? "yes" : "no", l.needs_phases ? "yes" : "no", l.is_in_time ? "yes" : "no", l.summary});
            listed.items.push_back(json::object({{"name", json::text(l.name)}, {"summary", json::text(l.summary)}, {"source", json::text(l.source)},
                                                 {"transports_weights", json::boolean(l.transports_weights)}, {"needs_phases", json::boolean(l.needs_phases)}, {"is_in_time", json::boolean(l.is_in_time)}}));
        }
        const auto tasks = task_names();
        io.result(json::object({{"tasks", json::texts(tasks)}, {"rules", listed}}), fmt::format("tasks: {}\n\n{}", fmt::join(tasks, ", "), columns(rows)));
        return ok;
    }

    learning_request asked(const std::string& rule, std::uint64_t seed) const {
        auto r = request;
        r.task = task.empty() ? "digits" : task, r.rule = rule, r.seed = seed;
        for (const auto& s : set) {
            const auto equals = s.find('=');
            const bool is_pair = equals != s.npos && equals > 0;
            std::size_t end = 0;
            double value = 0;
            try {
                if (is_pair) value = std::stod(s.substr(equals + 1), &end);
            } catch (const std::logic_error&) {
                end = 0;
            }
            if (!is_pair || end == 0 || end != s.size() - equals - 1) throw CLI::ValidationError("--set", fmt::format("'{}' is not setting=number", s));
            r.settings[s.substr(0, equals)] = value;
        }
        return r;
    }

    int train(const processes& all) const {
        const auto& io = all.io();
        learning_setup s;
        all.together([&] { s = set_up(asked(rules.empty() ? std::string() : rules.front(), request.seed)); });
        std::optional<layered_training> begun;
        std::vector<curve_point> curve;
        all.together([&] {
            auto& fresh = begun.emplace(s.begin(all.ranks()));
            if (!resume.empty()) curve = unpacked(read_training(resume, fresh, s.identity));
            if (!checkpoint.empty()) check_training_replaceable(checkpoint);
        });
        auto& run = *begun;
        const auto more = follow_learning(run, s.test, {.epochs = epochs, .angle_examples = angle_examples, .angle_every = std::max(1, epochs/10), .seconds_before = curve.empty() ? 0 : curve.back().seconds},
                                          [&](const curve_point& p) {
                                              curve.push_back(p);
                                              io.remark(fmt::format("epoch {} of {}: {} {:.2f} % of the test set, {:.2f} % of the training set", p.epoch, epochs, s.how.is_taught ? "error" : "outputs do not tell", 100*p.test_error, 100*p.train_error));
                                              if (!checkpoint.empty() && (p.epoch % checkpoint_every == 0 || p.epoch == epochs))
                                                  all.together([&] {
                                                      if (all.is_first()) write_training(checkpoint, run, s.identity, packed(curve));
                                                  });
                                              return true;
                                          });
        const auto made = representation(run, s.test, s.task.test);
        all.together([&] {
            if (!all.is_first()) return;
            if (!out.empty()) write(document(s, curve, made), csv(curve), page(s, curve));
            io.result(document(s, curve, made), text(s, curve, made));
        });
        return ok;
    }

    int compare(const processes& all) const {
        std::vector<std::string> names = rules;
        board b;
        for (const auto& rule : rules)
            if (!models::learner_named(rule).is_taught) throw CLI::ValidationError("--scoreboard", fmt::format("'{}' is not taught, and has no error to be compared by", rule));
        const bool is_in_time = task_named(task.empty() ? "digits" : task, request.seed).train.rows > 1;
        if (is_in_time) b.options.noise.clear(), b.options.adversarial.clear(), b.options.angle_examples = 0;
        if (names.empty())
            for (const auto& l : is_in_time ? models::learners_in_time() : models::all_learners())
                if (l.is_taught) names.push_back(l.name);
        b.options.epochs = epochs, b.options.criterion = criterion;
        if (angle_examples > 0) b.options.angle_examples = angle_examples;
        for (const auto& rule : names) {
            board_row row{.how = models::learner_named(rule), .seeds = {}, .failure = {}};
            for (int k = 0; k < seeds; ++k) add_grades(b, row, request.seed + static_cast<std::uint64_t>(k), all);
            b.rows.push_back(std::move(row));
        }
        all.together([&] {
            if (!all.is_first()) return;
            if (!out.empty()) {
                write(document(b), csv(b), page(b));
                write_text(outputs().back(), curves_csv(b), replace ? overwrite::yes : overwrite::no);
            }
            all.io().result(document(b), text(b));
        });
        return ok;
    }
    /// A training that fails for its numbers or its memory leaves a remark, not the others without a table.
    void add_grades(board& b, board_row& row, std::uint64_t seed, const processes& all) const {
        const auto& io = all.io();
        learning_setup s;
        all.together([&] { s = set_up(asked(row.how.name, seed)); });
        std::vector<int> units;
        for (const auto& l : s.net.layers) units.push_back(l.units);
        b.task = s.task.name, b.layers = fmt::format("{}", fmt::join(units, "-")), b.examples = s.train.size();
        try {
            auto run = s.begin(all.ranks());
            auto o = b.options;
            o.range = row.how.high - row.how.low, o.seed = seed;
            if (row.how.name == "xcal") o.angle_examples = 0;   // its synapses remember: no change is of one batch alone
            row.seeds.push_back(grade(run, s.test, o));
            io.remark(fmt::format("{}, seed {}: error {:.2f} % in {:.3g} s", row.how.name, seed, 100*row.seeds.back().test_error, row.seeds.back().seconds));
        } catch (const diverged& e) {
            row.failure = fmt::format("seed {}: {}", seed, e.what());
            io.remark(fmt::format("{}: {}", row.how.name, row.failure));
        }
    }
    void write(const json::value& document, const std::string& csv, const html::page& page) const {
        create_folder(out);
        const auto files = outputs();
        const auto mode = replace ? overwrite::yes : overwrite::no;
        write_text(files[0], csv, mode), write_text(files[1], json::to_text(document), mode), html::write_page(files[2], page, mode);
    }
};

}  // namespace

void add_learn(CLI::App& program, const console& io, int& code) { add<learn_command>(program, io, code); }

}  // namespace apical::cli
