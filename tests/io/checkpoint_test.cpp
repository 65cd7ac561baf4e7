// SPDX-License-Identifier: BSD-3-Clause
#include "io/checkpoint.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

#include <gtest/gtest.h>

#include "io/hdf5.hpp"
#include "tests/engine/networks.hpp"
#include "tests/io/expect_error.hpp"
#include "tests/io/temporary_folder.hpp"

namespace apical {
namespace {

using namespace units;
using testing::message_of, testing::says, testing::temporary_folder;

checkpoint sample() {
    checkpoint c;
    c.model = 0xfedcba9876543210, c.step = 1234567890123, c.gap_residual = 1e-12;
    c.blocks = {{1, -0.0, 1e300}, {}, {std::nextafter(1.0, 2.0)}};
    c.travelled = {{7, 0.1}, {4000000000u, 0.3}}, c.posted = {{8, 0.7}};
    c.spikes = {{0, 3, 0.5, 0.525}, {1, 0, 0.6, 0.6}};
    c.samples = {{-65, std::nan("")}, {}}, c.taken = {5000000000, 0};
    return c;
}

/// Bits of lists of numbers: not a number is the same as itself.
std::vector<std::vector<std::uint64_t>> bits(const std::vector<std::vector<double>>& lists) {
    std::vector<std::vector<std::uint64_t>> all;
    for (const auto& list : lists) {
        all.emplace_back();
        for (const double x : list) all.back().push_back(std::bit_cast<std::uint64_t>(x));
    }
    return all;
}
bool same(const checkpoint& a, const checkpoint& b) {
    return a.model == b.model && a.step == b.step && a.gap_residual == b.gap_residual && bits(a.blocks) == bits(b.blocks) && bits(a.samples) == bits(b.samples) &&
           a.travelled == b.travelled && a.posted == b.posted && a.spikes == b.spikes && a.taken == b.taken;
}

TEST(checkpoint_file, gives_back_every_bit) {
    const temporary_folder folder;
    const auto c = sample();
    write_checkpoint(folder / "a.h5", c);
    EXPECT_TRUE(same(read_checkpoint(folder / "a.h5"), c));
    EXPECT_TRUE(same(checkpoint_of(to_bytes(c)), c));
    EXPECT_EQ(folder.entries(), 1);
}

TEST(checkpoint_file, replaces_the_one_before) {
    const temporary_folder folder;
    auto c = sample();
    write_checkpoint(folder / "a.h5", c);
    c.step = 5;
    write_checkpoint(folder / "a.h5", c);
    EXPECT_EQ(read_checkpoint(folder / "a.h5").step, 5);
    EXPECT_EQ(folder.entries(), 1);
}

TEST(checkpoint_file, of_a_network_goes_on_as_the_run_does) {
    const temporary_folder folder;
    const auto c = test::joined();
    simulation whole(c), first(c), second(c, {.threads = 2});
    whole.run(40*ms);
    first.run(13.7*ms);
    write_checkpoint(folder / "a.h5", first.checkpoint());
    second.restore(read_checkpoint(folder / "a.h5"));
    second.run(40*ms);
    EXPECT_TRUE(std::ranges::equal(second.spikes(), whole.spikes()));
    EXPECT_EQ(second["v"].samples, whole["v"].samples);
}

TEST(checkpoint_file, that_is_none_or_damaged_is_refused_with_its_name) {
    const temporary_folder folder;
    const auto refused = [&](const std::filesystem::path& p) { return message_of<invalid_input>([&] { read_checkpoint(p); }); };
    says(refused(folder / "nowhere.h5"), "nowhere.h5");
    write_text(folder / "text.h5", "not HDF5");
    says(refused(folder / "text.h5"), "text.h5");
    says(message_of<invalid_input>([&] { check_replaceable(folder / "text.h5"); }), "text.h5");
    {
        hdf5::file_writer other(folder / "other.h5");
        other.root().set_attribute(".", "magic", "something else");
        other.commit();
    }
    says(refused(folder / "other.h5"), "is not a checkpoint of Apical");
    says(message_of<invalid_input>([&] { check_replaceable(folder / "other.h5"); }), "is not a checkpoint of Apical");
    check_replaceable(folder / "nowhere.h5");
    write_checkpoint(folder / "a.h5", sample());
    check_replaceable(folder / "a.h5");
    const auto good = read_text(folder / "a.h5");
    for (const std::size_t length : {std::size_t{0}, std::size_t{100}, good.size()/2, good.size() - 1}) {
        write_text(folder / "cut.h5", std::string_view(good).substr(0, length), overwrite::yes);
        says(refused(folder / "cut.h5"), "cut.h5");
    }
}

/// Whichever byte changes, the file is refused, or it was one that means nothing.
TEST(checkpoint_file, with_any_byte_changed_is_refused_or_the_same) {
    const temporary_folder folder;
    write_checkpoint(folder / "a.h5", sample());
    const auto good = read_text(folder / "a.h5");
    int refused = 0;
    for (std::size_t at = 0; at < good.size(); at += 23) {
        auto bad = good;
        bad[at] = static_cast<char>(bad[at] ^ 0x55);
        write_text(folder / "b.h5", bad, overwrite::yes);
        try {
            EXPECT_TRUE(same(read_checkpoint(folder / "b.h5"), sample())) << at;
        } catch (const invalid_input& e) {
            ++refused;
            EXPECT_NE(std::string(e.what()).find("b.h5"), std::string::npos) << e.what();
        }
    }
    EXPECT_GT(refused, 20);
}

}  // namespace
}  // namespace apical
