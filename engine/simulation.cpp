// SPDX-License-Identifier: BSD-3-Clause
#include "engine/simulation.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <numeric>
#include <set>
#include <thread>

#include <fmt/format.h>

#include "engine/block.hpp"
#include "engine/plan.hpp"

namespace apical {
namespace {

/// Calls f(i) for i in [0, n) on `threads` threads, the calling one among them.
template <class F> void parallel_for(std::size_t n, int threads, F&& f) {
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
        for (std::size_t i = next++; i < n; i = next++) f(i);
    };
    std::vector<std::jthread> helpers;
    const auto wanted = std::min<std::size_t>(static_cast<std::size_t>(threads), n);
    for (std::size_t t = 1; t < wanted; ++t) helpers.emplace_back(work);
    work();
}

std::vector<recording> empty_recordings(const plan& p) {
    std::vector<recording> all;
    for (const auto& probe : p.probes) {
        recording r{probe.label, probe.variable, probe.unit, p.time_of(probe.first_step), static_cast<double>(probe.every)*p.dt(), {}, {}};
        for (const auto& at : probe.places) {
            const auto& cell = p.populations[static_cast<std::size_t>(at.population)];
            const auto& node = cell.tree.nodes[static_cast<std::size_t>(at.node)];
            r.places.push_back({at.population, at.cell, {node.section, node.x}, cell.name_of_node(at.node)});
        }
        all.push_back(std::move(r));
    }
    return all;
}

}  // namespace

/// Everything that changes while a simulation runs.
struct simulation::state {
    std::shared_ptr<const apical::plan> plan;
    std::int64_t step = 0;
    std::vector<std::size_t> active;     // those of the plan's blocks that are advanced
    std::vector<block> blocks;           // [active]
    std::vector<spike> spikes;
    std::vector<recording> recordings;
    bool has_failed = false;

    state(std::shared_ptr<const apical::plan> p, std::vector<std::size_t> which)
        : plan(std::move(p)), active(std::move(which)), recordings(empty_recordings(*plan)) {
        make_room(0);
        for (const auto b : active) {
            const auto& where = plan->blocks[b];
            blocks.emplace_back(*plan, where);
            blocks.back().sample(*plan, where, 0, {&recordings, nullptr});
        }
    }

    /// Rows for every sample up to and including a step.
    void make_room(std::int64_t step) {
        for (std::size_t i = 0; i < recordings.size(); ++i) {
            const auto& probe = plan->probes[i];
            const auto rows = step < probe.first_step ? 0 : static_cast<std::size_t>((step - probe.first_step)/probe.every) + 1;
            recordings[i].samples.resize(rows*probe.places.size(), std::nan(""));
        }
    }

    /// Advances every block to step `to`, each for an epoch at a time while it is in the cache.
    void advance(std::int64_t to) {
        make_room(to);
        std::vector<std::vector<spike>> found(blocks.size());
        std::vector<std::optional<divergence>> failures(blocks.size());
        parallel_for(blocks.size(), plan->options.threads, [&](std::size_t b) {
            failures[b] = blocks[b].run(*plan, plan->blocks[active[b]], step, to, {&recordings, &found[b]});
        });
        const auto old = static_cast<std::ptrdiff_t>(spikes.size());
        for (const auto& f : found) spikes.insert(spikes.end(), f.begin(), f.end());
        std::sort(spikes.begin() + old, spikes.end(), [](const spike& a, const spike& b) {
            return std::tuple(a.step_time, a.time, a.population, a.cell) < std::tuple(b.step_time, b.time, b.population, b.cell);
        });
        for (const auto& f : failures)
            if (f) {
                has_failed = true;
                throw diverged(*f);
            }
        step = to;
    }
};

std::vector<double> recording::column(std::size_t place) const {
    std::vector<double> c(rows());
    for (std::size_t i = 0; i < c.size(); ++i) c[i] = samples[i*columns() + place];
    return c;
}

