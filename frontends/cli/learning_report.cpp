// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/cli/learning_report.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "frontends/cli/console.hpp"

namespace apical::cli {
namespace {

using words = std::vector<std::string>;

json::value numbers(const std::vector<double>& all) {
    json::value list{.type = json::kind::array};
    for (const double x : all) list.items.push_back(json::number(x));
    return list;
}
std::string percent(double part) { return fmt::format("{:.2f}", 100*part); }
std::string yes_or_no(bool b) { return b ? "yes" : "no"; }
std::string degrees(const std::vector<double>& angles) { return angles.empty() ? "-" : fmt::format("{:.0f}", fmt::join(angles, ", ")); }

html::panel errors_of(const std::vector<curve_point>& curve, bool is_taught) {
    html::panel p{.title = is_taught ? "Error" : "What outputs do not tell of the squares of the inputs", .caption = {}, .x_label = "epoch", .y_label = "%", .lines = {{"training set", {}, {}, 0}, {"test set", {}, {}, 1}}};
    for (const auto& c : curve) {
        for (auto& l : p.lines) l.x.push_back(c.epoch);
        p.lines[0].y.push_back(100*c.train_error), p.lines[1].y.push_back(100*c.test_error);
    }
    return p;
}
html::panel angles_of(const std::vector<curve_point>& curve) {
    html::panel p{.title = "Angle between what the rule asks for and the way down the gradient", .caption = {}, .x_label = "epoch", .y_label = "degrees", .lines = {}};
    for (const auto& c : curve)
        for (std::size_t k = 0; k < c.angles.size(); ++k) {
            if (p.lines.size() <= k) p.lines.push_back({fmt::format("onto layer {}", k + 1), {}, {}, static_cast<int>(k % 6)});
            p.lines[k].x.push_back(c.epoch), p.lines[k].y.push_back(c.angles[k]);
        }
    return p;
}

template <class F> std::vector<double> over_seeds(const board_row& r, F&& f) {
    std::vector<double> all;
    for (const auto& g : r.seeds) all.push_back(f(g));
    return all;
}
/// Mean over seeds, with its standard error where there are several.
std::string told(const std::vector<double>& all, double factor = 1, int digits = 2) {
    if (all.empty()) return "-";
    const auto m = summarised(all);
    return all.size() > 1 ? fmt::format("{:.{}f} +- {:.{}f}", factor*m.mean, digits, factor*m.error, digits) : fmt::format("{:.{}f}", factor*m.mean, digits);
}
std::string samples_of(const board_row& r) {
    std::vector<double> all;
    for (const auto& g : r.seeds)
        if (g.samples) all.push_back(*g.samples);
    return all.size() < r.seeds.size() || all.empty() ? "-" : told(all, 1, 0);
}

std::string atp(const board_row& r, double grades::* member) {
    const auto all = over_seeds(r, [&](const grades& g) { return g.*member; });
    return all.empty() || summarised(all).mean == 0 ? "-" : fmt::format("{:.2e}", summarised(all).mean);
}

words header(const board& b) {
    words all{"rule", "error [%]", "samples"};
    for (const double s : b.options.noise) all.push_back(fmt::format("noise {:g} [%]", s));
    for (const double e : b.options.adversarial) all.push_back(fmt::format("adversarial {:g} [%]", e));
    all.insert(all.end(), {"first angles [deg]", "last angles [deg]", "transport", "phases", "ATP an inference", "ATP an update", "time [s]"});
    return all;
}
words row(const board& b, const board_row& r) {
    words all{r.how.name, told(over_seeds(r, [](const grades& g) { return g.test_error; }), 100), samples_of(r)};
    for (std::size_t k = 0; k < b.options.noise.size(); ++k) all.push_back(told(over_seeds(r, [&](const grades& g) { return 1 - g.right_with_noise[k]; }), 100, 1));
    for (std::size_t k = 0; k < b.options.adversarial.size(); ++k) all.push_back(told(over_seeds(r, [&](const grades& g) { return 1 - g.right_adversarial[k]; }), 100, 1));
    const auto angles = [&](auto member) { return r.seeds.empty() ? std::string("-") : degrees(r.seeds.front().*member); };
    all.insert(all.end(), {angles(&grades::first_angles), angles(&grades::last_angles), yes_or_no(r.how.transports_weights), yes_or_no(r.how.needs_phases),
                           atp(r, &grades::atp_of_inference), atp(r, &grades::atp_of_update),
                           told(over_seeds(r, [](const grades& g) { return g.seconds; }))});
    return all;
}
std::vector<words> table(const board& b) {
    std::vector<words> rows{header(b)};
    for (const auto& r : b.rows) rows.push_back(row(b, r));
    return rows;
}
std::string quoted(const std::string& cell) { return cell.find(',') == cell.npos ? cell : '"' + cell + '"'; }

}  // namespace

json::value document(const learning_setup& s, const std::vector<curve_point>& curve, const named_numbers& made) {
    json::value described = json::object({});
    for (const auto& [name, value] : made) described.members.emplace_back(name, json::number(value));
    json::value points{.type = json::kind::array};
    for (const auto& c : curve)
        points.items.push_back(json::object({{"epoch", json::number(c.epoch)}, {"train_error", json::number(c.train_error)}, {"test_error", json::number(c.test_error)},
                                             {"test_missed", json::number(c.test_missed)}, {"test_loss", json::number(c.test_loss)}, {"restlessness", json::number(c.restlessness)},
                                             {"angles_deg", numbers(c.angles)}, {"seconds", json::number(c.seconds)}}));
    return json::object({{"training", json::text(s.identity)}, {"task", json::text(s.task.name)}, {"rule", json::text(s.how.name)}, {"source", json::text(s.how.source)},
                         {"transports_weights", json::boolean(s.how.transports_weights)}, {"needs_phases", json::boolean(s.how.needs_phases)}, {"representation", described}, {"curve", points}});
}

std::string csv(const std::vector<curve_point>& curve) {
    std::string all = "epoch,train_error,test_error,test_missed,test_loss,restlessness,seconds";
    const std::size_t layers = curve.empty() ? 0 : curve.back().angles.size();
    for (std::size_t k = 0; k < layers; ++k) all += fmt::format(",angle_{}_deg", k + 1);
    for (const auto& c : curve) {
        all += fmt::format("\n{},{},{},{},{},{},{:.4g}", c.epoch, c.train_error, c.test_error, c.test_missed, c.test_loss, c.restlessness, c.seconds);
        for (std::size_t k = 0; k < layers; ++k) all += k < c.angles.size() ? fmt::format(",{}", c.angles[k]) : ",";
    }
    return all + "\n";
}

std::string text(const learning_setup& s, const std::vector<curve_point>& curve, const named_numbers& made) {
    if (curve.empty()) return s.identity + "\nno epochs\n";
    const auto& c = curve.back();
    if (!s.how.is_taught) {
        auto out = fmt::format("{}\nafter {} epochs: outputs do not tell {} % of the squares of the test set's inputs; {:.3g} s\n", s.identity, c.epoch, percent(c.test_error), c.seconds);
        for (const auto& [name, value] : made) out += fmt::format("{}: {:.4f}\n", name, value);
        return out;
    }
    const bool has_no_classes = s.train.rows > 1 && !s.train.has_classes();
    const auto half_off = s.train.rows > 1 ? std::string() : fmt::format("outputs half off in {} %; ", percent(c.test_missed));
    auto out = fmt::format("{}\nafter {} epochs: error {} % of the {}, {} % of the training set; {}loss {:.4g}; {:.3g} s\n", s.identity, c.epoch, percent(c.test_error),
                           has_no_classes ? "loss of outputs that stay 0 on the test set" : "test set", percent(c.train_error), half_off, c.test_loss, c.seconds);
    if (c.restlessness > 0) out += fmt::format("units still move by up to {:.2g} a step when they are read\n", c.restlessness);
    if (!c.angles.empty()) out += fmt::format("angles to the gradient, by layer: {} degrees\n", degrees(c.angles));
    return out;
}

html::page page(const learning_setup& s, const std::vector<curve_point>& curve) {
    html::page p{.title = fmt::format("{} learns {}", s.how.name, s.task.name), .subtitle = s.how.source, .facts = {{"training", s.identity}}, .figures = {errors_of(curve, s.how.is_taught)}, .footer = {}};
    if (auto angles = angles_of(curve); !angles.lines.empty()) p.figures.emplace_back(std::move(angles));
    return p;
}

std::vector<double> packed(const std::vector<curve_point>& curve) {
    std::vector<double> all{static_cast<double>(curve.size())};
    for (const auto& c : curve) {
        all.insert(all.end(), {static_cast<double>(c.epoch), c.train_error, c.test_error, c.test_missed, c.test_loss, c.restlessness, c.seconds, static_cast<double>(c.angles.size())});
        all.insert(all.end(), c.angles.begin(), c.angles.end());
    }
    return all;
}
std::vector<curve_point> unpacked(const std::vector<double>& numbers) {
    if (numbers.empty()) return {};   // of a file that Python wrote
    std::size_t at = 0;
    const auto next = [&] { return numbers.at(at++); };
    std::vector<curve_point> curve(static_cast<std::size_t>(next()));
    for (auto& c : curve) {
        c.epoch = static_cast<int>(next());
        for (double* x : {&c.train_error, &c.test_error, &c.test_missed, &c.test_loss, &c.restlessness, &c.seconds}) *x = next();
        c.angles.resize(static_cast<std::size_t>(next()));
        for (double& a : c.angles) a = next();
    }
    return curve;
}

/// Null where nothing was counted.
json::value counted(double x) { return x > 0 ? json::number(x) : json::value{}; }

/// Errors and angles over training.
json::value angles_of_curve(const std::vector<curve_point>& curve) {
    json::value points{.type = json::kind::array};
    for (const auto& c : curve)
        points.items.push_back(json::object({{"epoch", json::number(c.epoch)}, {"test_error", json::number(c.test_error)}, {"angles_deg", numbers(c.angles)}}));
    return points;
}

json::value document(const board& b) {
    json::value rows{.type = json::kind::array};
    for (const auto& r : b.rows) {
        json::value seeds{.type = json::kind::array};
        for (const auto& g : r.seeds)
            seeds.items.push_back(json::object({{"test_error", json::number(g.test_error)}, {"train_error", json::number(g.train_error)}, {"samples", g.samples ? json::number(*g.samples) : json::value{}},
                                                {"right_with_noise", numbers(g.right_with_noise)}, {"right_adversarial", numbers(g.right_adversarial)}, {"first_angles_deg", numbers(g.first_angles)},
                                                {"last_angles_deg", numbers(g.last_angles)}, {"atp_of_inference", counted(g.atp_of_inference)}, {"atp_of_update", counted(g.atp_of_update)},
                                                {"joules_of_inference", counted(g.atp_of_inference*joules_per_atp)}, {"curve", angles_of_curve(g.curve)}, {"seconds", json::number(g.seconds)}}));
        rows.items.push_back(json::object({{"rule", json::text(r.how.name)}, {"source", json::text(r.how.source)}, {"transports_weights", json::boolean(r.how.transports_weights)},
                                           {"needs_phases", json::boolean(r.how.needs_phases)}, {"failure", json::text(r.failure)}, {"seeds", seeds}}));
    }
    return json::object({{"task", json::text(b.task)}, {"layers", json::text(b.layers)}, {"epochs", json::number(b.options.epochs)}, {"criterion", json::number(b.options.criterion)},
                         {"noise", numbers(b.options.noise)}, {"adversarial", numbers(b.options.adversarial)}, {"rules", rows}});
}

std::string csv(const board& b) {
    std::string all;
    for (const auto& line : table(b)) {
        for (std::size_t k = 0; k < line.size(); ++k) all += (k > 0 ? "," : "") + quoted(line[k]);
        all += '\n';
    }
    return all;
}

std::string curves_csv(const board& b) {
    std::size_t layers = 0;
    for (const auto& r : b.rows)
        for (const auto& g : r.seeds)
            for (const auto& c : g.curve) layers = std::max(layers, c.angles.size());
    std::string all = "rule,training,epoch,train_error,test_error,seconds";
    for (std::size_t k = 0; k < layers; ++k) all += fmt::format(",angle_{}_deg", k + 1);
    all += '\n';
    for (const auto& r : b.rows)
        for (std::size_t n = 0; n < r.seeds.size(); ++n)
            for (const auto& c : r.seeds[n].curve) {
                all += fmt::format("{},{},{},{},{},{:.4g}", r.how.name, n + 1, c.epoch, c.train_error, c.test_error, c.seconds);
                for (std::size_t k = 0; k < layers; ++k) all += k < c.angles.size() ? fmt::format(",{}", c.angles[k]) : ",";
                all += '\n';
            }
    return all;
}

std::string text(const board& b) {
    auto out = fmt::format("{}, {}, {} epochs; samples: presentations until {:g} % of the test set are wrong; noise and adversarial: error; ATP: an output of 1 is {:g} spikes/s, a phase {:g} ms\n{}", b.task, b.layers, b.options.epochs,
                           100*b.options.criterion, b.options.costs.rate_of_one, 1000*b.options.costs.phase, columns(table(b)));
    for (const auto& r : b.rows)
        if (!r.failure.empty()) out += fmt::format("{}: {}\n", r.how.name, r.failure);
    return out;
}

html::page page(const board& b) {
    const auto rows = table(b);
    html::page p{.title = fmt::format("Ways to learn {}", b.task), .subtitle = fmt::format("layers {}, {} epochs of {} examples", b.layers, b.options.epochs, b.examples), .facts = {}, .figures = {}, .footer = {}};
    p.figures.emplace_back(html::table{.title = "Grades", .caption = fmt::format("Samples: presentations until {:g} % of the test set are wrong. Noise and adversarial: error with inputs disturbed that much. "
                                                                                 "Angles: between what the rule asks for and the way down the gradient, layer by layer, first seed. "
                                                                                 "ATP: of an example told, and of one learned from, were units neurons of {:g} spikes/s at an output of 1 and phases of {:g} ms (Attwell & Laughlin 2001).",
                                                                                 100*b.options.criterion, b.options.costs.rate_of_one, 1000*b.options.costs.phase),
                                       .header = rows.front(), .rows = {rows.begin() + 1, rows.end()}});
    html::panel angles{.title = "Angle to the gradient of the first hidden layer", .caption = "First seed.", .x_label = "epoch", .y_label = "degrees", .lines = {}};
    for (const auto& r : b.rows) {
        if (r.seeds.empty()) continue;
        html::line errors{r.how.name, {}, {}, 1}, off{r.how.name, {}, {}, static_cast<int>(angles.lines.size() % 6)};
        for (const auto& c : r.seeds.front().curve) {
            errors.x.push_back(c.epoch), errors.y.push_back(100*c.test_error);
            if (!c.angles.empty()) off.x.push_back(c.epoch), off.y.push_back(c.angles.front());
        }
        p.figures.emplace_back(html::panel{.title = r.how.name, .caption = r.how.summary + ". " + r.how.source + ".", .x_label = "epoch", .y_label = "error [%]", .lines = {errors}});
        if (!off.x.empty()) angles.lines.push_back(off);
    }
    if (!angles.lines.empty()) p.figures.emplace_back(std::move(angles));
    return p;
}

}  // namespace apical::cli
