// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <string>

namespace apical {

/// A colour in the OKLab space: lightness, green-red, blue-yellow. Equal distances look about equally different.
/// Ottosson (2020), "A perceptual color space for image processing".
using oklab = std::array<double, 3>;

/// Red, green and blue of the sRGB space, 0 to 1; outside of that range for colours no screen shows.
using srgb = std::array<double, 3>;

srgb to_srgb(oklab c);
oklab to_oklab(srgb c);

/// A sequence of 256 colours for a magnitude, from deep indigo over magenta and orange to pale yellow. Lightness rises all the
/// way, so that it reads in grey and with any colour vision, and neighbours are equally far apart in OKLab.
const std::array<srgb, 256>& magnitude_colours();

/// The colour at `fraction` (0 to 1, clipped; not a number: grey) as "#rrggbb".
std::string magnitude_colour(double fraction);

}  // namespace apical
