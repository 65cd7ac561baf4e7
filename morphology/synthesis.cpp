// SPDX-License-Identifier: BSD-3-Clause
#include "morphology/synthesis.hpp"

#include "core/random.hpp"
#include "morphology/synthesis_placement.hpp"
#include "morphology/synthesis_plan.hpp"

namespace apical {

// Shape and course have a stream each, so that a change of one leaves the other as it was.
morphology synthesise(cell_family family, std::uint64_t index, std::uint64_t seed) {
    const auto& rules = synthesis::rules_of(family);
    const auto name = identity(name_of(family));
    random_stream shape(seed, name, index, identity("shape")), course(seed, name, index, identity("course"));
    return synthesis::placed(synthesis::plan_cell(rules, shape), rules, course);
}

}  // namespace apical
