// SPDX-License-Identifier: BSD-3-Clause
#include "io/checkpoint.hpp"

#include <cmath>
#include <exception>
#include <numeric>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "core/checksum.hpp"
#include "core/error.hpp"
#include "io/disk_room.hpp"
#include "io/hdf5.hpp"

namespace apical {
namespace {

constexpr std::string_view format_name = "apical checkpoint";
constexpr std::uint32_t format_version = 4;

/// Larger files are put together on the disk, not in memory [bytes].
constexpr double most_in_memory = 1 << 26;

void add_list(checksum& add, std::span<const double> list) {
    add(std::uint64_t{list.size()});
    for (const double x : list) add(x);
}
void add_lists(checksum& add, const std::vector<std::vector<double>>& lists) {
    add(std::uint64_t{lists.size()});
    for (const auto& list : lists) add_list(add, list);
}
void add_sent(checksum& add, const std::vector<sent_spike>& spikes) {
    add(std::uint64_t{spikes.size()});
    for (const auto& s : spikes) add(std::uint64_t{s.gid}), add(std::uint64_t{s.order}), add(s.time);
}

/// Over all numbers of a checkpoint, in order: those before its blocks, and those after them.
void add_head(checksum& add, const checkpoint& c) {
    add(c.model), add(c.step), add(c.gap_residual), add(std::uint64_t{c.numbered});
    for (const auto rows : c.taken) add(std::uint64_t{rows});
}
void add_rest(checksum& add, const checkpoint& c) {
    for (const auto* lists : {&c.samples, &c.weights}) add_lists(add, *lists);
    for (const auto* sent : {&c.travelled, &c.posted, &c.sent}) add_sent(add, *sent);
    for (const auto& s : c.spikes) add(std::int64_t{s.population}), add(std::int64_t{s.cell}), add(s.time), add(s.step_time);
}
std::uint64_t checksum_of(const checkpoint& c) {
    checksum add;
    add_head(add, c), add_lists(add, c.blocks), add_rest(add, c);
    return add.sum();
}

template <class T> void write_one(hdf5::group& g, std::string_view name, T x) { g.write<T>(name, std::span<const T>(&x, 1)); }
template <class T> T read_one(const hdf5::group& g, const std::string& name, const std::string& where) {
    const auto list = g.read<T>(name);
    if (list.size() != 1) throw invalid_input(where + "/" + name, fmt::format("holds {} numbers, not one", list.size()));
    return list.front();
}

/// Lists one after the other, and how long each is: their number may go into the millions, which data sets should not.
void write_lists(hdf5::group& parent, std::string_view name, const std::vector<std::vector<double>>& lists) {
    auto g = parent.create(name);
    std::vector<std::uint64_t> sizes;
    std::uint64_t total = 0;
    for (const auto& list : lists) sizes.push_back(list.size()), total += list.size();
    g.write<std::uint64_t>("sizes", sizes);
    auto values = g.create<double>("values", {total});
    std::uint64_t at = 0;
    for (const auto& list : lists) {
        if (!list.empty()) values.write_rows<double>(at, list);
        at += list.size();
    }
}
std::vector<std::vector<double>> read_lists(const hdf5::group& parent, const std::string& name, const std::string& file) {
    const auto g = parent.open(name);
    const auto sizes = g.read<std::uint64_t>("sizes");
    const auto values = g.read<double>("values");
    std::vector<std::vector<double>> lists;
    std::uint64_t at = 0;
    for (const auto n : sizes) {
        if (n > values.size() - at) throw invalid_input(fmt::format("{}:/{}/sizes", file, name), fmt::format("adds up to more than the {} values there are", values.size()));
        const auto first = values.begin() + static_cast<std::ptrdiff_t>(at);
        lists.emplace_back(first, first + static_cast<std::ptrdiff_t>(n));
        at += n;
    }
    if (at != values.size()) throw invalid_input(fmt::format("{}:/{}/sizes", file, name), fmt::format("adds up to {} of the {} values there are", at, values.size()));
    return lists;
}

template <class T, class S, class F> void write_column(hdf5::group& g, std::string_view name, const std::vector<S>& rows, F&& of) {
    std::vector<T> column;
    column.reserve(rows.size());
    for (const auto& r : rows) column.push_back(of(r));
    g.write<T>(name, column);
}
void write_sent(hdf5::group& parent, std::string_view name, const std::vector<sent_spike>& spikes) {
    auto g = parent.create(name);
    write_column<std::uint32_t>(g, "gid", spikes, [](const sent_spike& s) { return s.gid; });
    write_column<std::uint32_t>(g, "order", spikes, [](const sent_spike& s) { return s.order; });
    write_column<double>(g, "time", spikes, [](const sent_spike& s) { return s.time; });
}
/// Throws unless all columns of a table are equally long.
void check_rows(std::initializer_list<std::size_t> sizes, const std::string& where) {
    for (const auto n : sizes)
        if (n != *sizes.begin()) throw invalid_input(where, fmt::format("has columns of {} and {} rows", *sizes.begin(), n));
}
std::vector<sent_spike> read_sent(const hdf5::group& parent, const std::string& name, const std::string& file) {
    const auto g = parent.open(name);
    const auto gid = g.read<std::uint32_t>("gid"), order = g.read<std::uint32_t>("order");
    const auto time = g.read<double>("time");
    check_rows({gid.size(), order.size(), time.size()}, fmt::format("{}:/{}", file, name));
    std::vector<sent_spike> spikes;
    for (std::size_t i = 0; i < gid.size(); ++i) spikes.push_back({gid[i], time[i], order[i]});
    return spikes;
}
std::vector<spike> read_found(const hdf5::group& root, const std::string& file) {
    const auto g = root.open("spikes");
    const auto population = g.read<std::int32_t>("population"), cell = g.read<std::int32_t>("cell");
    const auto time = g.read<double>("time"), step_time = g.read<double>("step_time");
    check_rows({population.size(), cell.size(), time.size(), step_time.size()}, file + ":/spikes");
    std::vector<spike> spikes;
    for (std::size_t i = 0; i < time.size(); ++i) spikes.push_back({population[i], cell[i], time[i], step_time[i]});
    return spikes;
}

void check_format(const hdf5::group& root, const std::string& file) {
    if (root.text_attribute(".", "format") != format_name) throw invalid_input(file, "is not a checkpoint of Apical", "'apical run --checkpoint FILE' writes one");
    if (const auto v = read_one<std::uint32_t>(root, "version", file + ":"); v != format_version)
        throw invalid_input(file + ":/version", fmt::format("a checkpoint of version {}; this program reads version {}", v, format_version), "go on with the program that wrote it");
}

/// A new file, whose blocks come one after the other.
class file_in_parts {
public:
    file_in_parts(const std::filesystem::path& path, const checkpoint& c, std::span<const std::uint64_t> sizes, const report_stream* reports)
        : c_(c), reports_(reports), file_(path, overwrite::yes, assembly_of(path, c, sizes, reports)), root_(file_.root()) {
        root_.set_attribute(".", "format", format_name);
        write_one(root_, "version", format_version);
        write_one(root_, "model", c.model), write_one(root_, "step", c.step), write_one(root_, "gap_residual", c.gap_residual), write_one(root_, "numbered", c.numbered);
        auto blocks = root_.create("blocks");
        blocks.write<std::uint64_t>("sizes", sizes);
        values_.emplace(blocks.create<double>("values", {std::reduce(sizes.begin(), sizes.end(), std::uint64_t{0})}));
        add_head(sum_, c), sum_(std::uint64_t{sizes.size()});
    }
    void take(std::span<const double> block) {
        add_list(sum_, block);
        if (!block.empty()) values_->write_rows<double>(at_, block);
        at_ += block.size();
    }
    void finish() {
        values_.reset();
        write_lists(root_, "samples", c_.samples), write_lists(root_, "weights", c_.weights);
        root_.write<std::uint64_t>("taken", std::vector<std::uint64_t>(c_.taken.begin(), c_.taken.end()));
        write_sent(root_, "travelled", c_.travelled), write_sent(root_, "posted", c_.posted), write_sent(root_, "sent", c_.sent);
        {
            auto spikes = root_.create("spikes");
            write_column<std::int32_t>(spikes, "population", c_.spikes, [](const spike& s) { return s.population; });
            write_column<std::int32_t>(spikes, "cell", c_.spikes, [](const spike& s) { return s.cell; });
            write_column<double>(spikes, "time", c_.spikes, [](const spike& s) { return s.time; });
            write_column<double>(spikes, "step_time", c_.spikes, [](const spike& s) { return s.step_time; });
        }
        add_rest(sum_, c_);
        write_one(root_, "checksum", sum_.sum());
        if (reports_) {
            auto rows = root_.create("reports");
            reports_->save(rows);
        }
        root_ = {};
        file_.commit();
    }

private:
    /// On the disk what is large, if it has room: HDF5 does not recover from one that fills up.
    static hdf5::assembly assembly_of(const std::filesystem::path& path, const checkpoint& c, std::span<const std::uint64_t> sizes, const report_stream* reports) {
        double bytes = 0;
        for (const auto n : sizes) bytes += 8.0*static_cast<double>(n);
        for (const auto* lists : {&c.samples, &c.weights})
            for (const auto& list : *lists) bytes += 8.0*static_cast<double>(list.size());
        if (bytes <= most_in_memory) return reports ? hdf5::assembly::on_disk : hdf5::assembly::in_memory;
        if (const auto room = room_for(path); room && *room < bytes)
            throw invalid_input(path.string(), fmt::format("needs {:.3g} GB, and the disk has room for {:.3g} GB", bytes*1e-9, *room*1e-9));
        return hdf5::assembly::on_disk;
    }

