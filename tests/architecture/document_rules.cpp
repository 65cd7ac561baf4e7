// SPDX-License-Identifier: BSD-3-Clause
#include "tests/architecture/document_rules.hpp"

#include <fstream>
#include <regex>
#include <sstream>

#include <fmt/format.h>

namespace apical::architecture {
namespace {

std::string without_code_spans(std::string_view line) {
    static const std::regex span("`[^`]*`");
    return std::regex_replace(std::string(line), span, "`");
}

/// Calls f(line, number) for each line outside of fenced code.
template <class F> void for_each_line_of_prose(const source_file& file, F&& f) {
    bool is_code = false;
    int number = 0;
    for (const auto line : lines_of(file.text)) {
        ++number;
        if (line.starts_with("```")) is_code = !is_code;
        if (!is_code) f(line, number);
    }
}

template <class F> void for_each_match(std::string_view line, const std::regex& pattern, F&& f) {
    for (auto it = std::regex_iterator(line.begin(), line.end(), pattern); it != decltype(it){}; ++it) f((*it)[1].str());
}

}  // namespace

source_tree read_documents(const std::filesystem::path& root) {
    source_tree documents;
    auto take = [&](const std::filesystem::path& path) {
        if (path.extension() != ".md") return;
        std::ostringstream text;
        text << std::ifstream(path, std::ios::binary).rdbuf();
        documents.push_back({path.lexically_relative(root).generic_string(), std::move(text).str()});
    };
    for (const auto& entry : std::filesystem::directory_iterator(root)) take(entry.path());
    if (std::filesystem::is_directory(root/"docs"))
        for (const auto& entry : std::filesystem::recursive_directory_iterator(root/"docs")) take(entry.path());
    return documents;
}

breaches check_links(const source_tree& documents, const path_exists& exists) {
    static const std::regex link(R"(\]\(([^)#\s]+)(#[^)]*)?\))");
    breaches found;
    for (const auto& file : documents)
        for_each_line_of_prose(file, [&](std::string_view line, int number) {
            for_each_match(without_code_spans(line), link, [&](const std::string& target) {
                if (target.find("://") != std::string::npos || target.starts_with("mailto:")) return;
                const auto path = (std::filesystem::path(std::string(file.folder()))/target).lexically_normal().generic_string();
                if (!exists(path)) found.push_back({file.path, number, fmt::format("link to {}, which is not there", path)});
            });
        });
    return found;
}

breaches check_file_names(const source_tree& documents, const path_exists& exists) {
    static const std::regex name(
        R"(`((core|morphology|channels|solvers|plasticity|circuit|models|engine|io|analysis|frontends|examples|tests|bench|cmake|scripts|docs)/[\w./-]+)`)");
    breaches found;
    for (const auto& file : documents)
        for_each_line_of_prose(file, [&](std::string_view line, int number) {
            for_each_match(line, name, [&](const std::string& path) {
                if (path.find("my_") != std::string::npos || exists(path)) return;
                if (file.text.find("<!-- file: " + path + " -->") != std::string::npos) return;
                found.push_back({file.path, number, fmt::format("{} is not there", path)});
            });
        });
    return found;
}

}  // namespace apical::architecture
