// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <tuple>

#include <fmt/format.h>

#include "io/svg.hpp"

namespace apical::svg {
namespace {

constexpr double width = 360, height = 262;
constexpr double left = 36, right = 14, top = 16, bottom = 32;

struct bounds {
    double low = std::numeric_limits<double>::infinity(), high = -low;
    void take(double x) {
        if (!std::isfinite(x)) return;
        low = std::min(low, x);
        high = std::max(high, x);
    }
    /// Never empty, so that an axis has a length.
    bounds usable(double margin) const {
        if (!(low <= high)) return {0, 1};
        const double pad = high > low ? margin*(high - low) : std::max(1.0, std::abs(high))*0.5;
        return {low - pad, high + pad};
    }
};

bounds x_bounds(const html::panel& p) {
    if (p.x_from != p.x_to) return {p.x_from, p.x_to};
    bounds b;
    for (const auto& l : p.lines)
        for (const double x : l.x) b.take(x);
    return b.usable(0);
}

bounds y_bounds(const html::panel& p, const bounds& x) {
    if (p.y_from != p.y_to) return {p.y_from, p.y_to};
    bounds b;
    for (const auto& l : p.lines)
        for (std::size_t i = 0; i < l.y.size(); ++i)
            if (l.x[i] >= x.low && l.x[i] <= x.high) b.take(l.y[i]);
    return b.usable(0.06);
}

std::string frame(const axis& x, const axis& y, std::string_view x_label, std::string_view y_label) {
    std::string out;
    const auto to = std::back_inserter(out);
    const auto y_ticks = ticks(y.from, y.to, 7), x_ticks = ticks(x.from, x.to, 6);
    const auto step = [](const std::vector<double>& t) { return t.size() > 1 ? t[1] - t[0] : 1; };
    for (const double v : y_ticks) {
        fmt::format_to(to, "<line class=\"grid\" x1=\"{}\" x2=\"{}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>", x.start, x.end, y(v), y(v));
        fmt::format_to(to, "<text class=\"tick\" x=\"{}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>", x.start - 7, y(v) + 3.5, tick_text(v, step(y_ticks)));
    }
    for (const double v : x_ticks) {
        fmt::format_to(to, "<line class=\"axis\" x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{}\" y2=\"{}\"/>", x(v), x(v), y.start, y.start + 4);
        fmt::format_to(to, "<text class=\"tick\" x=\"{:.1f}\" y=\"{}\" text-anchor=\"middle\">{}</text>", x(v), y.start + 16, tick_text(v, step(x_ticks)));
    }
    fmt::format_to(to, "<line class=\"axis\" x1=\"{}\" x2=\"{}\" y1=\"{}\" y2=\"{}\"/>", x.start, x.end, y.start, y.start);
    fmt::format_to(to, "<text class=\"unit\" x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>", x.end, y.start + 28, escaped(x_label));
    fmt::format_to(to, "<text class=\"unit\" x=\"{}\" y=\"{}\">{}</text>", 0, y.end - 5, escaped(y_label));
    return out;
}

std::string bands(const std::vector<html::span>& spans, const axis& x, const axis& y) {
    std::string out;
    for (const auto& s : spans) {
        const double from = std::clamp(x(s.from), x.start, x.end), to = std::clamp(x(s.to), x.start, x.end);
        if (to <= from) continue;
        fmt::format_to(std::back_inserter(out), "<rect class=\"span\" x=\"{:.1f}\" width=\"{:.1f}\" y=\"{}\" height=\"{}\"><title>{}</title></rect>",
                       from, std::max(1.0, to - from), y.end, y.start - y.end, escaped(s.label));
    }
    return out;
}

/// One column of the drawing: where a curve enters and leaves it, and how far it reaches.
struct column {
    int index = std::numeric_limits<int>::min();
    double first = 0, last = 0, low = 0, high = 0, x_first = 0, x_last = 0;
};

void append(std::string& path, bool& pen_is_down, double x, double y) {
    fmt::format_to(std::back_inserter(path), "{}{:.1f} {:.1f}", pen_is_down ? 'L' : 'M', x, y);
    pen_is_down = true;
}

void append(std::string& path, bool& pen_is_down, const column& c) {
    if (c.index == std::numeric_limits<int>::min()) return;
    append(path, pen_is_down, c.x_first, c.first);
    if (c.high > c.low) {
        const double middle = 0.5*(c.x_first + c.x_last);
        const bool rises = c.last < c.first;      // drawing units grow downwards
        const double a = rises ? c.high : c.low, b = rises ? c.low : c.high;
        if (a != c.first) append(path, pen_is_down, middle, a);
        if (b != c.last) append(path, pen_is_down, middle, b);
        append(path, pen_is_down, c.x_last, c.last);
    }
}

}  // namespace

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            default: out += c;
        }
    }
    return out;
}

std::vector<double> ticks(double from, double to, int wanted) {
    if (!(to > from) || !std::isfinite(to - from)) return {};
    const double rough = (to - from)/wanted, power = std::pow(10, std::floor(std::log10(rough)));
    double step = 10*power;
    for (const double nice : {1.0, 2.0, 2.5, 5.0})
        if (nice*power >= rough*0.999) { step = nice*power; break; }
    std::vector<double> out;
    for (double k = std::ceil(from/step - 1e-9); k*step <= to + 1e-9*step && out.size() < 100; ++k) out.push_back(k*step + 0.0);
    return out;
}

