// SPDX-License-Identifier: BSD-3-Clause
#include "io/report_stream.hpp"

#include <algorithm>
#include <cmath>
#include <exception>
#include <limits>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "core/checksum.hpp"
#include "core/error.hpp"
#include "engine/packed.hpp"
#include "engine/plan.hpp"
#include "io/disk_room.hpp"
#include "io/parallel_hdf5.hpp"
#include "io/sonata_file.hpp"

namespace apical {
namespace {

/// A population of the file, as one process sees it.
struct part_state {
    std::string population;
    std::size_t width = 0;                              ///< columns of all processes
    std::vector<std::uint64_t> columns;                 ///< this process's, rising
    std::vector<report_part::source> from;              ///< [columns] `place` is a column of the process's recording
    std::vector<std::vector<std::uint64_t>> of_rank;    ///< on process 0, if it writes for all
    std::optional<hdf5::dataset> data;
};

/// Copies rows in pieces, and sums them up.
template <class T> std::uint64_t copy_rows(const hdf5::dataset& from, hdf5::dataset& to, std::uint64_t rows) {
    checksum sum;
    const auto piece = rows_at_once(from.dimensions().at(1));
    for (std::uint64_t first = 0; first < rows; first += piece) {
        const auto some = from.template read_rows<T>(first, std::min<std::uint64_t>(piece, rows - first));
        to.template write_rows<T>(first, std::span<const T>(some));
        for (const T x : some) sum(x);
    }
    return sum.sum();
}

}  // namespace

struct report_stream::open_file {
    streamed_report what;
    communicator* ranks;
    bool is_together;                                   ///< all processes write
    std::size_t rows = 0, written = 0, piece = 1;
    std::int64_t first_step = 0, every = 1;
    std::optional<hdf5::file_writer> made;              ///< on process 0
    std::optional<hdf5::file_editor> open;              ///< where it is written from
    std::vector<part_state> parts;

    int exceptions = std::uncaught_exceptions();

    open_file(streamed_report r, communicator* all) : what(std::move(r)), ranks(all), is_together(all && hdf5::is_parallel()) {}
    open_file(const open_file&) = delete;
    open_file& operator=(const open_file&) = delete;
    /// Closing is for all together. Where one fails they are ended, not asked.
    ~open_file() {
        if (!is_together || std::uncaught_exceptions() <= exceptions) return;
        for (auto& part : parts)
            if (part.data) part.data->forget();
        if (open) open->forget();
    }
    void close() {
        for (auto& part : parts) part.data.reset();
        if (open) open->close();
        open.reset();
    }

    bool is_wide() const { return what.how.data == report_options::precision::bits_64; }
    bool is_first() const { return !ranks || ranks->rank() == 0; }
    std::string name() const { return what.file.string(); }

    /// Calls f with a number of the type that the file holds.
    template <class F> void with_type(F&& f) const { is_wide() ? f(double{}) : f(float{}); }

    void describe(const plan& p, std::int64_t last) {
        const auto& probe = p.probes[what.probes.front()];
        rows = rows_at(probe, last);
        if (what.most_rows > 0) rows = std::min(rows, what.most_rows);
        first_step = probe.first_step, every = probe.every;
        for (auto& part : what.parts) {
            auto& m = part.mapping;
            m.unit = probe.unit, m.start = p.time_of(probe.first_step), m.interval = static_cast<double>(probe.every)*p.dt(), m.rows = rows;
            if (part.variable.empty()) part.variable = probe.variable;
        }
    }

    /// What process 0 does alone: the file with all but the samples, and those of a checkpoint.
    void make(const std::filesystem::path& resumed) {
        double bytes = 0;
        for (const auto& part : what.parts) bytes += static_cast<double>(rows)*static_cast<double>(part.mapping.columns())*(is_wide() ? 8 : 4);
        if (const auto room = room_for(what.file); room && *room < bytes)
            throw invalid_input(name(), fmt::format("needs {:.3g} GB, and the disk has room for {:.3g} GB", bytes*1e-9, *room*1e-9), "fewer places, or a longer interval between samples");
        made.emplace(what.file, what.how.mode, hdf5::assembly::on_disk);
        {
            auto root = made->root();
            sonata::mark(root);
            auto reports = root.create("report");
            for (const auto& part : what.parts) create_part(reports, part, what.how.data);
            if (!resumed.empty()) take_over(reports, resumed);
        }
        made->close();
    }

