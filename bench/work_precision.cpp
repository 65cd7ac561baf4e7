// SPDX-License-Identifier: BSD-3-Clause
//
// Work against precision of the schemes, on the layer-5 pyramidal cell of Hay et al. (2011): error of the third spike
// of BAC firing and mean error of the spikes of a current step, against a reference with a far smaller step, and CPU time.
//
// run: bench_work_precision cell1.asc        (markdown on standard output; some minutes)
#include <cmath>
#include <ctime>
#include <iostream>

#include <fmt/format.h>

#include "models/cells/l5pc.hpp"
#include "engine/simulation.hpp"
#include "models/protocols.hpp"
#include "morphology/read.hpp"

namespace {

using namespace apical;
using namespace apical::units;

double cpu_seconds() {
    timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + 1e-9*static_cast<double>(t.tv_nsec);
}

struct outcome {
    std::vector<double> spikes;   // [ms]
    double seconds;
};

outcome simulate(const cell& c, models::experiment e, run_options o) {
    e.probes.clear();
    simulation sim(models::on(c, e), o);
    const double begin = cpu_seconds();
    sim.run(e.until);
    outcome result{{}, cpu_seconds() - begin};
    for (const auto& s : sim.spikes()) result.spikes.push_back(s.time);
    return result;
}

std::string mean_error(const outcome& o, const outcome& reference) {
    if (o.spikes.size() != reference.spikes.size()) return fmt::format("{} spikes", o.spikes.size());
    double sum = 0;
    for (std::size_t i = 0; i < o.spikes.size(); ++i) sum += std::abs(o.spikes[i] - reference.spikes[i]);
    return fmt::format("{:.4f}", sum/static_cast<double>(o.spikes.size()));
}

std::string error_of_third(const outcome& o, const outcome& reference) {
    if (o.spikes.size() != reference.spikes.size()) return fmt::format("{} spikes", o.spikes.size());
    return fmt::format("{:+.4f}", o.spikes.back() - reference.spikes.back());
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: bench_work_precision MORPHOLOGY\n";
        return 2;
    }
    const auto c = models::l5pc(read_morphology(argv[1]).shape);
    const models::l5pc_protocols protocols;
    auto step = protocols.step_firing(0.793*nA);
    step.until = 1200*ms;   // the first half second of the step
    const auto bac = protocols.bac();
    const run_options finest{.dt = 0.0009765625*ms};
    const auto bac_reference = simulate(c, bac, finest), step_reference = simulate(c, step, finest);
    std::cout << fmt::format("reference (Crank-Nicolson, dt {} ms): BAC {:.4f} ms\n\n", finest.dt.coherent(), fmt::join(bac_reference.spikes, ", "));
    std::cout << "| scheme | dt [ms], change [mV] | third BAC spike [ms] | mean of " << step_reference.spikes.size()
              << " step spikes [ms] | CPU time, 600 ms of BAC [s] |\n|---|---|---|---|---|\n";
    const auto line = [&](const std::string& setting, const run_options& o) {
        const auto b = simulate(c, bac, o), p = simulate(c, step, o);
        std::cout << fmt::format("| {} | {} | {} | {} | {:.3f} |\n", name_of(o.scheme), setting, error_of_third(b, bac_reference), mean_error(p, step_reference),
                                 b.seconds) << std::flush;
    };
    for (const auto s : {scheme::backward_euler, scheme::crank_nicolson})
        for (const double dt : {0.1, 0.05, 0.025, 0.0125, 0.00625, 0.003125}) line(fmt::format("{}", dt), {.dt = dt*ms, .scheme = s});
    for (const double dt : {0.025, 0.0125})
        for (const double change : {4.0, 2.0, 1.0, 0.5, 0.25})
            line(fmt::format("{}, {} mV", dt, change), {.dt = dt*ms, .scheme = scheme::automatic, .max_change = change*mV});
}
