// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "io/sonata/circuit_files.hpp"
#include "io/sonata/findings.hpp"
#include "io/sonata/synapse_kinds.hpp"

namespace apical::sonata {

/// Which nodes are in a set: [populations of the files][nodes]; empty lists where none is.
std::vector<std::vector<bool>> marked_nodes(const circuit_files& files, const std::string& set, const std::string& where, findings& found);

/// Whether the edges are synapses as the BlueBrain Project keeps them: no template, and columns of their own for conductance and release.
bool has_bbp_synapses(const edge_population& e);

/// One of its synapses, which its columns describe: ProbAMPANMDA_EMS or, by syn_type_id below 100, ProbGABAAB_EMS, as "ampa_nmda" or "gaba_ab"
/// with vesicles that are released by chance.
struct bbp_synapse {
    static constexpr std::size_t count = 14;
    /// Of these, the first four are contacts' own, the others those of a kind.
    enum value : std::size_t { use, depression, facilitation, vesicles, u_start, is_depleted, rise, decay, slow_rise, slow_decay, ratio, reversal, other, minis };

    bool is_inhibitory = false;
    std::array<double, count> values = {};
    double weight = 0, delay = 0;                  ///< [nS], [ms]
    std::vector<std::pair<double, double>> steps = {};   ///< from when [ms], by which factor the conductance is multiplied
};

/// Reads such synapses, with what the configuration says of them: connection_overrides, extracellular calcium and parameters of the models.
class bbp_synapses {
public:
    /// What is wrong with the overrides is found.
    bbp_synapses(const circuit_files& files, findings& found);

    /// The synapses of some edges between populations of the files, in the order of the rows; weight 0: of none that does anything. What is
    /// wrong with one is found, and its decay time is then NaN.
    std::vector<bbp_synapse> read(const edge_population& e, const edge_rows& rows, std::size_t source, std::size_t target, findings& found) const;
    /// Whether an override names edges between these populations.
    bool are_overridden(std::size_t source, std::size_t target) const;

private:
    struct override_of {
        const connection_override* what;
        std::vector<std::vector<bool>> sources, targets;         // [populations of the files][nodes]
        bool names(std::size_t source, std::uint64_t s, std::size_t target, std::uint64_t t) const;
    };
    struct columns;
    void override_one(bbp_synapse& s, const std::vector<const connection_override*>& by, findings& found) const;
    double decay_of(const edge_population& e, double read) const;

    const circuit_files& files_;
    std::vector<override_of> overrides_;
    std::map<std::string, double> rounding_;       // by population of edges: step of the logarithm of decay times; 0: as they are
};

/// The kind that its synapses of one set of values are, but for what is their own.
synapse_kind kind_of(const bbp_synapse& s);

}  // namespace apical::sonata