    const checkpoint& c_;
    const report_stream* reports_;
    hdf5::file_writer file_;
    hdf5::group root_;
    std::optional<hdf5::dataset> values_;
    std::uint64_t at_ = 0;
    checksum sum_;
};

}  // namespace

void write_checkpoint(const std::filesystem::path& path, const checkpoint& c, const report_stream* reports, communicator* ranks) {
    const auto sizes = block_sizes(c, ranks);
    if (ranks && ranks->rank() != 0) return for_each_block(c, sizes, ranks, {});
    std::optional<file_in_parts> file;
    std::exception_ptr failure;
    const auto attempt = [&](const auto& step) {
        try {
            if (!failure) step();
        } catch (...) {
            failure = std::current_exception();   // the others give what they have all the same
        }
    };
    attempt([&] { file.emplace(path, c, sizes, reports); });
    for_each_block(c, sizes, ranks, [&](std::span<const double> block) { attempt([&] { file->take(block); }); });
    if (failure) std::rethrow_exception(failure);
    file->finish();
}

checkpoint read_checkpoint(const std::filesystem::path& path) {
    const auto name = path.string();
    const hdf5::file_reader file(path);
    const auto root = file.root();
    check_format(root, name);
    checkpoint c;
    c.model = read_one<std::uint64_t>(root, "model", name + ":");
    c.step = read_one<std::int64_t>(root, "step", name + ":");
    c.gap_residual = read_one<double>(root, "gap_residual", name + ":"), c.numbered = read_one<std::uint32_t>(root, "numbered", name + ":");
    c.blocks = read_lists(root, "blocks", name), c.samples = read_lists(root, "samples", name), c.weights = read_lists(root, "weights", name);
    const auto taken = root.read<std::uint64_t>("taken");
    c.taken.assign(taken.begin(), taken.end());
    c.travelled = read_sent(root, "travelled", name), c.posted = read_sent(root, "posted", name), c.sent = read_sent(root, "sent", name);
    c.spikes = read_found(root, name);
    if (read_one<std::uint64_t>(root, "checksum", name + ":") != checksum_of(c))
        throw invalid_input(name + ":/checksum", "does not agree with the rest: the file has changed since it was written", "use an older checkpoint");
    return c;
}

void check_replaceable(const std::filesystem::path& path) {
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) return;
    const hdf5::file_reader file(path);
    check_format(file.root(), path.string());
}

}  // namespace apical
