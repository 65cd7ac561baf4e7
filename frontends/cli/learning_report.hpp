// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "analysis/scoreboard.hpp"
#include "io/html_report.hpp"
#include "io/json.hpp"
#include "io/learning.hpp"

namespace apical::cli {

/// A learning curve as JSON, CSV, words and a page.
using named_numbers = std::vector<std::pair<std::string, double>>;   ///< of what a net that nobody teaches has made of its inputs
json::value document(const learning_setup& s, const std::vector<curve_point>& curve, const named_numbers& made);
std::string csv(const std::vector<curve_point>& curve);
std::string text(const learning_setup& s, const std::vector<curve_point>& curve, const named_numbers& made);
html::page page(const learning_setup& s, const std::vector<curve_point>& curve);

/// Numbers of a curve, as a checkpoint keeps them, and back.
std::vector<double> packed(const std::vector<curve_point>& curve);
std::vector<curve_point> unpacked(const std::vector<double>& numbers);

/// One way to learn on the scoreboard: its grades for each seed.
struct board_row {
    models::learner how;
    std::vector<grades> seeds;
    std::string failure;            ///< why it has none
};
/// All ways to learn on one task with one net.
struct board {
    std::string task, layers;
    grading_options options;
    std::size_t examples = 0;
    std::vector<board_row> rows;
};
json::value document(const board& b);
std::string csv(const board& b);
std::string curves_csv(const board& b);     ///< a row for each rule, seed and epoch, with the angles by layer
std::string text(const board& b);
html::page page(const board& b);

}  // namespace apical::cli
