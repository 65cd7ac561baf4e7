// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <functional>
#include <memory>

#include "engine/communicator.hpp"
#include "frontends/cli/console.hpp"

namespace apical::cli {

/// The processes that run one command together: those a launcher such as mpirun has started, or this one alone.
class processes {
public:
    /// Begins MPI if there is a launcher that has started several. Throws unsupported if this program is without MPI.
    explicit processes(const console& io);

    communicator* ranks() const { return ranks_.get(); }      ///< null: one process
    int size() const { return ranks_ ? ranks_->size() : 1; }
    /// Whether this is the one that writes and speaks.
    bool is_first() const { return !ranks_ || ranks_->rank() == 0; }
    /// The console; of all but the first process, one that makes no remarks.
    const console& io() const { return io_; }

    /// A stage of the command that each process does. If one fails, all end here: the first that failed says why. It may speak to
    /// the others only as engine functions do that fail everywhere or nowhere.
    void together(const std::function<void()>& stage) const;

private:
    console io_;
    std::unique_ptr<communicator> ranks_;
};

/// Runs the body of a command on all processes, and returns its exit code. What fails on one of them ends all at once, for the others may
/// be waiting for it. With one process, exceptions pass through.
int run_together(const console& io, const std::function<int(const processes&)>& body);

/// Throws unsupported if a launcher has started several processes; all but the first end quietly.
void require_one_process(std::string_view command);

}  // namespace apical::cli
