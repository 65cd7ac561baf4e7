// SPDX-License-Identifier: BSD-3-Clause
#include "morphology/swc_samples.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <string>

#include <fmt/format.h>

#include "morphology/assemble.hpp"

namespace apical::detail {
namespace {

constexpr std::string_view blanks = " \t\f\v";
constexpr std::string_view columns = "a line is: id type x y z radius parent";

std::vector<std::string_view> words(std::string_view line, std::string_view separators) {
    std::vector<std::string_view> found;
    for (auto begin = line.find_first_not_of(separators); begin != std::string_view::npos;) {
        const auto end = std::min(line.find_first_of(separators, begin), line.size());
        found.push_back(line.substr(begin, end - begin));
        begin = line.find_first_not_of(separators, end);
    }
    return found;
}

/// A whole number, perhaps written as 3.0.
bool parse_whole(std::string_view word, std::int64_t& value) {
    const auto [rest, failure] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (failure == std::errc{} && rest == word.data() + word.size()) return true;
    double number = 0;
    constexpr double exact = 9007199254740992;  // 2^53
    if (!parse_number(word, number) || number != std::floor(number) || std::abs(number) > exact) return false;
    value = static_cast<std::int64_t>(number);
    return true;
}

class line_reader {
public:
    line_reader(reader_log& log, std::vector<swc_sample>& samples) : log_(log), samples_(samples) {}

    void read(std::string_view line, long number) {
        line_ = number;
        const auto text = line.substr(0, line.find('#'));
        auto found = words(text, blanks);
        if (found.empty()) return;
        if (text.find(',') != std::string_view::npos && !read_commas(text, found)) return;
        if (samples_.empty() && !log_.has_errors() && is_header(found)) {
            return log_.repaired(line_, "a header line without # was skipped");
        }
        if (found.size() < 7) {
            return log_.error(line_, fmt::format("{} columns instead of 7", found.size()), std::string(columns));
        }
        if (found.size() > 12 && all_numbers(found)) {
            return log_.error(line_, fmt::format("{} numbers in a line", found.size()),
                              "is a line break missing between two points?");
        }
        if (found.size() > 7) log_.repaired(line_, "columns after the seventh were ignored");
        add_sample(found);
    }

private:
    static bool all_numbers(const std::vector<std::string_view>& found) {
        double ignored = 0;
        return std::all_of(found.begin(), found.end(), [&](auto word) { return parse_number(word, ignored); });
    }

    static bool is_header(const std::vector<std::string_view>& found) {
        double ignored = 0;
        return std::none_of(found.begin(), found.end(), [&](auto word) { return parse_number(word, ignored); });
    }

    /// Commas are decimal marks if they stand inside seven words, and separators if they end the first six columns.
    bool read_commas(std::string_view text, std::vector<std::string_view>& found) {
        const auto commas = std::count(text.begin(), text.end(), ',');
        const bool inside = std::all_of(found.begin(), found.end(), [](std::string_view word) {
            return std::count(word.begin(), word.end(), ',') <= 1 && word.front() != ',' && word.back() != ',';
        });
        if (found.size() == 7 && inside) {
            decimal_ = text;
            std::replace(decimal_.begin(), decimal_.end(), ',', '.');
            found = words(decimal_, blanks);
            log_.repaired(line_, "decimal commas were read as points");
            return true;
        }
        auto separated = words(text, " \t\f\v,");
        if (separated.size() == 7 && commas == 6) {
            found = std::move(separated);
            log_.repaired(line_, "columns separated by commas were read");
            return true;
        }
        if (samples_.empty() && is_header(separated)) return true;
        log_.error(line_, "commas that are neither decimal marks nor column separators", std::string(columns));
        return false;
    }

