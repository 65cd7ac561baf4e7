// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "core/random.hpp"
#include "io/sonata/circuit_files.hpp"
#include "tests/core/processor_time.hpp"
#include "tests/io/temporary_folder.hpp"
#include "tests/sonata/malformed_texts.hpp"

/// Spoilt circuits: each is refused with the file and the place in it; none crashes, hangs or takes memory without bound.
namespace apical::sonata {
namespace {

using testing::sample_circuit, testing::spoiling, testing::temporary_folder;

std::string told(const std::vector<finding>& all) {
    std::string text;
    for (const auto& f : all) text += "\n  " + std::string(name_of(f.kind)) + ": " + f.about.text().substr(0, 300);
    return text.empty() ? " nothing" : text;
}

/// Empty if some error names the file and the place, else what happened.
std::string complaint_about(const spoiling& how) {
    auto files = sample_circuit();
    how.apply(files);
    const temporary_folder folder;
    files.write(folder.path());
    const testing::processor_watch watch;
    try {
        const auto all = check(folder / "config.json");
        const auto seconds = watch.seconds();
        if (seconds > 5) return "it took " + std::to_string(seconds) + " s";
        const auto is_named = [&](const finding& f) {
            const auto text = f.about.text();
            return f.is_error() && !f.about.where.empty() && text.find(how.file) != text.npos && text.find(how.place) != text.npos;
        };
        return std::ranges::any_of(all, is_named) ? "" : "expected an error at " + how.file + " " + how.place + ", found" + told(all);
    } catch (const std::exception& e) {
        return std::string("an exception: ") + e.what();
    }
}

TEST(malformed_circuit, the_unspoilt_one_has_nothing_wrong) {
    const temporary_folder folder;
    sample_circuit().write(folder.path());
    const auto all = check(folder / "config.json");
    EXPECT_TRUE(all.empty()) << told(all);
}

void expect_refusals(const testing::spoilings& all) {
    std::set<std::string> names;
    for (const auto& s : all) {
        EXPECT_TRUE(names.insert(s.name).second) << "twice: " << s.name;
        const auto complaint = complaint_about(s);
        EXPECT_TRUE(complaint.empty()) << s.name << ": " << complaint;
    }
}

TEST(malformed_circuit, three_hundred_spoilings_and_more) {
    EXPECT_GE(testing::malformed_hdf5().size() + testing::malformed_texts().size(), 300u);
    RecordProperty("spoilings", static_cast<int>(testing::malformed_hdf5().size() + testing::malformed_texts().size()));
}
TEST(malformed_circuit, spoilt_hdf5_files_are_refused_with_their_place) { expect_refusals(testing::malformed_hdf5()); }
TEST(malformed_circuit, spoilt_configurations_and_tables_are_refused_with_their_place) { expect_refusals(testing::malformed_texts()); }

TEST(malformed_circuit, changed_bytes_of_texts_are_refused_or_mean_what_they_say) {
    const std::vector<std::string> names{"config.json", "circuit_config.json", "simulation_config.json", "node_sets.json", "node_types.csv", "edge_types.csv", "spikes.csv"};
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        random_stream random(seed, identity("malformed circuit"));
        auto files = sample_circuit();
        auto& text = files.texts.at(names[random.below(names.size())]);
        for (std::uint64_t k = 0; k <= random.below(3); ++k) text[random.below(text.size())] = static_cast<char>(random.below(256));
        const temporary_folder folder;
        files.write(folder.path());
        EXPECT_NO_THROW(check(folder / "config.json")) << "seed " << seed;
    }
}

}  // namespace
}  // namespace apical::sonata
