// SPDX-License-Identifier: BSD-3-Clause

// What the tests of this folder start on several processes. Usage: mpi_program TASK THREADS [FILE]
//   run        a network of 200 cells whose synapses learn; prints a sum over all spikes, voltages and weights
//   counted    the same, where cells are dealt out by counted costs
//   save       its first part, to a checkpoint
//   resume     the rest, from there; prints the same sum
//   run-events, save-events, resume-events: the same of a network whose neurons answer events one by one
//   run-imported, save-imported, resume-imported: the same of one whose synapses and artificial cells are read from NMODL
//   run-, save-, resume- and a scheme: the same of a smaller network, of cells that take steps of their own
//   stream     a network, and a report in FILE that is written meanwhile; stream-save: to the middle, with a checkpoint in FILE.checkpoint, and no
//              report; stream-resume: the rest, from there
//   ring       NEURON's ring of cells; prints the spikes
//   learn      layered nets by several rules; prints a sum over the weights, scores and outputs of each
//   messages   all functions of the communicator, in small pieces
//   fail       the last process fails in the middle
//   hang       steps for ever, writing checkpoints; prints each one's time
#include <algorithm>
#include <bit>
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <string>

#include <unistd.h>

#include "engine/layered_training.hpp"
#include "engine/mpi_communicator.hpp"
#include "io/checkpoint.hpp"
#include "models/learner.hpp"
#include "models/tasks/task.hpp"
#include "tests/engine/event_network.hpp"
#include "io/results.hpp"
#include "tests/engine/imported_network.hpp"
#include "tests/engine/networks.hpp"
#include "tests/mpi/neuron_ring.hpp"

