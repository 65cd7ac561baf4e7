// SPDX-License-Identifier: BSD-3-Clause
#include "morphology/neurolucida_parse.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "morphology/assemble.hpp"
#include "morphology/neurolucida_tokens.hpp"

namespace apical::detail {
namespace {

using kind = asc_kind;

constexpr std::string_view point_form = "a point is (x y z diameter)";

template <std::size_t N> bool is_one_of(std::string_view word, const std::array<std::string_view, N>& known) {
    return std::find(known.begin(), known.end(), word) != known.end();
}

std::optional<section_type> neurite_type(std::string_view label) {
    if (label == "Axon") return section_type::axon;
    if (label == "Dendrite") return section_type::basal;
    if (label == "Apical") return section_type::apical;
    return {};
}

class asc_parser {
public:
    asc_parser(std::string_view text, reader_log& log) : log_(log), tokens_(asc_tokens(text, log)) {}

    asc_drawing parse() {
        while (peek().kind != kind::end) {
            if (peek().kind == kind::comma) {
                ++at_;
            } else if (peek().kind == kind::open) {
                read_object();
            } else {
                fail(peek().line, fmt::format("'{}' outside of any list", peek().text), "is a parenthesis missing or too many?");
            }
        }
        log_.stop_on_errors();
        return std::move(drawing_);
    }

private:
    /// A split that is open: the branch that splits, and where.
    struct split {
        int parent;
        long line;
    };

    const asc_token& peek(std::size_t ahead = 0) const { return tokens_[std::min(at_ + ahead, tokens_.size() - 1)]; }

    static bool is_branching(kind k) { return k == kind::bar || k == kind::open_spine || k == kind::close_spine; }

    [[noreturn]] void fail(long line, std::string what, std::string hint) {
        log_.error(line, what, hint);
        log_.stop_on_errors();
        std::abort();  // not reached: there is an error
    }

    void read_object() {
        switch (peek(1).kind) {
            case kind::string: return read_contour();
            case kind::label: return skip_header();
            case kind::open: return read_tree();
            case kind::close:
                log_.repaired(peek().line, "an empty list was skipped");
                at_ += 2;
                return;
            default: fail(peek(1).line, fmt::format("'{}' at the start of an object", peek(1).text),
                          "objects are contours (\"name\" ...), trees ((...) ...) and labelled lists (Label ...)");
        }
    }

    /// Markers, thumbnails, image coordinates and the like.
    void skip_header() {
        constexpr std::array<std::string_view, 3> sets{"Set", "set", "SET"};
        const auto begin = at_;
        const auto line = peek().line;
        const bool is_set = is_one_of(peek(1).text, sets);
        skip_list(is_set ? contents::any : contents::plain);
        const bool has_content = std::any_of(tokens_.begin() + static_cast<std::ptrdiff_t>(begin) + 1,
                                             tokens_.begin() + static_cast<std::ptrdiff_t>(at_),
                                             [](const asc_token& t) { return t.kind == kind::open; });
        if (is_set && has_content) log_.repaired(line, "a Set was skipped with all it contains");
    }

    /// What a list may hold that is skipped: branches and spines, or only words, numbers and lists of them.
    enum class contents { plain, any };

    void skip_list(contents allowed = contents::plain) {
        const auto line = peek().line;
        long depth = 0;
        do {
            if (peek().kind == kind::open) ++depth;
            if (peek().kind == kind::close) --depth;
            if (peek().kind == kind::end) fail(line, "the list that begins here is never closed", "a ')' is missing");
            if (allowed == contents::plain && is_branching(peek().kind)) fail_in("property or marker", line);
            ++at_;
        } while (depth > 0);
    }

    /// '<' lists '>'
    void skip_spine() {
        const auto line = peek().line;
        for (++at_; peek().kind != kind::close_spine;) {
            if (peek().kind == kind::end) fail(line, "the spine that begins here is never closed", "a '>' is missing");
            if (peek().kind != kind::open) {
                fail(peek().line, fmt::format("'{}' is not expected in a spine", peek().text), "a spine is <(x y z diameter)>");
            }
            skip_list();
        }
        ++at_;
    }

    void read_contour() {
        constexpr std::array<std::string_view, 3> names{"CellBody", "Cell Body", "Soma"};
        contour c{{}, peek().line};
        bool is_soma = is_one_of(peek(1).text, names);
        at_ += 2;
        while (peek().kind != kind::close) {
            if (peek().kind == kind::comma) {
                ++at_;
            } else if (peek().kind == kind::open && peek(1).kind == kind::number) {
                c.points.push_back(read_point());
            } else if (peek().kind == kind::open && peek(1).kind == kind::label) {
                if (!is_soma && peek(1).text == "CellBody") {
                    is_soma = true;
                    log_.repaired(c.line, "a contour with the property CellBody but another name was taken for the soma");
                }
                skip_list();
            } else {
                fail_in("contour", c.line);
            }
        }
        ++at_;
        if (!is_soma) return;
        if (c.points.size() >= 3) return drawing_.cell_bodies.push_back(std::move(c));
        log_.repaired(c.line, "a cell body of fewer than three points was skipped");
    }

    [[noreturn]] void fail_in(const char* what, long line) {
        const auto& t = peek().kind == kind::open ? peek(1) : peek();
        if (t.kind == kind::end) fail(line, fmt::format("the {} that begins here is never closed", what), "a ')' is missing");
        fail(t.line, fmt::format("'{}' is not expected in a {}", t.text, what), "is a parenthesis missing or too many?");
    }

