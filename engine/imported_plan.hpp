// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <vector>

#include "channels/nmodl/mechanism.hpp"
#include "core/aligned.hpp"
#include "engine/catalogue.hpp"

/// Mechanisms read from NMODL, as a cell's plan holds them. They run beside the kernels of regions: those that keep account of a
/// concentration before them, all others after them, and add their currents to the matrix as receptors do.
namespace apical {

/// An ion that imported mechanisms of a cell name.
struct imported_ion {
    std::string name;
    int valence = 1;
    int known = 0;                          ///< as a value of `ion`; 0: only imported mechanisms know it
    aligned_vector e_rev, c_in, c_out;      ///< [rows] at the start [mV, mM]
    std::vector<int> kept;                  ///< rows where an imported mechanism keeps account of a concentration, so that e_rev follows
    bool is_counted = false;                ///< somebody reads its current, or keeps account of it
};

/// What a POINTER of an imported mechanism points to.
struct pointer_plan {
    int own = 0;                            ///< its own column
    int mechanism = -1;                     ///< which imported mechanism of the cell has the variable; -1: the voltage
    int offset = 0;                         ///< the variable's column
    std::vector<int> at;                    ///< [rows] the other's instance; of the voltage, the row
    bool is_written = false;
};

/// One of them, wherever it sits on a cell.
struct imported_plan {
    catalogue::entry mechanism;
    int instances = 0;                      ///< without padding
    std::vector<int> rows;                  ///< padded to whole packs, with the first one's
    aligned_vector start;                   ///< [columns x rows.size()] what its variables are before its INITIAL block
    std::vector<double> shared;             ///< the same, of those that are one for all
    aligned_vector scale;                   ///< [rows.size()] what turns the file's currents into nA; 0 on padding
    aligned_vector per_area;                ///< [rows.size()] what turns nA into the mA/cm2 that files read
    std::vector<std::size_t> ions;          ///< [ions of the program] which of the cell's
    std::vector<pointer_plan> pointers;     ///< once everything is on the cell
    bool keeps_concentrations = false;

    bool is_artificial() const { return program().is == nmodl::program::kind::artificial_cell; }
    bool tells_spikes() const;              ///< by net_event: they are its cell's
    bool is_point() const { return mechanism.schema.kind == mechanism_kind::receptor; }
    const nmodl::program& program() const { return mechanism.imported->source(); }
    int instance_at(int row) const;         ///< the first one there; -1 if there is none
};

}  // namespace apical
