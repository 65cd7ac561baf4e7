// SPDX-License-Identifier: BSD-3-Clause
#include "engine/weight_table.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/quantity_text.hpp"
#include "engine/communicator.hpp"
#include "engine/packed.hpp"
#include "engine/simulation_state.hpp"

namespace apical {
namespace {

std::size_t index(int i) { return static_cast<std::size_t>(i); }

/// Which rule of the plan is at work in a projection.
std::size_t rule_of(const plan& p, std::string_view projection) {
    std::vector<std::string> names;
    for (std::size_t r = 0; r < p.network.rules.size(); ++r) {
        if (p.network.rules[r].projection == projection) return r;
        names.push_back(p.network.rules[r].projection);
    }
    throw invalid_model("weights", fmt::format("no projection '{}' that learns", projection), names.empty() ? "none does" : suggestion(projection, names));
}

/// Synapses as processes tell each other of them.
struct row {
    int source, target, section;
    double x, strength;
};

void add_rows(const plan& p, const learned_table& table, const learner& l, double time, int first_cell, std::vector<row>& rows) {
    const auto& rule = p.network.rules[table.rule];
    const auto& tree = p.populations[index(rule.target)].tree;
    const auto strengths = l.weights(time);
    for (std::size_t k = 0; k < strengths.size(); ++k) {
        const auto& place = table.places[table.place_of[k]];
        const auto& node = tree.nodes[index(place.node)];
        rows.push_back({static_cast<int>(table.source[k] - rule.first_source), first_cell + place.cell, node.section, node.x, strengths[k]});
    }
}

}  // namespace

weight_table simulation::weights(std::string_view projection) const {
    const auto& p = *state_->plan;
    const auto r = rule_of(p, projection);
    std::vector<row> rows;
    state_->for_each_learning([&](const auto& block, const inlet& in, int first_cell) {
        for (std::size_t t = 0; t < in.learned.size(); ++t)
            if (in.learned[t].rule == r) add_rows(p, in.learned[t], block.learners()[t], time(), first_cell, rows);
    });
    if (p.options.ranks) {
        packer mine;
        mine.put_list(std::span<const row>(rows));
        rows.clear();
        for (const auto& bytes : p.options.ranks->gather(mine.bytes())) {
            const auto some = unpacker(bytes).get_list<row>();
            rows.insert(rows.end(), some.begin(), some.end());
        }
        std::ranges::stable_sort(rows, {}, &row::target);
    }
    const auto& rule = p.network.rules[r];
    weight_table all{rule.projection, rule.weight_unit, time(), {}, {}, {}, {}, {}};
    for (const auto& one : rows) {
        all.source.push_back(one.source), all.target.push_back(one.target), all.where.push_back({one.section, one.x});
        all.weight.push_back(one.strength*rule.unit/parse_unit(rule.weight_unit).value), all.strength.push_back(one.strength);
    }
    return all;
}

std::span<const weight_recording> simulation::weight_recordings() const { return state_->weight_recordings; }

/// The samples that are due now.
void simulation::record_weights() {
    for (std::size_t w = 0; w < state_->weight_recordings.size(); ++w) {
        const auto& probe = state_->plan->network.weight_probes[w];
        auto& r = state_->weight_recordings[w];
        if (state_->step != probe.first_step + static_cast<std::int64_t>(r.rows())*probe.every) continue;
        r.synapses = weights(probe.projection);
        r.times.push_back(time());
        r.samples.insert(r.samples.end(), r.synapses.weight.begin(), r.synapses.weight.end());
    }
}

std::vector<double> weight_recording::column(std::size_t synapse) const {
    std::vector<double> all;
    for (std::size_t row = 0; row < rows(); ++row) all.push_back(samples[row*columns() + synapse]);
    return all;
}

std::vector<std::string> simulation::learning_projections() const {
    std::vector<std::string> names;
    for (const auto& r : state_->plan->network.rules) names.push_back(r.projection);
    return names;
}

void simulation::release(std::string_view modulator, double amount, std::string_view region) {
    const auto& fields = state_->plan->network.fields;
    const auto found = std::ranges::find_if(fields, [&](const field_plan& f) { return f.name == modulator && f.region == region; });
    if (found == fields.end()) {
        std::vector<std::string> names;
        for (const auto& f : fields) names.push_back(f.name);
        throw invalid_model("release", fmt::format("no modulator '{}'{}", modulator, region.empty() ? "" : fmt::format(" in region '{}'", region)), suggestion(modulator, names));
    }
    if (!std::isfinite(amount)) throw invalid_model("release", "the amount is not finite");
    state_->for_each_learning([&](auto& block, const inlet&, int) {
        for (auto& l : block.learners()) l.release(static_cast<std::size_t>(found - fields.begin()), state_->step, amount);
        block.modulators().release(static_cast<std::size_t>(found - fields.begin()), state_->step, amount);
    });
}

}  // namespace apical
