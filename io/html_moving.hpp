// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

#include "io/html_report.hpp"

namespace apical::html {

/// The picture of a film, its strip, its player and its data; without the figure around them.
std::string inside(const film& f);
/// The canvas of a scene, buttons for its populations, its player and its data; without the figure around them.
std::string inside(const scene& s);

/// The points of a polyline that are needed to stay within `tolerance` of all of them [um]; the ends stay. Douglas & Peucker (1973)
/// Cartographica 10:112.
std::vector<point> simplified(std::span<const point> line, double tolerance);

}  // namespace apical::html
