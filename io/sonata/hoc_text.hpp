// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The text of a template of a cell in NEURON's language: its words, its procedures and the arithmetic in it.
namespace apical::sonata::hoc {

struct token {
    enum class kind { word, number, text, sign };
    kind is = kind::sign;
    std::string text;             ///< of a text without its quotes
    int line = 0;
};
using tokens = std::span<const token>;

/// A file cut into words, numbers, texts and signs; comments are left out. Throws invalid_input for texts and comments without an end.
std::vector<token> tokens_of(const std::string& text, const std::string& file);

/// What stands between begintemplate and endtemplate.
struct cell_program {
    std::string file, name;
    std::vector<token> all;
    struct procedure { int line = 0; tokens body; };       ///< body: what is within the braces, of `all`
    std::map<std::string, procedure, std::less<>> procedures;

    std::string where(int line) const { return file + ":" + std::to_string(line); }
};
/// Throws invalid_input if the file has no template of this name, or braces that do not fit.
cell_program read_program(const std::filesystem::path& file, const std::string& name);

/// The index behind the closing sign that fits the opening one at `open`. Throws invalid_input if there is none.
std::size_t behind(tokens t, std::size_t open, const cell_program& in);

/// A number that may depend on the distance from the soma [um]: + - * / ^, comparisons, && and ||, exp log log10 sqrt abs int sin cos tanh. The distance is
/// written as `%.17g`, `%g` or `%f`, the latter two with the digits that they print. Throws invalid_input with `where` and the column for anything else.
std::function<double(double)> formula(const std::string& text, const std::string& where);

}  // namespace apical::sonata::hoc
