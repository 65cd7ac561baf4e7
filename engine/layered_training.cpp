// SPDX-License-Identifier: BSD-3-Clause
#include "engine/layered_training.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/math.hpp"
#include "core/random.hpp"
#include "engine/layered/build.hpp"
#include "engine/layered/ranks.hpp"
#include "engine/layered/stages.hpp"
#include "engine/team.hpp"

namespace apical {

using namespace layered;
using plasticity::occasion;
using plasticity::signal;

namespace {

constexpr std::size_t rows_at_once = 16, trials_at_once = 64;

struct shares {                ///< of rows, for threads
    stretch rows;
    std::size_t count() const { return (rows.count() + rows_at_once - 1)/rows_at_once; }
    std::size_t from(std::size_t k) const { return rows.from + k*rows_at_once; }
    std::size_t to(std::size_t k) const { return std::min(rows.to, from(k + 1)); }
};

double loss_of(layered_net::loss measure, double y, double t) {
    if (measure == layered_net::loss::squared) return (y - t)*(y - t)/2;
    const double p = std::clamp(y, 1e-12, 1 - 1e-12);
    return -t*math::log(p) - (1 - t)*math::log(1 - p);
}

}  // namespace

struct layered_training::parts {
    layered_net net;
    data_set examples;
    training_options options;
    built_net built;
    mutable team threads;
    ranks processes;
    std::vector<observed_trial> trials;
    std::uint64_t presented = 0, batches = 0;
    int epochs = 0;
    double total_ms = 0;
    bool is_clocked = false, remembers = false;

    parts(const layered_net& n, data_set d, const training_options& o, const catalogue& rules)
        : net(n), examples(std::move(d)), options(o), built(build(net, o.seed, rules, {examples.rows, examples.target_rows})), threads(o.threads), processes(o.ranks) {
        for (const auto& p : built.plastic) is_clocked = is_clocked || p.is_clocked(), remembers = remembers || p.remembers();
        if (remembers && options.batch != 1 && !built.way->is_in_time())
            throw invalid_model("training / batch", fmt::format("{} examples, and a rule whose synapses remember", options.batch), "1: they see one trial after another");
        for (int phase = 0; phase < built.way->phases(); ++phase) total_ms += built.way->steps(phase)*built.way->dt();
    }

    const wiring& w() const { return *built.w; }

    void prepare(observed_trial& o) const {
        o.heard.resize(2*built.plastic.size());
        o.is_last_phase = false;
        prepare(o.t);
        built.seen.begin(o.seen, w(), built.way->phases(), built.way->dt());
        built.way->begin(o.t);
    }
    void prepare(trial& t) const {
        for (const auto s : built.way->offers()) t.now[static_cast<std::size_t>(s)].resize(w().units());
    }
    void step(observed_trial& o, int phase, int k) const {
        o.is_last_phase = phase + 1 == built.way->phases();
        built.way->step(o.t, phase, k);
        built.seen.step(o.seen, w(), o.t, built.way->dt());
    }

    /// Whether processes divide a batch of so many. Those of rules that learn on the way, or remember, each do all of it.
    bool divides(std::size_t count) const { return processes.size() > 1 && count > 1 && !is_clocked && !remembers; }

