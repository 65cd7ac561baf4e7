// SPDX-License-Identifier: BSD-3-Clause
#include "io/sonata/attribute_group.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <unordered_map>

#include <fmt/format.h>

#include "io/sonata/types_table.hpp"

namespace apical::sonata {
namespace {

column of_texts(const std::vector<std::string>& texts) {
    column c{.is_text = true};
    std::unordered_map<std::string, std::uint32_t> known;
    for (const auto& t : texts) {
        const auto [it, is_new] = known.try_emplace(t, static_cast<std::uint32_t>(c.labels.size()));
        if (is_new) c.labels.push_back(t);
        c.codes.push_back(it->second);
    }
    return c;
}

row_ranges ranges_of(std::span<const std::uint64_t> ascending) {
    row_ranges all;
    for (const auto r : ascending) {
        if (!all.empty() && r < all.back().second) continue;
        if (!all.empty() && r == all.back().second) ++all.back().second;
        else all.push_back({r, r + 1});
    }
    return all;
}

/// The rows of a column, counted through the ranges it was gathered from.
column picked(const column& c, const row_ranges& ranges, std::span<const std::uint64_t> rows) {
    std::vector<std::uint64_t> before{0};
    for (const auto& [b, e] : ranges) before.push_back(before.back() + (e - b));
    column out{.is_whole = c.is_whole, .is_text = c.is_text, .labels = c.labels};
    for (const auto r : rows) {
        const auto it = std::ranges::upper_bound(ranges, r, {}, &std::pair<std::uint64_t, std::uint64_t>::first) - 1;
        const auto at = before[static_cast<std::size_t>(it - ranges.begin())] + (r - it->first);
        if (c.is_text) out.codes.push_back(c.codes[at]);
        else out.numbers.push_back(c.numbers[at]);
    }
    return out;
}

}  // namespace

std::optional<double> column::number(std::size_t row) const {
    if (is_text) return number_in(labels[codes[row]]);
    return std::isnan(numbers[row]) ? std::nullopt : std::optional(numbers[row]);
}

std::string column::text(std::size_t row) const {
    if (is_text) return labels[codes[row]];
    return is_whole ? fmt::format("{:.0f}", numbers[row]) : fmt::format("{}", numbers[row]);
}

row_ranges merged(row_ranges ranges) {
    std::ranges::sort(ranges);
    row_ranges all;
    for (const auto& r : ranges) {
        if (r.first >= r.second) continue;
        if (!all.empty() && r.first <= all.back().second) all.back().second = std::max(all.back().second, r.second);
        else all.push_back(r);
    }
    return all;
}

template <class T> std::vector<T> gather(const hdf5::group& folder, std::string_view set, const row_ranges& ranges) {
    constexpr std::uint64_t small_gap = 4096;      // which is quicker read over than jumped
    std::vector<T> out;
    for (std::size_t i = 0; i < ranges.size();) {
        std::size_t j = i + 1;
        while (j < ranges.size() && ranges[j].first - ranges[j - 1].second <= small_gap) ++j;
        const auto first = ranges[i].first;
        auto block = folder.read_rows<T>(set, first, ranges[j - 1].second - first);
        if (ranges.size() == 1) return block;
        for (; i < j; ++i)
            out.insert(out.end(), block.begin() + static_cast<std::ptrdiff_t>(ranges[i].first - first), block.begin() + static_cast<std::ptrdiff_t>(ranges[i].second - first));
    }
    return out;
}
template std::vector<double> gather<double>(const hdf5::group&, std::string_view, const row_ranges&);
template std::vector<std::int64_t> gather<std::int64_t>(const hdf5::group&, std::string_view, const row_ranges&);

attribute_group attribute_group::open(hdf5::group folder, findings& found) {
    attribute_group g;
    g.list(folder, "", found);
    if (folder.contains_group("dynamics_params")) g.list(folder.open("dynamics_params"), "dynamics_params", found);
    if (folder.contains_group("@library")) {
        const auto library = folder.open("@library");
        for (const auto& name : library.names()) {
            const auto e = g.entries_.find(name);
            if (e == g.entries_.end() || e->second.content != hdf5::content::whole_numbers) continue;     // texts that no attribute uses
            found.guard([&] { e->second.library = library.read_texts(name); });
            e->second.has_library = true;
        }
    }
    g.folder_ = std::move(folder);
    return g;
}

void attribute_group::list(const hdf5::group& folder, const std::string& parent, findings& found) {
    for (const auto& name : folder.names()) {
        if (!folder.contains(name)) found.invalid(folder.where(name), "is a link to what is not there");
        else if (folder.contains_group(name)) {
            if (!parent.empty() || (name != "dynamics_params" && name != "@library")) found.ignored(folder.where(name), "is a folder that is not known here");
        } else found.guard([&] { list_set(folder, name, parent, found); });
    }
}

void attribute_group::list_set(const hdf5::group& folder, const std::string& set, const std::string& parent, findings& found) {
    const auto s = folder.shape_of(set);
    const auto content = folder.content_of(set);
    if (s.size() != 1) return found.invalid(folder.where(set), fmt::format("has {} dimensions, expected one: a value a row", s.size()));
    if (content == hdf5::content::other) return found.unsupported(folder.where(set), "holds neither numbers nor texts");
    if (rows_ && *rows_ != s[0]) return found.invalid(folder.where(set), fmt::format("has {} rows, others of its group have {}", s[0], *rows_));
    rows_ = s[0];
    entries_.try_emplace(parent.empty() ? set : parent + "/" + set, entry{set, parent, content, {}});
}

std::vector<std::string> attribute_group::names() const {
    std::vector<std::string> all;
    for (const auto& [name, e] : entries_) all.push_back(name);
    return all;
}

std::string attribute_group::where(std::string_view name) const { return fmt::format("{}/{}", folder_.where("."), name); }

column attribute_group::decoded(const entry& e, std::vector<double> numbers, std::string_view name) const {
    if (!e.has_library) return {.numbers = std::move(numbers), .is_whole = e.content == hdf5::content::whole_numbers};
    column c{.is_text = true, .labels = e.library};
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        if (!(numbers[i] >= 0) || numbers[i] >= static_cast<double>(e.library.size()))
            throw invalid_input(fmt::format("{}[{}]", where(name), i), fmt::format("is the code {}, the @library has {} texts", numbers[i], e.library.size()));
        c.codes.push_back(static_cast<std::uint32_t>(numbers[i]));
    }
    return c;
}

column attribute_group::read(std::string_view name) const {
    const auto& e = entries_.at(std::string(name));
    const auto in = [&](const hdf5::group& folder) {
        return e.content == hdf5::content::text ? of_texts(folder.read_texts(e.set)) : decoded(e, folder.read<double>(e.set), name);
    };
    return e.parent.empty() ? in(folder_) : in(folder_.open(e.parent));
}

column attribute_group::read_at(std::string_view name, std::span<const std::uint64_t> rows) const {
    const auto& e = entries_.at(std::string(name));
    if (e.content == hdf5::content::text) return picked(read(name), {{0, *rows_}}, rows);
    std::vector<std::uint64_t> ascending(rows.begin(), rows.end());
    const bool is_simple = std::ranges::is_sorted(ascending) && std::ranges::adjacent_find(ascending) == ascending.end();
    if (!is_simple) std::ranges::sort(ascending);
    const auto ranges = ranges_of(ascending);
    auto c = decoded(e, e.parent.empty() ? gather<double>(folder_, e.set, ranges) : gather<double>(folder_.open(e.parent), e.set, ranges), name);
    return is_simple ? c : picked(c, ranges, rows);
}

}  // namespace apical::sonata
