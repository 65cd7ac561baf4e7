// SPDX-License-Identifier: BSD-3-Clause
#include "io/report_layout.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <tuple>

namespace apical {
namespace {

/// Places in the order of the file.
std::vector<std::size_t> file_order(std::span<const probed_place> places, std::span<const std::uint32_t> ids) {
    std::vector<std::size_t> order(places.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto key = [&](std::size_t i) {
        const auto& p = places[i];
        return std::make_tuple(p.cell, ids[static_cast<std::size_t>(p.where.section)], p.where.x);
    };
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return key(a) < key(b); });
    return order;
}

/// Where the columns of each cell begin.
void fill_mapping(report& out, std::span<const probed_place> places, std::span<const std::size_t> order, std::span<const std::uint32_t> ids) {
    for (std::size_t c = 0; c < order.size(); ++c) {
        const auto& p = places[order[c]];
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

}  // namespace

report_part part_of(std::size_t probe, std::span<const probed_place> places, const population& of) {
    const auto& shape = of.cell.shape();
    const auto ids = sonata_section_ids(shape);
    report_part part;
    part.mapping.population = of.name;
    part.section_names.resize(ids.size());
    for (int s = 0; s < shape.size(); ++s) part.section_names[ids[static_cast<std::size_t>(s)]] = shape.name(s);
    const auto order = file_order(places, ids);
    fill_mapping(part.mapping, places, order, ids);
    for (const auto place : order) part.from.push_back({probe, place});
    return part;
}

std::size_t rows_at_once(std::size_t columns) {
    constexpr std::size_t samples = std::size_t{1} << 22, most = 1000;
    return std::clamp<std::size_t>(samples/std::max<std::size_t>(columns, 1), 1, most);
}

void create_part(hdf5::group& reports, const report_part& part, report_options::precision data) {
    const auto& m = part.mapping;
    auto g = reports.create(m.population);
    const auto some = [](std::size_t n, std::size_t most) { return std::max<std::size_t>(1, std::min(n, most)); };
    const hdf5::shape size{m.rows, m.columns()}, chunk{some(m.rows, rows_at_once(m.columns())), some(m.columns(), 1024)};
    if (data == report_options::precision::bits_64) g.create<double>("data", size, chunk, hdf5::allocation::at_once);
    else g.create<float>("data", size, chunk, hdf5::allocation::at_once);
    g.set_attribute("data", "units", m.unit);
    if (!part.variable.empty()) g.set_attribute("data", "variable", part.variable);
    write_mapping(g, m, part.section_names);
}

}  // namespace apical