    /// What has been seen of trials by the processes that went through them, for all.
    void tell_each_other(std::span<observed_trial> some) const {
        const auto mine = processes.mine(some.size());
        std::vector<double> told;
        for (const auto& o : some.subspan(mine.from, mine.count())) told.push_back(o.t.nudging), built.seen.tell(o.seen, told);
        const auto everyones = processes.exchange(told);
        for (std::size_t r = 0; r < processes.size(); ++r) {
            if (r == processes.me()) continue;
            const auto theirs = processes.of(r, some.size());
            const double* from = everyones[r].data();
            for (auto& o : some.subspan(theirs.from, theirs.count())) {
                prepare(o);
                o.is_last_phase = true, o.t.nudging = *from;
                from = built.seen.hear(o.seen, from + 1);
                for (const auto& p : built.plastic) p.gather(o, w(), built.plastic.size());
            }
        }
    }
    /// Trials from start to end, without learning on the way.
    void go_through(std::span<observed_trial> all) const {
        const auto mine = divides(all.size()) ? processes.mine(all.size()) : stretch{0, all.size()};
        const auto some = all.subspan(mine.from, mine.count());
        threads.for_each(some.size(), [&](std::size_t i) {
            auto& o = some[i];
            prepare(o);
            for (int phase = 0; phase < built.way->phases(); ++phase) {
                for (int k = 0; k < built.way->steps(phase); ++k) step(o, phase, k);
                built.seen.end_phase(o.seen, w(), o.t, phase);
            }
            for (const auto& p : built.plastic) p.gather(o, w(), built.plastic.size());
        });
        if (divides(all.size())) tell_each_other(all);
    }
    /// Trials each by itself, with learning after every step.
    void go_alone(std::span<observed_trial> some) {
        threads.for_each(some.size(), [&](std::size_t i) {
            auto& o = some[i];
            prepare(o);
            o.kept.resize(built.plastic.size()), o.change.resize(built.plastic.size());
            for (const auto& p : built.plastic) p.begin_alone(o);
            for (int k = 0; k < built.way->steps(0); ++k) {
                step(o, 0, k);
                for (const auto& p : built.plastic)
                    p.gather(o, w(), built.plastic.size()), p.fade_alone(built.way->dt(), o), p.learn_alone(occasion::step, built.way->dt(), o, *built.w);
            }
            built.seen.end_phase(o.seen, w(), o.t, 0);
            for (const auto& p : built.plastic) p.gather(o, w(), built.plastic.size()), p.learn_alone(occasion::phase_end, built.way->dt(), o, *built.w);
        });
        for (auto& p : built.plastic)
            for (const auto& o : some) p.collect(o);
    }
    /// Trials step by step together, with learning after every step.
    void go_together(std::span<observed_trial> some) {
        for (auto& o : some) prepare(o);
        for (int phase = 0; phase < built.way->phases(); ++phase) {
            for (int k = 0; k < built.way->steps(phase); ++k) {
                threads.for_each(some.size(), [&](std::size_t i) {
                    step(some[i], phase, k);
                    for (const auto& p : built.plastic) p.gather(some[i], w(), built.plastic.size());
                });
                for (auto& p : built.plastic) p.fade(built.way->dt());
                learn(occasion::step, some);
            }
            threads.for_each(some.size(), [&](std::size_t i) { built.seen.end_phase(some[i].seen, w(), some[i].t, phase); });
        }
        threads.for_each(some.size(), [&](std::size_t i) {
            for (const auto& p : built.plastic) p.gather(some[i], w(), built.plastic.size());
        });
    }
    /// Changes that rules ask for: each row by itself, all trials in their order.
    void learn(occasion when, std::span<observed_trial> some) {
        const bool is_divided = divides(some.size());
        const auto part = [&](std::size_t rows) { return is_divided ? processes.mine(rows) : stretch{0, rows}; };
        for (auto& p : built.plastic) {
            const auto& link = w().links[p.link()];
            const shares rows{part(link.units)}, below{part(link.inputs)};
            threads.for_each(rows.count(), [&](std::size_t k) { p.learn(when, built.way->dt(), some, *built.w, rows.from(k), rows.to(k)); });
            if (!p.both_ways()) continue;
            threads.for_each(below.count(), [&](std::size_t k) { p.learn_backwards(when, built.way->dt(), some, w(), built.plastic.size(), below.from(k), below.to(k)); });
        }
        if (is_divided) exchange_changes();
    }
    /// Calls f(changes) for the rows of weights of a process, in one order.
    template <class F> void for_changes_of(std::size_t rank, F&& f) {
        for (auto& p : built.plastic) {
            const auto& link = w().links[p.link()];
            const auto rows = processes.of(rank, link.units), below = processes.of(rank, link.inputs);
            f(p.changes(w(), rows.from, rows.to));
            if (p.both_ways()) f(p.changes_backwards(w(), below.from, below.to));
        }
    }
    void exchange_changes() {
        std::vector<double> mine;
        for_changes_of(processes.me(), [&](std::span<const double> some) { mine.insert(mine.end(), some.begin(), some.end()); });
        const auto everyones = processes.exchange(mine);
        for (std::size_t r = 0; r < processes.size(); ++r) {
            if (r == processes.me()) continue;
            const double* from = everyones[r].data();
            for_changes_of(r, [&](std::span<double> some) { std::copy_n(from, some.size(), some.begin()), from += some.size(); });
        }
    }
    void present(std::span<observed_trial> some) {
        if (built.way->is_in_time()) return go_alone(some);
        if (is_clocked) {
            go_together(some);
        } else {
            go_through(some);
            if (remembers)
                for (auto& p : built.plastic) p.fade(total_ms);
        }
        learn(occasion::phase_end, some);
    }
    double factor(std::size_t count) const { return net.over_batch == layered_net::gathering::mean ? 1/static_cast<double>(count) : 1; }

