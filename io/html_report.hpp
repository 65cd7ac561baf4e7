// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "circuit/projection.hpp"
#include "io/output_file.hpp"
#include "morphology/morphology.hpp"

/// Results as one self-contained page: HTML with inline drawings (SVG) and nothing to fetch. Only circuits that turn and cells that are
/// animated bring a script, a short one that is part of the page; without it they are still pictures. The page follows the reader's
/// choice of a light or dark scheme, and can be printed.
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

/// A painted cell whose colours follow time: one frame a time. Without its script it shows the cell's own values, usually the peaks.
struct film {
    painted_cell cell;                       ///< `values` are what it shows when it stands still
    std::vector<double> times;               ///< of the frames [ms], ascending
    std::vector<double> frames;              ///< [times x places], in the cell's unit
    line trace = {};                         ///< drawn below, with a line that moves along: at a soma, say
    double at = 0;                           ///< the time it stands at before it is played [ms]

    /// What colours stand for: all values of the frames, and some room below, so that rest is not black.
    std::pair<double, double> range() const;
};

/// A circuit in space, which the reader turns: each cell with its dendrites where there is room for them, else as a dot.
struct scene {
    /// Cells of one shape.
    struct population {
        std::string name;
        morphology shape;                    ///< its soma is put on each position; empty: dots
        std::vector<position> at;            ///< one a cell [um]; y is drawn upwards
        std::vector<double> times = {};      ///< of spikes [ms]; somata light up when time is played
        std::vector<std::uint64_t> of_cell = {};   ///< one a time
    };
    /// Straight pieces of dendrites that are drawn, and cells and spikes that a page keeps: beyond, every nth cell.
    static constexpr std::size_t most_pieces = 60000, most_dots = 30000, most_spikes = 30000;

    std::string title, caption;
    std::vector<population> populations;
    double until = 0;                        ///< [ms] end of the time that is played; 0: nothing is
};

/// Rows of horizontal bars, each of the same parts set one after the other: what a process spent its time on, how often cells fire.
struct bars {
    struct row {
        std::string label;
        std::vector<double> parts;           ///< not negative; as many as there are names
    };
    std::string title, caption;
    std::string unit;
    std::vector<std::string> parts;          ///< names, for the legend; one needs none
    std::vector<row> rows;
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

using figure = std::variant<panel, painted_cell, film, scene, raster, bars, table>;

/// A page: a title, a line below it, a strip of short facts (name, value), and figures. A painted cell, a film or a scene stands
/// beside the panels, rasters and bars that follow it.
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
