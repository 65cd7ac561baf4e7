// SPDX-License-Identifier: BSD-3-Clause
#include <set>

#include <gtest/gtest.h>

#include "io/experiment.hpp"
#include "io/json.hpp"
#include "io/output_file.hpp"

namespace apical {
namespace {

std::string reference(const char* name) { return read_text(std::filesystem::path(APICAL_SOURCE_DIR) / "docs/reference" / name); }

/// Collects the targets of all "$ref" below a value.
void references(const json::value& v, std::set<std::string>& found) {
    if (const auto* r = v.find("$ref")) found.insert(r->text);
    for (const auto& [name, member] : v.members) references(member, found);
    for (const auto& item : v.items) references(item, found);
}

TEST(experiment_schema, the_published_one_is_that_of_the_program) {
    EXPECT_EQ(reference("experiment.schema.json"), experiment_schema()) << "renew it: apical schema > docs/reference/experiment.schema.json";
}

TEST(experiment_schema, the_tables_of_the_reference_page_are_those_of_the_program) {
    EXPECT_NE(reference("experiment.md").find(experiment_tables()), std::string::npos)
        << "renew them: apical schema --renew docs/reference/experiment.md";
}

TEST(experiment_schema, every_reference_has_its_definition) {
    const auto schema = json::parse(experiment_schema(), "schema");
    std::set<std::string> found;
    references(schema, found);
    EXPECT_GT(found.size(), 15u);
    for (const auto& r : found) {
        ASSERT_TRUE(r.starts_with("#/$defs/")) << r;
        EXPECT_NE(schema.find("$defs")->find(r.substr(8)), nullptr) << r;
    }
}

TEST(experiment_schema, fields_have_a_meaning_and_defaults_are_those_of_the_reader) {
    const auto schema = json::parse(experiment_schema(), "schema");
    for (const auto& [title, record] : schema.find("$defs")->members)
        for (const auto& [name, field] : record.find("properties")->members) {
            const auto* meaning = field.find("description");
            EXPECT_TRUE(name == "type" || (meaning && !meaning->text.empty())) << title << "." << name;
        }
    const auto& run = *schema.find("$defs")->find("run")->find("properties");
    EXPECT_EQ(run.find("dt")->find("default")->text, "0.025 ms");
    EXPECT_EQ(run.find("temperature")->find("default")->text, "6.3 degC");
    EXPECT_EQ(run.find("scheme")->find("default")->text, "crank_nicolson");
}

/// The n-th block of JSON of a page; empty behind the last.
std::string example(const std::string& page, int n) {
    std::size_t at = 0;
    for (int k = 0; k <= n; ++k) {
        at = page.find("```json\n", at);
        if (at == page.npos) return {};
        at += 8;
    }
    return page.substr(at, page.find("```", at) - at);
}

TEST(experiment_schema, every_example_of_the_page_is_read) {
    const auto page = reference("experiment.md");
    int n = 0;
    for (auto text = example(page, n); !text.empty(); text = example(page, ++n))
        EXPECT_NO_THROW(parse_experiment(text, "experiment.md", APICAL_SOURCE_DIR)) << text;
    EXPECT_GE(n, 2);
}

TEST(experiment_schema, the_circuit_of_the_walk_is_read) {
    const auto e = parse_experiment(example(read_text(std::filesystem::path(APICAL_SOURCE_DIR)/"docs/circuits.md"), 0), "circuits.md", APICAL_SOURCE_DIR);
    EXPECT_EQ(e.model.projections.size(), 2u);
    EXPECT_FALSE(e.model.gap_junctions.empty());
}

}  // namespace
}  // namespace apical