    void update(std::size_t count) {
        ++batches;
        threads.for_each(built.plastic.size(), [&](std::size_t k) { built.plastic[k].apply(*built.w, factor(count)); });
        follow_forward(*built.w, options.seed, batches);
        for (const auto& p : built.plastic)
            for (const double x : w().links[p.link()].w)
                if (!std::isfinite(x))
                    throw diverged({.population = w().groups[w().links[p.link()].to].name, .location = fmt::format("weights, epoch {}", epochs + 1), .quantity = "w", .value = x,
                                    .reason = "a smaller learning rate may help"});
    }
    void assign(observed_trial& o, const data_set& d, std::size_t i, std::uint64_t number) const {
        o.t.input = d.input(i), o.t.target = d.target(i), o.t.number = number, o.t.nudging = built.way->nudging(batches);
    }

    static std::size_t shares_of(const data_set& d) { return (d.size() + trials_at_once - 1)/trials_at_once; }
    /// Fills a list of `each` for every example with what other processes have found by `watch`.
    template <class T> void complete(std::vector<T>& list, const data_set& d, std::size_t each) const { processes.complete(std::span(list), shares_of(d), each*trials_at_once); }

    /// Calls look(i, trial) after the first phase of each example, or after a taught trial; of those that are this process's.
    template <class F> void watch(const data_set& d, teaching taught, F&& look) const {
        if (d.inputs != examples.inputs || d.outputs != examples.outputs || d.rows != examples.rows)
            throw invalid_model("data set '" + d.name + "'", fmt::format("{} inputs and {} outputs, where the net has {} and {}", d.inputs, d.outputs, examples.inputs, examples.outputs));
        const auto mine = processes.mine(shares_of(d));
        threads.for_each(mine.count(), [&](std::size_t k) {
            const std::size_t share = mine.from + k;
            trial t;
            prepare(t);
            for (std::size_t i = share*trials_at_once; i < std::min(d.size(), (share + 1)*trials_at_once); ++i) {
                t.input = d.input(i), t.target = taught == teaching::with || built.way->is_in_time() ? d.target(i) : nullptr, t.number = i, t.nudging = built.way->nudging(batches);
                built.way->begin(t);
                for (int phase = 0; phase < (taught == teaching::with ? built.way->phases() : 1); ++phase)
                    for (int n = 0; n < built.way->steps(phase); ++n) built.way->step(t, phase, n);
                look(i, t);
            }
        });
    }
    const link_kind& kind(const std::string& name, std::size_t k) const {
        const auto* found = w().kind(name);
        if (!found || k >= found->count) throw invalid_model("layered net / projection", fmt::format("there is no '{}' {}", name, k));
        return *found;
    }
};

layered_training::layered_training(const layered_net& net, data_set examples, const training_options& options, const catalogue& rules) {
    check(examples, "training");
    if (options.batch < 1 || options.threads < 1) throw invalid_model("training", fmt::format("batches of {}, {} threads", options.batch, options.threads), "1 at least");
    const std::size_t inputs = examples.inputs/examples.rows, outputs = examples.outputs/examples.target_rows;
    if (!net.layers.empty() && (static_cast<std::size_t>(net.layers.front().units) != inputs || static_cast<std::size_t>(net.layers.back().units) != outputs))
        throw invalid_model("layered net / layers", fmt::format("{} inputs and {} outputs", net.layers.front().units, net.layers.back().units),
                            fmt::format("data set '{}' has {} and {}", examples.name, inputs, outputs));
    p_ = std::make_unique<parts>(net, std::move(examples), options, rules);
}
layered_training::layered_training(layered_training&&) noexcept = default;
layered_training::~layered_training() = default;

void layered_training::epoch() {
    auto& p = *p_;
    std::vector<std::size_t> order(p.examples.size());
    std::iota(order.begin(), order.end(), 0);
    if (p.options.examples == training_options::order::shuffled) {
        random_stream draw(p.options.seed, identity("order of examples"), static_cast<std::uint64_t>(p.epochs));
        for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[draw.below(i)]);
    }
    const auto batch = static_cast<std::size_t>(p.options.batch);
    p.trials.resize(std::min(batch, order.size()));
    for (std::size_t from = 0; from < order.size(); from += batch) {
        const std::size_t count = std::min(batch, order.size() - from);
        for (std::size_t k = 0; k < count; ++k) p.assign(p.trials[k], p.examples, order[from + k], p.presented++);
        p.present({p.trials.data(), count});
        p.update(count);
    }
    ++p.epochs;
}

