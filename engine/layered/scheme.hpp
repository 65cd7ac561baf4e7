// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "circuit/layered_net.hpp"
#include "core/schema.hpp"
#include "engine/layered/dense.hpp"
#include "plasticity/rule.hpp"

/// How a trial of a layered net goes: in which phases, what is clamped in each, what units do in a step, and which signals they show. A
/// scheme knows nothing of learning, as a rule knows nothing of schemes; what a rule reads is looked up among the signals.
namespace apical::layered {

/// Units of one sort: a layer, or interneurons beside one. They are numbered through all groups.
struct group {
    std::string name;
    std::size_t first = 0, size = 0;
    nonlinearity f = nonlinearity::logistic;
};

/// A kind of connections, as `layered_net::learning` names it: a run of links.
struct link_kind {
    std::string name;
    std::size_t first = 0, count = 0;
};

/// What is connected to what, with its weights.
struct wiring {
    std::vector<group> groups;                       ///< layers first
    std::size_t layers = 0;
    std::vector<dense> links;                        ///< from each layer to the next first
    std::vector<link_kind> kinds;
    layered_net::feedback back;
    layered_net::loss measure = layered_net::loss::cross_entropy;
    std::uint64_t seed = 0;                          ///< of noise
    std::size_t rows = 1, target_rows = 1;           ///< of an example, in time

    const group& layer(std::size_t l) const { return groups[l]; }
    const group& output() const { return groups[layers - 1]; }
    std::size_t units() const { return groups.back().first + groups.back().size; }
    const link_kind* kind(std::string_view name) const;
    /// The link of a kind, counted from the input.
    const dense& link(std::string_view kind_name, std::size_t k) const { return links[kind(kind_name)->first + k]; }
    const dense& forward(std::size_t l) const { return links[l - 1]; }   ///< onto layer l, from the one below
    /// to += what the activity of the layer above (of the output where feedback is direct) brings to hidden layer l.
    void add_feedback(std::size_t l, const double* above, double* to) const;
};

/// One example being presented.
struct trial {
    const double* input = nullptr;
    const double* target = nullptr;                  ///< null: none, only the first phase is gone through
    std::uint64_t number = 0;                        ///< of presentations: what its noise is drawn by
    double nudging = 0;                              ///< how strongly, and which way, outputs are drawn to the target where a scheme does so
    /// Of schemes in time: squared error so far [a step], that of outputs that have learned nothing, and outputs, a row for each of targets.
    double missing = 0, whole = 0;
    std::vector<double> course;
    std::vector<double> own;                         ///< what the scheme keeps for itself
    double restlessness = 0;                         ///< largest change of an output in the last step of a phase, of schemes that settle
    std::array<std::vector<double>, plasticity::signal_count> now;   ///< [units of all groups], of signals that the scheme offers

    double* at(plasticity::signal s, const group& g) { return now[static_cast<std::size_t>(s)].data() + g.first; }
    const double* at(plasticity::signal s, const group& g) const { return now[static_cast<std::size_t>(s)].data() + g.first; }
};

/// A way for a trial to go.
class scheme {
public:
    virtual ~scheme() = default;
    virtual int phases() const = 0;
    virtual int steps(int phase) const = 0;
    virtual double dt() const { return 1; }          ///< of a step [ms]
    virtual std::vector<plasticity::signal> offers() const = 0;
    /// Strength of nudging in a batch of this number.
    virtual double nudging(std::uint64_t) const { return 0; }
    /// What `nudging` of a trial is called by rules that are told it.
    virtual std::string_view tells() const { return "nudging"; }
    /// Factor of the changes of link k.
    virtual double rate_of_link(std::size_t) const { return 1; }
    /// Which signal of a layer goes down through the feedback in a phase; none: nothing does.
    virtual std::optional<plasticity::signal> goes_down(int, bool /*is_taught*/) const { return plasticity::signal::rate; }
    /// Whether targets mean anything.
    virtual bool is_taught() const { return true; }
    /// The signal that is a unit's answer at the end of a trial.
    virtual plasticity::signal answer() const { return plasticity::signal::rate; }
    /// Sum of squares of what answers do not tell of the input, of schemes that are not taught.
    virtual double unexplained(const trial&) const { return 0; }
    /// Whether an example goes on in time: rows of inputs are presented one after another, errors are told on the way, and what synapses keep
    /// is of one trial.
    virtual bool is_in_time() const { return false; }
    virtual double travel() const { return 0; }      ///< of spikes, from unit to unit [ms]
    virtual void begin(trial&) const {}
    virtual void step(trial&, int phase, int k) const = 0;
};

using setting_values = std::map<std::string, double>;   ///< complete: every setting of the scheme

/// A scheme as the list of them has it.
struct scheme_entry {
    std::string_view name, summary;
    std::span<const field> settings;
    /// Adds groups and links to a wiring that has the layers, forward and feedback links; null: needs no more.
    void (*wire)(wiring&, const setting_values&) = nullptr;
    std::unique_ptr<scheme> (*make)(const wiring&, const setting_values&) = nullptr;
    /// Weights that do not start by chance, once the others are drawn; null: none.
    void (*start)(wiring&, const setting_values&) = nullptr;
    /// First weights of a link lie evenly within plus and minus this where the net does not say; null: as layered_net::start has it.
    double (*range)(const dense&, const setting_values&) = nullptr;
    bool is_in_time = false;                         ///< as scheme::is_in_time
};
std::span<const scheme_entry> all_schemes();

/// The schemes, each in a file of its name.
scheme_entry feedforward_scheme();
scheme_entry settling_scheme();
scheme_entry energy_scheme();
scheme_entry targets_scheme();
scheme_entry segregated_scheme();
scheme_entry bursting_scheme();
scheme_entry microcircuit_scheme();
scheme_entry instructed_scheme();
scheme_entry components_scheme();
scheme_entry map_scheme();
scheme_entry inhibition_scheme();
scheme_entry sheet_scheme();
scheme_entry recurrent_scheme();
scheme_entry spike_trains_scheme();

/// Adds links of a kind to a wiring.
void add_kind(wiring& w, std::string name, std::vector<dense> links);
/// Adds a group to a wiring; its index.
std::size_t add_group(wiring& w, std::string name, std::size_t size, nonlinearity f);

/// Outputs of layers 1 and up from the input at once, with summed inputs as `potential`.
void pass_forward(const wiring& w, trial& t);

}  // namespace apical::layered
