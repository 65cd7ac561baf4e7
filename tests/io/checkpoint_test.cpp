// SPDX-License-Identifier: BSD-3-Clause
#include "io/checkpoint.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

#include <gtest/gtest.h>

#include "engine/packed.hpp"
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

/// Larger than what is put together in memory.
TEST(checkpoint_file, gives_back_every_bit_of_a_large_one) {
    const temporary_folder folder;
    auto c = sample();
    for (int b = 0; b < 9; ++b) {
        c.blocks.emplace_back(std::size_t{1} << 20);
        for (std::size_t k = 0; k < c.blocks.back().size(); ++k) c.blocks.back()[k] = static_cast<double>(k*7919 % 104729) + b;
    }
    write_checkpoint(folder / "a.h5", c);
    EXPECT_TRUE(same(read_checkpoint(folder / "a.h5"), c));
    EXPECT_EQ(folder.entries(), 1);
}

/// A communicator of two processes of which this is one, and the other is told by `other`.
class half_of_two final : public communicator {
public:
    explicit half_of_two(const checkpoint& other) : other_(other) {}
    std::vector<std::size_t> pieces = {};          ///< bytes from the other, one by one
    int rank() const override { return 0; }
    int size() const override { return 2; }
    std::vector<std::vector<std::byte>> gather(std::span<const std::byte> mine) override {
        packer theirs;
        const auto& all = other_.blocks;
        if (pieces.empty()) {
            for (std::size_t b = 0; b < all.size(); ++b)
                if (!all[b].empty()) theirs.put(b), theirs.put(std::uint64_t{all[b].size()});
        } else {
            for (std::uint64_t sum = 0; next_ < all.size(); ++next_) {
                const auto n = sizes_[next_];
                if (sum > 0 && sum + n > (1u << 21)) break;
                sum += n;
                if (!all[next_].empty()) theirs.put(next_), theirs.put_list(std::span(all[next_]));
            }
        }
        pieces.push_back(theirs.bytes().size());
        return {{mine.begin(), mine.end()}, theirs.bytes()};
    }
    std::vector<std::byte> broadcast(std::span<const std::byte> of_first) override {
        sizes_ = unpacker(of_first).get_list<std::uint64_t>();
        return {of_first.begin(), of_first.end()};
    }
    void begin_exchange(std::span<const sent_spike>) override {}
    std::vector<sent_spike> end_exchange() override { return {}; }
    void share(std::span<std::array<double, 2>>, std::span<const value_route>) override {}
    std::int64_t received() const override { return 0; }
    std::int64_t least(std::int64_t mine) override { return mine; }
    double sum(double mine) override { return mine; }
    double largest(double mine) override { return mine; }
    std::vector<std::byte> scatter(const std::function<std::vector<std::byte>(int)>& made) override { return made(0); }
    void abandon(int) override {}

private:
    const checkpoint& other_;
    std::vector<std::uint64_t> sizes_;
    std::size_t next_ = 0;
};

TEST(checkpoint_file, is_joined_from_the_parts_of_processes_a_piece_at_a_time) {
    const temporary_folder folder;
    auto whole = sample(), mine = whole;
    checkpoint theirs;
    for (int b = 0; b < 9; ++b) whole.blocks.emplace_back(std::size_t{1} << 20, b + 0.5);
    mine.blocks.assign(whole.blocks.size(), {}), theirs.blocks = mine.blocks;
    for (std::size_t b = 0; b < whole.blocks.size(); ++b) (b % 3 == 0 ? mine : theirs).blocks[b] = whole.blocks[b];
    half_of_two ranks(theirs);
    write_checkpoint(folder / "a.h5", mine, nullptr, &ranks);
    EXPECT_TRUE(same(read_checkpoint(folder / "a.h5"), whole));
    ASSERT_GE(ranks.pieces.size(), 5u);
    for (const auto bytes : ranks.pieces) EXPECT_LE(bytes, (1u << 24) + 1000u);
    half_of_two again(theirs);
    says(message_of<invalid_input>([&] { write_checkpoint(folder / "nowhere" / "a.h5", mine, nullptr, &again); }), "nowhere");
    EXPECT_EQ(again.pieces.size(), ranks.pieces.size()) << "the others are not left waiting";
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
