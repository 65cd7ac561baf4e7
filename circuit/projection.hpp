// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/quantity_text.hpp"
#include "core/units.hpp"
#include "morphology/morphology.hpp"

namespace apical {

/// Where a cell is [um].
struct position {
    double x = 0, y = 0, z = 0;
    bool operator==(const position&) const = default;
};
/// The straight line between two of them [um].
double distance(const position& a, const position& b);

/// A quantity that may differ from contact to contact. Every contact has a draw of its own, keyed by (seed, projection, cell, contact).
struct random_value {
    enum class kind { constant, uniform, normal, lognormal };
    kind of = kind::constant;
    any_quantity mean;                 ///< uniform: the lower end
    any_quantity spread = {};          ///< standard deviation of the value itself, lognormal too; uniform: the upper end
    /// Values outside are drawn again.
    std::optional<any_quantity> low = {}, high = {};

    random_value(any_quantity constant) : mean(constant) {}
    template <dimension D> random_value(quantity<D> constant) : mean{constant.coherent(), D} {}
    random_value(kind of, any_quantity mean, any_quantity spread) : of(of), mean(mean), spread(spread) {}
    /// Throws invalid_model unless both have one dimension.
    static random_value uniform(any_quantity low, any_quantity high);
    static random_value normal(any_quantity mean, any_quantity sd);
    static random_value lognormal(any_quantity mean, any_quantity sd);
    random_value& within(any_quantity from, any_quantity to) { low = from, high = to; return *this; }
    /// Without an upper end.
    random_value& at_least(any_quantity from) { low = from; return *this; }
    bool operator==(const random_value&) const = default;
};

/// Who is connected to whom. A cell is never connected to itself unless `self` says so.
struct all_to_all { bool self = false; };
/// Cell i to cell i of populations of one size.
struct one_to_one {};
/// Each pair independently.
struct pairwise_probability { double p = 0; bool self = false; };
/// Each target has so many sources, drawn with equal probability; `distinct`: no source twice.
struct fixed_indegree { int sources = 0; bool distinct = true; bool self = false; };
/// Each source has so many targets.
struct fixed_outdegree { int targets = 0; bool distinct = true; bool self = false; };
/// So many connections in all, both ends drawn with equal probability, any pair any number of times.
/// Potjans & Diesmann (2014) Cereb Cortex 24:785.
struct fixed_total { std::int64_t connections = 0; };
/// A probability that falls with the distance d of two cells: p0 exp(-d^2/(2 length^2)) or p0 exp(-d/length), and 0 beyond `reach` lengths.
struct distance_profile {
    enum class kind { gaussian, exponential };
    kind of = kind::gaussian;
    double p0 = 0, length_um = 1, reach = 5;
    double operator()(const position& source, const position& target) const;
    bool operator==(const distance_profile&) const = default;
};

/// Each pair independently, with a probability between 0 and `most` that the positions of source and target give.
/// The populations have positions.
struct spatial_probability {
    std::function<double(const position& source, const position& target)> p;
    double most = 1;
    bool self = false;
    /// p0 exp(-d^2/(2 sigma^2)) of the distance, no further than `reach` times sigma [um]. `p` is a distance_profile.
    static spatial_probability gaussian(double p0, double sigma_um, double reach = 5);
    /// p0 exp(-d/lambda), no further than `reach` times lambda [um]. `p` is a distance_profile.
    static spatial_probability exponential(double p0, double lambda_um, double reach = 10);
};

/// One contact of a list. What is not given is as the projection says.
struct contact {
    int source = 0;                                              ///< index in the source population
    double weight = std::numeric_limits<double>::quiet_NaN();    ///< coherent, of the receptor's unit
    double delay = std::numeric_limits<double>::quiet_NaN();     ///< [ms]
    location where = {-1, 0};                                    ///< section -1: not given
};
/// Contacts that somebody holds, as contact_list::of() keeps them: by target, then as given. Copies share them.
class contact_table {
public:
    contact_table(std::vector<int> targets, std::vector<contact> contacts);
    void operator()(int target, std::vector<contact>& to) const;
    const std::vector<int>& targets() const { return held_->targets; }      ///< ascending
    const std::vector<contact>& contacts() const { return held_->contacts; }

private:
    struct columns {
        std::vector<int> targets;
        std::vector<contact> contacts;
    };
    std::shared_ptr<const columns> held_;
};

/// Contacts onto each cell in turn, from wherever they are kept: nobody holds them all. `onto` appends those of one target, in an
/// order that is the same each time; it is called from several threads, and more than once for a cell.
struct contact_list {
    std::function<void(int target, std::vector<contact>& to)> onto;
    /// Of the same contacts in the same order all parameters of their model of release, see short_term_plasticity::model, in its order;
    /// NaN: as the projection says. Empty: all are.
    std::function<void(int target, std::vector<double>& to)> releases = {};
    /// Of columns that somebody holds; `onto` is a contact_table. Throws invalid_model if their lengths differ; empty columns are not given.
    static contact_list of(const std::vector<int>& source, const std::vector<int>& target, const std::vector<double>& weight = {},
                           const std::vector<double>& delay_ms = {}, const std::vector<location>& where = {});
};

using connection_rule = std::variant<all_to_all, one_to_one, pairwise_probability, fixed_indegree, fixed_outdegree, fixed_total,
                                     spatial_probability, contact_list>;

/// Short-term plasticity of a connection's release, and its chance. A model of release is one file of plasticity/, which has its equations.
struct short_term_plasticity {
    random_value use = any_quantity{0.5, {}};                    ///< release probability from rest, U
    random_value tau_recovery = 100*units::ms;                   ///< of depression
    random_value tau_facilitation = 0*units::ms;                 ///< 0: none
    /// Vesicles ready for release; each is released by chance. 0: the mean of very many, without chance.
    int vesicles = 0;
    std::string model = "tsodyks_markram";                       ///< release_models() has them; those above are parameters of each that has such
    std::map<std::string, random_value> parameters = {};         ///< its others that differ from the defaults
    bool operator==(const short_term_plasticity&) const = default;
};

/// How the weights of a projection change. plasticity/ has the rules, `catalogue::rules()` lists them.
struct learning {
    std::string rule;                                            ///< in the catalogue: "pair_stdp", "clopath", ...
    std::string published = {};                                  ///< a set of the rule's published parameters; empty: its defaults
    std::map<std::string, any_quantity> parameters = {};         ///< those that differ
    /// The weight that the rule's weight 1 stands for, in the receptor's unit; nothing: the mean weight of the projection.
    std::optional<any_quantity> unit = {};
    double low = 0, high = std::numeric_limits<double>::infinity();   ///< bounds, in the rule's unit
    duration interval = 0*units::ms;                             ///< of the clock of rules that have one; 0: every step
    duration start = 0*units::ms, stop = 1e15*units::ms;         ///< weights change from then until then
    std::string region = {};                                     ///< whose modulators the synapses feel
    /// What rules call a prediction: the potential where the synapse is, its distance from `prediction_rest` times this.
    double prediction_gain = 1;
    voltage prediction_rest = -70*units::mV;
    /// Where on the cell rules look for the apical dendrite's potential; empty: nowhere.
    std::string apical_at = {};
    /// Of a cell's contacts of this projection, held by a common factor whenever so much time is over; in the rule's unit.
    std::optional<double> total = {};
    duration total_interval = 1000*units::ms;
};

/// What a neuromodulator does to a parameter of cells, or to the strength of a projection. Where its receptors are occupied to the part R,
/// from 0 to 1, the parameter is
///     p (1 + scale R) + shift R
/// and several effects on one parameter multiply first, then add. R tends, with tau_on when it rises and tau_off when it falls, to
///     c^hill/(c^hill + half^hill)
/// of the concentration c, or with half = 0 to c itself, held between 0 and 1.
struct modulator_effect {
    std::string population = {}, projection = {};                ///< one of them: whose cells, or which contacts
    std::string at = {};                                         ///< of cells with dendrites, a region; empty: wherever the channel is
    std::string mechanism = {};                                  ///< a channel; empty: the point neuron itself
    std::string parameter = {};                                  ///< of a projection "weight": of what arrives, when it arrives
    double scale = 0;
    std::optional<any_quantity> shift = {};                      ///< in the parameter's dimension; not of weights
    double half = 0, hill = 1;                                   ///< of the receptors
    duration tau_on = 0*units::ms, tau_off = 0*units::ms;        ///< 0: at once
    duration interval = 0*units::ms;                             ///< between the times at which R follows; 0: every step
};

/// A neuromodulator in a region: a concentration that decays, and grows by what is released.
///     M' = (baseline - M)/tau + releases
struct modulator {
    std::string name;                                            ///< as rules call it: "dopamine"
    std::string region = {};                                     ///< synapses of a projection say which they feel
    duration tau = 200*units::ms;
    double baseline = 0;                                         ///< in the unit in which amounts are given
    std::vector<std::pair<double, double>> releases = {};        ///< (time [ms], amount)
    /// Populations and spike sources each spike of which releases so much.
    struct source {
        std::string population;
        double amount = 0;
        duration delay = 1*units::ms;
    };
    std::vector<source> sources = {};
    std::vector<modulator_effect> effects = {};
};

namespace nmodl {
class mechanism;
}

/// Connections from the spikes of one population, or of a spike_source, to receptors on another.
struct projection {
    std::string name;
    std::string source, target;                                  ///< populations; `source` may be a spike_source
    connection_rule rule;
    std::string receptor;                                        ///< in the catalogue: "exp2syn", "ampa_nmda", ...
    std::map<std::string, any_quantity> parameters = {};         ///< of the receptor, those that differ from the defaults
    random_value weight = any_quantity{0, {}};                   ///< of each contact; if drawn, the mean times a number of 24 bits
    random_value delay = 1*units::ms;                            ///< of all contacts of a pair; at least one step
    /// Speed of conduction: adds the distance between the cells' positions over it; nothing: does not.
    std::optional<quantity<dimensions::permeability>> velocity = {};
    /// Where contacts lie: a location expression with one result, or, after "in ", a region, in which they lie with equal
    /// probability per length: "in apical and distance > 100 um".
    std::string at = "soma(0.5)";
    int contacts = 1;                                            ///< of each connected pair
    std::optional<short_term_plasticity> short_term = {};
    std::optional<learning> learns = {};
    /// Spontaneous release of each contact, in addition; of the contact's weight.
    quantity<dimensions::rate> spontaneous = {};
    /// Each of these events is to its terminal like a spike: it releases what short-term plasticity lets it, and leaves the terminal as a spike would.
    bool spontaneous_depletes = false;
    /// A point process read from NMODL, whose name `receptor` is; null: one of the catalogue. Contacts with the same parameters on one compartment
    /// share an instance, and each has the values that NET_RECEIVE keeps; its weight is the first of them.
    std::shared_ptr<const nmodl::mechanism> imported = {};
};

/// Spikes from outside the circuit: so many sources, each with a train that all its targets receive.
struct spike_source {
    std::string name;
    int size = 1;
    /// (source, time [ms]) in any order.
    std::vector<std::pair<int, double>> spikes = {};
    /// Besides, Poisson trains of this rate, one each, keyed by (seed, name, source).
    quantity<dimensions::rate> rate = {};
    duration start = 0*units::ms, length = 1e9*units::ms;        ///< of the random trains
};

/// Electrical synapses: a conductance between two places of cells.
struct gap_junction {
    struct end {
        std::string population;
        int cell = 0;
        std::string at = "soma(0.5)";
        bool operator==(const end&) const = default;
    };
    end a, b;
    apical::conductance conductance;
    bool operator==(const gap_junction&) const = default;
};

}  // namespace apical
