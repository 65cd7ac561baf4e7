// SPDX-License-Identifier: BSD-3-Clause
#include "io/report.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <type_traits>

#include <fmt/format.h>

#include "core/error.hpp"
#include "io/hdf5.hpp"
#include "io/report_layout.hpp"
#include "io/sonata_file.hpp"

namespace apical {
namespace {

/// Samples in pieces of rows, so that a long recording is not held twice. row(i, to) fills one.
template <class T, class F> void write_rows(hdf5::group& of, std::size_t rows, std::size_t columns, F&& row) {
    auto set = of.open_set("data");
    const auto piece = rows_at_once(columns);
    std::vector<T> buffer;
    for (std::size_t first = 0; first < rows; first += piece) {
        const auto n = std::min(piece, rows - first);
        buffer.resize(n*columns);
        for (std::size_t i = 0; i < n; ++i) row(first + i, std::span(buffer).subspan(i*columns, columns));
        set.template write_rows<T>(first, std::span<const T>(buffer));
    }
}

/// A population of a report file.
template <class F> void write_part(hdf5::group& reports, const report_part& part, report_options::precision data, F&& row) {
    create_part(reports, part, data);
    auto g = reports.open(part.mapping.population);
    const auto rows = part.mapping.rows, columns = part.mapping.columns();
    if (data == report_options::precision::bits_64) write_rows<double>(g, rows, columns, row);
    else write_rows<float>(g, rows, columns, row);
}

int population_of(const recording& r, const circuit& model, const std::string& path) {
    if (r.places.empty()) throw invalid_input(path, fmt::format("the recording '{}' has no places", r.label));
    const int p = r.places.front().population;
    if (p < 0 || static_cast<std::size_t>(p) >= model.populations.size())
        throw invalid_input(path, fmt::format("the recording '{}' is of another circuit", r.label));
    for (const auto& place : r.places)
        if (place.population != p) throw invalid_input(path, fmt::format("the recording '{}' spans populations", r.label));
    return p;
}

std::vector<std::uint64_t> read_pointers(const hdf5::group& mapping, std::uint64_t cells, std::uint64_t columns, const std::string& where) {
    auto first = mapping.read<std::uint64_t>(mapping.contains("index_pointers") ? "index_pointers" : "index_pointer");
    if (first.size() == cells) first.push_back(columns);
    if (first.size() != cells + 1)
        throw invalid_input(where, fmt::format("has {} index pointers for {} cells", first.size(), cells), "N or N + 1 are expected");
    if (!std::is_sorted(first.begin(), first.end()) || first.back() != columns || first.front() != 0)
        throw invalid_input(where, fmt::format("its index pointers do not run from 0 to the {} columns", columns));
    return first;
}

report read_population(const hdf5::group& g, const std::string& name, const std::string& where) {
    const auto dims = g.shape_of("data");
    if (dims.size() != 2) throw invalid_input(where + "/data", fmt::format("has {} dimensions, expected times x columns", dims.size()));
    const auto mapping = g.open("mapping");
    const auto time = mapping.read<double>("time");
    if (time.size() != 3 || !std::isfinite(time[0]) || !std::isfinite(time[1]) || !(time[2] > 0))
        throw invalid_input(where + "/mapping/time", "is not start, stop, step with a positive step");
    report r{name, g.text_attribute("data", "units"), time[0], time[2], dims[0], mapping.read<std::uint64_t>("node_ids"), {}, {}, {}, {}};
    r.first = read_pointers(mapping, r.cells.size(), dims[1], where + "/mapping");
    r.sections = mapping.read<std::uint32_t>("element_ids");
    if (mapping.contains("element_pos")) r.positions = mapping.read<float>("element_pos");
    else r.positions.assign(r.sections.size(), 0.5f);
    if (r.sections.size() != dims[1] || r.positions.size() != dims[1])
        throw invalid_input(where + "/mapping", fmt::format("describes {} elements for {} columns", r.sections.size(), dims[1]));
    r.data = g.read<double>("data");
    return r;
}

}  // namespace

std::vector<std::uint32_t> sonata_section_ids(const morphology& shape) {
    const auto rank = [](section_type t) {
        switch (t) {
            case section_type::soma: return 0;
            case section_type::axon: return 1;
            case section_type::basal: return 2;
            case section_type::apical: return 3;
            default: return 4;
        }
    };
    std::vector<std::size_t> order(static_cast<std::size_t>(shape.size()));
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return rank(shape.sections()[a].type) < rank(shape.sections()[b].type);
    });
    std::vector<std::uint32_t> ids(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) ids[order[i]] = static_cast<std::uint32_t>(i);
    return ids;
}

