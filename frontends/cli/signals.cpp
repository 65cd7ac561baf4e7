// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/cli/signals.hpp"

#include <atomic>
#include <csignal>

namespace apical::cli {
namespace {

std::atomic<bool> has_usr1{false}, has_term{false};
static_assert(std::atomic<bool>::is_always_lock_free);

void note(int signal) { (signal == SIGTERM ? has_term : has_usr1) = true; }

void handle(int signal, void (*by)(int)) {
    struct sigaction action = {};
    action.sa_handler = by;
    action.sa_flags = SA_RESTART;
    sigaction(signal, &action, nullptr);
}

}  // namespace

signal_watch::signal_watch() {
    handle(SIGUSR1, note);
    handle(SIGTERM, note);
}
signal_watch::~signal_watch() {
    handle(SIGUSR1, SIG_DFL);
    handle(SIGTERM, SIG_DFL);
}
wish signal_watch::take() {
    const bool checkpoint = has_usr1.exchange(false);
    return has_term.exchange(false) ? wish::stop : checkpoint ? wish::checkpoint : wish::nothing;
}

}  // namespace apical::cli
