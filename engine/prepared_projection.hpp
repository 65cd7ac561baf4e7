// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/draw_contacts.hpp"
#include "engine/paint.hpp"
#include "engine/plan.hpp"
#include "engine/receptor_table.hpp"

namespace apical {

/// Release of a connection with short-term plasticity, as it is drawn.
class release_drawer {
public:
    /// Throws invalid_model naming `where`.
    release_drawer(const short_term_plasticity& s, const std::string& where);
    const release_entry& model() const { return *model_; }
    /// Its parameters: what is given, if anything is, and not NaN, else drawn. Throws invalid_model if what is given is out of range.
    std::vector<double> operator()(random_stream& draws, std::span<const double> given = {}) const;

private:
    const release_entry* model_;
    std::vector<value_drawer> values_;             // [parameters]
    std::string where_;
};

/// A projection, looked up.
struct prepared_projection {
    const projection* wanted = nullptr;
    int source = 0;                                ///< of the populations, then the spike sources
    int target = 0;
    catalogue::entry receptor;
    std::vector<double> values;                    ///< its parameters
    std::unique_ptr<contact_drawer> contacts;
    std::optional<release_drawer> release;
    int rule = -1;                                 ///< of network_plan::rules; -1: weights stay
    std::vector<receptor_table::place> of_node;    ///< [nodes of the target's cell]; group -1 where no contact may lie
    std::vector<char> is_wanted;                   ///< [nodes] whether a contact may lie there
    bool all_say = false;                          ///< it is a list, whose contacts all say where they lie
    int node = -1;                                 ///< where contacts lie; -1: within the pieces
    std::vector<stretch> pieces;
    std::vector<double> end_of_piece;              ///< lengths so far [um]

    /// A compartment, for a contact that does not say where.
    int draw_node(const painted_cell& cell, random_stream& draws) const;
};

/// Neighbouring cells of a population.
struct cell_range { int population, first, count; };

/// What reaches these cells, by where it comes from; those of one block.
/// Throws invalid_model if a synapse that learns does not find there what its rule needs.
inlet build_inlet(const plan& p, const std::vector<prepared_projection>& projections, const painted_cell& shape, cell_range cells);

}  // namespace apical
