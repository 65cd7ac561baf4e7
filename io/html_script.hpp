// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string_view>

namespace apical::html {

/// What moves films and turns scenes, as text of a <script>. It looks for figures of the classes "film" and "scene", and for their data in
/// the JSON beside; it fetches nothing, keeps nothing, and without it the page still shows what it can.
std::string_view script();

}  // namespace apical::html
