// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include <fmt/format.h>

#include "io/colour_map.hpp"
#include "io/svg.hpp"

namespace apical::svg {
namespace {

constexpr double width = 400, margin = 22, bar_room = 74;

/// From micrometres to the drawing; y points up in the tissue and down on the screen.
struct projection {
    double x0, y1, scale, dx, dy;
    double x(const point& p) const { return dx + (p.x - x0)*scale; }
    double y(const point& p) const { return dy + (y1 - p.y)*scale; }
};

struct extent {
    double x0 = std::numeric_limits<double>::infinity(), x1 = -x0, y0 = x0, y1 = -x0;
};

extent extent_of(const morphology& shape) {
    extent e;
    for (const auto& s : shape.sections())
        for (const auto& p : s.points) {
            e.x0 = std::min(e.x0, p.x - p.diameter/2), e.x1 = std::max(e.x1, p.x + p.diameter/2);
            e.y0 = std::min(e.y0, p.y - p.diameter/2), e.y1 = std::max(e.y1, p.y + p.diameter/2);
        }
    return e.x0 <= e.x1 ? e : extent{0, 1, 0, 1};
}

/// The points of a section between two positions.
std::vector<point> between(const morphology& shape, int section, double from, double to) {
    const double length = shape.length(section);
    const auto arc = shape.arc(section);
    std::vector<point> out{shape.at({section, from})};
    for (std::size_t i = 0; i < arc.size(); ++i)
        if (arc[i] > from*length + 1e-9 && arc[i] < to*length - 1e-9) out.push_back(shape[section].points[i]);
    out.push_back(shape.at({section, to}));
    return out;
}

/// Somata change their width too much for one stroke: every frustum gets its own.
std::string stroke(const std::vector<point>& points, const projection& at, std::string_view colour, bool each_piece, std::string_view number = "") {
    std::string out;
    const auto to = std::back_inserter(out);
    const auto visible = [&](double diameter) { return std::max(1.0, diameter*at.scale); };
    if (each_piece) {
        for (std::size_t i = 1; i < points.size(); ++i)
            fmt::format_to(to, "<path{} d=\"M{:.1f} {:.1f}L{:.1f} {:.1f}\" stroke=\"{}\" stroke-width=\"{:.1f}\" stroke-linecap=\"butt\"/>", number,
                           at.x(points[i - 1]), at.y(points[i - 1]), at.x(points[i]), at.y(points[i]), colour, visible(0.5*(points[i - 1].diameter + points[i].diameter)));
        return out;
    }
    double mean = 0;
    std::string path;
    for (std::size_t i = 0; i < points.size(); ++i) {
        mean += points[i].diameter/static_cast<double>(points.size());
        fmt::format_to(std::back_inserter(path), "{}{:.1f} {:.1f}", i == 0 ? 'M' : 'L', at.x(points[i]), at.y(points[i]));
    }
    fmt::format_to(to, "<path{} d=\"{}\" stroke=\"{}\" stroke-width=\"{:.2f}\"/>", number, path, colour, visible(mean));
    return out;
}

struct coloured {
    double x, value;
    std::size_t place;
};

/// The compartments of each section, in order along it.
std::map<int, std::vector<coloured>> by_section(const html::painted_cell& c) {
    std::map<int, std::vector<coloured>> out;
    for (std::size_t i = 0; i < std::min(c.places.size(), c.values.size()); ++i) out[c.places[i].section].push_back({c.places[i].x, c.values[i], i});
    for (auto& [section, places] : out) std::ranges::sort(places, {}, &coloured::x);
    return out;
}

struct value_range {
    double low = std::numeric_limits<double>::infinity(), high = -low;
    double fraction(double v) const { return high > low ? (v - low)/(high - low) : 0.5; }
};

value_range range_of(const std::vector<double>& values) {
    value_range r;
    for (const double v : values)
        if (std::isfinite(v)) r.low = std::min(r.low, v), r.high = std::max(r.high, v);
    return r.low <= r.high ? r : value_range{0, 1};
}

std::string draw_section(const html::painted_cell& c, int section, const std::vector<coloured>& places, const projection& at, const value_range& range, numbering how) {
    const bool is_soma = c.shape[section].type == section_type::soma;
    if (places.empty()) return stroke(between(c.shape, section, 0, 1), at, "#4a4f5c", is_soma);
    std::string out;
    for (std::size_t i = 0; i < places.size(); ++i) {
        const double from = i == 0 ? 0 : 0.5*(places[i - 1].x + places[i].x);
        const double to = i + 1 == places.size() ? 1 : 0.5*(places[i].x + places[i + 1].x);
        const auto number = how == numbering::places ? fmt::format(" data-i=\"{}\"", places[i].place) : std::string();
        out += stroke(between(c.shape, section, from, to), at, magnitude_colour(range.fraction(places[i].value)), is_soma, number);
    }
    return out;
}

std::string colour_bar(const html::painted_cell& c, const value_range& range, double top, double tall) {
    constexpr int steps = 64;
    constexpr double x = width - bar_room + 18, wide = 11;
    std::string out;
    const auto to = std::back_inserter(out);
    for (int i = 0; i < steps; ++i)
        fmt::format_to(to, "<rect x=\"{}\" y=\"{:.2f}\" width=\"{}\" height=\"{:.2f}\" fill=\"{}\"/>", x, top + tall*(steps - 1 - i)/steps, wide,
                       tall/steps + 0.6, magnitude_colour((i + 0.5)/steps));
    const axis y{range.low, range.high > range.low ? range.high : range.low + 1, top + tall, top};
    const auto at = ticks(y.from, y.to, 5);
    for (const double v : at)
        fmt::format_to(to, "<text class=\"tick\" x=\"{}\" y=\"{:.1f}\">{}</text>", x + wide + 6, y(v) + 3.5, tick_text(v, at.size() > 1 ? at[1] - at[0] : 1));
    fmt::format_to(to, "<text class=\"unit\" x=\"{}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>", width - 12, top - 31, escaped(c.quantity));
    fmt::format_to(to, "<text class=\"unit\" x=\"{}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>", width - 12, top - 16, escaped(c.unit));
    return out;
}

std::string scale_bar(const projection& at, double bottom) {
    double um = 1000;
    for (const double nice : {10.0, 20.0, 50.0, 100.0, 200.0, 500.0})
        if (nice*at.scale >= 28) { um = nice; break; }
    const double x = margin, y = bottom - 20;
    return fmt::format("<path class=\"scale\" d=\"M{:.1f} {:.1f}h{:.1f}\"/><text class=\"tick\" x=\"{:.1f}\" y=\"{:.1f}\">{:g} \xC2\xB5m</text>", x, y,
                       um*at.scale, x, y - 7, um);
}

/// How far the drawing reaches to one side, near a height: labels stand clear of it.
double reach(const morphology& shape, const projection& at, double y, double side) {
    double furthest = -std::numeric_limits<double>::infinity();
    for (const auto& s : shape.sections())
        for (const auto& p : s.points)
            if (std::abs(at.y(p) - y) < 9) furthest = std::max(furthest, side*at.x(p) + 0.5*p.diameter*at.scale);
    return side*furthest;
}

std::string draw_marks(const html::painted_cell& c, const projection& at) {
    std::string out;
    for (const auto& m : c.marks) {
        const auto p = c.shape.at(m.where);
        const double x = at.x(p), y = at.y(p), room = 0.5*(width - bar_room);
        const double side = x < room ? -1 : 1, end = side*(std::max(side*reach(c.shape, at, y, side), side*x + 10) + 12);
        fmt::format_to(std::back_inserter(out),
                       "<g class=\"mark c{}\"><circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"6\"/><path d=\"M{:.1f} {:.1f}H{:.1f}\"/>"
                       "<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text></g>",
                       m.colour % 6, x, y, x + side*6, y, end, end + side*5, y + 4, side < 0 ? "end" : "start", escaped(m.label));
    }
    return out;
}

}  // namespace

std::string draw(const html::painted_cell& c) {
    const auto r = range_of(c.values);
    return draw(c, {r.low, r.high}, numbering::none);
}

std::string draw(const html::painted_cell& c, std::pair<double, double> shown, numbering how) {
    const auto e = extent_of(c.shape);
    const double wide = std::max(1e-6, e.x1 - e.x0), tall = std::max(1e-6, e.y1 - e.y0);
    const double room = width - bar_room - 2*margin;
    const double height = std::clamp(room*tall/wide + 2*margin + 30, 300.0, 760.0);
    const double scale = std::min(room/wide, (height - 2*margin - 30)/tall);
    const projection at{e.x0, e.y1, scale, margin + 0.5*(room - wide*scale), margin + 0.5*(height - 30 - 2*margin - tall*scale)};
    const value_range range{shown.first, shown.second};
    const auto sections = by_section(c);

    std::string out = fmt::format("<svg viewBox=\"0 0 {} {:.0f}\" role=\"img\" aria-label=\"{}\"><g class=\"tree\">", width, height, escaped(c.title));
    std::string somata;
    for (int s = 0; s < c.shape.size(); ++s) {
        const auto found = sections.find(s);
        const auto drawn = draw_section(c, s, found == sections.end() ? std::vector<coloured>{} : found->second, at, range, how);
        (c.shape[s].type == section_type::soma ? somata : out) += drawn;
    }
    out += somata + "</g>" + draw_marks(c, at) + scale_bar(at, height);
    return out + colour_bar(c, range, 64, std::min(200.0, height - 120)) + "</svg>";
}

std::string draw(const html::film& f) {
    auto out = draw(f.cell, f.range(), numbering::places);
    if (f.times.empty() || f.trace.x.empty()) return out;
    constexpr double high = 104, left = 34, right = 12, top = 22, bottom = 26;
    double low = HUGE_VAL, most = -HUGE_VAL;
    for (std::size_t i = 0; i < f.trace.y.size(); ++i)
        if (f.trace.x[i] >= f.times.front() && f.trace.x[i] <= f.times.back()) low = std::min(low, f.trace.y[i]), most = std::max(most, f.trace.y[i]);
    if (!(low < most)) return out;
    const axis x{f.times.front(), std::max(f.times.back(), f.times.front() + 1e-6), left, width - right}, y{low, most, high - bottom, top};
    const auto to = std::back_inserter(out);
    fmt::format_to(to, "<svg class=\"strip\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{} against time\">", width, high, escaped(f.trace.name));
    const auto at = ticks(x.from, x.to, 5), levels = ticks(y.from, y.to, 2);
    for (const double v : at)
        fmt::format_to(to, "<line class=\"axis\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1}\" y2=\"{2}\"/><text class=\"tick\" x=\"{0:.1f}\" y=\"{3}\" text-anchor=\"middle\">{4}</text>",
                       x(v), high - bottom + 4, high - bottom + 8, high - 6, tick_text(v, at.size() > 1 ? at[1] - at[0] : 1));
    for (const double v : levels)
        fmt::format_to(to, "<line class=\"level\" x1=\"{}\" x2=\"{}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/><text class=\"tick\" x=\"{}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>",
                       left, width - right, y(v), y(v), left - 5, y(v) + 3.5, tick_text(v, levels.size() > 1 ? levels[1] - levels[0] : 1));
    fmt::format_to(to, "<path class=\"curve c{}\" d=\"{}\"/><line class=\"cursor\" style=\"display:none\" y1=\"16\" y2=\"{}\" data-from=\"{:.4f}\" data-to=\"{:.4f}\" data-start=\"{}\" data-end=\"{}\"/>",
                   f.trace.colour % 6, path_of(f.trace, x, y), high - bottom, x.from, x.to, x.start, x.end);
    fmt::format_to(to, "<text class=\"unit\" x=\"{}\" y=\"{}\" text-anchor=\"end\">ms</text>", width - right, high - 6);
    fmt::format_to(to, "<text class=\"unit\" x=\"0\" y=\"9\">{}, {}</text></svg>", escaped(f.trace.name), escaped(f.cell.unit));
    return out;
}

}  // namespace apical::svg
