// SPDX-License-Identifier: BSD-3-Clause
#include "morphology/neurolucida.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "morphology/assemble.hpp"
#include "morphology/neurolucida_parse.hpp"

namespace apical {
namespace {

using detail::asc_branch;
using detail::asc_drawing;
using detail::contour;
using detail::raw_section;
using detail::reader_log;

constexpr std::size_t at_index(int i) { return static_cast<std::size_t>(i); }

/// A rectangle seen from above.
struct box {
    double left = std::numeric_limits<double>::infinity(), right = -left, front = left, back = -left;

    void include(const contour& c) {
        for (const point& p : c.points) {
            left = std::min(left, p.x), right = std::max(right, p.x);
            front = std::min(front, p.y), back = std::max(back, p.y);
        }
    }
    bool touches(const box& o) const {
        return left <= o.right && o.left <= right && front <= o.back && o.front <= back;
    }
    bool contains(const point& p, double margin) const {
        return p.x >= left - margin && p.x <= right + margin && p.y >= front - margin && p.y <= back + margin;
    }
};

box box_of(const contour& c) {
    box b;
    b.include(c);
    return b;
}

/// Contours one above the other are one soma.
void refuse_second_soma(const std::vector<contour>& stack, reader_log& log) {
    for (std::size_t i = 1; i < stack.size(); ++i) {
        if (box_of(stack[i - 1]).touches(box_of(stack[i]))) continue;
        log.error(stack[i].line, fmt::format("a cell body apart from the one on line {}", stack[i - 1].line),
                  "give each cell its own file");
    }
}

void sort_by_depth(std::vector<contour>& stack, reader_log& log) {
    const auto depth = [](const contour& c) { return c.points.front().z; };
    const auto up = [&](const contour& a, const contour& b) { return depth(a) < depth(b); };
    const auto down = [&](const contour& a, const contour& b) { return depth(a) > depth(b); };
    for (std::size_t i = 1; i < stack.size(); ++i) {
        if (depth(stack[i]) == depth(stack[i - 1])) {
            log.repaired(stack[i].line, "two cell body contours at one depth; the soma's area may be wrong");
        }
    }
    if (std::is_sorted(stack.begin(), stack.end(), up) || std::is_sorted(stack.begin(), stack.end(), down)) return;
    log.repaired(stack.front().line, "the cell body contours are not in order of depth; they were sorted");
    std::stable_sort(stack.begin(), stack.end(), up);
}

/// Points without a diameter get the mean of the next ones towards and away from the soma.
class diameter_repair {
public:
    diameter_repair(std::vector<asc_branch>& branches, reader_log& log)
        : branches_(branches), log_(log), towards_(branches.size()), away_(branches.size()) {}

    void run() {
        for (std::size_t b = 0; b < branches_.size(); ++b) {
            const int p = branches_[b].parent;
            double last = p < 0 ? 0 : towards_[at_index(p)].back();
            towards_[b].push_back(last);
            for (const point& at : branches_[b].points) towards_[b].push_back(last = good(at) ? at.diameter : last);
        }
        std::vector<double> of_child(branches_.size(), 0);
        for (std::size_t b = branches_.size(); b-- > 0;) {
            const auto& points = branches_[b].points;
            double next = of_child[b];
            away_[b].resize(points.size());
            for (std::size_t i = points.size(); i-- > 0;) away_[b][i] = next = good(points[i]) ? points[i].diameter : next;
            if (const int p = branches_[b].parent; p >= 0 && next > 0) of_child[at_index(p)] = next;
        }
        for (std::size_t b = 0; b < branches_.size(); ++b) repair(b);
    }

private:
    static bool good(const point& p) { return p.diameter >= detail::thinnest_diameter; }

    void repair(std::size_t b) {
        for (std::size_t i = 0; i < branches_[b].points.size(); ++i) {
            point& p = branches_[b].points[i];
            if (good(p)) continue;
            const double before = towards_[b][i + 1], after = away_[b][i];
            const auto line = branches_[b].lines[i];
            if (before > 0 && after > 0) {
                p.diameter = (before + after)/2;
            } else if (before > 0 || after > 0) {
                p.diameter = std::max(before, after);
            } else {
                log_.error(line, "no point of this tree has a diameter", "a point is (x y z diameter)");
                continue;
            }
            log_.repaired(line, "a missing diameter was taken from the neighbouring points");
        }
    }

    std::vector<asc_branch>& branches_;
    reader_log& log_;
    std::vector<std::vector<double>> towards_, away_;  // [branch][point], the former with the parent's last in front
};

class asc_tree {
public:
    asc_tree(asc_drawing drawing, reader_log& log) : drawing_(std::move(drawing)), log_(log) {}

    std::vector<raw_section> sections() {
        auto& stack = drawing_.cell_bodies;
        refuse_second_soma(stack, log_);
        diameter_repair(drawing_.branches, log_).run();
        log_.stop_on_errors();
        if (!stack.empty()) {
            sort_by_depth(stack, log_);
            for (const auto& c : stack) soma_box_.include(c);
            made_.push_back({{section_type::soma, -1, 1, detail::soma_points(stack, log_)}, stack.front().line});
        }
        for (const auto& b : drawing_.branches) add(b);
        if (made_.empty()) log_.error(1, "there are neither trees nor a cell body", "is this a Neurolucida (ASC) file?");
        if (stack.empty() && !made_.empty()) log_.repaired(made_.front().line, "there is no cell body; the tree is the root");
        log_.stop_on_errors();
        return std::move(made_);
    }

private:
    /// What the children of a branch go on from.
    struct stub {
        int section;        // -1: nothing drawn yet
        point end;
    };

    void add(const asc_branch& b) {
        const stub from = b.parent < 0 ? stub{-1, {}} : ends_[at_index(b.parent)];
        if (b.points.empty()) {
            log_.repaired(b.line, "a branch without points was left out");
            ends_.push_back(from);
            return;
        }
        raw_section s{{.type = b.type, .parent = from.section, .parent_x = 1, .points = {}}, b.lines.back()};
        if (from.section < 0) {
            attach_tree(s, b);
        } else if (distance_between(from.end, b.points.front()) > 0) {
            s.body.points.push_back(from.end);
            s.body.points.back().diameter = b.points.front().diameter;
        }
        s.body.points.insert(s.body.points.end(), b.points.begin(), b.points.end());
        ends_.push_back({static_cast<int>(made_.size()), b.points.back()});
        made_.push_back(std::move(s));
    }

    void attach_tree(raw_section& s, const asc_branch& b) {
        if (!drawing_.cell_bodies.empty()) {
            s.body.parent = 0;
            s.body.parent_x = 0.5;
            const double margin = drawing_.cell_bodies.size() == 1 ? 0.5 : 0;
            if (!soma_box_.contains(b.points.front(), margin)) {
                log_.repaired(b.lines.front(), "a tree that begins outside the cell body was attached to its middle");
            }
        } else if (!made_.empty()) {
            log_.error(b.lines.front(), fmt::format("a second tree, and no cell body to attach it to (the first is on line {})",
                                                    made_.front().line),
                       "draw a CellBody contour, or keep one tree");
        }
    }

    asc_drawing drawing_;
    reader_log& log_;
    box soma_box_;
    std::vector<raw_section> made_;
    std::vector<stub> ends_;  // of each branch
};

}  // namespace

reading read_neurolucida(std::string_view text, std::string_view name) {
    reader_log log(name);
    asc_tree tree(detail::parse_neurolucida(text, log), log);
    auto shape = detail::assemble(tree.sections(), log);
    return {std::move(shape), log.warnings()};
}

}  // namespace apical
