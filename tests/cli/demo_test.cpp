// SPDX-License-Identifier: BSD-3-Clause
#include <gtest/gtest.h>

#include "io/json.hpp"
#include "io/report.hpp"
#include "io/spikes.hpp"
#include "tests/cli/program.hpp"
#include "tests/io/expect_error.hpp"
#include "tests/io/temporary_folder.hpp"

namespace apical {
namespace {

using testing::says, testing::temporary_folder;

TEST(cli_demo, shows_a_dendrite_that_fires_only_when_soma_and_dendrite_agree) {
    const temporary_folder folder;
    const auto out = (folder / "demo").string();
    const auto o = testing::apical({"demo", "--out", out, "--json"});
    ASSERT_EQ(o.code, 0) << o.err;
    const auto all = json::parse(o.out, "stdout").find("experiments")->items;
    ASSERT_EQ(all.size(), 4u);
    const auto spikes = [&](int k) { return all[static_cast<std::size_t>(k)].find("spikes_ms")->items.size(); };
    const auto peak = [&](int k) { return all[static_cast<std::size_t>(k)].find("dendrite_peak_mV")->number; };
    EXPECT_EQ(spikes(0), 1u) << "a back-propagating spike";
    EXPECT_LT(peak(0), -30) << "that fades";
    EXPECT_EQ(spikes(1), 0u) << "a weak EPSP";
    EXPECT_GT(peak(2), -10) << "a calcium spike";
    EXPECT_GE(spikes(3), 2u) << "both together: a burst";
    EXPECT_GT(peak(3), -10) << "and a calcium spike";

    const auto page = read_text(folder / "demo/report.html");
    says(page, "A dendrite that fires");
    EXPECT_EQ(read_spikes(folder / "demo/bac/spikes.h5").at(0).times.size(), spikes(3));
    const auto everywhere = read_report(folder / "demo/bac/everywhere.h5").at(0);
    EXPECT_GT(everywhere.columns(), 500u);
    EXPECT_EQ(everywhere.rows, 6001u);

    const auto again = testing::apical({"demo", "--out", out});
    EXPECT_EQ(again.code, 1);
    says(again.err, "choose another folder, or give --overwrite");
}

}  // namespace
}  // namespace apical
