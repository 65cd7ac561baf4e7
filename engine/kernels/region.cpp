// SPDX-License-Identifier: BSD-3-Clause
#include "engine/kernels/region.hpp"

#include <algorithm>

namespace apical::kernels {
namespace {

template <layout L, bool second_order> void finish(const region_view& view, const step&) {
    const region_view r = view;
    for (int k = 0; k < r.packs; ++k) {
        const V u = from_reference<L>(V::load(r.v + k*width), r.reference);
        for (int ion = 0; ion < ion_count; ++ion)
            if (r.ion_intercept[ion]) {
                const sums s{V::load(r.ion_intercept[ion] + k*width), V::load(r.ion_slope[ion] + k*width)};
                keep_ion_current<second_order>(r, ion, u, s, k);
            }
        finish_row<L>(r, u, {V::load(r.rhs + k*width), V::load(r.diagonal + k*width)}, k);
    }
}

}  // namespace

void clear_sums(const region_view& r) {
    std::fill_n(r.rhs, r.packs*width, 0.0);
    std::fill_n(r.diagonal, r.packs*width, 0.0);
}

region_kernel finish_sums(layout l, bool second_order) {
    if (l == along_rows) return second_order ? finish<along_rows, true> : finish<along_rows, false>;
    return second_order ? finish<across_cells, true> : finish<across_cells, false>;
}

}  // namespace apical::kernels
