// SPDX-License-Identifier: BSD-3-Clause
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "analysis/gradient_in_time.hpp"
#include "engine/layered_training.hpp"
#include "models/learner.hpp"
#include "models/tasks/task.hpp"

/// Which side had more of seven cues, asked a second later: e-prop with both kinds of feedback, outputs alone, and backpropagation through time, exact (`bptt`) and with
/// what goes back held to a length (`bptt_held`), from the same first weights, with the same optimiser. bench/learning/evidence_accumulation.md has the results.
///
///     bench_evidence_accumulation [iterations of 32 trials] [seeds] [ways, as eprop,bptt_held] [threads] [rate of Adam] [c_rate]
namespace {

using namespace apical;

/// To which what goes back is held: about what errors of the answer are by its beginning.
constexpr double longest = 30;
constexpr int batch = 32, units = 50, iterations_of_epoch = 10;

/// Of Adam, and how much rates off their target count.
struct strengths { double rate, c_rate; };

double seconds_since(std::chrono::steady_clock::time_point begin) { return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(); }

bool is_backward(const std::string& way) { return way == "bptt" || way == "bptt_held"; }

layered_net net_of(const std::string& way, strengths by) {
    auto net = models::learner_named(is_backward(way) ? "eprop" : way).make({40, units, 2});
    net.settings = models::generated_task("evidence", 1).settings;
    net.measure = layered_net::loss::cross_entropy;
    for (auto& [kind, learning] : net.learning) {
        learning.stages[0].values["rate"] = by.rate;
        if (learning.rule == "eprop") learning.parameters["c_rate"] = by.c_rate;
    }
    return net;
}

/// Kingma & Ba (2015), with the numbers that the stage has by default.
struct adam {
    double rate;
    std::vector<double> mean = {}, square = {};
    int updates = 0;
    void step(std::vector<double>& w, const std::vector<double>& change) {
        mean.resize(w.size()), square.resize(w.size()), ++updates;
        for (std::size_t k = 0; k < w.size(); ++k) {
            mean[k] = 0.9*mean[k] + 0.1*change[k], square[k] = 0.999*square[k] + 0.001*change[k]*change[k];
            w[k] += rate*mean[k]/(1 - std::pow(0.9, updates))/(std::sqrt(square[k]/(1 - std::pow(0.999, updates))) + 1e-8);
        }
    }
};

/// An epoch of backpropagation through time.
void descend(layered_training& run, adam (&optimisers)[3], int epoch, double held) {
    for (int k = 0; k < iterations_of_epoch; ++k) {
        const auto some = part(run.examples(), static_cast<std::size_t>(k*batch), batch);
        const auto way = descent_in_time(run, some, static_cast<std::uint64_t>((epoch*iterations_of_epoch + k)*batch), held);
        const auto change = [&](const char* kind, std::size_t projection, const std::vector<double>& by, adam& optimiser) {
            auto w = run.weights(kind, projection);
            optimiser.step(w, by);
            run.set_weights(kind, projection, w);
        };
        change("forward", 0, way.forward[0], optimisers[0]), change("forward", 1, way.forward[1], optimisers[1]), change("recurrent", 0, way.recurrent[0], optimisers[2]);
    }
}

void learn(const std::string& way, std::uint64_t seed, int epochs, int threads, strengths by) {
    const auto unseen = models::evidence(100, seed + 1000);
    layered_training run(net_of(way, by), models::evidence(iterations_of_epoch*batch, seed), {.batch = batch, .seed = seed, .threads = threads});
    adam optimisers[3]{{by.rate}, {by.rate}, {by.rate}};
    double seconds = 0;
    for (int e = 0; e < epochs; ++e) {
        const auto begin = std::chrono::steady_clock::now();
        if (is_backward(way)) descend(run, optimisers, e, way == "bptt" ? HUGE_VAL : longest);
        else run.epoch();
        seconds += seconds_since(begin);
        const auto score = run.score(unseen);
        double firing = 0;
        for (const double r : run.shown(part(unseen, 0, 20), "layer 1", "rate", layered_training::teaching::with)) firing += 1000*r/(20*units);
        std::printf("%s seed %d: %4d iterations, %5.1f %% right, loss %.3f, %.1f Hz, %.0f s\n", way.c_str(), static_cast<int>(seed), (e + 1)*iterations_of_epoch, 100*(1 - score.wrong), score.loss, firing, seconds);
        std::fflush(stdout);
    }
}

}  // namespace

int main(int count, char** words) {
    const int iterations = count > 1 ? std::atoi(words[1]) : 60, seeds = count > 2 ? std::atoi(words[2]) : 1, threads = count > 4 ? std::atoi(words[4]) : 1;
    const strengths by{count > 5 ? std::atof(words[5]) : 5e-3, count > 6 ? std::atof(words[6]) : 0.3};
    std::string ways = count > 3 ? words[3] : "eprop,eprop_random,readout_only,bptt,bptt_held";
    for (std::size_t from = 0; from < ways.size();) {
        const auto to = std::min(ways.find(',', from), ways.size());
        for (int s = 1; s <= seeds; ++s) learn(ways.substr(from, to - from), static_cast<std::uint64_t>(s), iterations/iterations_of_epoch, threads, by);
        from = to + 1;
    }
}