simulation::simulation(std::shared_ptr<const plan> p) {
    std::vector<std::size_t> all(p->blocks.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    state_ = std::make_unique<state>(std::move(p), std::move(all));
}
simulation::simulation(std::shared_ptr<const plan> p, std::span<const std::pair<int, int>> only) {
    std::set<std::size_t> blocks;
    for (const auto& [population, cell] : only) {
        const auto found = std::ranges::find_if(p->blocks, [&](const block_plan& b) {
            return b.population == population && cell >= b.first_cell && cell < b.first_cell + b.cells;
        });
        if (found == p->blocks.end()) throw invalid_model("simulation", fmt::format("no cell {} in population {}", cell, population));
        blocks.insert(static_cast<std::size_t>(found - p->blocks.begin()));
    }
    state_ = std::make_unique<state>(std::move(p), std::vector(blocks.begin(), blocks.end()));
}
simulation::simulation(const simulation& other) : state_(std::make_unique<state>(*other.state_)) {}
simulation::simulation(simulation&&) noexcept = default;
simulation& simulation::operator=(simulation other) noexcept {
    state_.swap(other.state_);
    return *this;
}
simulation::~simulation() = default;

void simulation::run(duration until, const std::function<bool(const progress&)>& report) {
    using clock = std::chrono::steady_clock;
    const double steps = until/state_->plan->options.dt;
    const auto last = static_cast<std::int64_t>(std::llround(steps));
    if (!std::isfinite(steps) || std::abs(steps - static_cast<double>(last)) > 1e-6)
        throw invalid_model("run / until", fmt::format("{} ms is not a whole number of steps of {} ms", until.coherent(), state_->plan->dt()));
    if (last < state_->step)
        throw invalid_model("run / until", fmt::format("{} ms is before the present, {} ms", until.coherent(), time()));
    if (state_->has_failed) throw invalid_model("run", "this simulation has diverged and cannot go on");

    const auto begin = clock::now();
    const std::int64_t epoch = state_->plan->options.steps_per_epoch;
    std::int64_t span = epoch;
    while (state_->step < last) {
        const auto chunk_begin = clock::now();
        state_->advance(std::min(last, state_->step + span));
        const double seconds = std::chrono::duration<double>(clock::now() - chunk_begin).count();
        // a call of the reporter every tenth of a second or so; each block runs whole epochs in between
        if (seconds < 0.05) span *= 2;
        else if (seconds > 0.2) span = std::max(epoch, span/2);
        if (report && !report({time(), until.coherent(), std::chrono::duration<double>(clock::now() - begin).count()})) return;
    }
}

double simulation::time() const { return state_->plan->time_of(state_->step); }
std::span<const spike> simulation::spikes() const { return state_->spikes; }
std::span<const recording> simulation::recordings() const { return state_->recordings; }
const plan& simulation::model() const { return *state_->plan; }

const recording& simulation::operator[](std::string_view probe) const {
    const auto found = std::ranges::find(state_->recordings, probe, &recording::label);
    if (found != state_->recordings.end()) return *found;
    std::vector<std::string> labels;
    for (const auto& r : state_->recordings) labels.push_back(r.label);
    throw invalid_model("recordings", fmt::format("no probe '{}'", probe), suggestion(probe, labels));
}

double simulation::voltage(std::string_view population, int cell, std::string_view where) const {
    const auto& p = *state_->plan;
    const auto found = std::ranges::find(p.populations, population, &cell_plan::name);
    if (found == p.populations.end()) {
        std::vector<std::string> names;
        for (const auto& c : p.populations) names.push_back(c.name);
        throw invalid_model("voltage", fmt::format("no population '{}'", population), suggestion(population, names));
    }
    const auto places = parse_locations(where).on(*found->shape);
    if (places.size() != 1) throw invalid_model("voltage", fmt::format("'{}' is {} places", where, places.size()), "name exactly one");
    if (cell < 0 || cell >= found->cells) throw invalid_model("voltage", fmt::format("no cell {} in '{}'", cell, population), fmt::format("it has {}", found->cells));
    const int n = static_cast<int>(found - p.populations.begin());
    for (std::size_t b = 0; b < state_->active.size(); ++b)
        if (const auto& where_b = p.blocks[state_->active[b]]; where_b.population == n && cell >= where_b.first_cell && cell < where_b.first_cell + where_b.cells)
            return state_->blocks[b].voltage(p, where_b, cell, found->tree.node_of(places.front()));
    throw invalid_model("voltage", fmt::format("cell {} of '{}' is not advanced", cell, population));
}

plan_summary summary(const plan& p) {
    plan_summary s{{}, 0, p.warnings};
    for (std::size_t n = 0; n < p.populations.size(); ++n) {
        const auto& c = p.populations[n];
        plan_summary::template_size size{c.name, c.cells, 0, static_cast<int>(c.matrix.branches().size() + c.matrix.roots().size()), c.lanes,
                                         p.maps[n].total*sizeof(double)/static_cast<std::size_t>(c.lanes), {}};
        s.shared_bytes += (c.capacitance.size() + c.fixed_diagonal.size() + c.inverse_area.size())*sizeof(double) +
                          c.matrix.branches().size()*sizeof(tree_matrix::branch);
        for (const auto& r : c.regions) {
            std::string kernel;
            for (const auto& m : r.mechanisms) kernel += (kernel.empty() ? "" : " + ") + m.schema.name;
            size.kernels.push_back(fmt::format("{} rows: {}{}", r.compartments, kernel.empty() ? "no mechanism" : kernel, r.fused ? " (fused)" : ""));
            size.compartments += r.compartments;
            s.shared_bytes += (r.parameters.size() + r.prepared.size())*sizeof(double) + (r.rates ? r.rates->bytes() : 0);
        }
        for (const auto& r : c.receptors) s.shared_bytes += r.parameters.size()*sizeof(double) + r.rows.size()*sizeof(int);
        s.populations.push_back(std::move(size));
    }
    return s;
}

}  // namespace apical
