// SPDX-License-Identifier: BSD-3-Clause
#include "io/weights_file.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/error.hpp"
#include "io/hdf5.hpp"

namespace apical {

void write_weights(const std::filesystem::path& path, const weight_recording& r, overwrite mode) {
    hdf5::file_writer file(path, mode);
    {
        auto g = file.root().create("weights").create(r.synapses.projection);
        const auto columns = r.columns();
        g.write("time", std::span<const double>(r.times));
        auto set = g.create<double>("weight", {r.rows(), columns}, {std::max<std::size_t>(1, std::min<std::size_t>(r.rows(), 64)), std::max<std::size_t>(1, std::min<std::size_t>(columns, 8192))});
        if (columns > 0) set.write_rows(0, std::span<const double>(r.samples));
        g.set_attribute("weight", "units", r.synapses.unit);
        std::vector<int> section;
        std::vector<double> x;
        for (const auto& w : r.synapses.where) section.push_back(w.section), x.push_back(w.x);
        g.write("source_id", std::span<const int>(r.synapses.source)), g.write("target_id", std::span<const int>(r.synapses.target));
        g.write("section", std::span<const int>(section)), g.write("section_pos", std::span<const double>(x));
    }
    file.commit();
}

void write_weights_csv(const std::filesystem::path& path, const weight_recording& r, overwrite mode) {
    std::string text = "time [ms]";
    for (std::size_t k = 0; k < r.columns(); ++k) text += fmt::format(",{}>{} [{}]", r.synapses.source[k], r.synapses.target[k], r.synapses.unit);
    text += '\n';
    for (std::size_t row = 0; row < r.rows(); ++row) {
        text += fmt::format("{}", r.times[row]);
        for (std::size_t k = 0; k < r.columns(); ++k) text += fmt::format(",{}", r.samples[row*r.columns() + k]);
        text += '\n';
    }
    write_text(path, text, mode);
}

weight_recording read_weights(const std::filesystem::path& path) {
    const hdf5::file_reader file(path);
    const auto all = file.root().open("weights");
    const auto names = all.names();
    if (names.size() != 1) throw invalid_input(path.string() + ":/weights", fmt::format("holds {} projections", names.size()), "one");
    const auto g = all.open(names.front());
    weight_recording r{path.stem().string(), {}, g.read<double>("time"), g.read<double>("weight")};
    auto& s = r.synapses;
    s.projection = names.front(), s.unit = g.text_attribute("weight", "units");
    s.source = g.read<int>("source_id"), s.target = g.read<int>("target_id");
    const auto section = g.read<int>("section");
    const auto x = g.read<double>("section_pos");
    const auto columns = s.source.size();
    if (s.target.size() != columns || section.size() != columns || x.size() != columns || r.samples.size() != r.times.size()*columns)
        throw invalid_input(g.where("weight"), fmt::format("{} numbers for {} times and {} synapses", r.samples.size(), r.times.size(), columns));
    for (std::size_t k = 0; k < columns; ++k) s.where.push_back({section[k], x[k]});
    if (!r.times.empty()) s.time = r.times.back(), s.weight.assign(r.samples.end() - static_cast<std::ptrdiff_t>(columns), r.samples.end());
    return r;
}

}  // namespace apical
