// SPDX-License-Identifier: BSD-3-Clause
#include "engine/compiler.hpp"

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <system_error>

#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include "core/error.hpp"

namespace apical {
namespace {

namespace fs = std::filesystem;

bool can_run(const fs::path& p) {
    std::error_code ignored;
    return fs::is_regular_file(p, ignored) && ::access(p.c_str(), X_OK) == 0;
}

/// The program of this name as the shell would find it; empty if there is none.
fs::path in_path(const std::string& name) {
    if (name.find('/') != std::string::npos) return can_run(name) ? fs::path(name) : fs::path();
    const char* folders = std::getenv("PATH");
    std::istringstream each(folders ? folders : "");
    for (std::string folder; std::getline(each, folder, ':');)
        if (!folder.empty() && can_run(fs::path(folder)/name)) return fs::path(folder)/name;
    return {};
}

/// A program that runs by itself, with what it says going to a file.
class process {
public:
    process(const std::vector<std::string>& arguments, const fs::path& said) : said_(said), program_(arguments.front()) {
        std::vector<char*> pointers;
        for (const auto& a : arguments) pointers.push_back(const_cast<char*>(a.c_str()));
        pointers.push_back(nullptr);
        posix_spawn_file_actions_t files;
        posix_spawn_file_actions_init(&files);
        posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_addopen(&files, 1, said.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
        posix_spawn_file_actions_adddup2(&files, 1, 2);
        const int code = posix_spawn(&id_, pointers[0], &files, nullptr, pointers.data(), environ);
        posix_spawn_file_actions_destroy(&files);
        if (code != 0) throw invalid_input(program_, "cannot be run: " + std::generic_category().message(code), "name another compiler by CXX");
    }
    /// Whether it ended well; `said` is what it said.
    bool wait(std::string& said) {
        int status = 0;
        while (::waitpid(id_, &status, 0) < 0 && errno == EINTR) {}
        std::ifstream in(said_);
        std::ostringstream all;
        all << in.rdbuf();
        said = all.str();
        return WIFEXITED(status) && WEXITSTATUS(status) == 0;
    }

private:
    pid_t id_ = -1;
    fs::path said_;
    std::string program_;
};

void write(const fs::path& path, const std::string& text) {
    std::ofstream out(path, std::ios::binary);
    out << text;
    out.close();
    if (!out) throw invalid_input(path.string(), "cannot be written", "is the disk full?");
}

/// The beginning of what a compiler says: the first mistake, and not those that follow from it.
std::string beginning(const std::string& said) {
    constexpr std::size_t most = 4000;
    return said.size() <= most ? said : said.substr(0, most) + "...";
}

}  // namespace

compiler find_compiler(const std::string& named) {
    const char* cxx = std::getenv("CXX");
    std::vector<std::string> wanted{"c++", "g++", "clang++"};
    if (!named.empty()) wanted = {named};
    else if (cxx && *cxx) wanted = {cxx};
    for (const auto& name : wanted) {
        const auto path = in_path(name);
        if (path.empty()) continue;
        std::error_code failure;
        const auto real = fs::canonical(path, failure);
        struct stat s {};
        if (failure || ::stat(real.c_str(), &s) != 0) continue;
        return {.path = path, .identity = fmt::format("{} {} {}.{}", real.string(), s.st_size, s.st_mtim.tv_sec, s.st_mtim.tv_nsec),
                .is_gnu = real.filename().string().find("clang") == std::string::npos};
    }
    return {};
}

void compile_library(const compiler& with, const std::vector<unit_text>& units, const std::vector<std::string>& options, const fs::path& folder,
                     const fs::path& library, int jobs) {
    const auto file = [&](std::size_t i, const char* ending) { return folder/fmt::format("unit_{}{}", i, ending); };
    std::vector<std::string> link{with.path.string(), "-shared", "-o", library.string()};
    std::vector<process> running;
    std::size_t waited = 0;
    findings failures;
    const auto wait = [&] {
        std::string said;
        if (!running[waited].wait(said)) failures.add(file(waited, ".cpp").string(), "the compiler refuses what was written: " + beginning(said), "");
        ++waited;
    };
    for (std::size_t i = 0; i < units.size(); ++i) {
        write(file(i, ".cpp"), units[i].text);
        std::vector<std::string> arguments{with.path.string()};
        arguments.insert(arguments.end(), options.begin(), options.end());
        arguments.insert(arguments.end(), units[i].options.begin(), units[i].options.end());
        for (const auto& a : {std::string("-c"), file(i, ".cpp").string(), std::string("-o"), file(i, ".o").string()}) arguments.push_back(a);
        while (running.size() - waited >= static_cast<std::size_t>(jobs)) wait();
        running.emplace_back(arguments, file(i, ".txt"));
        link.push_back(file(i, ".o").string());
    }
    while (waited < running.size()) wait();
    failures.throw_if_any<compiler_refusal>();
    std::string said;
    if (!process(link, folder/"link.txt").wait(said)) throw compiler_refusal(library.string(), "cannot be linked: " + beginning(said));
}

}  // namespace apical
