// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "engine/simulation.hpp"
#include "io/report_layout.hpp"

namespace apical {

/// A report file that is written while a simulation runs.
struct streamed_report {
    std::string name;                              ///< of its rows in checkpoints
    std::filesystem::path file;
    report_options how;                            ///< `every` is 1
    /// The probes whose samples go into it and nowhere else; all have samples at the same times.
    std::vector<std::size_t> probes;
    std::size_t most_rows = 0;                     ///< of which no more are written; 0: all
    std::vector<report_part> parts = {};           ///< populations of the file, of these probes; looked at on process 0 only
};

/// Reports of a simulation, written piece by piece of so many rows, so that no process holds all samples: each has those of its own
/// cells, since the last piece. With several processes they write together where HDF5 is built for that (APICAL_PARALLEL_HDF5); else process 0
/// gets a piece from each and writes it. Files have temporary names until commit(); without it nothing is left behind.
/// Unless it says otherwise, all processes call each function together.
class report_stream {
public:
    /// Begins the files of a run to `until`, and takes over the rows of a checkpoint file, if `resumed` is one, from which the simulation
    /// has been restored. Throws invalid_input naming the file and the reason: it exists and may not be replaced, the disk has no room for
    /// it, or rows of the checkpoint are damaged.
    report_stream(const simulation& s, duration until, std::vector<streamed_report> reports, const std::filesystem::path& resumed = {});
    report_stream(report_stream&&) noexcept;
    report_stream& operator=(report_stream&&) noexcept;
    ~report_stream();

    /// The step at which the next piece is full; far away if there is none.
    std::int64_t next_step() const;
    /// Takes whole pieces out of the simulation and writes them. Throws invalid_input, on one process perhaps, if that fails.
    void write(simulation& s);
    /// Writes what is left at the end of the run.
    void write_rest(simulation& s);
    /// What has been written is seen by process 0 after this.
    void flush();
    /// Puts the files in place; process 0 alone does it. Throws invalid_input if that fails.
    void commit();
    /// The files.
    std::vector<std::filesystem::path> files() const;

    /// Copies the rows written so far into a group of a checkpoint file. For process 0, after flush().
    void save(hdf5::group& to) const;

private:
    struct open_file;
    std::vector<std::unique_ptr<open_file>> files_;
};

}  // namespace apical
