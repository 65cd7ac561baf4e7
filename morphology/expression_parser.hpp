// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string_view>
#include <variant>

#include "morphology/expression_tree.hpp"

namespace apical::expression {

/// A tree of any sort with the part of the source it came from.
struct parsed {
    std::variant<region_tree, locations_tree, value_tree> what;
    std::size_t from, to;
};

/// Parses the whole text, whatever its sort. Throws invalid_model (see refuse()).
parsed parse(std::string_view source);

/// The tree of the wanted sort; throws invalid_model, saying how to get there, if it is another one.
region_tree region_of(const parsed&, std::string_view source);
locations_tree locations_of(const parsed&, std::string_view source);
value_tree value_of(const parsed&, std::string_view source);

}  // namespace apical::expression
