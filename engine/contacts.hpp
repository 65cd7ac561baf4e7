// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <vector>

#include "circuit/circuit.hpp"
#include "engine/catalogue.hpp"
#include "engine/network.hpp"
#include "engine/options.hpp"
#include "morphology/compartments.hpp"

namespace apical {

/// A contact as a compiled circuit has it.
struct placed_contact {
    int source;                                    ///< index in the source population
    double weight, delay;                          ///< coherent, of the receptor's unit; [ms]
    location where;                                ///< centre of the compartment it ends on
    std::vector<double> release;                   ///< of projections with short-term plasticity: the parameters of its model
};

/// The contacts of a circuit's projections, target by target, exactly as compile() draws them. Nobody holds them all.
class contact_survey {
public:
    /// The circuit must outlive it. Throws invalid_model listing what is wrong with its cells and projections.
    contact_survey(const circuit& c, const run_options& options, const catalogue& mechanisms = catalogue::built_in());
    contact_survey(const contact_survey&) = delete;
    ~contact_survey();

    /// Appends the contacts of a projection onto one cell, in their order.
    void onto(std::size_t projection, int cell, std::vector<placed_contact>& to) const;
    /// What weights of a projection, but those that a list gives, are a multiple of by a float.
    double weight_unit(std::size_t projection) const;
    /// A population's cell, cut into compartments.
    const compartments& tree(std::size_t population) const;
    /// Spikes of a source's random trains up to a time, beside those that it lists: (source, time [ms]), by time.
    std::vector<std::pair<int, double>> random_spikes(std::size_t spike_source, double until) const;

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

}  // namespace apical
