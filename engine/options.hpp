// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <string_view>

#include "core/units.hpp"

namespace apical {

class communicator;

/// All advance gates exactly over each step with the voltage held (staggered by half a step).
enum class scheme {
    crank_nicolson,     ///< second order; stimuli and synapses at the midpoint; zero-area nodes implicit. The default.
    backward_euler,     ///< first order; step for step what NEURON does with secondorder = 0
    automatic,          ///< "auto": Crank-Nicolson in steps that each cell chooses for itself, from dt/8 to 4 dt, see max_change
    precise,            ///< gates, concentrations and voltage coupled, each cell in steps of its own; order 4, L-stable (RODAS), see max_error
    cvode,              ///< the same by backward differentiation formulas of order 1 to 5 (SUNDIALS). The reference.
};
/// Whether a scheme integrates the coupled equations; the others split gates and voltage.
constexpr bool coupled(scheme s) { return s == scheme::precise || s == scheme::cvode; }
std::string_view name_of(scheme);
/// "crank_nicolson"/"cn", "backward_euler"/"be", "auto", "precise" or "cvode"; throws invalid_model with a suggestion.
scheme parse_scheme(std::string_view);

/// How gates that follow the voltage alone are advanced.
enum class rates {
    tabulated,          ///< by piecewise polynomials that agree with the channel's functions to 1e-12 relative. The default.
    functions,          ///< by the channel's functions in every step: about half the speed
    single,             ///< tabulated, with gates and the currents of channels in single precision: tables agree to 1e-6 relative. The fastest.
};
std::string_view name_of(rates);
/// "tabulated", "functions" or "single"; throws invalid_model with a suggestion.
rates parse_rates(std::string_view);

/// How point and few-compartment neurons advance.
enum class neuron_method {
    fixed_step,         ///< exact or exponential steps of second order, many neurons in SIMD lanes; spikes and resets within a step
    adaptive,           ///< each neuron with steps of its own (Dormand-Prince), to `tolerance`; events at their exact times. The reference.
};
std::string_view name_of(neuron_method);
/// "fixed_step" or "adaptive"; throws invalid_model with a suggestion.
neuron_method parse_neuron_method(std::string_view);

/// Whether one cell, or one block of cells side by side, is shared out over the threads.
enum class splitting {
    automatic,          ///< "auto": one that would keep a thread busy while the others have nothing left to do, if it is large enough. The default.
    never,
};
std::string_view name_of(splitting);
/// "auto" or "never"; throws invalid_model with a suggestion.
splitting parse_splitting(std::string_view);

/// The physical constants of Nernst potentials and pools: "modern" or "legacy".
std::string_view name_of(physical_constants);
/// Throws invalid_model with a suggestion.
physical_constants parse_constants(std::string_view);

/// How much work cells are taken to be when they are dealt out to processes.
enum class balance {
    measured,           ///< process 0 times a block of every population for some milliseconds. The default.
    counted,            ///< by their rows and states: the same in every run
};
std::string_view name_of(balance);
/// "measured" or "counted"; throws invalid_model with a suggestion.
balance parse_balance(std::string_view);

/// How a circuit is run: everything that is not part of the model.
struct run_options {
    duration dt = 0.025*units::ms;
    apical::scheme scheme = apical::scheme::crank_nicolson;
    apical::rates rates = apical::rates::tabulated;
    apical::temperature temperature = celsius(6.3);
    /// R and F of CODATA 2018, or those of NEURON before version 8.
    physical_constants constants = physical_constants::modern;
    std::uint64_t seed = 0;
    int threads = 1;
    /// Whether several threads advance one large cell together. The result is the same to the last bit.
    splitting split = splitting::automatic;
    /// Cells computed side by side, one a SIMD lane: 1 lays packs along a cell's compartments, the SIMD width packs cells of one
    /// population. 0 chooses. The result is the same to the last bit.
    int lanes = 0;
    /// Under scheme::automatic, what voltages should change by in one step at most: it sets the steps.
    voltage max_change = 1*units::mV;
    /// Under scheme::precise and scheme::cvode, the error of one step in a voltage. A gate's is 1/100 mV of it, and so is a concentration's relative one.
    voltage max_error = 1e-3*units::mV;
    /// Steps that a block of cells is advanced while it sits in the cache.
    int steps_per_epoch = 40;
    /// Steps between the times at which noise is drawn and events arrive: a run in steps of dt/n has the inputs of the run in steps
    /// of dt if it has n here.
    int steps_per_input = 1;
    neuron_method neurons = neuron_method::fixed_step;
    /// Of the adaptive integration of point neurons: local error relative to each state, and absolute in mV, nA and 1.
    double tolerance = 1e-9;
    /// Voltages beyond this are called diverged; at most 1000 mV, the range of the rate functions.
    voltage v_limit = 1000*units::mV;
    /// Gap junctions: both ends of each are solved for together until no voltage at an end changes by more.
    voltage gap_tolerance = 1e-7*units::mV;
    /// The processes that share the simulation, which must outlive it; null: this one alone. The result is the same to the last bit.
    communicator* ranks = nullptr;
    /// Of the processes' shares. The result is the same to the last bit.
    apical::balance balance = balance::measured;
};

}  // namespace apical
