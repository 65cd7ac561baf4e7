// SPDX-License-Identifier: BSD-3-Clause
#include "tests/architecture/include_rules.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <regex>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace apical::architecture {

std::vector<include> includes_of(const source_file& file) {
    static const std::regex pattern(R"(^\s*#\s*include\s*([<"])([^>"]+)[>"])");
    std::vector<include> found;
    int line = 0;
    for (const auto text : lines_of(file.text)) {
        ++line;
        std::match_results<std::string_view::const_iterator> match;
        if (std::regex_search(text.begin(), text.end(), match, pattern))
            found.push_back({match[2], line, match[1] == "\""});
    }
    return found;
}

namespace {

std::string top_of(std::string_view path) { return std::string(path.substr(0, path.find('/'))); }
std::string folder_of(std::string_view path) {
    const auto slash = path.rfind('/');
    return std::string(path.substr(0, slash == std::string_view::npos ? 0 : slash));
}

/// What each folder may include besides itself and core. "generated" holds the list of the channel files.
const std::map<std::string, std::set<std::string>>& allowed_folders() {
    static const std::set<std::string> leaves{"morphology", "channels", "neurons", "solvers", "plasticity"};
    auto plus = [](std::set<std::string> a, std::initializer_list<std::string> b) { a.insert(b); return a; };
    static const std::map<std::string, std::set<std::string>> table{
        {"core", {}},       {"morphology", {}}, {"channels", {}},   {"neurons", {}},
        {"solvers", {}},    {"plasticity", {}}, {"circuit", leaves},
        {"models", plus(leaves, {"circuit"})},
        {"engine", plus(leaves, {"circuit", "generated"})},
        {"io", plus(leaves, {"circuit", "models", "engine"})},
        {"analysis", plus(leaves, {"circuit", "engine"})},
    };
    return table;
}

/// Where a third-party header may be named: the start of its name, and a pattern for the including path.
struct place_in_the_house {
    std::string_view prefix, where;
};
constexpr std::array houses{
    place_in_the_house{"hdf5", R"(io/.*\.cpp)"},
    place_in_the_house{"H5", R"(io/.*\.cpp)"},
    place_in_the_house{"pugixml", R"(io/.*\.cpp)"},
    place_in_the_house{"zlib.h", R"(io/.*\.cpp)"},
    place_in_the_house{"nlohmann/", R"((io/.*|frontends/(cli|python)/.*)\.cpp)"},
    place_in_the_house{"Eigen/", R"((morphology|analysis)/.*\.cpp)"},
    place_in_the_house{"unsupported/Eigen/", R"(analysis/.*\.cpp)"},
    place_in_the_house{"mpi.h", R"(engine/mpi_[a-z_]*\.cpp|io/parallel_hdf5\.cpp)"},
    place_in_the_house{"Random123/", R"(core/random[a-z_]*\.(hpp|cpp))"},
    place_in_the_house{"cuda", R"(.*\.cu)"},
    place_in_the_house{"cub/", R"(.*\.cu)"},
    place_in_the_house{"nanobind/", R"(frontends/python/.*)"},
    place_in_the_house{"Python.h", R"(frontends/python/.*)"},
    place_in_the_house{"CLI/", R"(frontends/cli/.*)"},
    place_in_the_house{"fmt/", R"(.*\.cpp)"},
    place_in_the_house{"boost/", R"((solvers|analysis)/.*\.(hpp|cpp))"},
    place_in_the_house{"cvode", R"(solvers/.*\.cpp)"},
    place_in_the_house{"nvector/", R"(solvers/.*\.cpp)"},
    place_in_the_house{"sundials/", R"(solvers/.*\.cpp)"},
    place_in_the_house{"sunmatrix/", R"(solvers/.*\.cpp)"},
    place_in_the_house{"sunlinsol/", R"(solvers/.*\.cpp)"},
    place_in_the_house{"gtest/", R"(tests/.*)"},
    place_in_the_house{"benchmark/", R"(bench/.*)"},
    place_in_the_house{"immintrin.h", R"((core/pack\.hpp|bench/.*))"},
    place_in_the_house{"dlfcn.h", R"(engine/.*\.cpp)"},
    place_in_the_house{"spawn.h", R"(engine/.*\.cpp)"},
    place_in_the_house{"unistd.h", R"((engine|io|frontends)/.*\.cpp)"},
    place_in_the_house{"fcntl.h", R"((engine|io|frontends)/.*\.cpp)"},
    place_in_the_house{"sys/", R"((engine|io|frontends)/.*\.cpp)"},
};

bool is_standard(std::string_view name) { return name.find_first_of("./") == std::string_view::npos; }

/// Tests and benchmarks may look at anything they compare with.
bool is_free(const source_file& file) { return file.top_folder() == "tests" || file.top_folder() == "bench"; }

bool matches(std::string_view path, std::string_view pattern) {
    return std::regex_match(path.begin(), path.end(), std::regex(pattern.begin(), pattern.end()));
}

using graph = std::map<std::string, std::map<std::string, include>>;   ///< from, to, the include that says so

graph file_graph(const source_tree& tree) {
    graph edges;
    for (const auto& file : tree)
        if (file.is_library())
            for (const auto& i : includes_of(file))
                if (i.is_quoted) edges[file.path].insert({i.target, i});
    return edges;
}

/// Depth-first search for a way back to where it started.
class cycle_finder {
public:
    explicit cycle_finder(const graph& edges) : edges_(edges) {}

