// SPDX-License-Identifier: BSD-3-Clause
#include "io/report_stream.hpp"

#include <array>
#include <cmath>

#include <gtest/gtest.h>

#include "engine/plan.hpp"
#include "io/checkpoint.hpp"
#include "io/results.hpp"
#include "tests/engine/cells.hpp"
#include "tests/engine/networks.hpp"
#include "tests/io/expect_error.hpp"
#include "tests/io/temporary_folder.hpp"

namespace apical {
namespace {

using namespace units;
using testing::message_of, testing::says, testing::temporary_folder;

/// Three probes of a ring, one of them of every compartment, in more rows than a piece has.
experiment long_run(const std::filesystem::path& folder) {
    experiment e;
    e.model = test::ring(5);
    e.model.probes.push_back({"everywhere", {"cells", "soma(0.5), apic[0](0.1), apic[0](0.5), apic[0](0.9)", {}}, "v"});
    e.model.probes.push_back({"late", {"cells", "soma(0.5)", {1, 4}}, "v", 0.05*ms, 20*ms});
    e.model.probes.push_back({"rare", {"cells", "soma(0.5)", {0}}, "hh_na.m", 10*ms});
    e.until = 80*ms, e.output.folder = folder, e.output.report = false;
    return e;
}

/// To `until`, as the command line does it; the most rows that any streamed recording had in memory.
std::size_t advance(simulation& s, duration until, report_stream& reports) {
    const auto& p = s.model();
    const auto last = std::llround(until/p.options.dt);
    std::size_t most = 0;
    for (auto step = std::llround(s.time()/p.dt()); step < last;) {
        step = std::min<std::int64_t>(last, std::max<std::int64_t>(reports.next_step(), step + 1));
        s.run(p.options.dt*static_cast<double>(step));
        most = std::max(most, s.recordings()[0].rows());
        reports.write(s);
    }
    return most;
}

/// The files that a run leaves which holds all its samples.
void run_held(experiment e) {
    e.output.held_samples = std::uint64_t{1} << 40;
    simulation s(e.model, e.run);
    ASSERT_FALSE(stream_results(e, s, overwrite::no));
    s.run(e.until);
    write_results(e, s, {}, overwrite::no);
}
/// And those of one that holds none.
void run_streamed(experiment e) {
    e.output.held_samples = 0;
    simulation s(e.model, e.run);
    auto reports = stream_results(e, s, overwrite::no);
    advance(s, e.until, *reports);
    reports->write_rest(s);
    reports->commit();
}

constexpr std::array names{"everywhere.h5", "late.h5", "rare.h5"};

/// HDF5 arranges a file that is put together in memory in another way.
void expect_same_data(const std::filesystem::path& a, const std::filesystem::path& b) {
    for (const char* name : names) EXPECT_TRUE(read_report(a / name) == read_report(b / name)) << name;
}
void expect_same_bytes(const std::filesystem::path& a, const std::filesystem::path& b) {
    for (const char* name : names) EXPECT_TRUE(read_text(a / name) == read_text(b / name)) << name;
}

TEST(report_stream, leaves_what_a_run_leaves_that_holds_all_samples) {
    const temporary_folder folder;
    run_held(long_run(folder / "whole"));
    auto e = long_run(folder / "streamed");
    e.output.held_samples = 0;
    simulation s(e.model, e.run);
    auto reports = stream_results(e, s, overwrite::no);
    ASSERT_TRUE(reports);
    EXPECT_EQ(reports->files().size(), 3u);
    EXPECT_LE(advance(s, e.until, *reports), 1001u) << "a piece, of 3201 rows";
    reports->write_rest(s);
    EXPECT_EQ(s.recordings()[0].rows(), 0u);
    EXPECT_EQ(s.recordings()[0].taken, 3201u);
    EXPECT_FALSE(std::filesystem::exists(folder / "streamed/late.h5")) << "before it is whole";
    write_results(e, s, {}, overwrite::no);
    reports->commit();
    expect_same_data(folder / "whole", folder / "streamed");
    EXPECT_EQ(read_report(folder / "streamed/everywhere.h5").front().rows, 3201u);
}

TEST(report_stream, takes_the_probes_with_the_most_samples) {
    const temporary_folder folder;
    auto e = long_run(folder / "a");
    simulation s(e.model, e.run);
    const double everywhere = 3201*20, late = 1201*2, rare = 9;
    e.output.held_samples = static_cast<std::uint64_t>(everywhere + late + rare);
    EXPECT_FALSE(stream_results(e, s, overwrite::no));
    --e.output.held_samples;
    EXPECT_EQ(stream_results(e, s, overwrite::no)->files(), (std::vector<std::filesystem::path>{folder / "a/everywhere.h5"}));
    e.output.held_samples = static_cast<std::uint64_t>(rare);
    EXPECT_EQ(stream_results(e, s, overwrite::no)->files().size(), 2u);
    e.output.csv = true;
    EXPECT_FALSE(stream_results(e, s, overwrite::no)) << "text is made of all samples";
    EXPECT_TRUE(std::filesystem::is_empty(folder / "a")) << "nothing was put in place";
}

TEST(report_stream, goes_on_from_a_checkpoint) {
    const temporary_folder folder;
    run_streamed(long_run(folder / "whole")), run_held(long_run(folder / "held"));
    auto e = long_run(folder / "resumed");
    e.output.held_samples = 0;
    const auto kept = folder / "c.h5";
    {
        simulation first(e.model, e.run);
        auto reports = stream_results(e, first, overwrite::no);
        advance(first, 50.3*ms, *reports);
        reports->flush();
        write_checkpoint(kept, first.checkpoint(), &*reports);
    }
    EXPECT_TRUE(std::filesystem::is_empty(folder / "resumed"));
    const auto c = read_checkpoint(kept);
    EXPECT_GT(c.taken[0], 1000u);
    EXPECT_LT(c.samples[0].size(), 20*1001u);
    {
        simulation other(e.model, e.run);
        says(message_of<invalid_input>([&] { other.restore(c); }), "was writing the samples of probe 'everywhere' to a file");
    }
    simulation second(e.model, e.run);
    second.restore(c, true);
    auto with_text = e;
    with_text.output.csv = true;
    says(message_of<invalid_model>([&] { stream_results(with_text, second, overwrite::no, kept); }), "no longer has them");
    e.output.held_samples = std::uint64_t{1} << 40;   // what is written already is not held again
    auto reports = stream_results(e, second, overwrite::no, kept);
    EXPECT_EQ(reports->files().size(), 1u) << "of the others nothing had been written";
    advance(second, e.until, *reports);
    reports->write_rest(second);
    write_results(e, second, {}, overwrite::no);
    reports->commit();
    expect_same_data(folder / "whole", folder / "resumed");
    EXPECT_TRUE(read_text(folder / "whole/everywhere.h5") == read_text(folder / "resumed/everywhere.h5"));
    EXPECT_TRUE(read_text(folder / "held/late.h5") == read_text(folder / "resumed/late.h5"));
}

/// A run that held its samples may be gone on with by one that does not.
TEST(report_stream, goes_on_from_a_checkpoint_with_all_samples) {
    const temporary_folder folder;
    run_streamed(long_run(folder / "whole"));
    auto e = long_run(folder / "resumed");
    simulation first(e.model, e.run);
    first.run(50.3*ms);
    const auto kept = folder / "c.h5";
    write_checkpoint(kept, first.checkpoint());
    simulation second(e.model, e.run);
    second.restore(read_checkpoint(kept));
    e.output.held_samples = 0;
    auto reports = stream_results(e, second, overwrite::no, kept);
    reports->write(second);
    EXPECT_LE(second.recordings()[0].rows(), 1000u);
    advance(second, e.until, *reports);
    reports->write_rest(second);
    reports->commit();
    expect_same_bytes(folder / "whole", folder / "resumed");
}

TEST(report_stream, refuses_rows_that_have_changed) {
    const temporary_folder folder;
    auto e = long_run(folder / "out");
    e.output.held_samples = 0;
    simulation first(e.model, e.run);
    auto reports = stream_results(e, first, overwrite::no);
    advance(first, 50*ms, *reports);
    const auto kept = folder / "c.h5";
    write_checkpoint(kept, first.checkpoint(), &*reports);
    {
        hdf5::file_editor file(kept, "c.h5");
        {
            auto rows = file.root().open("reports").open("everywhere").open_set("cells");
            rows.write_rows<float>(3, std::vector<float>(20, -65.5f));
        }
        file.close();
    }
    simulation second(e.model, e.run);
    second.restore(read_checkpoint(kept), true);
    says(message_of<invalid_input>([&] { stream_results(e, second, overwrite::no, kept); }), "/reports/everywhere: does not agree with its sum");
    reports.reset();
    EXPECT_TRUE(std::filesystem::is_empty(folder / "out")) << "neither of the two left anything";
}

TEST(report_stream, is_in_the_way_of_nothing_that_is_there) {
    const temporary_folder folder;
    auto e = long_run(folder.path());
    e.output.held_samples = 0;
    write_text(folder / "late.h5", "mine");
    simulation s(e.model, e.run);
    says(message_of<invalid_input>([&] { stream_results(e, s, overwrite::no); }), "late.h5: already exists");
    EXPECT_EQ(folder.entries(), 1);
    EXPECT_EQ(read_text(folder / "late.h5"), "mine");
}

/// The end of a run is not where a file would be half full.
TEST(report_stream, does_not_end_before_its_last_row) {
    const temporary_folder folder;
    auto e = long_run(folder / "out");
    e.output.held_samples = 0;
    simulation s(e.model, e.run);
    auto reports = stream_results(e, s, overwrite::no);
    advance(s, 40*ms, *reports);
    says(message_of<invalid_input>([&] { reports->write_rest(s); }), "rows");
}

TEST(recording, goes_on_after_samples_have_been_taken) {
    const auto c = test::ring(3);
    auto with = c;
    with.probes.push_back({"v", {"cells", "soma(0.5)", {}}, "v"});
    simulation whole(with), taken(with);
    whole.run(10*ms), taken.run(4*ms);
    const auto some = taken.take_samples(0, 100);
    EXPECT_THROW(taken.take_samples(0, 62), std::out_of_range);
    EXPECT_DOUBLE_EQ(taken["v"].time(0), 2.5);
    taken.run(10*ms);
    const auto& all = whole["v"].samples;
    EXPECT_TRUE(std::equal(some.begin(), some.end(), all.begin()));
    EXPECT_TRUE(std::ranges::equal(taken["v"].samples, std::span(all).subspan(300)));
}

}  // namespace
}  // namespace apical