int layered_training::epochs() const { return p_->epochs; }
std::uint64_t layered_training::presented() const { return p_->presented; }
const training_options& layered_training::options() const { return p_->options; }
const layered_net& layered_training::net() const { return p_->net; }
const data_set& layered_training::examples() const { return p_->examples; }

training_score layered_training::score(const data_set& d) const {
    const auto& out = p_->w().output();
    const bool are_classes = d.has_classes();
    std::vector<training_score> each(d.size());
    const auto& way = *p_->built.way;
    p_->watch(d, teaching::without, [&](std::size_t i, const trial& t) {
        auto& s = each[i];
        if (!way.is_taught()) return void(s = {.loss = way.unexplained(t), .restlessness = t.restlessness});
        if (way.is_in_time()) {
            s.loss = t.missing, s.missed = t.whole > 0 ? t.missing/t.whole : 0;
            s.wrong = !are_classes ? s.missed : static_cast<std::size_t>(std::ranges::max_element(t.course) - t.course.begin()) != d.label(i);
            return;
        }
        const double *y = t.at(way.answer(), out), *wanted = d.target(i);
        for (std::size_t k = 0; k < out.size; ++k) {
            s.loss += loss_of(p_->net.measure, y[k], wanted[k]);
            if (std::abs(y[k] - wanted[k]) > 0.5) s.missed = 1;
        }
        s.wrong = !are_classes ? s.missed : static_cast<std::size_t>(std::max_element(y, y + out.size) - y) != d.label(i);
        s.restlessness = t.restlessness;
    });
    p_->complete(each, d, 1);
    training_score all;
    for (const auto& s : each) all.wrong += s.wrong, all.missed += s.missed, all.loss += s.loss, all.restlessness = std::max(all.restlessness, s.restlessness);
    const auto n = static_cast<double>(d.size());
    all.wrong /= n, all.missed /= n, all.loss /= n;
    if (way.is_taught()) return all;
    const double inputs = dot(d.x.data(), d.x.data(), d.x.size())/n;
    all.wrong = all.missed = inputs > 0 ? all.loss/inputs : 0;
    return all;
}

std::vector<double> layered_training::outputs(const data_set& d) const {
    const auto& out = p_->w().output();
    if (p_->built.way->is_in_time()) {
        std::vector<double> all(d.t.size());
        p_->watch(d, teaching::without, [&](std::size_t i, const trial& t) { std::ranges::copy(t.course, all.data() + i*d.outputs); });
        p_->complete(all, d, d.outputs);
        return all;
    }
    std::vector<double> all(d.size()*out.size);
    p_->watch(d, teaching::without, [&](std::size_t i, const trial& t) { std::copy_n(t.at(p_->built.way->answer(), out), out.size, all.data() + i*out.size); });
    p_->complete(all, d, out.size);
    return all;
}
bool layered_training::is_taught() const { return p_->built.way->is_taught(); }

std::vector<double> layered_training::shown(const data_set& d, const std::string& group_name, const std::string& signal_name, teaching taught) const {
    std::vector<std::string> groups, signals;
    for (const auto& g : p_->w().groups) groups.push_back(g.name);
    for (const auto s : p_->built.way->offers())
        if (s != signal::modulator) signals.emplace_back(name_of(s));
    const auto g = std::ranges::find(p_->w().groups, group_name, &group::name);
    if (g == p_->w().groups.end()) throw invalid_model("layered net / group", "there is no '" + group_name + "'", suggestion(group_name, groups));
    if (std::ranges::find(signals, signal_name) == signals.end()) throw invalid_model("layered net / signal", "there is no '" + signal_name + "'", suggestion(signal_name, signals));
    const auto offered = p_->built.way->offers();
    const auto s = *std::ranges::find_if(offered, [&](signal o) { return name_of(o) == signal_name; });
    std::vector<double> all(d.size()*g->size);
    p_->watch(d, taught, [&](std::size_t i, const trial& t) { std::copy_n(t.at(s, *g), g->size, all.data() + i*g->size); });
    p_->complete(all, d, g->size);
    return all;
}

