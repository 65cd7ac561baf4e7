// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <set>

#include "engine/paint.hpp"
#include "engine/plan.hpp"
#include "engine/receptor_table.hpp"

namespace apical {

/// Resolves what is placed on cells: electrodes, receptors, spike trains, probes, detectors. Problems go to `found`.
class placer {
public:
    placer(const circuit& c, const std::vector<painted_cell>& painted, const run_options& options, const catalogue& mechanisms,
           findings& found);

    /// Nodes of a population's cell that must stay in the matrix because current enters there.
    const std::set<int>& electrodes(int population) const { return electrodes_[static_cast<std::size_t>(population)]; }

    /// Needs the populations of the plan to be arranged. Receptors go to the table.
    void fill(plan& p, receptor_table& receptors);
    /// Once projections have put their receptors on the cells, which probes may read.
    void fill_probes(plan& p);

private:
    struct resolved {
        int population = -1;
        std::vector<int> cells, nodes;
    };
    template <class F> void attempt(F&& f);
    resolved resolve(const target& t, const std::string& where) const;
    void fill_injections(plan& p);
    void fill_clamps(plan& p);
    void fill_receptors(plan& p, receptor_table& table);
    void label_artificial(const plan& p, std::size_t receptor, const catalogue::entry& entry);
    void import_points(plan& p, std::size_t receptor, const catalogue::entry& entry, const std::vector<double>& values);
    void check_weight(const std::string& label, const event_weight& weight, const std::string& where) const;
    void fill_events(plan& p);
    void fill_poisson(plan& p);
    void fill_detectors(plan& p);
    void fill_meters(plan& p);
    void fill_gaps(plan& p);
    meter_plan resolve_meter(plan& p, const energy_meter& wanted, const std::string& where) const;
    probe_plan resolve_probe(const plan& p, const probe& wanted, const std::string& where) const;

    /// Where the receptors of a label are.
    struct instance { int population, cell, group, index, node; };   // on point neurons: group is the synapse
    int connect_imported(plan& p, const instance& at, double weight) const;
    void place_poisson(plan& p, poisson_plan what, const std::string& name, const std::vector<instance>& at);

    const circuit& circuit_;
    const std::vector<painted_cell>& painted_;
    const run_options& options_;
    const catalogue& catalogue_;
    findings& found_;
    std::vector<std::set<int>> electrodes_;
    std::vector<resolved> injections_, clamps_, receptors_;   // parallel to the circuit's lists
    std::vector<std::array<resolved, 2>> gaps_;
    std::vector<std::vector<instance>> labels_;               // [receptors of the circuit]
};

/// Cuts populations into blocks and lays out their memory.
void divide(plan& p);

/// Deals the blocks out to the processes, and the columns of recordings with them.
void distribute(plan& p, const circuit& c);

/// Tells blocks and processes of the gap junctions, which are known by then.
void divide_gaps(plan& p);

/// Reads a probe's variable for one population: what it is, its unit, and how a node is asked for it.
/// Throws invalid_model with the known names.
probe_plan parse_variable(const std::string& variable, const catalogue& mechanisms, const std::string& where);

}  // namespace apical