    void take_over(hdf5::group& reports, const std::filesystem::path& resumed) {
        const hdf5::file_reader file(resumed);
        const auto root = file.root();
        if (!root.contains("reports") || !root.open("reports").contains(what.name)) return;
        const auto kept = root.open("reports").open(what.name);
        const auto sums = kept.read<std::uint64_t>("sums");
        const auto damaged = [&](std::string why) { return invalid_input(fmt::format("{}:/reports/{}", resumed.string(), what.name), std::move(why), "use an older checkpoint"); };
        if (sums.size() != what.parts.size()) throw damaged(fmt::format("has {} populations, {} are expected", sums.size(), what.parts.size()));
        for (std::size_t k = 0; k < what.parts.size(); ++k) {
            const auto& population = what.parts[k].mapping.population;
            const auto from = kept.open_set(population);
            const auto size = from.dimensions();
            if (size.size() != 2 || size[1] != what.parts[k].mapping.columns() || size[0] > rows || (k > 0 && size[0] != written)) throw damaged(fmt::format("has other rows of '{}' than this run", population));
            written = size[0];
            auto to = reports.open(population).open_set("data");
            with_type([&](auto number) {
                if (copy_rows<decltype(number)>(from, to, written) != sums[k]) throw damaged("does not agree with its sum: the file has changed since it was written");
            });
        }
    }

    /// What process 0 tells another one: where the file is, and which columns are whose.
    std::vector<std::byte> told(const plan& p, int rank, bool has_failed) {
        packer out;
        out.put(static_cast<int>(has_failed));
        if (has_failed) return out.bytes();
        const auto put_text = [&](const std::string& text) { out.put_list(std::span(text.data(), text.size())); };
        put_text(made->temporary().string()), out.put(written), out.put(what.parts.size());
        for (std::size_t k = 0; k < what.parts.size(); ++k) {
            const auto& part = what.parts[k];
            std::vector<std::uint64_t> columns;
            std::vector<report_part::source> sources;
            for (std::size_t c = 0; c < part.from.size(); ++c) {
                const auto& at = p.probes[part.from[c].probe].places[part.from[c].place];
                if (p.ranks[p.block_of(at.population, at.cell)] == rank) columns.push_back(c), sources.push_back(part.from[c]);
            }
            put_text(part.mapping.population), out.put(part.from.size()), out.put_list(std::span<const std::uint64_t>(columns)), out.put_list(std::span<const report_part::source>(sources));
            of_rank_.resize(what.parts.size());
            of_rank_[k].resize(static_cast<std::size_t>(ranks ? ranks->size() : 1));
            of_rank_[k][static_cast<std::size_t>(rank)] = std::move(columns);
        }
        return out.bytes();
    }

    /// Returns where the file is.
    std::string learn(const plan& p, std::span<const std::byte> bytes) {
        unpacker in(bytes);
        const auto text = [&] {
            const auto letters = in.get_list<char>();
            return std::string(letters.begin(), letters.end());
        };
        if (in.get<int>()) throw mpi_failure(name(), "cannot be made by process 0");
        auto path = text();
        written = in.get<std::size_t>();
        parts.resize(in.get<std::size_t>());
        std::size_t width = 0;
        for (auto& part : parts) {
            part.population = text(), part.width = in.get<std::size_t>(), part.columns = in.get_list<std::uint64_t>(), part.from = in.get_list<report_part::source>();
            for (auto& source : part.from) source.place = p.probes[source.probe].column[source.place];
            width += part.width;
        }
        piece = rows_at_once(width);
        return path;
    }

    void start(const plan& p, const std::filesystem::path& resumed) {
        std::optional<invalid_input> failure;
        if (is_first()) {
            try {
                make(resumed);
            } catch (const invalid_input& e) {
                failure = e;   // the others wait to be told
            }
        }
        const auto message = [&](int rank) { return told(p, rank, failure.has_value()); };
        const auto mine = ranks ? ranks->scatter(message) : message(0);
        if (failure) throw *failure;
        const auto path = learn(p, mine);
        if (is_first() && !is_together)
            for (std::size_t k = 0; k < parts.size(); ++k) parts[k].of_rank = std::move(of_rank_[k]);
        of_rank_.clear(), what.parts.clear();
        if (!is_first() && !is_together) return;
        open.emplace(path, name(), is_together ? ranks : nullptr);
        for (auto& part : parts) part.data.emplace(open->root().open("report").open(part.population).open_set("data"));
    }

