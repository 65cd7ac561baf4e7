// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <string_view>

#include "io/hdf5.hpp"

/// What all SONATA files share.
namespace apical::sonata {

/// Puts `magic` and `version` on the root group.
void mark(hdf5::group& root);

/// A cell of a CSV file: quoted, quotes doubled, if it is empty or holds the separator, a quote or a line break.
std::string csv_word(std::string_view text, char separator);

}  // namespace apical::sonata
