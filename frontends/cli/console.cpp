// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/cli/console.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <new>

#include <fmt/format.h>
#include <unistd.h>

#include "engine/communicator.hpp"

namespace apical::cli {
namespace {

bool is_number(std::string_view s) { return !s.empty() && s.find_first_not_of("0123456789.,+-eE") == s.npos; }

/// Characters a terminal shows, counting UTF-8 sequences once.
std::size_t shown_width(std::string_view s) {
    return static_cast<std::size_t>(std::count_if(s.begin(), s.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

/// Control characters in a user's text must not steer the terminal.
std::string printable(std::string_view s) {
    std::string out;
    for (const char c : s) out += c == '\n' || c == '\t' || static_cast<unsigned char>(c) >= 0x20 ? c : '?';
    return out;
}

void write(std::FILE* to, std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), to);
    std::fflush(to);
}

}  // namespace

void console::result(const json::value& document, std::string_view text) const { write(stdout, json ? json::to_text(document) : std::string(text)); }

void console::remark(std::string_view text) const {
    if (!quiet && !json) write(stderr, fmt::format("{}\n", text));
}

void console::report(std::string_view kind, const std::vector<problem>& problems) const {
    if (!json) {
        for (const auto& p : problems) write(stderr, fmt::format("error: {}\n", printable(p.text())));
        return;
    }
    json::value list{.type = json::kind::array};
    for (const auto& p : problems)
        list.items.push_back(json::object({{"where", json::text(p.where)}, {"what", json::text(p.what)}, {"hint", json::text(p.hint)}}));
    write(stderr, json::to_text(json::object({{"error", json::object({{"kind", json::text(kind)}, {"problems", list}})}})));
}

int console::report_failure() const {
    const auto fail = [&](std::string_view kind, std::vector<problem> problems, int code) {
        end_progress();
        if (rank > 0)
            for (auto& p : problems) p.where = fmt::format("process {}{}{}", rank, p.where.empty() ? "" : " / ", p.where);
        report(kind, problems);
        return code;
    };
    try {
        throw;
    } catch (const diverged& e) {
        return fail("diverged", e.problems(), did_diverge);
    } catch (const invalid_model& e) {
        return fail("invalid_model", e.problems(), failed);
    } catch (const invalid_input& e) {
        return fail("invalid_input", e.problems(), failed);
    } catch (const unsupported& e) {
        return fail("unsupported", e.problems(), failed);
    } catch (const mpi_failure& e) {
        return fail("mpi", e.problems(), failed);
    } catch (const std::bad_alloc&) {
        return fail("memory", {{"", "there is not enough memory", "fewer cells, fewer probes or longer intervals need less"}}, failed);
    }
}

std::function<bool(const progress&)> console::progress_line(double from) const {
    if (quiet || json || !isatty(STDERR_FILENO)) return {};
    auto last = std::make_shared<double>(-1);
    return [last, from](const progress& p) {
        if (p.wall_seconds - *last < 0.1) return true;
        *last = p.wall_seconds;
        const double rate = p.wall_seconds > 0 ? (p.time - from)/p.wall_seconds : 0;
        const double remaining = rate > 0 ? (p.until - p.time)/rate : 0;
        write(stderr, fmt::format("\r  {:.0f} of {:.0f} ms   {:.0f} ms/s   {:.0f} s left \x1b[K", p.time, p.until, rate, remaining));
        return true;
    };
}

void console::end_progress() const {
    if (!quiet && !json && isatty(STDERR_FILENO)) write(stderr, "\r\x1b[K");
}

std::string columns(const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> width;
    std::vector<bool> is_right;
    for (std::size_t r = 0; r < rows.size(); ++r) {
        width.resize(std::max(width.size(), rows[r].size()), 0);
        is_right.resize(width.size(), rows.size() > 1);
        for (std::size_t c = 0; c < rows[r].size(); ++c) {
            width[c] = std::max(width[c], shown_width(rows[r][c]));
            if (r > 0 && !rows[r][c].empty() && !is_number(rows[r][c])) is_right[c] = false;
        }
    }
    std::string out;
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t c = 0; c < row.size(); ++c) {
            const std::string pad(width[c] - shown_width(row[c]), ' ');
            line += (c ? "  " : "") + (is_right[c] ? pad + row[c] : row[c] + pad);
        }
        line.erase(line.find_last_not_of(' ') + 1);
        out += line + '\n';
    }
    return out;
}

std::string wrapped(std::string_view text, std::size_t indent, std::size_t width) {
    std::string out, line(indent, ' ');
    while (!text.empty()) {
        const auto word = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(text.size(), word.size() + 1));
        if (line.size() > indent && line.size() + 1 + word.size() > width) {
            out += line + '\n';
            line.assign(indent, ' ');
        }
        if (line.size() > indent) line += ' ';
        line += word;
    }
    return out + line + '\n';
}

}  // namespace apical::cli
