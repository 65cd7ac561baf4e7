// SPDX-License-Identifier: BSD-3-Clause
#include "engine/layered/untaught.hpp"

#include <fmt/format.h>

#include "core/error.hpp"

namespace apical::layered {

void make_untaught(wiring& w, std::string_view scheme_name) {
    const auto where = fmt::format("layered net / scheme '{}'", scheme_name);
    if (w.layers != 2) throw invalid_model(where, fmt::format("{} layers", w.layers), "the inputs, and one of units");
    if (w.back.mode != feedback_mode::none) throw invalid_model(where, fmt::format("feedback '{}'", name_of(w.back.mode)), "none: nobody teaches");
    auto& link = w.links[w.kind("forward")->first];
    link.has_bias = false;
    link.w.assign(link.units*link.columns(), 0.0);
}

}  // namespace apical::layered
