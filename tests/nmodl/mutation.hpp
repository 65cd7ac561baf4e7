// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace apical::nmodl::testing {

/// Texts that were NMODL before something happened to them. The same seed gives the same texts everywhere.
class mutation {
public:
    mutation(std::vector<std::string> texts, std::uint64_t seed) : texts_(std::move(texts)), draws_(seed) {}

    std::string next() {
        auto text = texts_[below(texts_.size())];
        for (auto n = 1 + below(4); n > 0; --n) change(text);
        return text;
    }

private:
    std::size_t below(std::size_t n) { return n == 0 ? 0 : static_cast<std::size_t>(draws_() % n); }

    void change(std::string& text) {
        constexpr std::array<std::string_view, 44> pieces{
            "{", "}", "(", ")", "[", "]", "~", "<->", "<<", "->", "'", "''", ":", "?", ",", "=", "+", "-", "^", "!", "&&", "||", "@", "\"", ";", "1e9999", "1e-9999",
            "99999999999", ".", "\n", "\r", "VERBATIM\n", "\nENDVERBATIM\n", "COMMENT\n", "\nENDCOMMENT\n", "INCLUDE \"a.mod\"", "DEFINE N 3 ", "TITLE ", "LOCAL ", "if (",
            "FROM i = 0 TO ", "#if 1\n", "\x80\xB5", "return 0;"};
        const auto at = below(text.size() + 1), length = below(std::min<std::size_t>(text.size() - std::min(at, text.size()), 80) + 1);
        switch (below(9)) {
            case 0: text.erase(at, length); break;
            case 1: text.insert(at, text.substr(below(text.size() + 1), 1 + below(80))); break;
            case 2: if (!text.empty()) text[below(text.size())] = static_cast<char>(below(256)); break;
            case 3: text.resize(at); break;
            case 4: {   // a tower of one piece
                const auto piece = pieces[below(pieces.size())];
                std::string many;
                for (auto n = below(300); n > 0; --n) many += piece;
                text.insert(at, many);
                break;
            }
            case 5: {
                const auto& other = texts_[below(texts_.size())];
                text.insert(at, other.substr(below(other.size() + 1), below(300)));
                break;
            }
            default: text.insert(at, pieces[below(pieces.size())]); break;
        }
    }

    std::vector<std::string> texts_;
    std::mt19937_64 draws_;   // its sequence is fixed by the standard
};

}  // namespace apical::nmodl::testing
