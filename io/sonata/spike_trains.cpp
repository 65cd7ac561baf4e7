// SPDX-License-Identifier: BSD-3-Clause
#include "io/sonata/spike_trains.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/error.hpp"
#include "io/output_file.hpp"
#include "io/sonata/types_table.hpp"

namespace apical::sonata {
namespace {

constexpr std::string_view hdf5_mark = "\x89HDF";

/// Takes the lines of a CSV file one by one.
class spike_lines {
public:
    explicit spike_lines(std::string file) : file_(std::move(file)) {}

    void line(std::string_view text, int number) {
        const auto row = cells_of(text);
        const auto where = fmt::format("{}:{}", file_, number);
        if (!row) throw invalid_input(where, "has quotes that do not match");
        if (row->empty()) return;
        if (width_ == 0) return heading(*row, where);
        if (row->size() != width_) throw invalid_input(where, fmt::format("has {} cells for {} columns", row->size(), width_));
        const auto t = number_in((*row)[time_].value_or("")), id = number_in((*row)[node_].value_or(""));
        if (!t) throw invalid_input(where, fmt::format("has the time '{}', expected a number of ms", (*row)[time_].value_or("")));
        if (!id || *id < 0 || *id != std::floor(*id) || *id > 9e15)
            throw invalid_input(where, fmt::format("has the node '{}', expected a whole number from 0", (*row)[node_].value_or("")));
        auto& p = named(population_ < width_ ? (*row)[population_].value_or("") : "");
        p.times.push_back(*t);
        p.cells.push_back(static_cast<std::uint64_t>(*id));
    }
    std::vector<population_spikes> end() {
        if (width_ == 0) throw invalid_input(file_, "is empty", "a heading with timestamps and node_ids is expected");
        return std::move(all_);
    }

private:
    void heading(const csv_cells& row, const std::string& where) {
        std::vector<std::string> names;
        for (const auto& c : row) names.push_back(c.value_or(""));
        width_ = names.size();
        const auto column = [&](std::initializer_list<const char*> spellings) {
            for (const auto* s : spellings)
                if (const auto it = std::ranges::find(names, s); it != names.end()) return static_cast<std::size_t>(it - names.begin());
            return width_;
        };
        time_ = column({"timestamps"}), node_ = column({"node_ids", "gids"}), population_ = column({"population"});
        if (time_ == width_ || node_ == width_)
            throw invalid_input(where, fmt::format("is not a heading with timestamps and node_ids: {}", fmt::join(names, " ")), "columns are separated by blanks");
    }
    population_spikes& named(const std::string& name) {
        const auto it = std::ranges::find(all_, name, &population_spikes::population);
        return it != all_.end() ? *it : all_.emplace_back(population_spikes{name, {}, {}, spike_order::none});
    }

    std::string file_;
    std::size_t width_ = 0, time_ = 0, node_ = 0, population_ = 0;
    std::vector<population_spikes> all_;
};

}  // namespace

std::vector<population_spikes> read_spike_trains(const std::filesystem::path& path) {
    if (path.extension() != ".csv") return read_spikes(path);
    const auto text = read_text(path);
    if (text.starts_with(hdf5_mark)) return read_spikes(path);
    spike_lines lines(path.string());
    std::string_view rest = text;
    for (int number = 1; !rest.empty(); ++number) {
        const auto end = std::min(rest.find('\n'), rest.size());
        auto line = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);
        lines.line(line, number);
    }
    return lines.end();
}

std::string spike_place(const std::filesystem::path& path, const population_spikes& of) {
    if (path.extension() == ".csv") return path.string();
    return path.string() + (of.population.empty() ? ":/spikes/gids" : ":/spikes/" + of.population + "/node_ids");
}

}  // namespace apical::sonata
