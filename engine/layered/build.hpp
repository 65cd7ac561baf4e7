// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "circuit/layered_net.hpp"
#include "engine/catalogue.hpp"
#include "engine/layered/plastic_link.hpp"
#include "engine/layered/scheme.hpp"

namespace apical::layered {

/// A described net made ready to run.
struct built_net {
    std::unique_ptr<wiring> w;                 ///< at an address that the scheme keeps
    std::unique_ptr<scheme> way;
    observers seen;
    std::vector<plastic_link> plastic;
};

/// Rows of an example, in time.
struct row_counts {
    std::size_t inputs = 1, targets = 1;
};

/// Throws invalid_model for what does not fit.
built_net build(const layered_net& net, std::uint64_t seed, const catalogue& rules, row_counts rows = {});

/// Feedback weights that follow the forward ones, once these have changed; `batch` counts the changes.
void follow_forward(wiring& w, std::uint64_t seed, std::uint64_t batch);

}  // namespace apical::layered
