// SPDX-License-Identifier: BSD-3-Clause
//
// Work against precision of the schemes, on the layer-5 pyramidal cell of Hay et al. (2011): error of the third spike
// of BAC firing and mean error of the spikes of a current step, against a reference with a far smaller step, and CPU time.
//
// run: bench_work_precision cell1.asc            (markdown on standard output; some minutes)
//      bench_work_precision cell1.asc --json     (spike times and seconds of all seven experiments, a line each)
#include <cmath>
#include <ctime>
#include <iostream>
#include <stdexcept>
#include <string_view>

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

struct setting {
    std::string text;
    run_options options;
};

std::vector<setting> adaptive_settings() {
    std::vector<setting> all;
    for (const double dt : {0.025, 0.0125})
        for (const double change : {4.0, 2.0, 1.0, 0.5, 0.25})
            all.push_back({fmt::format("{} ms, {} mV", dt, change), {.dt = dt*ms, .scheme = scheme::automatic, .max_change = change*mV}});
    for (const auto s : {scheme::precise, scheme::cvode})
        for (const double error : {1.0, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001, 0.0001}) all.push_back({fmt::format("{} mV", error), {.scheme = s, .max_error = error*mV}});
    return all;
}
std::vector<setting> fixed_settings() {
    std::vector<setting> all;
    for (const auto s : {scheme::backward_euler, scheme::crank_nicolson})
        for (const double dt : {0.1, 0.05, 0.025, 0.0125, 0.00625, 0.003125}) all.push_back({fmt::format("{} ms", dt), {.dt = dt*ms, .scheme = s}});
    return all;
}

/// The first half second of a step.
models::experiment half_second(models::experiment e) {
    e.until = 1200*ms;
    return e;
}

void print_table(const cell& c) {
    const models::l5pc_protocols protocols;
    const auto step = half_second(protocols.step_firing(0.793*nA)), bac = protocols.bac();
    const run_options finest{.scheme = scheme::precise, .max_error = 1e-6*mV};
    const auto bac_reference = simulate(c, bac, finest), step_reference = simulate(c, step, finest);
    std::cout << fmt::format("reference (precise, 1e-6 mV): BAC {:.4f} ms\n\n", fmt::join(bac_reference.spikes, ", "));
    std::cout << "| scheme | setting | third BAC spike [ms] | mean of " << step_reference.spikes.size()
              << " step spikes [ms] | CPU time, 600 ms of BAC [s] |\n|---|---|---|---|---|\n";
    for (const auto& list : {fixed_settings(), adaptive_settings()})
        for (const auto& [text, options] : list) {
            const auto b = simulate(c, bac, options), p = simulate(c, step, options);
            std::cout << fmt::format("| {} | {} | {} | {} | {:.3f} |\n", name_of(options.scheme), text, error_of_third(b, bac_reference),
                                     mean_error(p, step_reference), b.seconds) << std::flush;
        }
}

void print_json(const cell& c) {
    const models::l5pc_protocols protocols;
    const std::pair<const char*, models::experiment> all[] = {
        {"bap", protocols.bap()}, {"epsp", protocols.epsp()}, {"bac", protocols.bac()}, {"ca_burst", protocols.calcium_spike()},
        {"step1", half_second(protocols.step_firing(0.619*nA))}, {"step2", half_second(protocols.step_firing(0.793*nA))},
        {"step3", half_second(protocols.step_firing(1.507*nA))}};
    for (const auto& [name, experiment] : all) {
        const auto print = [&](std::string_view scheme, const std::string& text, const outcome& o) {
            std::cout << fmt::format(R"({{"protocol": "{}", "scheme": "{}", "setting": "{}", "spikes": [{:.6f}], "seconds": {:.4f}}})", name, scheme, text,
                                     fmt::join(o.spikes, ", "), o.seconds) << std::endl;
        };
        const auto settled = simulate(c, experiment, {.scheme = scheme::precise, .max_error = 1e-6*mV});
        const auto again = simulate(c, experiment, {.scheme = scheme::cvode, .max_error = 1e-6*mV});
        if (settled.spikes.size() != again.spikes.size()) throw std::runtime_error(fmt::format("{}: the references differ", name));
        for (std::size_t i = 0; i < settled.spikes.size(); ++i)
            if (std::abs(settled.spikes[i] - again.spikes[i]) > 0.002) throw std::runtime_error(fmt::format("{}: the references differ by {} ms", name, settled.spikes[i] - again.spikes[i]));
        print("settled", "1e-6 mV", settled);
        for (const auto& [text, options] : adaptive_settings()) print(name_of(options.scheme), text, simulate(c, experiment, options));
        print("crank_nicolson", "0.0125 ms", simulate(c, experiment, {.dt = 0.0125*ms}));
    }
}

}  // namespace

int main(int argc, char** argv) {
    const bool json = argc == 3 && std::string_view(argv[2]) == "--json";
    if (argc != 2 && !json) {
        std::cerr << "usage: bench_work_precision MORPHOLOGY [--json]\n";
        return 2;
    }
    const auto c = models::l5pc(read_morphology(argv[1]).shape);
    json ? print_json(c) : print_table(c);
}
