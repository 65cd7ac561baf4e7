// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "io/html_report.hpp"

/// Drawings of the report. Sizes are in the units of each drawing's own view box; colours that change with the scheme are CSS classes.
namespace apical::svg {

/// Text with the characters that mean something to HTML replaced.
std::string escaped(std::string_view text);

/// A linear axis: from data to drawing units.
struct axis {
    double from, to;          ///< data
    double start, end;        ///< drawing
    double operator()(double x) const { return start + (x - from)/(to - from)*(end - start); }
};

/// Round numbers within [from, to], about `wanted` of them.
std::vector<double> ticks(double from, double to, int wanted);
/// A tick's number, without more digits than the distance to the next one asks for.
std::string tick_text(double x, double step);

/// The points of a curve that a drawing of this many columns can show, as an SVG path; gaps where a value is not finite.
std::string path_of(const html::line& l, const axis& x, const axis& y);

std::string draw(const html::panel& p);
std::string draw(const html::painted_cell& c);
std::string draw(const html::film& f);
std::string draw(const html::raster& r);
std::string draw(const html::bars& b);

/// A painted cell whose colours span a range; with `numbered`, every stroke says which of the places it shows: data-i="3".
enum class numbering { none, places };
std::string draw(const html::painted_cell& c, std::pair<double, double> range, numbering n);

}  // namespace apical::svg