    /// '(' x y [z [diameter]] [label] [bezier] ')', commas allowed.
    point read_point() {
        const auto line = peek().line;
        ++at_;
        std::vector<double> values;
        long tight = 0;
        bool doubled = false;  // one comma after another
        for (; peek().kind == kind::number || peek().kind == kind::comma; ++at_) {
            if (peek().kind == kind::number) {
                values.push_back(peek().number);
            } else {
                tight += peek().tight && peek(1).kind == kind::number ? 1 : 0;
                doubled = doubled || peek(1).kind == kind::comma;
            }
        }
        if (peek().kind == kind::label) ++at_;
        if (peek().kind == kind::open) skip_list();
        if (peek().kind != kind::close) fail_in("point", line);
        ++at_;
        const auto n = static_cast<long>(values.size());
        if (tight > 0 && tight != n - 1) {
            log_.error(line, "a comma inside a number", "write decimal points: 38.02, not 38,02");
        } else if (n < 2 || n > 4 || doubled) {
            log_.error(line, fmt::format("a point with {} numbers", n), std::string(point_form));
        }
        for (double v : values) {
            if (std::isfinite(v) && std::abs(v) <= furthest_position) continue;
            log_.error(line, fmt::format("{} in a point", v), "coordinates and diameters are um");
        }
        if (n < 3) log_.repaired(line, "a point without depth was put at z = 0");
        values.resize(4, 0.0);
        return {values[0], values[1], values[2], values[3]};
    }

    void read_tree() {
        const auto begin = peek().line;
        ++at_;
        type_ = section_type::undefined;
        splits_.clear();
        begin_branch(-1);
        const auto first_branch = drawing_.branches.size() - 1;
        while (true) {
            if (is_text(first_branch)) {
                drawing_.branches.pop_back();
                at_ += 2;
                return;
            }
            if (peek().kind == kind::close) {
                ++at_;
                if (splits_.empty()) break;
                branch_ = splits_.back().parent;
                ended_ = true;
                splits_.pop_back();
            } else {
                read_branch_item(begin);
            }
        }
        if (type_ == section_type::undefined) log_.repaired(begin, "a tree that is neither Axon, Dendrite nor Apical has type 0");
    }

    /// A text is drawn like a tree of one point, with a string after it.
    bool is_text(std::size_t first_branch) const {
        return drawing_.branches.size() == first_branch + 1 && drawing_.branches.back().points.size() <= 1 &&
               peek().kind == kind::string && peek(1).kind == kind::close;
    }

    void begin_branch(int parent) {
        drawing_.branches.push_back({.type = type_, .parent = parent, .points = {}, .lines = {}, .line = peek().line});
        branch_ = static_cast<int>(drawing_.branches.size()) - 1;
        ended_ = false;
    }

    void read_branch_item(long begin) {
        switch (peek().kind) {
            case kind::comma: ++at_; return;
            case kind::open_spine: return skip_spine();
            case kind::label: return read_ending();
            case kind::open: return read_list_in_branch(begin);
            case kind::bar:
                if (splits_.empty()) fail(peek().line, "'|' outside of a split", "a split is (branch | branch ...)");
                ++at_;
                return begin_branch(splits_.back().parent);
            default: fail_in("tree", splits_.empty() ? begin : splits_.back().line);
        }
    }

    void read_list_in_branch(long begin) {
        switch (peek(1).kind) {
            case kind::number: return add_point();
            case kind::label: return read_property();
            case kind::string:
                log_.repaired(peek().line, "a text inside a tree was skipped");
                return skip_list();
            case kind::open:
            case kind::bar:
            case kind::close:
                if (ended_) fail(peek().line, "a second split of one branch", "is a '|' or a ')' missing?");
                splits_.push_back({branch_, peek().line});
                ++at_;
                return begin_branch(branch_);
            default: fail_in("tree", begin);
        }
    }

    void add_point() {
        const auto line = peek().line;
        if (ended_) fail(line, "a point after the end of its branch", "is a '|' or a ')' missing?");
        auto& b = drawing_.branches.back();
        b.points.push_back(read_point());
        b.lines.push_back(line);
    }

    void read_property() {
        const auto type = neurite_type(peek(1).text);
        auto& b = drawing_.branches.back();
        if (type && b.parent < 0 && b.points.empty()) {
            type_ = b.type = *type;
        } else if (type && *type != type_) {
            log_.repaired(peek().line, "a change of type inside a tree was ignored");
        }
        skip_list();
    }

    void read_ending() {
        constexpr std::array<std::string_view, 8> known{"Normal",    "Incomplete", "High",   "Low",
                                                        "Midpoint", "Generated",  "Origin", "Generate"};
        if (!is_one_of(peek().text, known)) {
            log_.repaired(peek().line, fmt::format("'{}' is no known ending of a branch; it was skipped", peek().text));
        }
        ended_ = true;
        ++at_;
    }

    reader_log& log_;
    std::vector<asc_token> tokens_;
    std::size_t at_ = 0;
    asc_drawing drawing_;
    section_type type_ = section_type::undefined;  // of the tree being read
    std::vector<split> splits_;
    int branch_ = -1;
    bool ended_ = false;  // nothing but endings and markers may follow in this branch
};

}  // namespace

asc_drawing parse_neurolucida(std::string_view text, reader_log& log) {
    return asc_parser(plain_text(text, log), log).parse();
}

}  // namespace apical::detail
