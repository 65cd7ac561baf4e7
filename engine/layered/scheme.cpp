// SPDX-License-Identifier: BSD-3-Clause
#include "engine/layered/scheme.hpp"

#include <algorithm>
#include <utility>

#include "engine/layered/units.hpp"

namespace apical::layered {

using plasticity::signal;

std::span<const scheme_entry> all_schemes() {
    static const std::array all{feedforward_scheme(), settling_scheme(), energy_scheme(), targets_scheme(), segregated_scheme(), bursting_scheme(), microcircuit_scheme(),
                                instructed_scheme(), components_scheme(), map_scheme(), inhibition_scheme(), sheet_scheme(), recurrent_scheme(), spike_trains_scheme()};
    return all;
}

const link_kind* wiring::kind(std::string_view name) const {
    const auto found = std::ranges::find(kinds, name, &link_kind::name);
    return found == kinds.end() ? nullptr : &*found;
}

void wiring::add_feedback(std::size_t l, const double* above, double* to) const {
    if (back.mode == feedback_mode::none) return;
    if (back.mode == feedback_mode::transpose) return forward(l + 1).add_back(above, to);
    link("feedback", l - 1).add_drive(above, to);
}

void add_kind(wiring& w, std::string name, std::vector<dense> links) {
    w.kinds.push_back({std::move(name), w.links.size(), links.size()});
    for (auto& l : links) {
        l.inputs = w.groups[l.from].size, l.units = w.groups[l.to].size;
        l.w.assign(l.units*l.columns(), 0.0);
        w.links.push_back(std::move(l));
    }
}

std::size_t add_group(wiring& w, std::string name, std::size_t size, nonlinearity f) {
    const std::size_t first = w.groups.empty() ? 0 : w.units();
    w.groups.push_back({std::move(name), first, size, f});
    return w.groups.size() - 1;
}

void pass_forward(const wiring& w, trial& t) {
    std::copy_n(t.input, w.layer(0).size, t.at(signal::rate, w.layer(0)));
    for (std::size_t l = 1; l < w.layers; ++l) {
        const auto& g = w.layer(l);
        w.forward(l).drive(t.at(signal::rate, w.layer(l - 1)), t.at(signal::potential, g));
        outputs_of(g.f, t.at(signal::potential, g), t.at(signal::rate, g), g.size);
    }
}

}  // namespace apical::layered
