// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/callables.hpp"

#include <utility>

#include <fmt/format.h>

#include "channels/nmodl/resolver.hpp"

namespace apical::nmodl {

void add_callables(const syntax::file& file, symbols& names, program& p, diagnostics& found) {
    for (const auto& r : file.routines) {
        if (r.is != syntax::routine::kind::procedure && r.is != syntax::routine::kind::function) continue;
        diagnostics own;
        resolver alone(names, p, own);
        auto made = alone.callable(r);
        if (!own.has_errors()) {
            p.routines.push_back(std::move(made));
            continue;
        }
        for (const auto& d : own.all())
            if (d.is == severity::error)
                found.warn("routine", d.at, fmt::format("{} cannot be called: {}", r.name, d.message), d.hint);
    }
}

}  // namespace apical::nmodl
