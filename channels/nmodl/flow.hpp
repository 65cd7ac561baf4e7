// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <set>
#include <utility>
#include <vector>

#include "channels/nmodl/program.hpp"

/// Which values reach which statements.
namespace apical::nmodl {

/// What a block does with variables, by index into program::variables.
struct usage {
    std::vector<char> reads, writes;
    std::vector<char> reads_first;   ///< may read what it has not surely written before, so that an earlier value matters
};

/// Everything that may happen on some way through the block.
usage usage_of(const program&, const block&);

/// Whether no way through the block reads the variable before it has been set, and every way sets it.
bool is_set_before_read(const block&, int variable);

/// Takes out assignments to locals that nobody reads, and what becomes unread by that.
void drop_unread(program&);

}  // namespace apical::nmodl