void write_report(const std::filesystem::path& path, const recording& r, const circuit& model, overwrite mode) {
    write_report(path, r, model, report_options{.mode = mode});
}

void write_report(const std::filesystem::path& path, const recording& r, const circuit& model, const report_options& how) {
    if (how.every == 0) throw invalid_input(path.string(), "cannot keep every 0th sample", "1 keeps all of them");
    auto part = part_of(0, r.places, model.populations[static_cast<std::size_t>(population_of(r, model, path.string()))]);
    auto& m = part.mapping;
    m.unit = r.unit, m.start = r.start, m.interval = r.interval*static_cast<double>(how.every), m.rows = (r.rows() + how.every - 1)/how.every;
    part.variable = r.variable;
    hdf5::file_writer file(path, how.mode);
    {
        auto root = file.root();
        sonata::mark(root);
        auto reports = root.create("report");
        write_part(reports, part, how.data, [&](std::size_t row, auto to) {
            for (std::size_t c = 0; c < to.size(); ++c) to[c] = static_cast<std::remove_reference_t<decltype(to[c])>>(r.samples[row*how.every*to.size() + part.from[c].place]);
        });
    }
    file.commit();
}

void write_reports(const std::filesystem::path& path, const std::vector<report>& all, const report_options& how) {
    hdf5::file_writer file(path, how.mode);
    {
        auto root = file.root();
        sonata::mark(root);
        auto reports = root.create("report");
        for (const auto& r : all) {
            const report_part part{.mapping = {r.population, r.unit, r.start, r.interval, r.rows, r.cells, r.first, r.sections, r.positions, {}}, .variable = {}, .section_names = {}, .from = {}};
            write_part(reports, part, how.data, [&](std::size_t row, auto to) {
                for (std::size_t c = 0; c < to.size(); ++c) to[c] = static_cast<std::remove_reference_t<decltype(to[c])>>(r.data[row*to.size() + c]);
            });
        }
    }
    file.commit();
}

std::vector<report> read_report(const std::filesystem::path& path) {
    const hdf5::file_reader file(path);
    const auto all = file.root().open("report");
    std::vector<report> out;
    for (const auto& name : all.names()) out.push_back(read_population(all.open(name), name, path.string() + ":/report/" + name));
    return out;
}

void write_recording_csv(const std::filesystem::path& path, const recording& r, const circuit& model, overwrite mode) {
    std::string text = "time [ms]";
    for (const auto& p : r.places) {
        const auto& population = model.populations.at(static_cast<std::size_t>(p.population)).name;
        text += "," + sonata::csv_word(fmt::format("{}[{}] {} [{}]", population, p.cell, p.name, r.unit), ',');
    }
    text += '\n';
    const std::size_t columns = r.columns();
    for (std::size_t row = 0; row < r.rows(); ++row) {
        fmt::format_to(std::back_inserter(text), "{}", r.time(row));
        for (std::size_t c = 0; c < columns; ++c) fmt::format_to(std::back_inserter(text), ",{}", r.samples[row*columns + c]);
        text += '\n';
    }
    write_text(path, text, mode);
}

}  // namespace apical
