// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "io/hdf5.hpp"
#include "io/report.hpp"

namespace apical {

/// A population in a report file: what its columns are, and which places of recordings they show.
struct report_part {
    struct source { std::size_t probe, place; };
    report mapping;                                ///< without data
    std::string variable;
    std::vector<std::string> section_names;        ///< by SONATA's number
    std::vector<source> from;                      ///< [columns]
};

/// The part for all places of one probe, which are of one population, in the order of the file: by cell, then section, then position. Without
/// the number of rows and their times.
report_part part_of(std::size_t probe, std::span<const probed_place> places, const population& of);

/// Rows of so many columns that are written at once: what fits a few million samples, and one row at least.
std::size_t rows_at_once(std::size_t columns);

/// Makes the population in /report, all of it but the samples, which are to be written to its set "data".
void create_part(hdf5::group& reports, const report_part& part, report_options::precision data);

}  // namespace apical