    template <class T> void put(part_state& part, std::size_t n, std::span<const T> mine) {
        if (is_together) return part.data->template write_columns<T>(written, n, part.columns, mine);
        if (!ranks) return part.data->template write_rows<T>(written, mine);
        const auto all = ranks->gather(std::as_bytes(mine));
        if (all.empty()) return;
        std::vector<T> whole(n*part.width), theirs;
        for (std::size_t r = 0; r < all.size(); ++r) {
            const auto& columns = part.of_rank[r];
            theirs.resize(n*columns.size());
            std::ranges::copy(all[r], std::as_writable_bytes(std::span(theirs)).begin());
            for (std::size_t row = 0; row < n; ++row)
                for (std::size_t c = 0; c < columns.size(); ++c) whole[row*part.width + columns[c]] = theirs[row*columns.size() + c];
        }
        part.data->template write_rows<T>(written, std::span<const T>(whole));
    }

    void write(simulation& s, std::size_t n) {
        std::map<std::size_t, std::pair<std::vector<double>, std::size_t>> samples;   // of each probe: [rows x width], width
        for (const auto probe : what.probes) samples[probe] = {s.take_samples(probe, n), s.model().probes[probe].columns};
        for (auto& part : parts)
            with_type([&](auto number) {
                using T = decltype(number);
                std::vector<T> mine(n*part.from.size());
                for (std::size_t c = 0; c < part.from.size(); ++c) {
                    const auto& [of_probe, width] = samples[part.from[c].probe];
                    for (std::size_t row = 0; row < n; ++row) mine[row*part.from.size() + c] = static_cast<T>(of_probe[row*width + part.from[c].place]);
                }
                put<T>(part, n, mine);
            });
        written += n;
    }

    std::vector<std::vector<std::vector<std::uint64_t>>> of_rank_;   // [parts][processes] while it starts
};

report_stream::report_stream(const simulation& s, duration until, std::vector<streamed_report> reports, const std::filesystem::path& resumed) {
    const auto& p = s.model();
    const auto last = std::llround(until/p.options.dt);
    auto* const ranks = p.options.ranks && p.options.ranks->size() > 1 ? p.options.ranks : nullptr;
    try {
        for (auto& r : reports) {
            auto& file = *files_.emplace_back(std::make_unique<open_file>(std::move(r), ranks));
            file.describe(p, last);
            file.start(p, resumed);
            for (const auto probe : file.what.probes)
                if (const auto taken = s.recordings()[probe].taken; taken != file.written)
                    throw invalid_input(resumed.string(), fmt::format("has {} rows of the report '{}', of which {} were written", file.written, file.what.name, taken), "use an older checkpoint");
        }
    } catch (const error&) {
        for (auto& f : files_) f->close();   // one that fails here fails on all
        throw;
    }
}
report_stream::report_stream(report_stream&&) noexcept = default;
report_stream& report_stream::operator=(report_stream&&) noexcept = default;
report_stream::~report_stream() = default;

std::int64_t report_stream::next_step() const {
    auto next = std::numeric_limits<std::int64_t>::max();
    for (const auto& f : files_)
        if (f->written < f->rows) next = std::min(next, f->first_step + static_cast<std::int64_t>(std::min(f->written + f->piece, f->rows) - 1)*f->every);
    return next;
}

void report_stream::write(simulation& s) {
    const auto now = std::llround(s.time()/s.model().dt());
    for (auto& f : files_) {
        const auto there = [&] { return std::min(rows_at(s.model().probes[f->what.probes.front()], now), f->rows) - f->written; };
        while (f->written < f->rows && there() >= std::min(f->piece, f->rows - f->written)) f->write(s, std::min(f->piece, f->rows - f->written));
    }
}

void report_stream::write_rest(simulation& s) {
    write(s);
    for (auto& f : files_) {
        if (f->written < f->rows) throw invalid_input(f->name(), fmt::format("has {} of {} rows", f->written, f->rows), "the run is not at its end");
        f->close();
    }
}

void report_stream::flush() {
    for (auto& f : files_) {
        if (f->open) f->open->flush();
        if (f->is_together) f->ranks->least(0);   // all have
    }
}

void report_stream::commit() {
    for (auto& f : files_)
        if (f->made) f->made->commit();
}

std::vector<std::filesystem::path> report_stream::files() const {
    std::vector<std::filesystem::path> all;
    for (const auto& f : files_) all.push_back(f->what.file);
    return all;
}

void report_stream::save(hdf5::group& to) const {
    for (const auto& f : files_) {
        auto g = to.create(f->what.name);
        std::vector<std::uint64_t> sums;
        for (const auto& part : f->parts)
            f->with_type([&](auto number) {
                using T = decltype(number);
                auto rows = g.create<T>(part.population, {f->written, part.width});
                sums.push_back(copy_rows<T>(*part.data, rows, f->written));
            });
        g.write<std::uint64_t>("sums", sums);
    }
}

}  // namespace apical
