// SPDX-License-Identifier: BSD-3-Clause
#include "engine/layered/sheets.hpp"

#include <algorithm>

#include "core/math.hpp"

namespace apical::layered {
namespace {

/// One direction: along rows where `next` is 1, along columns where it is the side.
void blur(const std::vector<double>& from, std::vector<double>& to, std::size_t side, const std::vector<double>& kernel, std::size_t next, std::size_t line) {
    const auto n = static_cast<std::ptrdiff_t>(side), reach = static_cast<std::ptrdiff_t>(kernel.size()) - 1;
    for (std::size_t l = 0; l < side; ++l)
        for (std::ptrdiff_t k = 0; k < n; ++k) {
            double sum = 0, whole = 0;
            for (std::ptrdiff_t m = std::max<std::ptrdiff_t>(0, k - reach); m <= std::min(n - 1, k + reach); ++m) {
                const double part = kernel[static_cast<std::size_t>(m > k ? m - k : k - m)];
                sum += part*from[l*line + static_cast<std::size_t>(m)*next], whole += part;
            }
            to[l*line + static_cast<std::size_t>(k)*next] = sum/whole;
        }
}

}  // namespace

std::vector<double> blurred(const double* x, std::size_t side, double sd) {
    std::vector<double> kernel{1}, once(side*side), twice(side*side);
    for (double d = 1; d <= 3*sd; ++d) kernel.push_back(math::exp<double>(-d*d/(2*sd*sd)));
    blur({x, x + side*side}, once, side, kernel, 1, side);
    blur(once, twice, side, kernel, side, 1);
    return twice;
}

}  // namespace apical::layered
