// SPDX-License-Identifier: BSD-3-Clause
#include "io/sonata_file.hpp"

#include <array>
#include <cstdint>

namespace apical::sonata {

void mark(hdf5::group& root) {
    constexpr std::array<std::uint32_t, 1> magic{0x0A7A};
    constexpr std::array<std::uint32_t, 2> version{0, 1};
    root.set_attribute(".", "magic", std::span<const std::uint32_t>(magic));
    root.set_attribute(".", "version", std::span<const std::uint32_t>(version));
}

std::string csv_word(std::string_view text, char separator) {
    const char special[] = {separator, '"', '\n', '\r'};
    if (!text.empty() && text.find_first_of(std::string_view(special, sizeof special)) == text.npos) return std::string(text);
    std::string quoted = "\"";
    for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + '"';
}

}  // namespace apical::sonata