std::string tick_text(double x, double step) {
    if (x != 0 && (std::abs(x) >= 1e6 || step < 1e-5)) return fmt::format("{:g}", x);
    int digits = 0;
    for (double s = step; digits < 6 && std::abs(s - std::round(s)) > 1e-6*step; s *= 10) ++digits;
    auto text = fmt::format("{:.{}f}", x, digits);
    if (text.starts_with('-')) {
        if (text.find_first_not_of("-0.") == text.npos) return text.substr(1);
        return "\xE2\x88\x92" + text.substr(1);
    }
    return text;
}

std::string path_of(const html::line& l, const axis& x, const axis& y) {
    constexpr double columns_per_unit = 2;
    std::string path;
    bool pen_is_down = false;
    column c;
    const auto n = std::min(l.x.size(), l.y.size());
    for (std::size_t i = 0; i < n; ++i) {
        // one point beyond each edge, so that the curve reaches it; clipped by the drawing
        const bool before = i + 1 < n && l.x[i + 1] < x.from, after = i > 0 && l.x[i - 1] > x.to;
        if (before || after) continue;
        if (!std::isfinite(l.y[i]) || !std::isfinite(l.x[i])) {
            append(path, pen_is_down, c);
            c = {};
            pen_is_down = false;
            continue;
        }
        const double px = std::clamp(x(l.x[i]), -1e4, 1e4), py = std::clamp(y(l.y[i]), -1e4, 1e4);
        const int index = static_cast<int>(std::floor(px*columns_per_unit));
        if (index != c.index) {
            append(path, pen_is_down, c);
            c = {index, py, py, py, py, px, px};
        }
        c.last = py;
        c.x_last = px;
        c.low = std::min(c.low, py);
        c.high = std::max(c.high, py);
    }
    append(path, pen_is_down, c);
    return path;
}

std::string draw(const html::panel& p) {
    const auto xb = x_bounds(p);
    const auto yb = y_bounds(p, xb);
    const axis x{xb.low, xb.high, left, width - right}, y{yb.low, yb.high, height - bottom, top};
    std::string out = fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">", width, height, escaped(p.title));
    out += bands(p.spans, x, y) + frame(x, y, p.x_label, p.y_label);
    out += fmt::format("<svg x=\"{0}\" y=\"{1}\" width=\"{2}\" height=\"{3}\" viewBox=\"{0} {1} {2} {3}\">", left, top, width - left - right, height - top - bottom);
    for (const auto& l : p.lines)
        out += fmt::format("<path class=\"curve c{}\" d=\"{}\"><title>{}</title></path>", l.colour % 6, path_of(l, x, y), escaped(l.name));
    return out + "</svg></svg>";
}

namespace {

/// Where a population of a raster is drawn: its first cell below.
struct band {
    double top, bottom;
    int cells;
    double operator()(std::uint64_t cell) const { return bottom - (static_cast<double>(cell) + 0.5)/cells*(bottom - top); }
};

/// Bands as high as they have cells, though none so low that it cannot be seen.
std::vector<band> bands_of(const html::raster& r, double top, double bottom) {
    const double gap = std::min(3.0, (bottom - top)/(4.0*static_cast<double>(r.populations.size())));
    double all = 0, sum = 0;
    for (const auto& p : r.populations) all += p.cells;
    const auto share = [&](const html::raster::population& p) { return std::max(p.cells/all, 0.08); };
    for (const auto& p : r.populations) sum += share(p);
    const double room = bottom - top - gap*static_cast<double>(r.populations.size() - 1);
    std::vector<band> out;
    double at = top;
    for (const auto& p : r.populations) {
        out.push_back({at, at + room*share(p)/sum, p.cells});
        at = out.back().bottom + gap;
    }
    return out;
}

/// One spike a stroke, in a path.
std::string strokes(const html::raster::population& p, const axis& x, const band& y, std::uint64_t stride, std::size_t most) {
    const double half = std::clamp(0.35*(y.bottom - y.top)*static_cast<double>(stride)/y.cells, 0.6, 7.0);
    std::string path;
    std::size_t drawn = 0;
    for (std::size_t i = 0; i < std::min(p.times.size(), p.of_cell.size()) && drawn < most; ++i) {
        if (p.of_cell[i] % stride) continue;
        ++drawn;
        fmt::format_to(std::back_inserter(path), "M{:.1f} {:.1f}v{:.1f}", x(p.times[i]), y(p.of_cell[i]) - half, 2*half);
    }
    return path;
}

}  // namespace

std::string draw(const html::raster& r) {
    constexpr double wide = 2*width;
    const double tall = r.populations.size() > 1 ? 390 : 180;
    const auto shown = bands_of(r, top, tall - bottom);
    const axis x{0, r.until > 0 ? r.until : 1, left, wide - right};
    // numbers of cells are told where there is one population; names of more are in the legend
    const axis y{shown.size() == 1 ? -0.5 : 0, shown.size() == 1 ? shown[0].cells - 0.5 : 0, tall - bottom, top};
    std::string words = r.title;
    for (const auto& p : r.populations) words += fmt::format("{} {} {} of {}", &p == &r.populations.front() ? ":" : ",", p.name, p.times.size(), p.cells == 1 ? "one cell" : fmt::format("{} cells", p.cells));
    std::string out = fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">", wide, tall, escaped(words));
    out += frame(x, y, "ms", "cell");
    const auto stride = r.stride();
    for (std::size_t i = 0; i < shown.size(); ++i)
        out += fmt::format("<path class=\"curve c{}\" d=\"{}\"><title>{}</title></path>", i % 6, strokes(r.populations[i], x, shown[i], stride, html::raster::most_spikes), escaped(r.populations[i].name));
    return out + "</svg>";
}

}  // namespace apical::svg
