// SPDX-License-Identifier: BSD-3-Clause
#include "engine/synapse_store.hpp"

#include <gtest/gtest.h>

namespace apical {
namespace {

constexpr std::size_t synapses = 1300, columns = 3;

synapse_store filled(synapse_store::layout how) {
    synapse_store s(synapses, columns, how);
    for (std::size_t c = 0; c < columns; ++c)
        for (std::size_t k = 0; k < synapses; ++k) s.at(c, k) = static_cast<double>(1000*c + k);
    s.fill(2, -1);
    return s;
}

/// Each synapse of [first, end) times a factor of its column, in pieces.
void multiply(synapse_store& s, std::size_t first, std::size_t end) {
    for (auto from = first; from < end; from += synapse_store::most) {
        const auto slice = s.open(from, std::min(end, from + synapse_store::most));
        for (std::size_t c = 0; c < columns; ++c)
            for (std::size_t k = 0; k < slice.size(); ++k) slice.column(c)[k] *= static_cast<double>(c + 2);
        s.close(slice);
    }
}

/// Records and columns hold the same, whatever pieces are looked at.
TEST(synapse_store, layouts_differ_in_nothing_but_memory) {
    auto records = filled(synapse_store::layout::records), as_columns = filled(synapse_store::layout::columns);
    EXPECT_EQ(records.size(), synapses);
    EXPECT_EQ(records.bytes(), as_columns.bytes());
    for (const auto& [first, end] : {std::pair(0, 1), std::pair(7, 8), std::pair(1299, 1300), std::pair(0, 1300), std::pair(3, 5), std::pair(100, 612), std::pair(100, 613)})
        multiply(records, static_cast<std::size_t>(first), static_cast<std::size_t>(end)), multiply(as_columns, static_cast<std::size_t>(first), static_cast<std::size_t>(end));
    for (std::size_t c = 0; c < columns; ++c)
        for (std::size_t k = 0; k < synapses; ++k) ASSERT_EQ(records.at(c, k), as_columns.at(c, k)) << c << ' ' << k;
    EXPECT_EQ(records.at(0, 7), 7.0*2*2) << "once alone and once with all";
    EXPECT_EQ(records.at(1, 4), 1004.0*3*3);
}

/// What an image takes up comes back.
TEST(synapse_store, goes_through_an_image) {
    for (const auto how : {synapse_store::layout::records, synapse_store::layout::columns}) {
        auto before = filled(how);
        multiply(before, 5, 900);
        image out;
        before.transfer(out);
        image in(out.numbers());
        synapse_store after(synapses, columns, how);
        after.transfer(in);
        for (std::size_t k = 0; k < synapses; ++k) ASSERT_EQ(after.at(1, k), before.at(1, k));
    }
}

}  // namespace
}  // namespace apical
