// SPDX-License-Identifier: BSD-3-Clause
#include "io/sonata/findings.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace apical::sonata {

std::string_view name_of(finding_kind k) {
    constexpr std::string_view names[] = {"invalid", "unsupported", "ignored"};
    return names[static_cast<int>(k)];
}

void findings::invalid(std::string where, std::string what, std::string hint) {
    add(finding_kind::invalid, {std::move(where), std::move(what), std::move(hint)});
}
void findings::unsupported(std::string where, std::string what, std::string hint) {
    add(finding_kind::unsupported, {std::move(where), std::move(what), std::move(hint)});
}
void findings::ignored(std::string where, std::string what, std::string hint) {
    add(finding_kind::ignored, {std::move(where), std::move(what), std::move(hint)});
}

void findings::add(finding_kind kind, problem about) {
    // what is looked at twice is told once
    if (std::ranges::any_of(all_, [&](const finding& f) { return f.kind == kind && f.about.where == about.where && f.about.what == about.what; })) return;
    if (all_.size() < most) all_.push_back({kind, std::move(about)});
    else if (kind != finding_kind::ignored) ++untold_;
}

bool findings::has_errors() const noexcept {
    return untold_ > 0 || std::ranges::any_of(all_, &finding::is_error);
}

void findings::throw_if_errors() const {
    std::vector<problem> errors;
    bool any_invalid = false;
    for (const auto& f : all_) {
        if (!f.is_error()) continue;
        errors.push_back(f.about);
        any_invalid = any_invalid || f.kind == finding_kind::invalid;
    }
    if (untold_ > 0) errors.push_back({all_.back().about.where, fmt::format("and {} more problems", untold_), {}});
    if (errors.empty()) return;
    if (any_invalid) throw invalid_input(std::move(errors));
    throw apical::unsupported(std::move(errors));
}

}  // namespace apical::sonata
