// SPDX-License-Identifier: BSD-3-Clause
#include "io/report.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <tuple>

#include <fmt/format.h>

#include "core/error.hpp"
#include "io/hdf5.hpp"
#include "io/sonata_file.hpp"

namespace apical {
namespace {

/// Columns of a recording in the order of the file: cell, then section, then position.
std::vector<std::size_t> file_order(const recording& r, std::span<const std::uint32_t> ids) {
    std::vector<std::size_t> order(r.columns());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto key = [&](std::size_t i) {
        const auto& p = r.places[i];
        return std::make_tuple(p.cell, ids[static_cast<std::size_t>(p.where.section)], p.where.x);
    };
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return key(a) < key(b); });
    return order;
}

/// Where the columns of each cell begin.
void fill_mapping(report& out, const recording& r, std::span<const std::size_t> order, std::span<const std::uint32_t> ids) {
    for (std::size_t c = 0; c < order.size(); ++c) {
        const auto& p = r.places[order[c]];
        const auto cell = static_cast<std::uint64_t>(p.cell);
        if (out.cells.empty() || out.cells.back() != cell) {
            out.cells.push_back(cell);
            out.first.push_back(c);
        }
        out.sections.push_back(ids[static_cast<std::size_t>(p.where.section)]);
        out.positions.push_back(static_cast<float>(p.where.x));
    }
    out.first.push_back(order.size());
}

/// The data in blocks of rows, so that a long recording is not held twice.
template <class T> void write_data(hdf5::group& g, const recording& r, std::span<const std::size_t> order, std::size_t every) {
    constexpr std::size_t block = 1000;
    const std::size_t rows = (r.rows() + every - 1)/every, columns = r.columns();
    const auto some = [](std::size_t n, std::size_t most) { return std::max<std::size_t>(1, std::min(n, most)); };
    auto set = g.create<T>("data", {rows, columns}, {some(rows, block), some(columns, 1024)});
    std::vector<T> buffer;
    for (std::size_t first = 0; first < rows; first += block) {
        const std::size_t n = std::min(block, rows - first);
        buffer.resize(n*columns);
        for (std::size_t i = 0; i < n; ++i)
            for (std::size_t c = 0; c < columns; ++c)
                buffer[i*columns + c] = static_cast<T>(r.samples[(first + i)*every*columns + order[c]]);
        set.write_rows(first, std::span<const T>(buffer));
    }
}

template <class T> void write_rows(hdf5::group& g, const report& r) {
    const auto columns = r.columns(), block = std::max<std::size_t>(1, std::min<std::size_t>(r.rows, 1000));
    auto set = g.create<T>("data", {r.rows, columns}, {block, std::max<std::size_t>(1, std::min<std::size_t>(columns, 1024))});
    std::vector<T> buffer;
    for (std::size_t first = 0; first < r.rows; first += block) {
        const auto some = std::span(r.data).subspan(first*columns, std::min(block, r.rows - first)*columns);
        buffer.assign(some.begin(), some.end());
        set.write_rows(first, std::span<const T>(buffer));
    }
}

void write_mapping(hdf5::group& g, const report& m, std::span<const std::string> section_names) {
    auto mapping = g.create("mapping");
    mapping.write<std::uint64_t>("node_ids", m.cells);
    mapping.set_attribute("node_ids", "sorted", std::uint8_t{1});
    mapping.write<std::uint64_t>("index_pointers", m.first);
    mapping.link("index_pointers", "index_pointer");       // as the specification and BMTK call it
    mapping.write<std::uint32_t>("element_ids", m.sections);
    mapping.write<float>("element_pos", m.positions);
    const std::array<double, 3> time{m.start, m.start + m.interval*static_cast<double>(m.rows), m.interval};
    mapping.write<double>("time", time);
    mapping.set_attribute("time", "units", "ms");
    mapping.write("section_names", section_names);
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
    const auto& population = model.populations[static_cast<std::size_t>(population_of(r, model, path.string()))];
    const auto& shape = population.cell.shape();
    const auto ids = sonata_section_ids(shape);
    std::vector<std::string> names(ids.size());
    for (int s = 0; s < shape.size(); ++s) names[ids[static_cast<std::size_t>(s)]] = shape.name(s);
    const auto order = file_order(r, ids);
    report mapping{population.name, r.unit, r.start, r.interval*static_cast<double>(how.every), (r.rows() + how.every - 1)/how.every, {}, {}, {}, {}, {}};
    fill_mapping(mapping, r, order, ids);

    hdf5::file_writer file(path, how.mode);
    {
        auto root = file.root();
        sonata::mark(root);
        auto g = root.create("report").create(population.name);
        if (how.data == report_options::precision::bits_64) write_data<double>(g, r, order, how.every);
        else write_data<float>(g, r, order, how.every);
        g.set_attribute("data", "units", r.unit);
        g.set_attribute("data", "variable", r.variable);
        write_mapping(g, mapping, names);
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
            auto g = reports.create(r.population);
            if (how.data == report_options::precision::bits_64) write_rows<double>(g, r);
            else write_rows<float>(g, r);
            g.set_attribute("data", "units", r.unit);
            write_mapping(g, r, {});
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
