// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "circuit/circuit.hpp"
#include "engine/simulation.hpp"
#include "io/output_file.hpp"

namespace apical {

/// Time series of a population, as SONATA's compartment reports hold them.
struct report {
    std::string population, unit;
    double start = 0, interval = 0;              ///< [ms]
    std::size_t rows = 0;                        ///< samples in time
    std::vector<std::uint64_t> cells;            ///< increasing
    std::vector<std::uint64_t> first;            ///< [cells + 1] first column of each cell, then the number of columns
    std::vector<std::uint32_t> sections;         ///< [columns] SONATA's number of the section, see sonata_section_ids
    std::vector<float> positions;                ///< [columns] along the section, 0 to 1
    std::vector<double> data;                    ///< [rows x columns], row-major, in `unit`

    std::size_t columns() const { return sections.size(); }
    bool operator==(const report&) const = default;
};

/// SONATA's numbers of a morphology's sections, [section]: somata first, then axon, basal, apical and other ones, each in order.
std::vector<std::uint32_t> sonata_section_ids(const morphology& shape);

/// How a report is written.
struct report_options {
    overwrite mode = overwrite::no;
    std::size_t every = 1;                       ///< of the samples, the first, the one `every` later, and so on
    enum class precision { bits_32, bits_64 } data = precision::bits_32;
};

/// Writes a recording as a SONATA compartment report: /report/<population>/data [times x columns] with /mapping. Columns
/// are sorted by cell; the index has the names of libsonata (index_pointers) and of BMTK (index_pointer);
/// /mapping/section_names (an addition of ours) gives the name of each section number.
/// Throws invalid_input naming the file and the reason; a failure leaves no file.
void write_report(const std::filesystem::path& path, const recording& r, const circuit& model, const report_options& how);
void write_report(const std::filesystem::path& path, const recording& r, const circuit& model, overwrite mode = overwrite::no);

/// Writes reports of several populations into one file, with the names that the others have; `how.every` is not looked at. Throws as the
/// others do.
void write_reports(const std::filesystem::path& path, const std::vector<report>& all, const report_options& how = {});

/// Reads a compartment report. Accepts both spellings of the index (index_pointers, index_pointer), N or N + 1 entries in it, and
/// data and positions of any width. Throws invalid_input naming the file, the place in it and what is wrong.
std::vector<report> read_report(const std::filesystem::path& path);

/// A recording as comma-separated text: a header "time [ms],<population>[<cell>] <place> [<unit>],...", then a line a sample, each
/// number in the shortest form that reads back to the same value.
void write_recording_csv(const std::filesystem::path& path, const recording& r, const circuit& model, overwrite mode = overwrite::no);

}  // namespace apical
