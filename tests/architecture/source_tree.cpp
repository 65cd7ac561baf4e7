// SPDX-License-Identifier: BSD-3-Clause
#include "tests/architecture/source_tree.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>
#include <sstream>

#include <fmt/format.h>

namespace apical::architecture {
namespace {

constexpr std::array library_folders{"core", "morphology", "channels", "neurons", "solvers", "plasticity", "circuit",
                                     "models", "engine", "io", "analysis"};
constexpr std::array other_folders{"frontends", "examples", "tests", "bench", "cmake", "scripts", "docs"};

template <class List> bool has(const List& list, std::string_view x) { return std::find(list.begin(), list.end(), x) != list.end(); }

std::string read_text(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return std::move(text).str();
}

bool is_source(const source_file& file) {
    static constexpr std::array extensions{"hpp", "cpp", "cu", "h", "cmake", "py", "pyi"};
    if (has(extensions, file.extension()) || file.name() == "CMakeLists.txt") return true;
    return file.top_folder() == "scripts" && file.extension().empty();
}

/// Walks over one literal or comment that starts at `i`; returns its end, and blanks it.
class blanker {
public:
    explicit blanker(std::string_view text) : text_(text) {}

    std::string run() {
        for (std::size_t i = 0; i < text_.size();) i = step(i);
        return std::move(text_);
    }

private:
    std::size_t step(std::size_t i) {
        if (starts(i, "//")) return blank(i, end_of_line(i));
        if (starts(i, "/*")) return blank(i, after("*/", i + 2));
        if (starts(i, "R\"") && !is_word(i)) return raw_string(i);
        if (text_[i] == '"') return quoted(i, '"');
        if (text_[i] == '\'' && !is_word(i)) return quoted(i, '\'');
        return i + 1;
    }
    bool starts(std::size_t i, std::string_view what) const { return std::string_view(text_).substr(i, what.size()) == what; }
    /// True if a letter or digit stands before i: then ' separates digits.
    bool is_word(std::size_t i) const { return i > 0 && std::isalnum(static_cast<unsigned char>(text_[i - 1])); }
    std::size_t end_of_line(std::size_t i) const { return std::min(text_.find('\n', i), text_.size()); }
    std::size_t after(std::string_view what, std::size_t from) const {
        const auto at = text_.find(what, from);
        return at == std::string::npos ? text_.size() : at + what.size();
    }
    std::size_t blank(std::size_t from, std::size_t to) {
        for (auto k = from; k < to; ++k)
            if (text_[k] != '\n') text_[k] = ' ';
        return to;
    }
    std::size_t quoted(std::size_t i, char mark) {
        auto k = i + 1;
        while (k < text_.size() && text_[k] != mark && text_[k] != '\n') k += text_[k] == '\\' ? 2 : 1;
        blank(i + 1, std::min(k, text_.size()));
        return std::min(k + 1, text_.size());
    }
    std::size_t raw_string(std::size_t i) {
        const auto open = text_.find('(', i);
        if (open == std::string::npos) return i + 2;
        const std::string close = ")" + text_.substr(i + 2, open - i - 2) + "\"";
        const auto end = after(close, open);
        blank(open, std::max(open, end - 1));
        return end;
    }

    std::string text_;
};

}  // namespace

std::string_view source_file::name() const {
    const auto slash = path.rfind('/');
    return slash == std::string::npos ? std::string_view(path) : std::string_view(path).substr(slash + 1);
}
std::string_view source_file::extension() const {
    const auto dot = name().rfind('.');
    return dot == std::string_view::npos ? std::string_view{} : name().substr(dot + 1);
}
std::string_view source_file::folder() const {
    const auto slash = path.rfind('/');
    return std::string_view(path).substr(0, slash == std::string::npos ? 0 : slash);
}
std::string_view source_file::top_folder() const { return folder().substr(0, folder().find('/')); }
bool source_file::is_cpp() const { return is_header() || extension() == "cpp" || extension() == "cu"; }
bool source_file::is_library() const { return is_cpp() && has(library_folders, top_folder()); }

std::string breach::text() const { return fmt::format("{}:{}: {}", path, line, what); }

source_tree read_source_tree(const std::filesystem::path& root) {
    source_tree tree;
    auto take = [&](const std::filesystem::path& path) {
        source_file file{path.lexically_relative(root).generic_string(), {}};
        if (!is_source(file)) return;
        file.text = read_text(path);
        tree.push_back(std::move(file));
    };
    auto walk = [&](const char* folder) {
        if (!std::filesystem::is_directory(root/folder)) return;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(root/folder))
            if (entry.is_regular_file() && entry.path().string().find("__pycache__") == std::string::npos) take(entry.path());
    };
    for (const char* folder : library_folders) walk(folder);
    for (const char* folder : other_folders) walk(folder);
    take(root/"CMakeLists.txt");
    std::sort(tree.begin(), tree.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
    return tree;
}

std::string code_only(std::string_view text) { return blanker(text).run(); }

std::string statements_only(std::string_view text) {
    std::string code = code_only(text);
    bool is_directive = false;
    for (std::size_t begin = 0; begin < code.size();) {
        const auto end = std::min(code.find('\n', begin), code.size());
        const auto first = code.find_first_not_of(" \t", begin);
        is_directive = is_directive || (first < end && code[first] == '#');
        const bool goes_on = end > begin && code[end - 1] == '\\';
        if (is_directive) std::fill(code.begin() + static_cast<long>(begin), code.begin() + static_cast<long>(end), ' ');
        is_directive = is_directive && goes_on;
        begin = end + 1;
    }
    return code;
}

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const auto end = text.find('\n');
        lines.push_back(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return lines;
}

int line_at(std::string_view text, std::size_t offset) {
    return 1 + static_cast<int>(std::count(text.begin(), text.begin() + static_cast<long>(std::min(offset, text.size())), '\n'));
}

}  // namespace apical::architecture
