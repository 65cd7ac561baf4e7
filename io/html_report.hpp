// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "io/output_file.hpp"
#include "morphology/morphology.hpp"

/// Results as one self-contained page: HTML with inline drawings (SVG), without scripts and without anything to fetch. It follows
/// the reader's choice of a light or dark scheme, and can be printed.
namespace apical::html {

/// A curve. Long ones are thinned to what the eye can tell apart: the least and the largest value under each point of the drawing.
struct line {
    std::string name;
    std::vector<double> x, y;
    int colour = 0;                  ///< 0 to 5, the same in all figures of a page
};

/// A stretch of x set off behind the curves: when a stimulus is on.
struct span {
    double from, to;
    std::string label;
};

/// Curves over a common axis.
struct panel {
    std::string title, caption;
    std::string x_label = "ms", y_label = "mV";
    std::vector<line> lines;
    std::vector<span> spans = {};
    double x_from = 0, x_to = 0;     ///< what is shown; equal: everything
    double y_from = 0, y_to = 0;     ///< equal: what the curves need
};

/// A place on a drawn cell that is pointed out.
struct mark {
    location where;
    std::string label;
    int colour = 0;
};

/// A neuron as seen along z, coloured by one number a compartment.
struct painted_cell {
    std::string title, caption;
    std::string quantity, unit;              ///< for the colour bar: "peak potential", "mV"
    morphology shape;
    std::vector<location> places;            ///< centres of the compartments
    std::vector<double> values;              ///< one a place
    std::vector<mark> marks = {};
};

/// Spikes as dots: when, and which cell; populations above each other, the first on top, each with a colour of its own. Where there
/// are more spikes than a drawing can show, every second cell is drawn, or every third, ..., and the page says so.
struct raster {
    struct population {
        std::string name;
        int cells = 1;
        std::vector<double> times;           ///< [ms]
        std::vector<std::uint64_t> of_cell;  ///< one a time
    };
    static constexpr std::size_t most_spikes = 20000;   ///< that are drawn

    std::string title, caption;
    std::vector<population> populations;
    double until = 0;                        ///< [ms] end of the time axis

    /// Every how manyth cell is drawn.
    std::uint64_t stride() const;
};

/// Text in rows and columns. Columns of numbers are set flush right.
struct table {
    std::string title, caption;
    std::vector<std::string> header;
    std::vector<std::vector<std::string>> rows;
};

using figure = std::variant<panel, painted_cell, raster, table>;

/// A page: a title, a line below it, a strip of short facts (name, value), and figures. A painted cell stands beside the panels
/// that follow it.
struct page {
    std::string title, subtitle;
    std::vector<std::pair<std::string, std::string>> facts;
    std::vector<figure> figures;
    std::string footer;
};

/// The page as HTML.
std::string render(const page& p);
/// Writes it; throws invalid_input naming the file and the reason.
void write_page(const std::filesystem::path& path, const page& p, overwrite mode = overwrite::no);

}  // namespace apical::html
