// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <array>
#include <cmath>

#include "core/math.hpp"
#include "engine/layered/stages.hpp"

namespace apical::layered {
namespace {

/// memory: the largest square of each weight's changes. Zenke & Ganguli (2018) Neural Comput 30:1514.
void rmax(const stage_work& s) {
    const double left = math::exp(-1/s.p[1]);
    for (std::size_t k = 0; k < s.change.size(); ++k) {
        double& largest = s.memory[k];
        largest = std::max(left*largest, s.change[k]*s.change[k]);
        s.change[k] *= s.p[0]/std::max(std::sqrt(largest), s.p[2]);
    }
}

/// memory: at its start how many updates there were.
void cooling(const stage_work& s) {
    const double updates = s.memory[0]++;
    if (updates < s.p[0]) return;
    for (double& x : s.change) x *= s.p[1];
}

constexpr std::array rmax_fields{field{"rate", 0.01, "", "step of a weight whose change is as large as it ever was", 0, 1e3},
                                 field{"updates", 60, "", "after which a largest change is forgotten", 1e-3, 1e9}, field{"floor", 1e-12, "", "of the largest change", 1e-300, 1e3}};
constexpr std::array cooling_fields{field{"after", 1000, "", "updates that are as they are", 0, 1e12}, field{"factor", 0.2, "", "of the later ones", 0, 1e3}};

}  // namespace

stage_entry rmax_stage() { return {"rmax", "changes over the largest of the weight", stage_order::change, rmax_fields, 1, rmax}; }
stage_entry cooling_stage() { return {"cooling", "changes are smaller from an update on", stage_order::change, cooling_fields, 1, cooling}; }

}  // namespace apical::layered
