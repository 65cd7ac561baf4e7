// SPDX-License-Identifier: BSD-3-Clause
#include "morphology/read.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <string>

#include <fmt/format.h>

#include "morphology/neurolucida.hpp"
#include "morphology/swc.hpp"

namespace apical {
namespace {

std::string contents(const std::filesystem::path& path) {
    std::error_code failure;
    if (std::filesystem::is_directory(path, failure)) throw invalid_input(path.string(), "is a folder", "name a file");
    std::ifstream file(path, std::ios::binary);
    if (!file) throw invalid_input(path.string(), "cannot be opened", "check the name and the permissions");
    constexpr std::size_t most_bytes = std::size_t{1} << 30;   // what is no regular file may never end
    std::string text;
    char block[1 << 16];
    while (file.read(block, sizeof block), file.gcount() > 0) {
        text.append(block, static_cast<std::size_t>(file.gcount()));
        if (text.size() > most_bytes) throw invalid_input(path.string(), fmt::format("is larger than {} bytes", most_bytes));
    }
    if (file.bad()) throw invalid_input(path.string(), "cannot be read to its end");
    return text;
}

std::string lower_extension(const std::filesystem::path& path) {
    auto extension = path.extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return extension;
}

/// Neurolucida text begins with a comment (;) or a list; SWC has numbers and # comments.
bool looks_like_neurolucida(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n\xef\xbb\xbf");
    return first != std::string_view::npos && (text[first] == ';' || text[first] == '(');
}

}  // namespace

reading read_morphology(const std::filesystem::path& path) {
    const auto text = contents(path);
    const auto name = path.filename().string();
    const auto extension = lower_extension(path);
    if (extension == ".swc") return read_swc(text, name);
    if (extension == ".asc") return read_neurolucida(text, name);
    return looks_like_neurolucida(text) ? read_neurolucida(text, name) : read_swc(text, name);
}

}  // namespace apical
