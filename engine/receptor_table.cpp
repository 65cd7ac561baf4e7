// SPDX-License-Identifier: BSD-3-Clause
#include "engine/receptor_table.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/error.hpp"

namespace apical {

receptor_table::place receptor_table::at(int population, const catalogue::entry& mechanism, int row, const std::vector<double>& values, int owner) {
    if (mechanism.schema.weight_unit == "mV")
        throw invalid_model(fmt::format("'{}'", mechanism.schema.name), "moves the potential of a point neuron at once, which a compartment cannot do", "such as exp2syn");
    auto& of_population = groups_[static_cast<std::size_t>(population)];
    auto g = std::ranges::find_if(of_population, [&](const group& x) { return x.owner == owner && x.mechanism.schema.name == mechanism.schema.name; });
    if (g == of_population.end()) of_population.push_back({mechanism, {}, {}, {}, owner}), g = of_population.end() - 1;
    const int which = static_cast<int>(g - of_population.begin()), next = static_cast<int>(g->rows.size());
    if (mechanism.schema.is_linear) {
        const auto [known, is_new] = g->known.emplace(std::pair(row, values), next);
        if (!is_new) return {which, known->second};
    }
    g->rows.push_back(row), g->values.push_back(values);
    return {which, next};
}

void receptor_table::fill(plan& p) const {
    for (std::size_t n = 0; n < groups_.size(); ++n)
        for (const auto& g : groups_[n]) {
            receptor_plan r{g.mechanism, static_cast<int>(g.rows.size()), g.rows, {}, {}};
            while (r.rows.size() % kernels::width) r.rows.push_back(g.rows.front());
            const auto columns = g.mechanism.schema.parameters.size();
            r.parameters.resize(columns*r.rows.size());
            for (std::size_t c = 0; c < columns; ++c)
                for (std::size_t k = 0; k < r.rows.size(); ++k) r.parameters[c*r.rows.size() + k] = g.values[k < g.values.size() ? k : 0][c];
            const auto states = g.mechanism.schema.states.size();
            r.unit_jump.assign(states*r.rows.size(), 0.0);
            for (std::size_t k = 0; k < r.rows.size(); ++k)
                g.mechanism.kernels->on_event({r.unit_jump.data() + k, r.rows.size(), r.parameters.data() + k, r.rows.size()}, 1);
            p.populations[n].receptors.push_back(std::move(r));
        }
}

}  // namespace apical
