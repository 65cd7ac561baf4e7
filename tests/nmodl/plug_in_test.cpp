// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "core/error.hpp"
#include "engine/plug_in.hpp"
#include "tests/nmodl/build_program.hpp"
#include "tests/nmodl/compiled.hpp"

namespace apical::nmodl {
namespace {

namespace fs = std::filesystem;
using testing::odd_folder, testing::program_of;

const fs::path own = fs::path(APICAL_SOURCE_DIR)/"tests"/"nmodl"/"mechanisms";

/// The smallest mechanism there is to compile.
std::shared_ptr<const program> small(int rest = -70) {
    const auto text = "NEURON { SUFFIX small NONSPECIFIC_CURRENT i RANGE g }\nUNITS { (mV) = (millivolt) (mA) = (milliamp) (S) = (siemens) }\n"
                      "PARAMETER { g = 1e-3 (S/cm2) }\nASSIGNED { v (mV) i (mA/cm2) }\nBREAKPOINT { i = g*(v - " + std::to_string(rest) + ") }\n";
    return testing::program_from(text.c_str(), "small.mod");
}
plug_in_options in(const odd_folder& cache) { return {.cache = cache.path(), .compiler = {}, .jobs = 2, .is_general = true}; }

std::vector<fs::path> libraries(const fs::path& cache) {
    std::vector<fs::path> found;
    for (const auto& e : fs::directory_iterator(cache)) found.push_back(e.path());
    return found;
}

double current_of(const mechanism& m) {
    testing::columns c(m.source(), 1);
    double i[8]{}, g[8]{};
    c.at(m.source().find("v"), 0) = -60;
    m.breakpoint(c.view(), {.i = i, .g = g});
    return i[0];
}

TEST(plug_in, is_compiled_in_folders_with_any_name_and_found_again) {
    const odd_folder cache;
    const auto first = build_plug_in({small()}, in(cache)), second = build_plug_in({small()}, in(cache));
    EXPECT_FALSE(first.was_cached);
    EXPECT_TRUE(second.was_cached);
    EXPECT_EQ(first.library, second.library);
    EXPECT_DOUBLE_EQ(current_of(*first.mechanisms[0]), 0.01);
    EXPECT_EQ(libraries(cache.path()).size(), 1u) << "something is left of the compilation";
    EXPECT_NE(build_plug_in({small(-60)}, in(cache)).library, first.library);
}

/// Published mechanisms often have the same name.
TEST(plug_in, holds_files_of_one_name_side_by_side) {
    const odd_folder cache;
    for (const bool general : {false, true}) {
        auto how = in(cache);
        how.is_general = general;
        const auto p = build_plug_in({small(), small(-60)}, how);
        ASSERT_FALSE(p.library.empty());
        EXPECT_DOUBLE_EQ(current_of(*p.mechanisms.at(0)), 0.01);
        EXPECT_DOUBLE_EQ(current_of(*p.mechanisms.at(1)), 0);
    }
}

/// More than go into a translation unit or two.
TEST(plug_in, takes_any_number_of_files) {
    const odd_folder cache;
    std::vector<std::shared_ptr<const program>> many;
    for (int k = 0; k < 60; ++k) many.push_back(small(-k));
    const auto p = build_plug_in(many, in(cache));
    ASSERT_FALSE(p.library.empty());
    for (int k = 0; k < 60; ++k) EXPECT_DOUBLE_EQ(current_of(*p.mechanisms.at(static_cast<std::size_t>(k))), 1e-3*(k - 60));
}

/// What a process of its own gives back, which has loaded nothing before: 0 if all is well.
pid_t begin(auto f) {
    const pid_t id = ::fork();
    if (id != 0) return id;
    int code = 99;
    try {
        code = f();
    } catch (...) {}
    ::_exit(code);
}
int end(pid_t id) {
    int status = 0;
    return ::waitpid(id, &status, 0) == id && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
/// 0 if what is built does what it should; 10 more if it was in the cache.
int build(const odd_folder& cache) {
    const auto p = build_plug_in({small()}, in(cache));
    return (std::fabs(current_of(*p.mechanisms[0]) - 0.01) < 1e-15 ? 0 : 1) + (p.was_cached ? 10 : 0);
}

TEST(plug_in, that_is_damaged_is_made_anew) {
    const odd_folder cache;
    const auto built = [&] { return end(begin([&] { return build(cache); })); };
    ASSERT_EQ(built(), 0);
    const auto whole = libraries(cache.path()).at(0);
    const auto size = fs::file_size(whole);
    fs::resize_file(whole, size/2);
    EXPECT_EQ(built(), 0);
    EXPECT_EQ(fs::file_size(whole), size);
    {
        std::fstream f(whole, std::ios::in | std::ios::out | std::ios::binary);
        f.seekp(static_cast<std::streamoff>(size/2));
        f.put('\x5a').put('\x5a').put('\x5a');
    }
    EXPECT_EQ(built(), 0);
    EXPECT_EQ(built(), 10);
}

TEST(plug_in, may_be_built_by_several_processes_at_once) {
    const odd_folder cache;
    const pid_t children[] = {begin([&] { return build(cache); }), begin([&] { return build(cache); })};
    for (const pid_t id : children) EXPECT_EQ(end(id) % 10, 0);
    EXPECT_EQ(end(begin([&] { return build(cache); })), 10);
    EXPECT_EQ(libraries(cache.path()).size(), 1u);
}

TEST(plug_in, without_a_compiler_is_evaluated) {
    const odd_folder cache;
    const std::string path = std::getenv("PATH");
    const char* const cxx = std::getenv("CXX");
    const std::string named = cxx ? cxx : "";
    ::setenv("PATH", "", 1), ::unsetenv("CXX");
    const auto p = build_plug_in({small()}, in(cache));
    ::setenv("PATH", path.c_str(), 1);
    if (cxx) ::setenv("CXX", named.c_str(), 1);
    EXPECT_TRUE(p.library.empty());
    EXPECT_NE(p.why_evaluated.find("no C++ compiler"), std::string::npos);
    EXPECT_DOUBLE_EQ(current_of(*p.mechanisms[0]), 0.01);
}

TEST(plug_in, says_where_it_cannot_be_kept_and_what_the_compiler_says) {
    const odd_folder cache;
    const auto file = cache.path()/"not a folder";
    std::ofstream(file) << "x";
    auto o = in(cache);
    o.cache = file;
    try {
        build_plug_in({small()}, o);
        FAIL() << "kept in a file";
    } catch (const invalid_input& e) {
        EXPECT_EQ(e.where(), file.string());
        EXPECT_NE(e.hint().find("APICAL_CACHE"), std::string::npos);
    }
    o = in(cache);
    o.compiler = (cache.path()/"fake c++").string();
    std::ofstream(o.compiler) << "#!/bin/sh\necho 'I do not compile this' >&2\nexit 1\n";
    fs::permissions(o.compiler, fs::perms::owner_all);
    try {
        build_plug_in({small()}, o);
        FAIL() << "compiled by something that does not";
    } catch (const invalid_input& e) {
        EXPECT_NE(std::string(e.what()).find("I do not compile this"), std::string::npos) << e.what();
    }
}

// What is compiled and what is evaluated.

/// Takes events, and says what they were.
class sink : public event_sink {
public:
    void send(int instance, double delay, double flag) override { told.push_back({0, static_cast<double>(instance), delay, flag}); }
    void spike(int instance, double time) override { told.push_back({1, static_cast<double>(instance), time, 0}); }
    void move(int instance, double time) override { told.push_back({2, static_cast<double>(instance), time, 0}); }
    void watch(int instance, int condition, double flag) override { told.push_back({3, static_cast<double>(instance), static_cast<double>(condition), flag}); }
    std::span<double* const> connections(int) override { return all; }

    std::vector<std::array<double, 4>> told;
    std::vector<double*> all;
};

struct outcome {
    std::vector<std::vector<double>> columns;
    std::vector<double> i, g;
    std::vector<std::array<double, 4>> told;
};

/// Some steps with potentials and inputs all over the place, the same for each instance however many there are.
outcome outcome_of(const mechanism& m, int count) {
    const auto& p = m.source();
    testing::columns c(p, count);
    for (std::size_t v = 0; v < p.variables.size(); ++v) {
        const auto& x = p.variables[v];
        if (x.kept == storage::shared && x.is == role::step) c.shared[static_cast<std::size_t>(x.offset)] = 0.025;
        if (x.kept == storage::shared && x.is == role::temperature) c.shared[static_cast<std::size_t>(x.offset)] = 30;
        if (x.kept != storage::instance) continue;
        for (int k = 0; k < static_cast<int>(c.each[0].size()); ++k) {
            const int n = std::min(k, count - 1);
            double& to = c.at(static_cast<int>(v), k);
            if (x.is == role::voltage) to = -90 + 17.3*(n % 9);
            else if (x.is == role::reversal) to = -80 + 13*n;
            else if (x.is == role::inner) to = 1e-4*(1 + n);
            else if (x.is == role::outer) to = 2;
            else if (x.is == role::ion_current && !x.is_written) to = -1e-3*n;
            else if (x.is == role::area) to = 100;
            else if (x.is == role::diameter) to = 2;
            else if (x.is == role::pointer) to = 0.5*n;
        }
    }
    const auto padded = c.each.empty() ? 8 : c.each[0].size();
    outcome o{.columns = {}, .i = std::vector<double>(padded), .g = std::vector<double>(padded), .told = {}};
    sink events;
    std::vector<double> connection(static_cast<std::size_t>(p.connection_size), 0.5), other(connection.size(), 0.25);
    events.all = {connection.data(), other.data()};
    const int t = p.find("t");
    m.initial(c.view(0), &events);
    if (!connection.empty()) m.net_initial(c.view(0), 0, connection.data());
    for (int step = 1; step <= 4; ++step) {
        if (t >= 0 && p.variables[static_cast<std::size_t>(t)].kept == storage::shared) c.shared[static_cast<std::size_t>(p.variables[static_cast<std::size_t>(t)].offset)] = 0.025*step;
        m.before_step(c.view(static_cast<std::uint64_t>(step)));
        m.breakpoint(c.view(static_cast<std::uint64_t>(step)), {.i = o.i.data(), .g = o.g.data()});
        m.advance(c.view(static_cast<std::uint64_t>(step)));
        m.after_solve(c.view(static_cast<std::uint64_t>(step)));
        if (!connection.empty()) m.receive(c.view(static_cast<std::uint64_t>(step)), 0, connection.data(), step % 2, events);
    }
    for (const auto& column : c.each) o.columns.emplace_back(column.begin(), column.begin() + count);
    o.columns.push_back(connection), o.told = events.told;
    return o;
}

bool near(double a, double b) { return (std::isnan(a) && std::isnan(b)) || a == b || std::fabs(a - b) <= 1e-11*(std::fabs(a) + std::fabs(b)) + 1e-14; }

void expect_same(const outcome& a, const outcome& b, const program& p) {
    const auto where = [&](std::size_t column) {
        for (const auto& v : p.variables)
            if (v.kept == storage::instance && v.offset <= static_cast<int>(column) && static_cast<int>(column) < v.offset + v.length) return p.name + "." + v.name;
        return p.name + " connection";
    };
    for (std::size_t c = 0; c < a.columns.size(); ++c)
        for (std::size_t k = 0; k < a.columns[c].size(); ++k)
            EXPECT_TRUE(near(a.columns[c][k], b.columns[c][k])) << where(c) << " of " << k << ": " << a.columns[c][k] << ", evaluated " << b.columns[c][k];
    for (std::size_t k = 0; k < a.columns[0].size(); ++k) {
        EXPECT_TRUE(near(a.i[k], b.i[k])) << p.name << " i of " << k << ": " << a.i[k] << ", evaluated " << b.i[k];
        EXPECT_TRUE(near(a.g[k], b.g[k]) || std::fabs(a.g[k] - b.g[k]) <= 1e-6*std::fabs(b.g[k]) + 1e-9) << p.name << " g of " << k << ": " << a.g[k] << ", evaluated " << b.g[k];
    }
    ASSERT_EQ(a.told.size(), b.told.size()) << p.name;
    for (std::size_t n = 0; n < a.told.size(); ++n)
        for (int x = 0; x < 4; ++x) EXPECT_TRUE(near(a.told[n][static_cast<std::size_t>(x)], b.told[n][static_cast<std::size_t>(x)])) << p.name << " event " << n;
}

TEST(compiled_mechanisms, do_what_evaluated_ones_do) {
    const odd_folder cache;
    std::vector<std::shared_ptr<const program>> all;
    for (const auto& e : fs::directory_iterator(own)) {
        if (e.path().extension() != ".mod") continue;
        auto t = translate_file(e.path().string());
        if (t.program) all.push_back(t.program);   // those that are to be refused have tests of their own
    }
    ASSERT_GT(all.size(), 20u);
    std::ranges::sort(all, {}, [](const auto& p) { return p->name; });
    const auto made = build_plug_in(all, in(cache));
    ASSERT_FALSE(made.library.empty());
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto evaluated = interpret(all[i]);
        const auto seven = outcome_of(*made.mechanisms[i], 7);
        expect_same(seven, outcome_of(*evaluated, 7), *all[i]);
        const auto nineteen = outcome_of(*made.mechanisms[i], 19);
        for (std::size_t c = 0; c + 1 < seven.columns.size(); ++c)
            for (std::size_t k = 0; k < 7; ++k) {
                const double a = seven.columns[c][k], b = nineteen.columns[c][k];
                const bool read_from_last = std::isnan(a) ? std::isnan(b) : a == b;
                EXPECT_TRUE(read_from_last) << all[i]->name << " column " << c << " of " << k << " depends on how many there are: " << a << ", " << b;
            }
    }
}

}  // namespace
}  // namespace apical::nmodl
