// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/program.hpp"

#include <algorithm>

namespace apical::nmodl {

int program::find(std::string_view wanted) const {
    const auto it = std::ranges::find(variables, wanted, &variable::name);
    return it == variables.end() ? -1 : static_cast<int>(it - variables.begin());
}

}  // namespace apical::nmodl
