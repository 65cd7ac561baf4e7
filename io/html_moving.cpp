// SPDX-License-Identifier: BSD-3-Clause
#include "io/html_moving.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "io/colour_map.hpp"
#include "io/svg.hpp"

namespace apical::html {
namespace {

using svg::escaped;

std::string base64(const std::vector<unsigned char>& bytes) {
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    out.reserve((bytes.size() + 2)/3*4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const auto at = [&](std::size_t k) { return i + k < bytes.size() ? static_cast<std::uint32_t>(bytes[i + k]) : 0u; };
        const auto three = at(0) << 16 | at(1) << 8 | at(2);
        for (std::size_t k = 0; k < 4; ++k) out += i + k > bytes.size() ? '=' : digits[three >> (18 - 6*k) & 63];
    }
    return out;
}

/// Where one of 256 colours stands between the ends.
unsigned char shade(double v, std::pair<double, double> range) {
    if (!std::isfinite(v) || !(range.second > range.first)) return 0;
    return static_cast<unsigned char>(std::lround(std::clamp((v - range.first)/(range.second - range.first), 0.0, 1.0)*255));
}

std::string player(std::string_view what) {
    return fmt::format("<div class=\"player\" hidden><button type=\"button\" aria-label=\"Play\"></button><input type=\"range\" aria-label=\"{}\"><output></output></div>", escaped(what));
}

std::string data(const std::string& json) { return "<script type=\"application/json\">" + json + "</script>"; }

/// A name within the JSON of a page: no character of it may end the script, or the text.
std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (const unsigned char c : text) {
        if (c < 0x20 || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&') out += fmt::format("\\u{:04x}", c);
        else out += static_cast<char>(c);
    }
    return out + '"';
}

double distance_to_chord(const point& p, const point& a, const point& b) {
    const double x = b.x - a.x, y = b.y - a.y, z = b.z - a.z, length = x*x + y*y + z*z;
    const double t = length > 0 ? std::clamp(((p.x - a.x)*x + (p.y - a.y)*y + (p.z - a.z)*z)/length, 0.0, 1.0) : 0;
    return std::hypot(p.x - a.x - t*x, p.y - a.y - t*y, p.z - a.z - t*z);
}

/// The dendrites of a shape as polylines about its soma: [mean diameter, x, y, z, x, y, z, ...] in whole micrometres.
struct outline {
    std::vector<std::vector<int>> lines;
    double soma = 0;                               ///< diameter [um]
    std::size_t pieces = 0;
};

outline outline_of(const morphology& shape) {
    constexpr double tolerance = 1.5;              // [um] what the eye does not miss
    outline out;
    if (shape.empty()) return out;
    const auto centre = shape.at(shape.origin());
    for (int s = 0; s < shape.size(); ++s) {
        const auto& section = shape[s];
        if (section.type == section_type::soma) {
            out.soma = std::max(out.soma, std::sqrt(shape.area(s)/3.14159265358979));
            continue;
        }
        const auto points = simplified(section.points, tolerance);
        double mean = 0;
        for (const auto& p : section.points) mean += p.diameter/static_cast<double>(section.points.size());
        std::vector<int> line{static_cast<int>(std::lround(mean))};
        for (const auto& p : points)
            for (const double x : {p.x - centre.x, p.y - centre.y, p.z - centre.z}) line.push_back(static_cast<int>(std::lround(x)));
        out.pieces += points.size() - 1;
        out.lines.push_back(std::move(line));
    }
    if (out.soma == 0) out.soma = 10;
    return out;
}

/// Every how manyth cell has its dendrites, is drawn at all, and has its spikes kept.
struct thinning { std::size_t whole = 1, dots = 1, spikes = 1; };

std::size_t every(std::size_t there_are, std::size_t most) { return std::max<std::size_t>(1, (there_are + most - 1)/most); }

thinning thinned(const scene& s, const std::vector<outline>& outlines) {
    std::size_t cells = 0, pieces = 0, spikes = 0;
    for (std::size_t i = 0; i < s.populations.size(); ++i) {
        cells += s.populations[i].at.size(), spikes += s.populations[i].times.size();
        pieces += outlines[i].pieces*s.populations[i].at.size();
    }
    thinning t{.dots = every(cells, scene::most_dots)};
    t.whole = std::max<std::size_t>(1, every(pieces/t.dots, scene::most_pieces));   // among those drawn
    t.spikes = every(spikes/t.dots, scene::most_spikes);
    return t;
}

template <class T> std::string listed(const std::vector<T>& values) { return fmt::format("[{}]", fmt::join(values, ",")); }

std::string population_data(const scene::population& p, const outline& o, const thinning& t, std::size_t colour) {
    std::vector<std::string> lines;
    for (const auto& l : o.lines) lines.push_back(listed(l));
    std::vector<int> at;
    for (std::size_t c = 0; c < p.at.size(); c += t.dots)
        for (const double x : {p.at[c].x, p.at[c].y, p.at[c].z}) at.push_back(static_cast<int>(std::lround(x)));
    std::vector<std::string> times;
    std::vector<std::uint64_t> cells;
    for (std::size_t k = 0; k < std::min(p.times.size(), p.of_cell.size()); ++k) {
        if (p.of_cell[k] % t.dots || p.of_cell[k]/t.dots % t.spikes || p.of_cell[k] >= p.at.size()) continue;
        times.push_back(fmt::format("{:.1f}", p.times[k])), cells.push_back(p.of_cell[k]/t.dots);
    }
    return fmt::format("{{\"name\":{},\"colour\":{},\"soma\":{:.1f},\"each\":{},\"lines\":{},\"at\":{},\"t\":{},\"c\":{}}}", quoted(p.name), colour, std::max(o.soma, 6.0),
                       o.lines.empty() ? 0 : t.whole, listed(lines), listed(at), listed(times), listed(cells));
}

/// What the picture leaves out, in words.
std::string omissions(const scene& s, const std::vector<outline>& outlines, const thinning& t) {
    std::size_t cells = 0, drawn = 0, whole = 0;
    for (std::size_t i = 0; i < s.populations.size(); ++i) {
        const auto here = s.populations[i].at.size();
        cells += here, drawn += (here + t.dots - 1)/t.dots;
        if (!outlines[i].lines.empty()) whole += ((here + t.dots - 1)/t.dots + t.whole - 1)/t.whole;
    }
    std::string out;
    if (drawn < cells) out += fmt::format(" {} of {} cells are drawn.", drawn, cells);
    if (whole > 0 && whole < drawn) out += fmt::format(" {} cells have their dendrites, the others are dots.", whole);
    return out;
}

}  // namespace

std::vector<point> simplified(std::span<const point> line, double tolerance) {
    if (line.size() < 3) return {line.begin(), line.end()};
    std::vector<char> keep(line.size(), 0);
    keep.front() = keep.back() = 1;
    std::vector<std::pair<std::size_t, std::size_t>> rest{{0, line.size() - 1}};
    while (!rest.empty()) {
        const auto [a, b] = rest.back();
        rest.pop_back();
        std::size_t furthest = a;
        double most = tolerance;
        for (std::size_t i = a + 1; i < b; ++i)
            if (const double d = distance_to_chord(line[i], line[a], line[b]); d > most) most = d, furthest = i;
        if (furthest == a) continue;
        keep[furthest] = 1;
        rest.emplace_back(a, furthest), rest.emplace_back(furthest, b);
    }
    std::vector<point> out;
    for (std::size_t i = 0; i < line.size(); ++i)
        if (keep[i]) out.push_back(line[i]);
    return out;
}

std::string inside(const film& f) {
    std::vector<unsigned char> shades;
    shades.reserve(f.frames.size());
    const auto range = f.range();
    for (const double v : f.frames) shades.push_back(shade(v, range));
    std::string colours;
    for (int k = 0; k < 256; ++k) colours += magnitude_colour(k/255.0).substr(1);
    std::vector<std::string> times;
    for (const double t : f.times) times.push_back(fmt::format("{:.3f}", t));
    const auto json = fmt::format("{{\"places\":{},\"at\":{:.3f},\"times\":{},\"colours\":\"{}\",\"frames\":\"{}\"}}", f.cell.places.size(), f.times.empty() ? 0 : std::clamp(f.at, f.times.front(), f.times.back()),
                                  listed(times), colours, base64(shades));
    return svg::draw(f) + "<noscript><p class=\"aside\">The highest value of every compartment; a script, which is switched off, would show them in time.</p></noscript>" + player("time of the frame") + data(json);
}

std::string inside(const scene& s) {
    std::vector<outline> outlines;
    for (const auto& p : s.populations) outlines.push_back(outline_of(p.shape));
    const auto t = thinned(s, outlines);
    std::string toggles = "<div class=\"toggles\" role=\"group\" aria-label=\"Populations that are shown\">", words;
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < s.populations.size(); ++i) {
        const auto& p = s.populations[i];
        toggles += fmt::format("<button type=\"button\" class=\"c{}\" aria-pressed=\"true\">{}</button>", i % 6, escaped(p.name));
        words += fmt::format("{}{} {}", i ? ", " : "", p.at.size(), p.name);
        parts.push_back(population_data(p, outlines[i], t, i));
    }
    const bool plays = s.until > 0 && std::ranges::any_of(s.populations, [](const auto& p) { return !p.times.empty(); });
    const auto json = fmt::format("{{\"until\":{:g},\"populations\":{}}}", plays ? s.until : 0, listed(parts));
    const auto left_out = omissions(s, outlines, t);
    return toggles + "</div>" +
           fmt::format("<canvas tabindex=\"0\" role=\"img\" aria-label=\"{}: {} in space. Arrow keys turn it, plus and minus magnify.\"></canvas>", escaped(s.title), escaped(words)) +
           fmt::format("<p class=\"aside\">Drag to turn, click a name to hide it.{}</p><noscript><p>The circuit is drawn by a script, which is switched off.</p></noscript>", left_out) +
           player("time of the run") + data(json);
}

std::pair<double, double> film::range() const {
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const double v : frames)
        if (std::isfinite(v)) low = std::min(low, v), high = std::max(high, v);
    return low <= high ? std::pair(low - 0.15*(high - low), high) : std::pair(0.0, 1.0);
}

}  // namespace apical::html