layered_traffic layered_training::traffic(const data_set& d, teaching taught) const {
    if (d.rows > 1) throw unsupported("traffic", "of examples in time", "nets whose units have rates");
    const auto& p = *p_;
    const auto& way = *p.built.way;
    const int phases = taught == teaching::with ? way.phases() : 1;
    std::vector<layered_traffic> each(d.size());
    p.threads.for_each(d.size(), [&](std::size_t i) {
        observed_trial o;
        p.assign(o, d, i, p.presented + i);
        if (taught == teaching::without) o.t.target = nullptr;
        p.prepare(o);
        for (int phase = 0; phase < phases; ++phase)
            for (int k = 0; k < way.steps(phase); ++k) {
                way.step(o.t, phase, k);
                add_traffic(each[i], p.w(), way, o.t, phase, 1.0/way.steps(phase));
            }
    });
    layered_traffic all{.units = static_cast<double>(p.w().units()), .phases = static_cast<double>(phases)};
    for (const auto& one : each) all.sent += one.sent/static_cast<double>(d.size()), all.delivered += one.delivered/static_cast<double>(d.size());
    return all;
}

std::vector<std::string> layered_training::kinds() const {
    std::vector<std::string> all;
    for (const auto& k : p_->w().kinds) all.push_back(k.name);
    return all;
}
std::size_t layered_training::projections(const std::string& kind) const { return p_->kind(kind, 0).count; }
const std::vector<double>& layered_training::weights(const std::string& kind, std::size_t k) const { return p_->w().links[p_->kind(kind, k).first + k].w; }
std::size_t layered_training::columns(const std::string& kind, std::size_t k) const { return p_->w().links[p_->kind(kind, k).first + k].columns(); }

void layered_training::set_weights(const std::string& kind, std::size_t k, const std::vector<double>& w) {
    auto& link = p_->built.w->links[p_->kind(kind, k).first + k];
    if (w.size() != link.w.size()) throw invalid_model(fmt::format("layered net / '{}' {}", kind, k), fmt::format("{} weights", w.size()), fmt::format("{}", link.w.size()));
    link.w = w;
    follow_forward(*p_->built.w, p_->options.seed, p_->batches);
}

std::vector<std::vector<double>> layered_training::proposal(const data_set& d, const std::string& of_kind) const {
    check(d, "proposal");
    if (p_->remembers && !p_->built.way->is_in_time()) throw unsupported("proposal", "of a rule whose synapses remember: a change is not of one batch alone");
    auto& p = *p_;   // changes are gathered, and taken away again
    std::vector<observed_trial> some(d.size());
    for (std::size_t i = 0; i < d.size(); ++i) p.assign(some[i], d, i, p.presented + i);
    p.present(some);
    const auto& asked = p.kind(of_kind, 0);
    std::vector<std::vector<double>> all(asked.count);
    for (std::size_t k = 0; k < asked.count; ++k) all[k].assign(p.w().links[asked.first + k].w.size(), 0.0);
    for (auto& link : p.built.plastic) {
        auto taken = link.take_changes(p.w(), p.factor(d.size()));
        if (link.link() >= asked.first && link.link() < asked.first + asked.count) all[link.link() - asked.first] = std::move(taken);
    }
    return all;
}

void layered_training::transfer(image& i) {
    auto& p = *p_;
    const auto check_same = [&](double expected, const char* what) {
        double x = expected;
        i(x);
        if (x != expected) throw invalid_input("checkpoint of a training", fmt::format("is of another {}", what));
    };
    check_same(static_cast<double>(p.options.seed), "seed"), check_same(static_cast<double>(p.examples.size()), "data set"), check_same(p.options.batch, "batch size");
    check_same(static_cast<double>(p.w().links.size()), "net");
    i(p.epochs), i(p.presented), i(p.batches);
    for (auto& link : p.built.w->links) {
        check_same(static_cast<double>(link.w.size()), "net");
        i(link.w);
    }
    for (auto& link : p.built.plastic) link.transfer(i);
}

std::vector<layered_part> layered_schemes() {
    std::vector<layered_part> all;
    for (const auto& s : all_schemes()) all.push_back({std::string(s.name), std::string(s.summary), {s.settings.begin(), s.settings.end()}});
    return all;
}
std::vector<layered_part> weight_stages() {
    std::vector<layered_part> all;
    for (const auto& s : all_stages()) all.push_back({std::string(s.name), std::string(s.summary), {s.fields.begin(), s.fields.end()}});
    return all;
}

}  // namespace apical
