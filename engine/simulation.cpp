// SPDX-License-Identifier: BSD-3-Clause
#include "engine/simulation.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <numeric>
#include <set>

#include <fmt/format.h>

#include "engine/simulation_state.hpp"

namespace apical {

std::vector<double> recording::column(std::size_t place) const {
    std::vector<double> c(rows());
    for (std::size_t i = 0; i < c.size(); ++i) c[i] = samples[i*columns() + place];
    return c;
}

namespace {

std::vector<std::size_t> all_of(std::size_t n) {
    std::vector<std::size_t> all(n);
    std::iota(all.begin(), all.end(), std::size_t{0});
    return all;
}

/// A cell that is joined to one that stands still would leak into it.
void refuse_half_joined(const plan& p, const std::set<std::size_t>& advanced) {
    std::set<std::pair<int, int>> cells;
    for (const auto b : advanced)
        for (int c = 0; c < p.blocks[b].cells; ++c) cells.emplace(p.blocks[b].population, p.blocks[b].first_cell + c);
    for (const auto& g : p.gaps) {
        const std::array there{cells.contains({g.population[0], g.cell[0]}), cells.contains({g.population[1], g.cell[1]})};
        if (there[0] == there[1]) continue;
        const std::size_t in = there[0] ? 0 : 1, out = 1 - in;
        throw invalid_model("simulation", fmt::format("cell {} of '{}' is joined by a gap junction to cell {} of '{}', which is not among those to be run", g.cell[in], p.populations[static_cast<std::size_t>(g.population[in])].name, g.cell[out], p.populations[static_cast<std::size_t>(g.population[out])].name),
                            "run all that are joined together");
    }
}

}  // namespace

simulation::simulation(std::shared_ptr<const plan> p) {
    const auto of_rank = [&](std::size_t first, std::size_t n) {
        auto all = all_of(n);
        std::erase_if(all, [&](std::size_t b) { return p->ranks[first + b] != p->rank; });
        return all;
    };
    auto blocks = of_rank(0, p->blocks.size()), neurons = of_rank(p->blocks.size(), p->neuron_blocks.size());
    state_ = std::make_unique<state>(std::move(p), std::move(blocks), std::move(neurons));
}
simulation::simulation(std::shared_ptr<const plan> p, std::span<const std::pair<int, int>> only) {
    std::set<std::size_t> blocks, neurons;
    for (const auto& [population, cell] : only) {
        const int populations = static_cast<int>(p->populations.size());
        if (population < 0 || population >= populations || cell < 0 || cell >= p->populations[static_cast<std::size_t>(population)].cells)
            throw invalid_model("simulation", fmt::format("no cell {} in population {}", cell, population));
        const auto b = p->block_of(population, cell);
        b < p->blocks.size() ? blocks.insert(b) : neurons.insert(b - p->blocks.size());
    }
    refuse_half_joined(*p, blocks);
    state_ = std::make_unique<state>(std::move(p), std::vector(blocks.begin(), blocks.end()), std::vector(neurons.begin(), neurons.end()));
}
simulation::simulation(std::shared_ptr<const plan> p, std::span<const std::pair<int, int>> only, std::span<const spike> of_all)
    : simulation(std::move(p), only) {
    const auto& plan = *state_->plan;
    std::set<std::pair<int, int>> senders;
    for (const auto& d : plan.detectors)
        if (d.sends) senders.emplace(d.population, d.cell);
    for (const auto& d : plan.detectors)
        if (!of_all.empty() && !d.sends && senders.contains({d.population, d.cell}))
            throw invalid_model("simulation", fmt::format("cell {} of '{}' has several detectors", d.cell, plan.populations[static_cast<std::size_t>(d.population)].name), "spikes do not tell which of them others heard: keep one");
    if (plan.network.in_order && !of_all.empty())
        throw unsupported("simulation", "a part of a network whose neurons answer events one by one", "run all of it: recorded spikes of one time do not tell their order");
    std::vector<sent_spike> sent;
    for (const auto& s : of_all) sent.push_back({plan.network.gid(s.population, s.cell), plan.departure(s.population, s.time, s.step_time)});
    std::ranges::sort(sent, {}, [](const sent_spike& s) { return std::pair(s.time, s.gid); });
    state_->mail.replay(std::move(sent));
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
    if (!(std::abs(steps) < 1e15))
        throw invalid_model("run / until", fmt::format("{} ms is more steps of {} ms than can be counted", until.coherent(), state_->plan->dt()));
    const auto last = static_cast<std::int64_t>(std::llround(steps));
    if (std::abs(steps - static_cast<double>(last)) > 1e-6)
        throw invalid_model("run / until", fmt::format("{} ms is not a whole number of steps of {} ms", until.coherent(), state_->plan->dt()));
    if (state_->plan->chooses_steps() && last % step_ladder::longest)
        throw invalid_model("run / until", fmt::format("{} ms is not a whole number of the longest steps, {} ms", until.coherent(), state_->plan->time_of(step_ladder::longest)),
                            "steps that cells choose are up to 4 dt, and begin at multiples of their length");
    if (last < state_->step)
        throw invalid_model("run / until", fmt::format("{} ms is before the present, {} ms", until.coherent(), time()));
    if (state_->has_failed) throw invalid_model("run", "this simulation has failed and cannot go on");

    state_->collected.clear();
    const auto begin = clock::now();
    team workers(state_->plan->options.threads);
    // all blocks meet at the end of an epoch, so that it is whole in the longest steps
    const std::int64_t whole = state_->plan->chooses_steps() ? step_ladder::longest : 1;
    const std::int64_t cached = (state_->plan->options.steps_per_epoch + whole - 1)/whole*whole, meetings = state_->plan->network.epoch;
    const std::int64_t epoch = meetings == 0 ? cached : std::max<std::int64_t>(cached/meetings, 1)*meetings;
    std::int64_t span = epoch;
    const auto before = state_->statistics;
    const auto since = [](clock::time_point t) { return std::chrono::duration<double>(clock::now() - t).count(); };
    const auto measure = [&] {
        auto& s = state_->statistics;
        s.wall = before.wall + since(begin);
        s.busy.assign(workers.busy().begin(), workers.busy().end());
        for (std::size_t t = 0; t < std::min(s.busy.size(), before.busy.size()); ++t) s.busy[t] += before.busy[t];
        if (const auto* ranks = state_->plan->options.ranks) s.received = ranks->received();
    };
    record_weights();
    while (state_->step < last) {
        const auto chunk_begin = clock::now();
        state_->advance(std::min({last, state_->step + span, state_->next_weights()}), workers);
        record_weights();
        const double seconds = since(chunk_begin);
        measure();
        // a call of the reporter every tenth of a second or so; each block runs whole epochs in between
        if (seconds < 0.05) span *= 2;
        else if (seconds > 0.2) span = std::max(epoch, span/2);
        if (report && !report({time(), until.coherent(), since(begin)})) break;
    }
    state_->mail.settle(*state_->plan);
    measure();
}

void simulation::send(std::string_view source, std::span<const std::pair<int, double>> spikes) {
    const auto& p = *state_->plan;
    const auto where = fmt::format("send / {}", source);
    const auto found = std::ranges::find(p.spike_sources, source);
    if (found == p.spike_sources.end()) throw invalid_model(where, fmt::format("no spike source '{}'", source), suggestion(source, p.spike_sources));
    const auto first = p.populations.size() + static_cast<std::size_t>(found - p.spike_sources.begin());
    const auto size = static_cast<int>(p.network.first_gid[first + 1] - p.network.first_gid[first]);
    std::vector<sent_spike> all;
    all.reserve(spikes.size());
    for (const auto& [which, t] : spikes) {
        if (which < 0 || which >= size) throw invalid_model(where, fmt::format("a spike of source {}", which), fmt::format("it has 0 to {}", size - 1));
        if (!(t >= time()) || !std::isfinite(t)) throw invalid_model(where, fmt::format("a spike at {} ms, and it is {} ms", t, time()), "send it before its time");
        all.emplace_back(p.network.first_gid[first] + static_cast<std::uint32_t>(which), t);
    }
    state_->mail.send(std::move(all));
}

std::vector<std::vector<std::pair<int, double>>> simulation::sent() const {
    const auto& p = *state_->plan;
    std::vector<std::vector<std::pair<int, double>>> all(p.spike_sources.size());
    const std::span first(p.network.first_gid.begin() + static_cast<std::ptrdiff_t>(p.populations.size()), p.network.first_gid.end());
    for (const auto& s : state_->mail.sent()) {
        const auto at = static_cast<std::size_t>(std::ranges::upper_bound(first, s.gid) - first.begin()) - 1;
        all[at].emplace_back(static_cast<int>(s.gid - first[at]), s.time);
    }
    return all;
}

double simulation::time() const { return state_->plan->time_of(state_->step); }
std::span<const spike> simulation::spikes() const { return state_->spikes; }
std::span<const recording> simulation::recordings() const { return state_->told(); }
double simulation::gap_residual() const { return state_->gap_residual; }
const run_statistics& simulation::statistics() const { return state_->statistics; }
const plan& simulation::model() const { return *state_->plan; }

const recording& simulation::operator[](std::string_view probe) const {
    const auto found = std::ranges::find(state_->told(), probe, &recording::label);
    if (found != state_->told().end()) return *found;
    std::vector<std::string> labels;
    for (const auto& r : state_->told()) labels.push_back(r.label);
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
    const int node = found->tree.node_of(places.front());
    if (found->neurons >= 0) {
        const auto& schema = p.neurons[static_cast<std::size_t>(found->neurons)].model.schema;
        const int v = schema.voltage[static_cast<std::size_t>(found->tree.nodes[static_cast<std::size_t>(node)].section)];
        if (v < 0) throw invalid_model("voltage", fmt::format("'{}' has no membrane potential", schema.name), "probe its states");
        if (const auto x = state_->neuron_state(found->neurons, cell, v)) return *x;
    }
    for (std::size_t b = 0; b < state_->active.size(); ++b)
        if (const auto& where_b = p.blocks[state_->active[b]]; where_b.population == n && cell >= where_b.first_cell && cell < where_b.first_cell + where_b.cells)
            return p.is_coupled() ? state_->coupled_cells[b].voltage(p, where_b, state_->inlet_of(state_->active[b]), state_->step, node) : state_->blocks[b].voltage(p, where_b, cell, node);
    throw invalid_model("voltage", fmt::format("cell {} of '{}' is not advanced", cell, population));
}

namespace {

const meter_plan& meter_of(const plan& p, std::string_view label) {
    const auto found = std::ranges::find(p.meters, label, &meter_plan::label);
    if (found != p.meters.end()) return *found;
    std::vector<std::string> labels;
    for (const auto& m : p.meters) labels.push_back(m.label);
    throw invalid_model("energy", fmt::format("no energy meter '{}'", label), suggestion(label, labels));
}

}  // namespace

charge_account simulation::charges(std::string_view meter, int cell) const { return account(meter_of(*state_->plan, meter).active, cell); }
charge_account simulation::resting_charges(std::string_view meter, int cell) const { return account(meter_of(*state_->plan, meter).rest, cell); }

charge_account simulation::account(std::size_t window, int cell) const {
    const auto& p = *state_->plan;
    const auto& w = p.windows[window];
    if (const double stop = p.time_at(w.stop); time() < stop) throw invalid_model("energy", fmt::format("the account closes at {:g} ms, now it is {:g} ms", stop, time()), "run on");
    for (std::size_t b = 0; b < state_->active.size(); ++b)
        if (const auto& where = p.blocks[state_->active[b]]; where.population == w.population && cell >= where.first_cell && cell < where.first_cell + where.cells)
            return p.is_coupled() ? state_->coupled_cells[b].account(p, where, window) : state_->blocks[b].account(p, where, window, cell);
    throw invalid_model("energy", fmt::format("no cell {} in '{}' is advanced", cell, p.populations[static_cast<std::size_t>(w.population)].name));
}

std::vector<cell_steps> simulation::steps_of_cells() const {
    std::vector<cell_steps> all;
    for (std::size_t b = 0; b < state_->coupled_cells.size(); ++b) all.push_back(state_->coupled_cells[b].steps(*state_->plan, state_->plan->blocks[state_->active[b]]));
    return all;
}

namespace {

plan_summary::template_size size_of_neurons(const plan& p, const cell_plan& c) {
    const auto& n = p.neurons[static_cast<std::size_t>(c.neurons)];
    const auto compartments = static_cast<int>(n.model.schema.compartments.size());
    std::size_t columns = n.model.schema.states.size() + 1 + 2*n.model.schema.compartments.size();
    for (const auto& s : n.synapses) columns += s.mechanism.schema.states.size();
    const auto words = 6*n.poisson.size();
    return {c.name, c.cells, compartments, compartments, p.options.lanes == 1 ? 1 : kernels::width, (columns + words)*sizeof(double), {n.model.schema.name}};
}

}  // namespace

plan_summary summary(const plan& p) {
    plan_summary s{{}, 0, p.warnings};
    for (std::size_t n = 0; n < p.populations.size(); ++n) {
        const auto& c = p.populations[n];
        if (c.neurons >= 0) {
            s.populations.push_back(size_of_neurons(p, c));
            continue;
        }
        plan_summary::template_size size{c.name, c.cells, 0, static_cast<int>(c.matrix.branches().size() + c.matrix.roots().size()), c.lanes,
                                         (p.maps[n].total*sizeof(double) + p.maps[n].single_total*sizeof(float))/static_cast<std::size_t>(c.lanes), {}};
        s.shared_bytes += c.inverse_area.size()*sizeof(double) + c.matrix.branches().size()*sizeof(tree_matrix::branch);
        for (const auto& step : c.steps) {
            s.shared_bytes += (step.capacitance.size() + step.fixed_diagonal.size())*sizeof(double);
            for (const auto& r : step.regions) s.shared_bytes += r.prepared.size()*sizeof(double) + (r.rates ? r.rates->bytes() : 0);
        }
        for (const auto& r : c.regions) {
            std::string kernel;
            for (const auto& m : r.mechanisms) kernel += (kernel.empty() ? "" : " + ") + m.schema.name;
            size.kernels.push_back(fmt::format("{} rows: {}{}", r.compartments, kernel.empty() ? "no mechanism" : kernel, r.fused ? " (fused)" : ""));
            size.compartments += r.compartments;
            s.shared_bytes += r.parameters.size()*sizeof(double);
        }
        for (const auto& r : c.receptors) s.shared_bytes += r.parameters.size()*sizeof(double) + r.rows.size()*sizeof(int);
        s.populations.push_back(std::move(size));
    }
    return s;
}

}  // namespace apical
