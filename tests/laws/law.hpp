// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <cstring>
#include <exception>
#include <regex>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "channels/channel.hpp"
#include "core/quantity_text.hpp"

/// A law is a function that returns what breaks it. So it can be asked of every file of the channels folder, where nothing may
/// break it, and of a mechanism made wrong on purpose, where something must.
namespace apical::laws {

using faults = std::vector<std::string>;

/// The first few faults, for a message.
inline std::string listed(const faults& f) {
    std::string text;
    for (std::size_t i = 0; i < f.size() && i < 4; ++i) text += "\n  " + f[i];
    if (f.size() > 4) text += fmt::format("\n  and {} more", f.size() - 4);
    return text;
}

template <class R> std::vector<field> fields_of(const R& record) {
    std::vector<field> list;
    for_each_member(record, [&](const field& f) { list.push_back(f); });
    return list;
}
template <class R> std::vector<double> values_of(const R& record) {
    std::vector<double> list;
    for_each_member(record, [&](double x) { list.push_back(x); });
    return list;
}

/// The default parameters in coherent units: densities times an area of 1 um2.
template <class C> typename C::template parameters<double> default_parameters() {
    const auto fields = fields_of(C::defaults);
    return make_record<typename C::template parameters<double>>(
        [&](std::size_t i) { return fields[i].value*parse_unit(fields[i].unit).value; });
}

template <class C, class V> using state_of = typename C::template state<V>;
template <class C, class V> using parameters_of = typename C::template parameters<V>;

template <class R, class P> R lane_of(const P& packed, int lane) {
    std::vector<double> values;
    for_each_member(packed, [&](const auto& x) { values.push_back(x[lane]); });
    return make_record<R>([&](std::size_t i) { return values[i]; });
}

/// Largest |a - b| over the members of two records; NaN if there is one.
template <class R> double largest_difference(const R& a, const R& b) {
    const auto x = values_of(a), y = values_of(b);
    double largest = 0;
    for (std::size_t i = 0; i < x.size(); ++i)
        if (const double off = std::abs(x[i] - y[i]); !(off <= largest)) largest = off;
    return largest;
}

inline bool same_bits(double a, double b) { return std::memcmp(&a, &b, sizeof a) == 0; }

inline void check_field(const field& f, std::string_view kind, faults& found) {
    const auto fault = [&](const std::string& what) { found.push_back(fmt::format("{} '{}': {}", kind, f.name, what)); };
    if (!std::regex_match(std::string(f.name), std::regex("[a-z][a-z0-9_]*"))) fault("the name is not snake_case");
    if (f.meaning.size() < 2) fault("the meaning is missing");
    if (!(f.low < f.high)) fault(fmt::format("[{}, {}] is not a range", f.low, f.high));
    if (!(f.low <= f.value && f.value <= f.high)) fault(fmt::format("{} is outside [{}, {}]", f.value, f.low, f.high));
    try {
        parse_unit(f.unit);
    } catch (const std::exception& e) {
        fault(e.what());
    }
}

/// What people read about a mechanism is complete: every parameter and state has a unit that parses, a meaning and a range that
/// holds its default; the source has a year.
template <class C> faults schema_is_complete() {
    faults found;
    for (const auto& f : fields_of(C::defaults)) check_field(f, "parameter", found);
    if constexpr (requires { C::meaning; })
        for (const auto& f : fields_of(C::meaning)) check_field(f, "state", found);
    if (C::info.name.empty()) found.push_back("the name is missing");
    if (C::info.summary.empty()) found.push_back("the summary is missing");
    if (!std::regex_search(std::string(C::info.source), std::regex("\\b(18|19|20)[0-9][0-9]\\b")))
        found.push_back(fmt::format("no year in the source '{}'", C::info.source));
    return found;
}

}  // namespace apical::laws
