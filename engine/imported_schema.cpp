// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>

#include "channels/nmodl/mechanism.hpp"
#include "core/error.hpp"
#include "core/quantity_text.hpp"
#include "engine/catalogue.hpp"
#include "engine/kernels/view.hpp"
#include "engine/plugged_channel.hpp"

namespace apical {
namespace {

/// The unit of a file where it is one that quantities can have; else numbers are as the file has them.
std::string_view known_unit(std::string_view text) {
    if (text.empty() || text == "1" || text == "degC") return "";
    try {
        parse_unit(text);
        return text;
    } catch (const error&) {
        return "";
    }
}

field field_of(const nmodl::variable& v) { return {v.name, v.value, known_unit(v.unit), "", v.lower, v.upper}; }

/// What is read from the current's ion and concentrations: the first that is known to the package's own mechanisms.
ion known_ion(const nmodl::program& p, auto&& is_wanted) {
    for (const auto& use : p.ions)
        for (int i = 1; i < ion_count; ++i)
            if (is_wanted(use) && use.name == ion_name(static_cast<ion>(i))) return static_cast<ion>(i);
    return ion::none;
}

/// What files can say and cells cannot do yet, so that nobody takes its absence for a result.
void check_supported(const nmodl::program& p) {
    const auto refuse = [&](const char* what, const char* hint) { throw unsupported("mechanism '" + p.name + "'", what, hint); };
    if (!p.diffusion.empty()) refuse("has LONGITUDINAL_DIFFUSION, which cells do not compute yet", "leave the statement out, or run the file in NEURON");
}

}  // namespace

void catalogue::add(std::shared_ptr<const nmodl::mechanism> imported) {
    const auto make_room = [&](std::string_view name) {   // sets with a mechanism of the package do not hold one that takes its place
        const auto is_same = [&](std::string_view other) { return same_letters(other, name); };
        std::erase_if(entries_, [&](const entry& e) { return !e.imported && is_same(e.schema.name); });
        std::erase_if(fused_, [&](const auto& f) { return std::ranges::any_of(f->mechanisms, is_same); });
    };
    if (const auto* plugged = dynamic_cast<const plugged_channel*>(imported.get())) {
        make_room(plugged->schema().name);
        return add(entry{plugged->schema(), plugged->kernels(), std::move(imported)});
    }
    const auto& p = imported->source();
    check_supported(p);
    mechanism_schema s{.kind = p.is == nmodl::program::kind::density ? mechanism_kind::channel : mechanism_kind::receptor,
                       .name = p.name, .summary = p.title, .source = p.file, .parameters = {}, .states = {}};
    s.carries = known_ion(p, [](const nmodl::ion_use& u) { return u.writes_current; });
    s.reads = known_ion(p, [](const nmodl::ion_use& u) { return u.reads_inner; });
    s.is_linear = false;   // whatever the file says: every instance keeps to itself
    for (const auto& v : p.variables) {
        if (v.is_array) continue;
        if (v.is == nmodl::role::parameter && (v.kept == nmodl::storage::instance || v.is_public)) s.parameters.push_back(field_of(v));
        if (v.is == nmodl::role::state) s.states.push_back(field_of(v));
    }
    if (!p.arguments.empty()) s.weight_unit = known_unit(p.variables[static_cast<std::size_t>(p.arguments.front())].unit);
    make_room(s.name);
    add(entry{std::move(s), nullptr, std::move(imported)});
}

}  // namespace apical
