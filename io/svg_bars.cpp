// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "io/svg.hpp"

namespace apical::svg {
namespace {

constexpr double width = 360, top = 14, bottom = 32, right = 46, row = 24, thick = 13;
constexpr double of_letter = 6.1;        // width of a letter of a label, on average
constexpr std::size_t most_rows = 40;

double sum_of(const html::bars::row& r) {
    double sum = 0;
    for (const double x : r.parts) sum += std::isfinite(x) ? std::max(x, 0.0) : 0;
    return sum;
}

std::string label(const std::string& text, std::size_t letters) {
    return text.size() <= letters ? text : text.substr(0, letters - 1) + "\xE2\x80\xA6";
}

}  // namespace

std::string draw(const html::bars& b) {
    constexpr std::size_t letters = 18;
    const auto n = std::min(b.rows.size(), most_rows);
    double longest = 0;
    std::size_t words = 0;
    for (std::size_t i = 0; i < n; ++i) longest = std::max(longest, sum_of(b.rows[i])), words = std::max(words, std::min(b.rows[i].label.size(), letters));
    const double left = 10 + of_letter*static_cast<double>(words), height = top + row*static_cast<double>(n) + bottom;
    const axis x{0, longest > 0 ? longest : 1, left, width - right};
    const auto at = ticks(0, x.to, 4);
    std::string told = b.title;
    for (std::size_t i = 0; i < n; ++i) told += fmt::format("{} {} {:.3g} {}", i ? "," : ":", b.rows[i].label, sum_of(b.rows[i]), b.unit);
    std::string out = fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">", width, height, escaped(told));
    const auto to = std::back_inserter(out);
    for (const double v : at) {
        fmt::format_to(to, "<line class=\"grid\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1}\" y2=\"{2}\"/>", x(v), top - 4, height - bottom + 2);
        fmt::format_to(to, "<text class=\"tick\" x=\"{:.1f}\" y=\"{}\" text-anchor=\"middle\">{}</text>", x(v), height - bottom + 16, tick_text(v, at.size() > 1 ? at[1] : 1));
    }
    for (std::size_t i = 0; i < n; ++i) {
        const auto& r = b.rows[i];
        const double y = top + row*static_cast<double>(i) + (row - thick)/2;
        double end = x.start;
        fmt::format_to(to, "<text class=\"label\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>", left - 7, y + thick - 3, escaped(label(r.label, letters)));
        for (std::size_t k = 0; k < r.parts.size(); ++k) {
            if (!(r.parts[k] > 0) || !std::isfinite(r.parts[k])) continue;
            const double wide = x(r.parts[k]) - x.start;
            const auto colour = b.parts.size() > 1 ? k : i;
            fmt::format_to(to, "<rect class=\"bar f{}\" x=\"{:.2f}\" y=\"{:.1f}\" width=\"{:.2f}\" height=\"{}\"><title>{}: {:.4g} {}</title></rect>", colour % 6, end, y, wide, thick,
                           escaped(k < b.parts.size() && b.parts.size() > 1 ? b.parts[k] : r.label), r.parts[k], escaped(b.unit));
            end += wide;
        }
        fmt::format_to(to, "<text class=\"value\" x=\"{:.1f}\" y=\"{:.1f}\">{:.3g}</text>", end + 6, y + thick - 3, sum_of(r));
    }
    fmt::format_to(to, "<text class=\"unit\" x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>", x.end, height - bottom + 28, escaped(b.unit));
    return out + "</svg>";
}

}  // namespace apical::svg
