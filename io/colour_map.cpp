// SPDX-License-Identifier: BSD-3-Clause
#include "io/colour_map.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include <fmt/format.h>

namespace apical {
namespace {

double encoded(double linear) { return linear <= 0.0031308 ? 12.92*linear : 1.055*std::pow(linear, 1/2.4) - 0.055; }
double decoded(double x) { return x <= 0.04045 ? x/12.92 : std::pow((x + 0.055)/1.055, 2.4); }

bool is_shown(const srgb& c) {
    return std::ranges::all_of(c, [](double x) { return x >= -1e-9 && x <= 1 + 1e-9; });
}

/// The most colourful shade of this lightness and hue, up to `chroma`, that a screen shows.
oklab within_gamut(double lightness, double hue_degrees, double chroma) {
    const double h = hue_degrees*std::numbers::pi/180;
    for (;; chroma *= 0.999) {
        const oklab c{lightness, chroma*std::cos(h), chroma*std::sin(h)};
        if (chroma < 1e-3 || is_shown(to_srgb(c))) return c;
    }
}

double distance(const oklab& a, const oklab& b) { return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]); }

/// The way through colour space: lightness and hue rise together.
oklab on_path(double t) { return within_gamut(0.36 + 0.58*t, 283 + 182*t, 0.19 - 0.06*t); }

std::array<srgb, 256> equally_spaced() {
    constexpr int fine = 4096;
    std::vector<oklab> path;
    std::vector<double> arc{0};
    for (int i = 0; i <= fine; ++i) path.push_back(on_path(static_cast<double>(i)/fine));
    for (std::size_t i = 1; i < path.size(); ++i) arc.push_back(arc.back() + distance(path[i - 1], path[i]));
    std::array<srgb, 256> out{};
    for (std::size_t k = 0; k < out.size(); ++k) {
        const double wanted = arc.back()*static_cast<double>(k)/(out.size() - 1);
        const auto behind = std::ranges::lower_bound(arc, wanted) - arc.begin();
        const auto at = static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(behind, 1, fine));
        const double part = (wanted - arc[at - 1])/(arc[at] - arc[at - 1]);
        oklab c{};
        for (std::size_t i = 0; i < 3; ++i) c[i] = path[at - 1][i] + part*(path[at][i] - path[at - 1][i]);
        out[k] = to_srgb(c);
    }
    return out;
}

}  // namespace

srgb to_srgb(oklab c) {
    const double l = std::pow(c[0] + 0.3963377774*c[1] + 0.2158037573*c[2], 3);
    const double m = std::pow(c[0] - 0.1055613458*c[1] - 0.0638541728*c[2], 3);
    const double s = std::pow(c[0] - 0.0894841775*c[1] - 1.2914855480*c[2], 3);
    return {encoded(4.0767416621*l - 3.3077115913*m + 0.2309699292*s), encoded(-1.2684380046*l + 2.6097574011*m - 0.3413193965*s),
            encoded(-0.0041960863*l - 0.7034186147*m + 1.7076147010*s)};
}

oklab to_oklab(srgb c) {
    const double r = decoded(c[0]), g = decoded(c[1]), b = decoded(c[2]);
    const double l = std::cbrt(0.4122214708*r + 0.5363325363*g + 0.0514459929*b);
    const double m = std::cbrt(0.2119034982*r + 0.6806995451*g + 0.1073969566*b);
    const double s = std::cbrt(0.0883024619*r + 0.2817188376*g + 0.6299787005*b);
    return {0.2104542553*l + 0.7936177850*m - 0.0040720468*s, 1.9779984951*l - 2.4285922050*m + 0.4505937099*s,
            0.0259040371*l + 0.7827717662*m - 0.8086757660*s};
}

const std::array<srgb, 256>& magnitude_colours() {
    static const auto colours = equally_spaced();
    return colours;
}

std::string magnitude_colour(double fraction) {
    if (std::isnan(fraction)) return "#808080";
    const auto& colours = magnitude_colours();
    const auto& c = colours[static_cast<std::size_t>(std::lround(std::clamp(fraction, 0.0, 1.0)*(colours.size() - 1)))];
    const auto byte = [](double x) { return static_cast<int>(std::lround(255*std::clamp(x, 0.0, 1.0))); };
    return fmt::format("#{:02x}{:02x}{:02x}", byte(c[0]), byte(c[1]), byte(c[2]));
}

}  // namespace apical
