// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace apical::cli {

/// What somebody outside wants of a run. In this order: who asks for more is heard.
enum class wish { nothing, checkpoint, stop };

/// While it lives, SIGUSR1 asks for a checkpoint, and SIGTERM for one and an end, instead of ending the program. One at a time.
class signal_watch {
public:
    signal_watch();
    ~signal_watch();
    signal_watch(const signal_watch&) = delete;
    signal_watch& operator=(const signal_watch&) = delete;
    /// What has been asked for since the last call.
    static wish take();
};

}  // namespace apical::cli
