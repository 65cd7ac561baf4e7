// SPDX-License-Identifier: BSD-3-Clause
#include "engine/contacts.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "engine/connect.hpp"
#include "engine/import_mechanism.hpp"
#include "engine/random_trains.hpp"

namespace apical {

struct contact_survey::parts {
    const circuit& model;
    run_options options;
    catalogue mechanisms;
    std::vector<painted_cell> painted;
    findings found;
    std::unique_ptr<connector> connections;
};

contact_survey::contact_survey(const circuit& c, const run_options& options, const catalogue& mechanisms)
    : parts_(std::make_unique<parts>(parts{c, options, {}, {}, {}, {}})) {
    parts_->mechanisms = with_imported(c, mechanisms, parts_->found);
    for (const auto& p : c.populations) parts_->painted.push_back(paint(p, parts_->mechanisms, parts_->found));
    parts_->found.throw_if_any<invalid_model>();
    parts_->connections = std::make_unique<connector>(c, parts_->painted, parts_->options, parts_->mechanisms, parts_->found);
    parts_->found.throw_if_any<invalid_model>();
}

contact_survey::~contact_survey() = default;

void contact_survey::onto(std::size_t projection, int cell, std::vector<placed_contact>& to) const {
    const auto& one = parts_->connections->projections()[projection];
    const auto& shape = parts_->painted[static_cast<std::size_t>(one.target)];
    std::vector<drawn_contact> drawn;
    one.contacts->onto(cell, drawn);
    auto places = one.contacts->stream("places", cell), releases = one.contacts->stream("release", cell);
    std::vector<double> given;
    const auto* list = std::get_if<contact_list>(&one.wanted->rule);
    if (list && list->releases && one.release) list->releases(cell, given);
    const auto each = drawn.empty() ? 0 : given.size()/drawn.size();
    for (std::size_t k = 0; k < drawn.size(); ++k) {
        const auto& c = drawn[k];
        const int node = c.where.section >= 0 ? shape.tree.compartment_of(c.where) : one.draw_node(shape, places);
        const auto& at = shape.tree.nodes[static_cast<std::size_t>(node)];
        to.push_back({c.source, c.weight, c.delay, {at.section, at.x}, one.release ? (*one.release)(releases, std::span<const double>(given).subspan(k*each, each)) : std::vector<double>{}});
    }
}

double contact_survey::weight_unit(std::size_t projection) const { return parts_->connections->projections()[projection].contacts->weight_unit(); }

const compartments& contact_survey::tree(std::size_t population) const { return parts_->painted[population].tree; }

std::vector<std::pair<int, double>> contact_survey::random_spikes(std::size_t spike_source, double until) const {
    const auto& s = parts_->model.spike_sources[spike_source];
    std::vector<std::pair<int, double>> all;
    if (!(s.rate.coherent() > 0)) return all;
    std::vector<sent_spike> spikes;
    std::vector<std::uint32_t> each(static_cast<std::size_t>(s.size));
    std::iota(each.begin(), each.end(), 0u);
    random_trains().emit({0, static_cast<std::uint32_t>(s.size), identity(s.name), s.rate.coherent(), s.start.coherent(), (s.start + s.length).coherent(), std::move(each)}, parts_->options.seed, 0, until, spikes);
    std::ranges::stable_sort(spikes, {}, &sent_spike::time);
    for (const auto& x : spikes) all.emplace_back(static_cast<int>(x.gid), x.time);
    return all;
}

}  // namespace apical