namespace apical::test {
namespace {

using namespace units;

constexpr auto middle = 12.3*ms, end = 25*ms;

/// FNV-1a over the bits of everything that came out.
std::uint64_t sum_of(const simulation& s, const std::vector<weight_table>& weights) {
    std::uint64_t sum = 0xcbf29ce484222325;
    const auto add = [&](double x) { sum = (sum ^ std::bit_cast<std::uint64_t>(x))*0x100000001b3, sum ^= sum >> 29; };
    for (const auto& k : s.spikes()) add(k.population), add(k.cell), add(k.time), add(k.step_time);
    for (const auto& r : s.recordings())
        for (const double x : r.samples) add(x);
    for (const auto& w : s.weight_recordings())
        for (const double x : w.samples) add(x);
    for (const auto& w : weights)
        for (const double x : w.strength) add(x);
    add(s.gap_residual());
    return sum;
}

void require(bool is_so, const char* what) {
    if (!is_so) throw std::logic_error(what);
}

void tell(simulation& s, const communicator& world) {
    s.collect();
    std::vector<weight_table> weights;
    for (const auto& name : s.learning_projections()) weights.push_back(s.weights(name));
    if (world.rank() != 0) return;
    std::printf("%zu spikes, sum %016llx\n", s.spikes().size(), static_cast<unsigned long long>(sum_of(s, weights)));
}

/// The network of a task: all of it under fixed steps, or cells and point neurons in steps of their own under the scheme that it names.
simulation network_of(communicator& world, int threads, const std::string& scheme_name) {
    if (scheme_name.empty()) return simulation(school(200), {.threads = threads, .ranks = &world});
    if (scheme_name == "events") return simulation(events::network(), {.dt = 0.1*ms, .threads = threads, .ranks = &world});
    if (scheme_name == "imported") return simulation(imported_network(), {.threads = threads, .ranks = &world});
    return simulation(mixed(10), {.scheme = parse_scheme(scheme_name), .threads = threads, .neurons = neuron_method::adaptive, .ranks = &world});
}

void run(simulation s, communicator& world) {
    s.run(end);
    // each keeps the samples of its own cells, until process 0 gets them all
    double columns = 0;
    for (const auto& r : s.recordings()) columns += static_cast<double>(r.columns());
    require(world.sum(columns) == 3, "columns of recordings");
    tell(s, world);
    require(world.rank() > 0 || s.recordings()[0].columns() == 3, "columns of recordings");
}
/// By measured costs, and by counted ones: who has which cells is another matter.
void run_counted(communicator& world, int threads) {
    simulation s(school(200), {.threads = threads, .ranks = &world, .balance = balance::counted});
    s.run(end);
    tell(s, world);
}
void save(simulation s, communicator& world, const std::string& file) {
    s.run(middle);
    const auto c = s.checkpoint();
    write_checkpoint(file, c, nullptr, &world);
}
void resume(simulation s, communicator& world, const std::string& file) {
    s.restore(world.rank() == 0 ? read_checkpoint(file) : checkpoint{});
    s.run(end);
    tell(s, world);
}
/// Samples of every soma and step: more rows than a piece has.
void stream(communicator& world, int threads, const std::string& what, const std::filesystem::path& file) {
    auto c = mixed(40);
    c.probes = {{"v", {"cells", "soma(0.5)", {}}, "v"}};
    experiment e{.title = {}, .model = c, .run = {.threads = threads, .ranks = &world}, .until = 60*ms, .output = {.folder = file.parent_path(), .held_samples = 0}, .warnings = {}};
    simulation s(e.model, e.run);
    const auto kept = file.string() + ".checkpoint";
    if (what == "resume") s.restore(world.rank() == 0 ? read_checkpoint(kept) : checkpoint{}, true);
    auto reports = stream_results(e, s, overwrite::yes, what == "resume" ? kept : "");
    const auto until = what == "save" ? 40.1*ms : e.until;
    while (s.time() < until.coherent() - 1e-9) {
        s.run(std::min(until, e.run.dt*static_cast<double>(std::max<std::int64_t>(reports->next_step(), 1))));
        reports->write(s);
        require(s.recordings()[0].rows() <= 1001, "rows in memory");
    }
    if (what == "save") {
        const auto c = s.checkpoint();
        reports->flush();
        write_checkpoint(kept, c, &*reports, &world);
        world.least(0);
        return;
    }
    reports->write_rest(s);
    if (world.rank() == 0) reports->commit();
    world.least(0);
}

void ring_of_neuron(communicator& world, int threads) {
    simulation s(neuron_ring(), {.scheme = scheme::backward_euler, .threads = threads, .ranks = &world});
    s.run(100*ms);
    s.collect();
    for (const auto& k : s.spikes()) std::printf("%g %d\n", k.step_time, k.cell);
}

/// Exchanges of ever more spikes, some of which fit no slot; texts longer than a message.
void messages(communicator& world) {
    const auto me = static_cast<std::uint32_t>(world.rank());
    const auto size = static_cast<std::uint32_t>(world.size());
    const auto spikes_of = [](std::uint32_t rank, std::uint32_t n) {
        std::vector<sent_spike> all;
        for (std::uint32_t k = 0; k < (n*(rank + 1)) % 9001; ++k) all.push_back({1000*rank + k, 0.25*k + n});
        return all;
    };
    for (std::uint32_t n : {0u, 1u, 3u, 5u, 100u, 7000u, 2u, 0u, 30000u, 1u}) {
        auto mine = spikes_of(me, n);
        world.begin_exchange(mine);
        mine.assign(mine.size(), {0, 0});   // what was given may change
        std::vector<sent_spike> expected;
        for (std::uint32_t r = 0; r < size; ++r)
            for (const auto& s : spikes_of(r, n)) expected.push_back(s);
        require(world.end_exchange() == expected, "exchange");
    }
    std::vector<std::array<double, 2>> values(7);
    std::vector<int> owner;
    for (int i = 0; i < 7; ++i) {
        owner.push_back((i*i) % world.size());
        if (owner.back() == world.rank()) values[static_cast<std::size_t>(i)] = {1.5*i, -2.5*i};
    }
    std::vector<value_route> routes;
    for (int r = 0; r < world.size(); ++r) {
        if (r == world.rank()) continue;
        routes.push_back({.rank = r, .sends = {}, .receives = {}});
        for (std::size_t i = 0; i < 7; ++i)
            if (owner[i] == world.rank()) routes.back().sends.push_back(i);
            else if (owner[i] == r) routes.back().receives.push_back(i);
    }
    const auto before = world.received();
    world.share(values, routes);
    require(world.received() - before == 16*std::ranges::count_if(owner, [&](int r) { return r != world.rank(); }), "received");
    for (int i = 0; i < 7; ++i) require(values[static_cast<std::size_t>(i)] == std::array{1.5*i, -2.5*i}, "share");
    require(world.least(10 - me) == 11 - size && world.largest(me) == size - 1 && world.sum(1.5) == 1.5*size, "agreement");
    const auto text_of = [](std::uint32_t rank) { return std::vector<std::byte>(2500*rank + (rank == 1 ? 0 : 700), static_cast<std::byte>(rank + 1)); };
    const auto texts = world.gather(text_of(me));
    require(texts.size() == (me == 0 ? size : 0), "gather");
    for (std::uint32_t r = 0; r < texts.size(); ++r) require(texts[r] == text_of(r), "gather");
    require(world.broadcast(text_of(me == 0 ? 3 : 0)) == text_of(3), "broadcast");
    std::vector<int> made;
    require(world.scatter([&](int r) { return made.push_back(r), text_of(static_cast<std::uint32_t>(r)); }) == text_of(me), "scatter");
    require(made.size() == (me == 0 ? size : 0), "scatter");
    require(world.native() != nullptr, "native");
    if (me == 0) std::printf("all arrived\n");
}

/// The last process ends by an exception while the others wait for its spikes.
void fail(communicator& world, int threads) {
    simulation s(mixed(8), {.threads = threads, .ranks = &world});
    s.run(5*ms);
    if (world.rank() == world.size() - 1) throw invalid_model("process", "fails on purpose");
    s.run(1000*ms);
}

void hang(communicator& world, int threads, const std::string& file) {
    simulation s(mixed(8), {.threads = threads, .ranks = &world});
    for (int k = 1;; ++k) {
        s.run(2.0*k*ms);
        const auto c = s.checkpoint();
        write_checkpoint(file, c, nullptr, &world);
        if (world.rank() == 0) {
            std::printf("%d\n", 2*k);
            std::fflush(stdout);
        }
        usleep(100000);
    }
}

/// Nets that learn; process 0 tells a sum of all their bits.
void learn(communicator& world, int threads) {
    const auto d = models::yin_yang(30, 1);
    for (const char* name : {"backprop", "direct_feedback_alignment", "generec", "equilibrium_propagation", "difference_target", "microcircuit", "stdp_derivative", "xcal", "sanger"}) {
        const bool is_derivative = std::string_view(name) == "stdp_derivative";
        const auto how = models::learner_named(is_derivative ? "equilibrium_propagation" : name);
        auto net = how.make(how.is_taught ? std::vector{4, 37, 18, 3} : std::vector{4, 3});
        if (is_derivative) net.learning["forward"].rule = name, net.learning["forward"].both_ways = true, net.learning["forward"].parameters = {};
        layered_training run(net, d, {.batch = std::string_view(name) == "xcal" ? 1 : 7, .seed = 2, .threads = threads, .ranks = &world});
        run.epoch(), run.epoch();
        std::uint64_t sum = 0xcbf29ce484222325;
        const auto add = [&](const std::vector<double>& numbers) {
            for (const double x : numbers) sum = (sum ^ std::bit_cast<std::uint64_t>(x))*0x100000001b3, sum ^= sum >> 29;
        };
        for (const auto& kind : run.kinds())
            for (std::size_t k = 0; k < run.projections(kind); ++k) add(run.weights(kind, k));
        const auto score = run.score(d);
        add({score.wrong, score.missed, score.loss, score.restlessness}), add(run.outputs(d)), add(run.shown(d, "layer 1", "rate", layered_training::teaching::without));
        if (std::string_view(name) != "xcal")
            for (const auto& asked : run.proposal(part(d, 0, 11))) add(asked);
        if (world.rank() == 0) std::printf("%s %016llx\n", name, static_cast<unsigned long long>(sum));
    }
}

int execute(const std::string& task, int threads, const std::string& file) {
    const auto world = world_communicator(1000);
    try {
        const auto dash = std::min(task.find('-'), task.size());
        const auto what = task.substr(0, dash), scheme_name = task.substr(std::min(dash + 1, task.size()));
        if (what == "run") run(network_of(*world, threads, scheme_name), *world);
        else if (what == "counted") run_counted(*world, threads);
        else if (what == "save") save(network_of(*world, threads, scheme_name), *world, file);
        else if (what == "resume") resume(network_of(*world, threads, scheme_name), *world, file);
        else if (what == "stream") stream(*world, threads, scheme_name, file);
        else if (task == "ring") ring_of_neuron(*world, threads);
        else if (task == "learn") learn(*world, threads);
        else if (task == "messages") messages(*world);
        else if (task == "fail") fail(*world, threads);
        else if (task == "hang") hang(*world, threads, file);
        else throw std::invalid_argument("no task " + task);
        return 0;
    } catch (const std::exception& e) {
        std::fprintf(stderr, "process %d: %s\n", world->rank(), e.what());
        world->abandon(5);
    }
    return 1;
}

}  // namespace
}  // namespace apical::test

int main(int argc, char** argv) {
    return argc < 3 ? 2 : apical::test::execute(argv[1], std::atoi(argv[2]), argc > 3 ? argv[3] : "");
}