    void add_sample(const std::vector<std::string_view>& found) {
        swc_sample s;
        s.line = line_;
        std::int64_t type = 0;
        double radius = 0;
        const std::array ok{read_whole(found[0], "id", s.id),       read_whole(found[1], "type", type),
                            read_position(found[2], "x", s.at.x),   read_position(found[3], "y", s.at.y),
                            read_position(found[4], "z", s.at.z),   read_position(found[5], "radius", radius),
                            read_whole(found[6], "parent", s.parent_id)};
        if (std::find(ok.begin(), ok.end(), false) != ok.end()) return;
        if (s.id < 0) return log_.error(line_, fmt::format("id {} is negative", s.id), "ids are 0 or more");
        if (type < std::numeric_limits<int>::min() || type > std::numeric_limits<int>::max()) {
            return log_.error(line_, fmt::format("type {} is none", type), "1 soma, 2 axon, 3 basal, 4 apical");
        }
        s.type = static_cast<int>(type);
        s.at.diameter = 2*radius;
        samples_.push_back(s);
    }

    bool read_whole(std::string_view word, const char* what, std::int64_t& value) {
        if (parse_whole(word, value)) return true;
        log_.error(line_, fmt::format("{} '{}' is not a whole number", what, word), std::string(columns));
        return false;
    }

    bool read_position(std::string_view word, const char* what, double& value) {
        if (!parse_number(word, value)) {
            log_.error(line_, fmt::format("{} '{}' is not a number", what, word), std::string(columns));
            return false;
        }
        if (std::isfinite(value) && std::abs(value) <= furthest_position) return true;
        log_.error(line_, fmt::format("{} is {}", what, word),
                   fmt::format("give a number of um between {:g} and {:g}", -furthest_position, furthest_position));
        return false;
    }

    reader_log& log_;
    std::vector<swc_sample>& samples_;
    std::string decimal_;
    long line_ = 0;
};

std::vector<swc_sample> read_lines(std::string_view text, reader_log& log) {
    std::vector<swc_sample> samples;
    line_reader reader(log, samples);
    const bool cut = !text.empty() && text.back() != '\n' && text.back() != '\r';
    for (long line = 1; !text.empty(); ++line) {
        const auto end = std::min(text.find_first_of("\r\n"), text.size());
        reader.read(text.substr(0, end), line);
        const bool both = text.substr(end).starts_with("\r\n");
        text.remove_prefix(std::min(text.size(), end + (both ? 2 : 1)));
    }
    if (samples.empty() && !log.has_errors()) log.error(1, "there are no points", std::string(columns));
    if (!samples.empty() && cut) {
        log.repaired(samples.back().line, "the last line does not end; it was read as it is", "is the file cut short?");
    }
    return samples;
}

void sort_by_id(std::vector<swc_sample>& samples, reader_log& log) {
    const auto by_id = [](const swc_sample& a, const swc_sample& b) { return a.id < b.id; };
    const auto early = std::is_sorted_until(samples.begin(), samples.end(), by_id);
    if (early != samples.end()) log.repaired(early->line, "the lines are not in order of id; they were sorted");
    std::stable_sort(samples.begin(), samples.end(), by_id);
    const auto repeated = std::unique(samples.begin(), samples.end(), [&](const swc_sample& a, const swc_sample& b) {
        if (a.id != b.id) return false;
        if (a.type == b.type && a.at == b.at && a.parent_id == b.parent_id) {
            log.repaired(b.line, "a repeated line was skipped");
        } else {
            log.error(b.line, fmt::format("id {} was already given on line {}", b.id, a.line), "ids must be unique");
        }
        return true;
    });
    samples.erase(repeated, samples.end());
}

void find_parents(std::vector<swc_sample>& samples, reader_log& log) {
    for (auto& s : samples) {
        if (s.parent_id < 0) continue;
        const auto parent = std::lower_bound(samples.begin(), samples.end(), s.parent_id,
                                             [](const swc_sample& a, std::int64_t id) { return a.id < id; });
        if (s.parent_id == s.id) {
            log.error(s.line, fmt::format("point {} is its own parent", s.id), "the root has parent -1");
        } else if (parent == samples.end() || parent->id != s.parent_id) {
            log.error(s.line, fmt::format("its parent, {}, does not exist", s.parent_id), "the root has parent -1");
        } else {
            s.parent = static_cast<int>(parent - samples.begin());
        }
    }
}

}  // namespace

std::vector<swc_sample> parse_swc_lines(std::string_view text, reader_log& log) {
    auto samples = read_lines(plain_text(text, log), log);
    sort_by_id(samples, log);
    find_parents(samples, log);
    log.stop_on_errors();
    return samples;
}

}  // namespace apical::detail
