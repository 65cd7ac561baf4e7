// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/cli/processes.hpp"

#include <chrono>
#include <cstdlib>
#include <exception>
#include <limits>
#include <new>
#include <thread>

#include <fmt/format.h>

#include "engine/mpi_communicator.hpp"

namespace apical::cli {
namespace {

/// All processes know that one has failed, and why has been told.
struct agreed_failure {
    int code;
};

}  // namespace

processes::processes(const console& io) : io_(io) {
    const auto [rank, size] = launched();
    if (size == 1) return;
    if (!has_mpi()) {
        require_one_process("run");   // says so once
        return;
    }
    ranks_ = world_communicator();
    if (ranks_->size() != size)
        throw unsupported("MPI", fmt::format("{} processes were started, but MPI knows of {}", size, ranks_->size()), "start them with the launcher of the MPI library that Apical is built with, or choose srun's --mpi");
    io_.quiet = io_.quiet || rank != 0;
    io_.rank = ranks_->rank();
}

void processes::together(const std::function<void()>& stage) const {
    if (!ranks_) return stage();
    std::exception_ptr failure;
    bool is_echo = false;   // of another process's failure
    try {
        stage();
    } catch (const std::bad_alloc&) {
        throw;              // perhaps in the middle of what all do
    } catch (const mpi_failure&) {
        failure = std::current_exception(), is_echo = true;
    } catch (const error&) {
        failure = std::current_exception();
    }
    const auto me = static_cast<std::int64_t>(ranks_->rank()), nobody = std::numeric_limits<std::int64_t>::max();
    const auto speaker = ranks_->least(!failure ? nobody : is_echo ? me + ranks_->size() : me);
    if (speaker == nobody) return;
    int code = ok;
    if (failure && speaker % ranks_->size() == me) {
        try {
            std::rethrow_exception(failure);
        } catch (...) {
            code = io_.report_failure();
        }
    }
    throw agreed_failure{static_cast<int>(ranks_->largest(code))};
}

int run_together(const console& io, const std::function<int(const processes&)>& body) {
    const processes all(io);
    if (!all.ranks()) return body(all);
    try {
        return body(all);
    } catch (const agreed_failure& f) {
        return f.code;
    } catch (...) {
        // what fails on several at once is told by the first of them, if it is quick
        if (!all.is_first()) std::this_thread::sleep_for(std::chrono::milliseconds(300));
        const int code = all.io().report_failure();
        all.ranks()->abandon(code);
        return code;
    }
}

void require_one_process(std::string_view command) {
    const auto [rank, size] = launched();
    if (size == 1) return;
    if (rank != 0) std::exit(failed);
    if (command == "run")
        throw unsupported("MPI", fmt::format("{} processes were started, but this program is built without MPI", size), "configure it with -DAPICAL_MPI=ON, or start one process with threads");
    throw unsupported(fmt::format("apical {}", command), fmt::format("runs on one process, and {} were started", size), "start it without mpirun; it takes --threads");
}

}  // namespace apical::cli
