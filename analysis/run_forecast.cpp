// SPDX-License-Identifier: BSD-3-Clause
#include "analysis/run_forecast.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "engine/deal.hpp"
#include "engine/simulation.hpp"

namespace apical {
namespace {

std::size_t index(int i) { return static_cast<std::size_t>(i); }

std::vector<double> of_populations(const circuit& c, std::vector<double> rates) {
    if (rates.empty()) rates = {0.005};
    if (rates.size() == 1) rates.assign(c.populations.size(), rates.front());
    if (rates.size() != c.populations.size()) throw invalid_model("forecast / rates", "not one for each population");
    return rates;
}

/// Samples of each probe. How many places a probe has is known where its cells and its location are: one compartment each, as a rule.
std::vector<double> samples_of_probes(const circuit& c, double until_ms, double dt) {
    std::vector<double> samples;
    for (const auto& probe : c.probes) {
        const auto on = std::ranges::find(c.populations, probe.on.population, &population::name);
        if (on == c.populations.end() || until_ms < probe.start.coherent()) continue;
        const double cells = probe.on.cells.empty() ? on->size : static_cast<double>(probe.on.cells.size());
        const double every = probe.interval.coherent() > 0 ? probe.interval.coherent() : dt;
        samples.push_back(cells*static_cast<double>(parse_locations(probe.on.at).on(on->cell.shape()).size())*(std::floor((until_ms - probe.start.coherent())/every + 1e-9) + 1));
    }
    return samples;
}

/// What is held of them at a time, if the longest traces are written while a run goes on so that the rest are no more than `most`: of these a piece.
double held_of(std::vector<double> samples, double most) {
    constexpr double piece = 1 << 22;
    std::ranges::sort(samples, std::greater<>());
    double sum = std::accumulate(samples.begin(), samples.end(), 0.0), pieces = 0;
    for (const double n : samples) {
        if (sum <= most) break;
        sum -= n, pieces += std::min(n, piece);
    }
    return sum + pieces;
}

/// The largest of so many numbers of a Poisson distribution, about.
double largest_of(double many, double mean) { return mean + std::sqrt(2*mean*std::log(std::max(many, 2.0))); }

double levels(int ranks) { return std::ceil(std::log2(static_cast<double>(ranks))); }

}  // namespace

double rank_forecast::bytes() const { return shared_bytes + connection_bytes + std::max(building_bytes, state_bytes + result_bytes); }

const rank_forecast& run_forecast::largest() const { return *std::ranges::max_element(processes, {}, &rank_forecast::bytes); }

double run_forecast::received_bytes() const { return (epoch_ms > 0 ? 1000/epoch_ms*exchange_bytes : 0) + shares*round_bytes; }

forecaster::forecaster(const circuit& c, const run_options& run, duration until, const forecast_options& options)
    : options_(options), until_ms_(until.coherent()), dt_(run.dt.coherent()), rates_(of_populations(c, options.rates)) {
    costs_ = options.costs ? *options.costs : calibrate(c, run, rates_, until_ms_);
    samples_ = samples_of_probes(c, until_ms_, dt_);
    for (const auto& p : c.populations) gids_ += p.size;
    for (const auto& s : c.spike_sources) gids_ += s.size;
    gaps_ = static_cast<double>(c.gap_junctions.size());
}

/// Blocks of a population: how many, and the cells of one.
struct forecaster::load {
    std::int64_t blocks;
    double cells, deal, rest, joint;                // what it is taken to cost in dealing out; what it does cost, for a millisecond
};

void forecaster::share_out(int ranks, int copies, run_forecast& f) const {
    std::vector<load> loads;
    std::vector<double> costs;
    std::vector<std::size_t> population_of;
    for (std::size_t n = 0; n < costs_.populations.size(); ++n) {
        const auto& p = costs_.populations[n];
        const auto cells = static_cast<std::int64_t>(p.cells)*copies, blocks = (cells + p.block - 1)/p.block;
        const double each = static_cast<double>(cells)/static_cast<double>(blocks);
        const double seconds = p.block_seconds + each*p.events*p.event_seconds, solving = costs_.rounds*p.round_seconds/dt_;
        const bool is_joined = p.gap_ends > 0;
        loads.push_back({blocks, each, p.block_seconds + each*p.contacts*assumed_rate*(p.is_point ? point_event_seconds : detailed_event_seconds), is_joined ? 0 : seconds, is_joined ? seconds + solving : 0});
        for (std::int64_t b = 0; b < blocks; ++b) costs.push_back(loads[n].deal), population_of.push_back(n);
    }
    const auto of_block = deal(costs, ranks);
    f.processes.resize(index(ranks));
    std::vector<std::vector<double>> rest(index(ranks)), joint(index(ranks));
    std::vector<double> cells(index(ranks), 0.0);
    for (std::size_t b = 0; b < costs.size(); ++b) {
        const auto& l = loads[population_of[b]];
        const auto& p = costs_.populations[population_of[b]];
        auto& to = f.processes[index(of_block[b])];
        (l.joint > 0 ? joint : rest)[index(of_block[b])].push_back(l.rest + l.joint);
        cells[index(of_block[b])] += l.cells;
        to.connections += l.cells*p.contacts, to.gap_ends += l.cells*p.gap_ends;
        to.state_bytes += l.cells*p.cell_bytes, to.connection_bytes += l.cells*p.contacts*p.contact_bytes;
        to.building_bytes = std::max(to.building_bytes, options_.threads*l.cells*p.contacts*p.build_bytes);
    }
    // threads take the next block when they have done one
    const auto longest = [&](const std::vector<double>& blocks) {
        std::vector<double> threads(index(options_.threads), 0.0);
        for (const double b : blocks) *std::ranges::min_element(threads) += b;
        return std::ranges::max(threads);
    };
    double busiest = 0, sum = 0, work = 0, longest_rest = 0, longest_joint = 0;
    for (int r = 0; r < ranks; ++r) {
        auto& to = f.processes[index(r)];
        to.rank = r, to.cells = std::llround(cells[index(r)]);
        to.rest_seconds = 1000*longest(rest[index(r)]), to.joint_seconds = 1000*longest(joint[index(r)]);
        longest_rest = std::max(longest_rest, to.rest_seconds), longest_joint = std::max(longest_joint, to.joint_seconds);
        busiest = std::max(busiest, to.rest_seconds + to.joint_seconds), sum += to.rest_seconds + to.joint_seconds;
        for (const auto* list : {&rest[index(r)], &joint[index(r)]})
            for (const double b : *list) work += 1000*b;
        f.cells += cells[index(r)], f.connections += to.connections;
    }
    // cells that are joined begin a step when those of all processes have come there; and the cores of a machine do what all on it have to do
    const double crowd = std::max(1.0, static_cast<double>(f.on_machine)*options_.threads/options_.cores);
    f.compute_seconds = std::max(longest_rest + longest_joint, work/ranks*f.on_machine/options_.cores);
    f.balance = sum > 0 ? busiest*ranks/sum : 1;
    double building = 0;
    for (const auto& p : f.processes) building = std::max(building, p.connections);
    double per_contact = 0, blocks = 0;
    for (std::size_t n = 0; n < loads.size(); ++n) per_contact = std::max(per_contact, costs_.populations[n].contact_seconds), blocks += static_cast<double>(loads[n].blocks);
    f.build_seconds = options_.describing_seconds + crowd*(costs_.template_seconds + (building*per_contact + blocks/ranks*gids_*copies*costs_.gid_seconds)/options_.threads);
}

void forecaster::weigh(int copies, run_forecast& f) const {
    double sources = gids_*copies, spikes = 0;
    for (std::size_t n = 0; n < rates_.size(); ++n) spikes += rates_[n]*until_ms_*costs_.populations[n].cells*copies;
    const double shared = options_.program_bytes + costs_.template_bytes + f.cells*costs_.cell_bytes + gaps_*copies*costs_.gap_bytes + sources/8 + costs_.scheduled*copies*sizeof(double)*2;
    auto all = samples_;
    for (double& n : all) n *= copies;
    const double samples = held_of(std::move(all), options_.held_samples)*sizeof(double), results = samples + spikes*sizeof(spike);
    for (auto& p : f.processes) {
        const double part = f.cells > 0 ? static_cast<double>(p.cells)/f.cells : 0;
        p.shared_bytes = shared;
        p.building_bytes += options_.threads*2*sizeof(std::uint32_t)*sources;
        // process 0 gets those of all, in messages and then in their places, beside its own
        p.result_bytes = part*results + (p.rank == 0 && f.ranks > 1 ? 2*results : 0);
    }
}

void forecaster::tell_messages(int copies, run_forecast& f) const {
    double sent = 0, joined = 0, own = 0;
    for (std::size_t n = 0; n < rates_.size(); ++n) {
        const auto& p = costs_.populations[n];
        if (p.sends) sent += rates_[n]*p.cells*copies;
    }
    const double crowd = std::max(1.0, static_cast<double>(f.on_machine)*options_.threads/options_.cores);
    f.epoch_ms = costs_.epoch_ms;
    if (f.epoch_ms > 0) {
        double sources = 0, outside_sources = 0, blocks = 0;
        for (const auto& p : costs_.populations) {
            const double cells = static_cast<double>(p.cells)*copies/f.ranks;
            sources += cells*p.sources, outside_sources += cells*p.outside_sources, blocks += std::ceil(cells/p.block);
        }
        // which cells of the whole are heard here, and which random sources, as by chance
        const auto part_of = [](double draws, double many) { return many > 0 ? 1 - std::exp(-draws/many) : 0; };
        const double random = part_of(outside_sources, costs_.random_sources);   // side by side, each circuit has its own
        const double here = sent*f.epoch_ms, outside = costs_.random_rate*f.epoch_ms*random, heard = part_of(sources, f.cells)*here + outside;
        const double taking_in = here*costs_.spike_seconds + heard*(costs_.sorting_seconds*std::log2(std::max(heard, 2.0)) + blocks*costs_.lookup_seconds/options_.threads) +
                                 outside*costs_.draw_seconds;
        f.spike_seconds = crowd*taking_in*1000/f.epoch_ms;
        if (f.ranks > 1) {
            // slots as spike_exchange makes them: room for half as many again as the most of the last exchanges
            constexpr double exchanges = 16, smallest = 4, largest = 4096;
            const double slot = std::clamp(1.5*largest_of(exchanges*f.ranks, here/f.ranks), smallest, largest);
            f.exchange_bytes = f.ranks*(sizeof(std::uint64_t) + slot*sizeof(sent_spike));
            f.message_seconds += (options_.latency*levels(f.ranks) + f.exchange_bytes/options_.bandwidth)*1000/f.epoch_ms;
        }
    }
    if (!(gaps_ > 0)) return;
    for (const auto& p : f.processes) joined = std::max(joined, p.gap_ends), own += p.gap_ends;
    f.rounds = costs_.rounds*1000/dt_, f.shares = f.rounds + 1000/dt_;
    if (f.ranks == 1 || !(own > 0)) return;
    // partners are anywhere
    const double others = joined*(1 - 1.0/f.ranks);
    f.round_messages = f.ranks > 1 ? (f.ranks - 1)*(1 - std::exp(-others/(f.ranks - 1))) : 0;
    f.round_bytes = others*2*sizeof(double);
    constexpr double busy_with_a_message = 0.25;   // of the latency: a process sends several while they are on their way
    f.message_seconds += f.shares*(options_.latency*(1 + busy_with_a_message*f.round_messages + levels(f.ranks)) + f.round_bytes/options_.bandwidth);
}

run_forecast forecaster::on(int ranks, bool weak) const {
    run_forecast f;
    f.ranks = ranks;
    const int copies = weak ? ranks : 1;
    f.on_machine = std::min(ranks, options_.on_machine > 0 ? options_.on_machine : std::max(1, options_.cores/options_.threads));
    share_out(ranks, copies, f);
    weigh(copies, f);
    tell_messages(copies, f);
    return f;
}

std::optional<int> forecaster::fewest(double bytes, int most) const {
    const auto fits = [&](int ranks) { return on(ranks).largest().bytes() <= bytes; };
    // what every process has does not become less, and more processes than blocks of cells have nothing to do
    double blocks = 0;
    for (const auto& p : costs_.populations) blocks += std::ceil(static_cast<double>(p.cells)/p.block);
    most = static_cast<int>(std::clamp(blocks, 1.0, static_cast<double>(most)));
    if (on(1).processes.front().shared_bytes > bytes) return {};
    int enough = 1;
    while (!fits(enough)) {
        if (enough >= most) return {};
        enough = std::min(2*enough, most);
    }
    int few = enough/2;
    while (enough - few > 1) {
        const int middle = few + (enough - few)/2;
        (fits(middle) ? enough : few) = middle;
    }
    return enough;
}

}  // namespace apical
