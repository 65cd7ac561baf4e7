// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <csignal>
#include <cstdint>
#include <optional>

#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

namespace apical::testing {

/// Instructions that a function executes, exactly: a child process does it in single steps. A few hundred thousand take a second. The
/// same number each time, whatever else the machine does. Nothing if the system does not allow it.
template <class F> std::optional<std::int64_t> instructions_of(F&& f) {
    const auto child = fork();
    if (child < 0) return {};
    if (child == 0) {
        if (ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) _exit(1);
        raise(SIGSTOP);   // from here
        f();
        raise(SIGSTOP);   // to here
        _exit(0);
    }
    int status = 0;
    const auto stopped_by = [&](int signal) { return waitpid(child, &status, 0) == child && WIFSTOPPED(status) && WSTOPSIG(status) == signal; };
    std::optional<std::int64_t> counted;
    if (stopped_by(SIGSTOP)) {
        std::int64_t n = 0;
        bool is_well = true;
        while (is_well) {
            is_well = ptrace(PTRACE_SINGLESTEP, child, nullptr, nullptr) == 0;
            if (!is_well || !stopped_by(SIGTRAP)) break;
            ++n;
        }
        if (is_well && WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP) counted = n;
    }
    if (!WIFEXITED(status) && !WIFSIGNALED(status)) {
        kill(child, SIGKILL);
        waitpid(child, &status, 0);
    }
    return counted;
}

}  // namespace apical::testing
