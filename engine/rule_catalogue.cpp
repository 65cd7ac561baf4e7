// SPDX-License-Identifier: BSD-3-Clause
#include "engine/rule_catalogue.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "engine/kernels/rule_view.hpp"

namespace apical {
namespace {

using readings = void (*)(const double*, plasticity::reading*);

std::vector<plasticity::reading> list(readings f, const std::vector<double>& parameters, std::size_t count) {
    std::vector<plasticity::reading> all(count);
    if (count > 0) f(parameters.data(), all.data());
    return all;
}

std::string described(const plasticity::reading& r, const std::vector<std::string>& phases) {
    using filter = plasticity::reading::filter;
    std::string text(name_of(r.of));
    if (!r.name.empty()) text += fmt::format(" '{}'", r.name);
    if (r.by == filter::trace) text += fmt::format(", trace of {:g} ms", r.tau[0]);
    if (r.by == filter::nearest) text += fmt::format(", trace of {:g} ms of the nearest", r.tau[0]);
    if (r.by == filter::low_pass)
        for (const double t : r.tau)
            if (t > 0) text += fmt::format(", low-passed over {:g} ms", t);
    if (r.late > 0) text += fmt::format(", {:g} ms ago", r.late);
    if (r.phase >= 0) text += fmt::format(", at the end of phase '{}'", phases[static_cast<std::size_t>(r.phase)]);
    return text;
}

}  // namespace

const field* rule_schema::parameter(std::string_view name) const {
    const auto found = std::ranges::find(parameters, name, &field::name);
    return found == parameters.end() ? nullptr : &*found;
}

std::vector<double> rule_schema::defaults() const {
    std::vector<double> all;
    for (const auto& p : parameters) all.push_back(p.value);
    return all;
}

std::vector<plasticity::reading> rule_entry::hears(const std::vector<double>& parameters) const { return list(kernels->hears, parameters, schema.pre); }
std::vector<plasticity::reading> rule_entry::sees(const std::vector<double>& parameters) const { return list(kernels->sees, parameters, schema.post); }
std::vector<plasticity::reading> rule_entry::is_told(const std::vector<double>& parameters) const { return list(kernels->is_told, parameters, schema.third); }

std::vector<double> rule_entry::fades(const std::vector<double>& parameters) const {
    std::vector<double> all(schema.kept.size(), 0.0);
    if (kernels->fades) kernels->fades(parameters.data(), all.data());
    return all;
}

double rule_entry::after_arrival(const std::vector<double>& parameters) const { return kernels->after_arrival ? kernels->after_arrival(parameters.data()) : 0; }

bool rule_entry::answers(plasticity::occasion o) const { return kernels->on[static_cast<std::size_t>(o)] != nullptr; }

std::vector<std::string> rule_entry::locality() const {
    std::vector<std::string> all{"synapse: its weight"};
    for (const auto& k : schema.kept) all.push_back(fmt::format("synapse: {}", k.meaning));
    const auto add = [&](std::string_view from, const std::vector<plasticity::reading>& some) {
        for (const auto& r : some) all.push_back(fmt::format("{}: {}", from, described(r, schema.phases)));
    };
    const auto parameters = schema.defaults();
    add("axon", hears(parameters)), add("cell", sees(parameters)), add("told", is_told(parameters));
    return all;
}

}  // namespace apical
