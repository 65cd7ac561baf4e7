// SPDX-License-Identifier: BSD-3-Clause
#include "io/sonata/field.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace apical::sonata {

std::string field::where() const {
    const auto line = at && at->line > 0 ? fmt::format(":{}", at->line) : std::string{};
    return fmt::format("{}{} {}", from->file, line, pointer.empty() ? "/" : pointer);
}

field field::member(std::string_view name) const {
    return {at ? at->find(name) : nullptr, pointer + "/" + json::escaped(name), from, found};
}

bool field::is(json::kind expected) const {
    if (!at) return false;
    if (at->type == expected) return true;
    invalid(fmt::format("expected {}, got {}", json::name_of(expected), json::name_of(at->type)));
    return false;
}

std::optional<double> field::number() const {
    if (!is(json::kind::number)) return std::nullopt;
    if (std::isfinite(at->number)) return at->number;
    invalid("is out of the range of numbers");
    return std::nullopt;
}

std::optional<double> field::number_above(double low) const {
    const auto x = number();
    if (!x || *x > low) return x;
    invalid(fmt::format("is {}, expected more than {}", *x, low));
    return std::nullopt;
}

std::optional<double> field::number_not_below(double low) const {
    const auto x = number();
    if (!x || *x >= low) return x;
    invalid(fmt::format("is {}, expected {} or more", *x, low));
    return std::nullopt;
}

std::optional<std::int64_t> field::whole_number() const {
    const auto x = number();
    if (!x) return std::nullopt;
    if (std::abs(*x) <= 9007199254740992.0 && *x == std::floor(*x)) return static_cast<std::int64_t>(*x);
    invalid(fmt::format("is {}, expected a whole number", *x));
    return std::nullopt;
}

std::optional<bool> field::truth() const {
    if (!is(json::kind::boolean)) return std::nullopt;
    return at->boolean;
}

std::optional<std::string> field::text() const {
    if (!is(json::kind::text)) return std::nullopt;
    return at->text;
}

std::optional<std::filesystem::path> field::path() const {
    const auto t = text();
    if (!t) return std::nullopt;
    if (t->empty()) {
        invalid("is an empty path");
        return std::nullopt;
    }
    return (from->folder / *t).lexically_normal();
}

void field::know_only(std::initializer_list<std::vector<std::string_view>> known) const {
    if (!at) return;
    std::vector<std::string> names;
    for (const auto& list : known) names.insert(names.end(), list.begin(), list.end());
    for (const auto& [name, value] : at->members)
        if (std::ranges::find(names, name) == names.end()) member(name).ignored(fmt::format("'{}' is not known here", name), suggestion(name, names));
}

}  // namespace apical::sonata
