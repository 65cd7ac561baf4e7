// SPDX-License-Identifier: BSD-3-Clause
#include <string>

#include <gtest/gtest.h>

#include "tests/architecture/declarations.hpp"
#include "tests/architecture/document_rules.hpp"
#include "tests/architecture/include_rules.hpp"
#include "tests/architecture/source_tree.hpp"
#include "tests/architecture/text_rules.hpp"

/// Made-up breaches: each rule finds its own, at the right line, and lets the well-behaved twin pass.
namespace apical::architecture {
namespace {

using rule = breaches (*)(const source_tree&);

std::string told(rule check, const source_tree& tree) {
    std::string text;
    for (const auto& b : check(tree)) text += b.text() + "\n";
    return text;
}
std::string told(rule check, std::string path, std::string text) { return told(check, {{std::move(path), std::move(text)}}); }

bool says(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

std::string many_lines(int n) {
    std::string text;
    for (int i = 0; i < n; ++i) text += "int line();\n";
    return text;
}

TEST(folder_order, upward_sideways_and_inner_includes_are_told) {
    EXPECT_TRUE(says(told(check_folder_order, "core/a.hpp", "\n#include \"engine/plan.hpp\"\n"), "core/a.hpp:2: core/ may not include engine/"));
    EXPECT_TRUE(says(told(check_folder_order, "channels/a.hpp", "#include \"morphology/morphology.hpp\"\n"), "channels/ may not include morphology/"));
    EXPECT_TRUE(says(told(check_folder_order, "engine/a.cpp", "#include \"models/l5pc.hpp\"\n"), "engine/ may not include models/"));
    EXPECT_TRUE(says(told(check_folder_order, "io/a.cpp", "#include \"analysis/spikes.hpp\"\n"), "io/ may not include analysis/"));
    EXPECT_TRUE(says(told(check_folder_order, "io/a.cpp", "#include \"engine/kernels/table.hpp\"\n"), "engine/*.hpp only"));
    EXPECT_TRUE(says(told(check_folder_order, "frontends/cli/a.cpp", "#include \"frontends/python/b.hpp\"\n"), "one front end"));
}
TEST(folder_order, downward_includes_pass) {
    EXPECT_EQ(told(check_folder_order, "engine/a.hpp", "#include \"circuit/cell.hpp\"\n#include \"engine/kernels/b.hpp\"\n"), "");
    EXPECT_EQ(told(check_folder_order, "io/a.cpp", "#include \"engine/plan.hpp\"\n#include \"core/error.hpp\"\n"), "");
    EXPECT_EQ(told(check_folder_order, "frontends/cli/a.cpp", "#include \"io/b.hpp\"\n#include \"frontends/cli/c.hpp\"\n"), "");
}

TEST(includes_exist, a_relative_path_is_told) {
    EXPECT_TRUE(says(told(check_includes_exist, "core/a.cpp", "#include \"a.hpp\"\n"), "\"a.hpp\" is not a path from the repository root"));
    EXPECT_EQ(told(check_includes_exist, {{"core/a.cpp", "#include \"core/a.hpp\"\n"}, {"core/a.hpp", ""}}), "");
}

TEST(third_party, each_library_has_its_place) {
    EXPECT_TRUE(says(told(check_third_party, "engine/a.cpp", "#include <hdf5.h>\n"), "belongs in io"));
    EXPECT_TRUE(says(told(check_third_party, "io/a.hpp", "#include <nlohmann/json.hpp>\n"), "belongs in"));
    EXPECT_TRUE(says(told(check_third_party, "engine/simulation.cpp", "#include <mpi.h>\n"), "belongs in engine"));
    EXPECT_TRUE(says(told(check_third_party, "solvers/a.cpp", "#include <Eigen/Dense>\n"), "belongs in (morphology"));
    EXPECT_TRUE(says(told(check_third_party, "engine/a.cpp", "#include <Random123/philox.h>\n"), "belongs in core/random"));
    EXPECT_TRUE(says(told(check_third_party, "engine/a.cpp", "#include <cuda_runtime.h>\n"), "belongs in .*\\.cu"));
    EXPECT_TRUE(says(told(check_third_party, "engine/a.cpp", "#include <Python.h>\n"), "belongs in frontends/python"));
    EXPECT_TRUE(says(told(check_third_party, "core/a.hpp", "#include <fmt/format.h>\n"), "belongs in"));
    EXPECT_TRUE(says(told(check_third_party, "core/a.cpp", "#include <unheard/of.h>\n"), "has no place"));
}
TEST(third_party, at_home_they_pass) {
    EXPECT_EQ(told(check_third_party, "io/a.cpp", "#include <hdf5.h>\n#include <nlohmann/json.hpp>\n#include <fmt/format.h>\n#include <vector>\n"), "");
    EXPECT_EQ(told(check_third_party, "engine/mpi_communicator.cpp", "#include <mpi.h>\n"), "");
    EXPECT_EQ(told(check_third_party, "io/parallel_hdf5.cpp", "#include <mpi.h>\n#include <hdf5.h>\n"), "");
    EXPECT_TRUE(says(told(check_third_party, "io/report_stream.cpp", "#include <mpi.h>\n"), "belongs in engine"));
    EXPECT_EQ(told(check_third_party, "core/random.hpp", "#include <Random123/philox.h>\n"), "");
}

TEST(mutual_folders, a_pair_is_told_once) {
    const source_tree tree{{"engine/fused/a.hpp", "#include \"engine/kernels/b.hpp\"\n"}, {"engine/kernels/c.hpp", "#include \"engine/fused/d.hpp\"\n"}};
    EXPECT_EQ(check_mutual_folders(tree).size(), 1u);
    EXPECT_TRUE(says(told(check_mutual_folders, tree), "engine/fused/ and engine/kernels/ include each other"));
    EXPECT_EQ(told(check_mutual_folders, {tree[0]}), "");
    EXPECT_EQ(told(check_mutual_folders, {tree[1], {"engine/fused/d.hpp", "#include \"engine/plan.hpp\"\n"}, {"engine/plan.hpp", "#include \"engine/fused/d.hpp\"\n"}}), "");
}

TEST(cycles, a_ring_is_told) {
    const source_tree ring{{"core/a.hpp", "#include \"core/b.hpp\"\n"}, {"core/b.hpp", "#include \"core/c.hpp\"\n"}, {"core/c.hpp", "#include \"core/a.hpp\"\n"}};
    EXPECT_TRUE(says(told(check_cycles, ring), "core/a.hpp -> core/b.hpp -> core/c.hpp"));
    EXPECT_EQ(told(check_cycles, {ring[0], ring[1]}), "");
}

TEST(licence_lines, a_missing_one_is_told) {
    EXPECT_TRUE(says(told(check_licence_lines, "core/a.hpp", "#pragma once\n"), "core/a.hpp:1"));
    EXPECT_EQ(told(check_licence_lines, "core/a.hpp", "// SPDX-License-Identifier: BSD-3-Clause\n"), "");
    EXPECT_EQ(told(check_licence_lines, "scripts/a", "#!/bin/sh\n# SPDX-License-Identifier: BSD-3-Clause\n"), "");
}

TEST(file_lengths, the_line_beyond_is_told) {
    EXPECT_TRUE(says(told(check_file_lengths, "core/a.cpp", many_lines(501)), "501 lines"));
    EXPECT_EQ(told(check_file_lengths, "core/a.cpp", many_lines(500)), "");
}

TEST(function_lengths, the_line_beyond_is_told_at_the_signature) {
    auto with = [](int n) { return "namespace x {\nstruct s {\n    int v = 0;\n    explicit s(int a) noexcept\n        : v{a} {\n" + many_lines(n) + "    }\n};\n}\n"; };
    EXPECT_TRUE(says(told(check_function_lengths, "core/a.cpp", with(78)), "core/a.cpp:4: function of 81 lines"));
    EXPECT_EQ(told(check_function_lengths, "core/a.cpp", with(77)), "");
}
TEST(function_lengths, tables_and_types_may_be_long) {
    EXPECT_EQ(told(check_function_lengths, "core/a.cpp", "constexpr int t[] = {\n" + many_lines(100) + "};\nstruct s {\n" + many_lines(100) + "};\n"), "");
}

TEST(header_preprocessing, macros_and_a_missing_pragma_are_told) {
    EXPECT_TRUE(says(told(check_header_preprocessing, "core/a.hpp", "// x\n#pragma once\n#define V 1\n"), "core/a.hpp:3: no macros in headers: #define V 1"));
    EXPECT_TRUE(says(told(check_header_preprocessing, "core/a.hpp", "int x();\n"), "begins with #pragma once"));
    EXPECT_EQ(told(check_header_preprocessing, "core/a.hpp", "// #define in a comment\n#pragma once\n"), "");
}

TEST(silence, printing_is_told) {
    for (const char* call : {"std::cout << 1;", "std::cerr << 1;", "printf(\"\");", "std::fprintf(f, \"\");", "fmt::print(\"\");", "puts(\"\");"})
        EXPECT_TRUE(says(told(check_silence, "engine/a.cpp", std::string("\nvoid f() { ") + call + " }\n"), "engine/a.cpp:2: the library is silent")) << call;
    EXPECT_EQ(told(check_silence, "engine/a.cpp", "// std::cout\nvoid f(char* s) { snprintf(s, 9, \"printf(\"); }\n"), "");
    EXPECT_EQ(told(check_silence, "frontends/cli/a.cpp", "void f() { std::cout << 1; }\n"), "");
}

TEST(global_state, every_shape_of_it_is_told) {
    for (const char* text : {"int counter = 0;", "namespace { std::vector<int> seen; }", "static std::mutex m;", "extern int shared_count;",
                             "struct s { static int n; };", "inline std::string name{};", "int f() { static int calls = 0; return ++calls; }",
                             "double f() { thread_local std::vector<double> v; return 0; }"})
        EXPECT_TRUE(says(told(check_global_state, "core/a.cpp", text), "mutable global state")) << text;
}
TEST(global_state, constants_members_and_functions_pass) {
    for (const char* text : {"constexpr int n = 3;", "static const std::string name = \"x\";", "struct s { int n = 0; static s make(int); };",
                             "int f(int a = 3);", "using x = int;", "bool operator==(const s&, const s&);", "template <class T> struct later;",
                             "int f() { static const int x = 3; return x; }", "struct p { static constexpr int n = 3; };"})
        EXPECT_EQ(told(check_global_state, "core/a.cpp", text), "") << text;
}

/// The rule on one header, which another folder includes.
std::string told_of_public(std::string text) {
    return told(check_documented, {{"core/a.hpp", std::move(text)}, {"engine/b.cpp", "#include \"core/a.hpp\"\n"}});
}

TEST(documented, a_bare_declaration_is_told) {
    EXPECT_TRUE(says(told_of_public("namespace apical {\n\nstruct thing {\n};\n}\n"), "core/a.hpp:3: no /// at: struct thing"));
    EXPECT_TRUE(says(told_of_public("/// About x.\nint x();\n\ntemplate <class T>\nT twice(T);\n"), "core/a.hpp:4: no /// at: T twice(T)"));
    EXPECT_TRUE(says(told_of_public("constexpr int half(int x) { return x/2; }\n"), "no /// at: constexpr int half(int x)"));
    EXPECT_TRUE(says(told(check_documented, "channels/a.hpp", "struct a {};\n"), "no /// at: struct a"));
}
TEST(documented, words_paragraphs_and_private_things_pass) {
    EXPECT_EQ(told_of_public("/// Two of a kind.\nint x();\nint y();\n\nnamespace detail { int z(); }\nstruct later;\n"), "");
    EXPECT_EQ(told_of_public("enum class side { left, right };   ///< of the road\n\nstruct p {\n    int x;   ///< place\n};\n"), "");
    EXPECT_EQ(told_of_public("/// Of a thing.\nint size(int);\n\nint size(double);\n"), "");
    EXPECT_EQ(told(check_documented, "core/a.hpp", "int x();\n"), "") << "nobody outside includes it";
}

TEST(finished, a_note_of_unfinished_work_is_told) {
    EXPECT_TRUE(says(told(check_finished, "core/a.hpp", std::string("\n// TO") + "DO: the rest\n"), "core/a.hpp:2: unfinished"));
    EXPECT_EQ(told(check_finished, "core/a.hpp", "// done\n"), "");
}

TEST(links, a_dead_one_is_told) {
    const auto exists = [](const std::string& path) { return path == "docs/install.md" || path == "channels/hh_na.hpp"; };
    const source_tree documents{{"README.md", "see [it](docs/install.md#debian), [that](https://x.org) and\n[this](docs/gone.md)\n"},
                                {"docs/a.md", "[up](../channels/hh_na.hpp) ![picture](pictures/none.svg)\n```\n[in](code)\n```\n"}};
    const auto found = check_links(documents, exists);
    ASSERT_EQ(found.size(), 2u);
    EXPECT_EQ(found[0].text(), "README.md:2: link to docs/gone.md, which is not there");
    EXPECT_EQ(found[1].text(), "docs/a.md:1: link to docs/pictures/none.svg, which is not there");
}
TEST(file_names, a_stale_one_is_told) {
    const auto exists = [](const std::string& path) { return path == "channels/hh_na.hpp"; };
    const source_tree documents{{"a.md", "`channels/hh_na.hpp`, `channels/gone.hpp`, `channels/my_channel.hpp`\n`tests/new.cpp` <!-- file: tests/new.cpp -->\n"}};
    const auto found = check_file_names(documents, exists);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].text(), "a.md:1: channels/gone.hpp is not there");
}

TEST(code_only, blanks_comments_and_literals_and_keeps_lines) {
    EXPECT_EQ(code_only("a /* b\n c */ d // e\n"), "a     \n      d     \n");
    EXPECT_EQ(code_only("f(\"x\\\"y\", 'z', 1'000)"), "f(\"    \", ' ', 1'000)");
    EXPECT_EQ(code_only("R\"(a\"b)\" c"), "R\"     \" c");
}

}  // namespace
}  // namespace apical::architecture
