// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <vector>

#include "engine/import_mechanism.hpp"
#include "engine/prepared_projection.hpp"

namespace apical {

/// Resolves the projections of a circuit and builds the tables of connections. Problems go to `found`.
class connector {
public:
    connector(const circuit& c, const std::vector<painted_cell>& painted, const run_options& options, const catalogue& mechanisms, findings& found);

    /// Puts the receptors on which contacts end where they may end; and a detector on cells that send spikes and have none.
    void place_receptors(plan& p, receptor_table& receptors);
    /// Numbers the cells and the sources of spikes.
    void number_cells(plan& p) const;
    /// The tables of this process's blocks, the trains of spike sources, and how often spikes are exchanged.
    void connect(plan& p);
    /// In the order of the circuit, once the constructor has found nothing wrong.
    const std::vector<prepared_projection>& projections() const { return projections_; }

private:
    template <class F> void attempt(F&& f);
    void prepare(const projection& wanted);
    void check_imported(const prepared_projection& one, const std::string& where) const;
    void place(plan& p, receptor_table& receptors, imported_points& points, prepared_projection& one);
    void mark_listed(const plan& p);
    void agree_on_listed();
    void mark(prepared_projection& one, const contact& c, int cell) const;
    bool is_heard(int source) const;
    void detect(plan& p, int population, bool sends);
    void schedule(plan& p) const;
    void set_epoch(plan& p) const;

    const circuit& circuit_;
    const std::vector<painted_cell>& painted_;
    const run_options& options_;
    const catalogue& catalogue_;
    findings& found_;
    std::vector<prepared_projection> projections_;
    std::vector<rule_plan> rules_;
};

}  // namespace apical