    breaches run() {
        for (const auto& [file, _] : edges_) visit(file);
        return std::move(found_);
    }

private:
    void visit(const std::string& file) {
        if (done_.contains(file)) return;
        path_.push_back(file);
        if (const auto it = edges_.find(file); it != edges_.end())
            for (const auto& [target, inc] : it->second) follow(file, target, inc.line);
        path_.pop_back();
        done_.insert(file);
    }
    void follow(const std::string& file, const std::string& target, int line) {
        const auto at = std::find(path_.begin(), path_.end(), target);
        if (at == path_.end()) return visit(target);
        found_.push_back({file, line, fmt::format("includes itself: {}", fmt::join(at, path_.end(), " -> "))});
    }

    const graph& edges_;
    std::vector<std::string> path_;
    std::set<std::string> done_;
    breaches found_;
};

std::string upward_include(const source_file& file, const include& i) {
    const std::string from(file.top_folder()), to = top_of(i.target);
    if (from == "frontends") {
        const auto other = folder_of(i.target);
        if (to == "frontends" && !file.folder().starts_with(other)) return fmt::format("one front end may not include another ({})", other);
        return {};
    }
    const auto row = allowed_folders().find(from);
    if (row == allowed_folders().end() || to == from || to == "core") return {};
    if (!row->second.contains(to))
        return fmt::format("{}/ may not include {}/; below it are: core {}", from, to, fmt::join(row->second, " "));
    if ((from == "io" || from == "analysis") && to == "engine" && folder_of(i.target) != "engine")
        return fmt::format("{}/ may include engine/*.hpp only, not {}", from, i.target);
    return {};
}

}  // namespace

breaches check_folder_order(const source_tree& tree) {
    breaches found;
    for (const auto& file : tree) {
        if (!file.is_cpp()) continue;
        for (const auto& i : includes_of(file))
            if (i.is_quoted)
                if (auto what = upward_include(file, i); !what.empty()) found.push_back({file.path, i.line, std::move(what)});
    }
    return found;
}

breaches check_includes_exist(const source_tree& tree) {
    std::set<std::string> paths;
    for (const auto& file : tree) paths.insert(file.path);
    breaches found;
    for (const auto& file : tree) {
        if (!file.is_cpp() || file.path.starts_with("tests/install/") || file.path.starts_with("tests/docs/")) continue;
        for (const auto& i : includes_of(file))
            if (i.is_quoted && !paths.contains(i.target) && top_of(i.target) != "generated")
                found.push_back({file.path, i.line, fmt::format("\"{}\" is not a path from the repository root", i.target)});
    }
    return found;
}

breaches check_third_party(const source_tree& tree) {
    breaches found;
    for (const auto& file : tree) {
        if (!file.is_cpp() || is_free(file)) continue;
        for (const auto& i : includes_of(file)) {
            if (i.is_quoted || is_standard(i.target)) continue;
            const auto house = std::find_if(houses.begin(), houses.end(), [&](const auto& h) { return i.target.starts_with(h.prefix); });
            if (house == houses.end())
                found.push_back({file.path, i.line, fmt::format("<{}> has no place in the table of third-party headers", i.target)});
            else if (!matches(file.path, house->where))
                found.push_back({file.path, i.line, fmt::format("<{}> belongs in {} only", i.target, house->where)});
        }
    }
    return found;
}

breaches check_mutual_folders(const source_tree& tree) {
    graph folders;
    for (const auto& [from, targets] : file_graph(tree))
        for (const auto& [to, inc] : targets)
            if (folder_of(from) != folder_of(to)) folders[folder_of(from)].insert({folder_of(to), {from, inc.line, true}});
    breaches found;
    for (const auto& [a, targets] : folders)
        for (const auto& [b, inc] : targets)
            if (a < b && !b.starts_with(a + "/") && folders.contains(b) && folders.at(b).contains(a)) {
                const auto& back = folders.at(b).at(a);
                found.push_back({inc.target, inc.line,
                                 fmt::format("{}/ and {}/ include each other; the way back is {}:{}", a, b, back.target, back.line)});
            }
    return found;
}

breaches check_cycles(const source_tree& tree) { return cycle_finder(file_graph(tree)).run(); }

}  // namespace apical::architecture
