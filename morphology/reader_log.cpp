// SPDX-License-Identifier: BSD-3-Clause
#include "morphology/reader_log.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace apical::detail {
namespace {

constexpr long most_errors = 100;
constexpr std::size_t most_lines = 5;

}  // namespace

std::string reader_log::where(long line) const { return fmt::format("{}:{}", file_, line); }

void reader_log::error(long line, std::string what, std::string hint) {
    if (++errors_ <= most_errors) found_.add(where(line), std::move(what), std::move(hint));
}

void reader_log::repaired(long line, std::string_view what, std::string_view hint) {
    const auto [known, is_new] = known_.try_emplace(std::string(what), repairs_.size());
    if (is_new) repairs_.push_back({known->first, std::string(hint), {}, 0});
    auto& r = repairs_[known->second];
    ++r.count;
    if (r.lines.size() <= most_lines) r.lines.push_back(line);
}

void reader_log::stop_on_errors() const {
    if (!has_errors()) return;
    auto all = found_;
    if (errors_ > most_errors) all.add(file_, fmt::format("and {} more problems", errors_ - most_errors));
    all.throw_if_any<invalid_input>();
}

std::vector<problem> reader_log::warnings() const {
    std::vector<problem> all;
    for (const auto& r : repairs_) {
        auto what = r.what;
        if (r.count > 1) {
            what += fmt::format(" (also at line{} {}", r.count > 2 ? "s" : "",
                                fmt::join(r.lines.begin() + 1, r.lines.end(), ", "));
            const auto unnamed = r.count - static_cast<long>(r.lines.size());
            what += unnamed > 0 ? fmt::format(" and {} more)", unnamed) : std::string(")");
        }
        all.push_back({where(r.lines.front()), std::move(what), r.hint});
    }
    return all;
}

std::string_view plain_text(std::string_view text, reader_log& log) {
    using namespace std::string_view_literals;
    if (text.starts_with("\xef\xbb\xbf"sv)) {
        log.repaired(1, "starts with a byte order mark, which was skipped");
        text.remove_prefix(3);
    }
    const auto null = text.find('\0');
    const bool wide = text.starts_with("\xff\xfe"sv) || text.starts_with("\xfe\xff"sv);
    if (wide || null != std::string_view::npos) {
        const auto end = wide ? text.begin() : text.begin() + static_cast<std::ptrdiff_t>(null);
        log.error(1 + std::count(text.begin(), end, '\n'),
                  wide || null < 4 ? "the file is not plain text but UTF-16 or UTF-32" : "null characters in the text",
                  "save the file as plain text (ASCII or UTF-8)");
        log.stop_on_errors();
    }
    return text;
}

bool parse_number(std::string_view word, double& value) {
    if (word.starts_with('+')) {
        word.remove_prefix(1);
        if (word.starts_with('-')) return false;
    }
    const char* end = word.data() + word.size();
    const auto [rest, failure] = std::from_chars(word.data(), end, value);
    if (rest != end || word.empty()) return false;
    // Out of range is either 0 or infinity; from_chars does not say which, and neither is a number of this file.
    if (failure == std::errc::result_out_of_range) value = std::numeric_limits<double>::infinity();
    return failure == std::errc{} || failure == std::errc::result_out_of_range;
}

}  // namespace apical::detail
