// SPDX-License-Identifier: BSD-3-Clause
#include "analysis/energy.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/plan.hpp"

namespace apical {
namespace {

/// Of valence 1, in a picocoulomb. CODATA 2018.
constexpr double ions_per_pc = 1e-12/1.602176634e-19;

/// What a passage carries of every ion, outward [pC].
using by_ion = std::array<double, ion_count>;
double& of(by_ion& charges, ion i) { return charges[static_cast<std::size_t>(i)]; }

by_ion divided(const charge_account::passage& p) {
    by_ion charges{};
    of(charges, ion::ca) = p.calcium;
    if (p.carries != ion::none || std::isnan(p.e_rev) || !(p.e_na > p.e_k)) {
        of(charges, p.carries) += p.charge - p.calcium;
        return charges;
    }
    const double share = std::clamp((p.e_rev - p.e_k)/(p.e_na - p.e_k), 0.0, 1.0);
    const double sodium = share == 0 ? 0 : share == 1 ? p.charge - p.calcium : share*(p.charge - p.calcium + (p.e_rev - p.e_na)*p.conductance);
    of(charges, ion::na) = sodium, of(charges, ion::k) = p.charge - p.calcium - sodium;
    return charges;
}

/// Ions that must be pumped, from their outward charge.
double ions_of(ion i, double charge) { return -charge*ions_per_pc/(i == ion::cl ? -1 : valence(i)); }

double cost_of(ion i, double ions, const energy_costs& costs) {
    switch (i) {
        case ion::na: return costs.sodium*ions;
        case ion::ca: return costs.calcium*ions;
        case ion::cl: return costs.chloride*std::max(ions, 0.0);
        default: return 0;      // what the pumps of sodium and chloride bring back
    }
}

template <class Item> Item& entry(std::vector<Item>& list, auto&& is_it, Item fresh) {
    const auto found = std::ranges::find_if(list, is_it);
    if (found != list.end()) return *found;
    list.push_back(std::move(fresh));
    return list.back();
}

void add(energy_account& a, const charge_account::passage& p, int section, const energy_costs& costs) {
    const auto charges = divided(p);
    for (std::size_t i = 0; i < ion_count; ++i) {
        const auto which = static_cast<ion>(i);
        if (charges[i] == 0) continue;
        auto& item = entry(a.items, [&](const auto& x) { return x.section == section && x.ion == which && x.mechanism == p.mechanism; },
                           energy_account::item{.section = section, .mechanism = p.mechanism, .ion = which});
        const double ions = which == ion::none ? 0 : ions_of(which, charges[i]);
        item.charge += charges[i], item.ions += ions, item.atp += cost_of(which, ions, costs);
    }
    if (!p.is_receptor || p.events == 0) return;
    auto& synapse = entry(a.synapses, [&](const auto& x) { return x.section == section && x.mechanism == p.mechanism; },
                          energy_account::synapse_item{.section = section, .mechanism = p.mechanism});
    synapse.events += p.events;
    if (p.carries == ion::none) synapse.atp += p.events*costs.vesicle;
}

double sum_of(const auto& list, auto&& is_in) {
    double sum = 0;
    for (const auto& x : list)
        if (is_in(x)) sum += x.atp;
    return sum;
}
constexpr auto all = [](const auto&) { return true; };

}  // namespace

double energy_account::atp() const { return sum_of(items, all) + sum_of(synapses, all); }
double energy_account::atp(apical::ion which) const {
    return sum_of(items, [&](const item& x) { return x.ion == which; });
}
double energy_account::atp_in(int section) const {
    const auto here = [&](const auto& x) { return x.section == section; };
    return sum_of(items, here) + sum_of(synapses, here);
}
double energy_account::atp_of(std::string_view mechanism) const {
    const auto its = [&](const auto& x) { return x.mechanism == mechanism; };
    return sum_of(items, its) + sum_of(synapses, its);
}

energy_account energy_of(const charge_account& charges, const energy_costs& costs) {
    energy_account a;
    a.duration = charges.stop - charges.start;
    a.sections = charges.sections;
    double balance = -(charges.injected + charges.clamped), magnitude = std::abs(charges.injected) + std::abs(charges.clamped);
    const auto weigh = [&](double charge) { balance += charge, magnitude += std::abs(charge); };
    for (const auto& c : charges.compartments) {
        weigh(c.capacitance*(c.v_stop - c.v_start));
        a.capacitive_minimum += c.capacitance*(c.v_peak - c.v_start)*ions_per_pc;
        a.overlap += c.overlap;
    }
    for (const auto& p : charges.passages) {
        weigh(p.charge);
        if (p.carries == ion::na) a.sodium_load -= p.charge;
        add(a, p, charges.compartments[p.compartment].section, costs);
    }
    std::ranges::stable_sort(a.items, {}, &energy_account::item::section);
    std::ranges::stable_sort(a.synapses, {}, &energy_account::synapse_item::section);
    a.residual = magnitude > 0 ? balance/magnitude : 0;
    return a;
}

energy_report energy(const simulation& done, std::string_view meter, int cell, const energy_costs& costs) {
    const auto charges = done.charges(meter, cell);
    energy_report r{.label = std::string(meter), .population = charges.population, .cell = cell, .active = energy_of(charges, costs),
                    .rest = energy_of(done.resting_charges(meter, cell), costs)};
    const auto& populations = done.model().populations;
    for (const auto& s : done.spikes())
        r.spikes += populations[static_cast<std::size_t>(s.population)].name == r.population && s.cell == cell && s.time >= charges.start && s.time < charges.stop;
    const double seconds = r.active.duration*1e-3, total = r.active.atp();
    r.housekeeping_rate = costs.housekeeping_share/(1 - costs.housekeeping_share)*total/seconds;
    if (r.active.sodium_load > 0) r.separability = 1 - r.active.overlap/r.active.sodium_load;
    if (!(r.rest.duration > 0)) return r;
    const double longer = r.active.duration/r.rest.duration;
    r.rest_rate = r.rest.atp()/(r.rest.duration*1e-3);
    r.above_rest = total - longer*r.rest.atp();
    r.sodium_above_rest = (r.active.sodium_load - longer*r.rest.sodium_load)*ions_per_pc;
    if (r.spikes == 0) return r;
    r.per_spike = r.above_rest/r.spikes;
    r.excess_ratio = r.sodium_above_rest/(r.spikes*r.active.capacitive_minimum);
    return r;
}

}  // namespace apical
