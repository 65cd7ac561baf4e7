// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <ctime>

namespace apical::testing {

/// Processor time of this program since the watch was made [s]; other programs on the machine do not count.
class processor_watch {
public:
    double seconds() const { return static_cast<double>(std::clock() - begin_)/CLOCKS_PER_SEC; }

private:
    std::clock_t begin_ = std::clock();
};

}  // namespace apical::testing
