// SPDX-License-Identifier: BSD-3-Clause
#include "io/sonata/hoc_axon.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <initializer_list>

#include <fmt/format.h>

#include "core/error.hpp"

namespace apical::sonata::hoc {
namespace {

/// The words of the two surgeries that are known; one more, and it is another.
constexpr std::array<std::string_view, 56> vocabulary{
    "access", "all", "append", "axon", "axonal", "break", "CellRef", "chunkSize", "connect", "count", "create", "D1", "D2", "delete_section", "diam", "diams", "dist", "distance",
    "else", "execerror", "execute", "execute1", "for", "forsec", "i", "i1", "i2", "i3", "if", "int", "L", "L_chunk", "L_real", "L_target", "lens", "local", "localobj", "myelin",
    "myelinated", "new", "nSec", "nSecAxonal", "nSecAxonalOrig", "nSecMyelinated", "nseg", "nseg0", "nseg_total", "print", "resize", "return", "sec_count", "soma", "v", "Vector", "x", "this"};

constexpr std::size_t none = static_cast<std::size_t>(-1);

/// Where these follow each other, from `from` on.
std::size_t find(tokens t, std::initializer_list<std::string_view> sequence, std::size_t from = 0) {
    for (std::size_t k = from; k + sequence.size() <= t.size(); ++k)
        if (std::equal(sequence.begin(), sequence.end(), t.begin() + static_cast<std::ptrdiff_t>(k), [](std::string_view s, const token& one) { return one.text == s; })) return k;
    return none;
}

/// The number behind such a sequence.
std::optional<double> number_after(tokens t, std::initializer_list<std::string_view> sequence, std::size_t from = 0) {
    const auto at = find(t, sequence, from);
    if (at == none || at + sequence.size() >= t.size()) return {};
    const auto& n = t[at + sequence.size()];
    return n.is == token::kind::number ? std::optional(std::strtod(n.text.c_str(), nullptr)) : std::nullopt;
}

struct reader {
    const cell_program::procedure& p;
    const cell_program& in;

    [[noreturn]] void refuse(int line, const std::string& what) const {
        throw unsupported(in.where(line), what, "two sections with the diameters of the axon, and a myelinated one, are known to take its place");
    }
    double needed(std::initializer_list<std::string_view> sequence, const char* what, std::size_t from = 0) const {
        const auto x = number_after(p.body, sequence, from);
        if (!x || !(*x > 0)) refuse(p.line, fmt::format("the axon's surgery does not say {}", what));
        return *x;
    }

    replaced_axon of_pieces() const {
        replaced_axon a{.from = replaced_axon::thickness::of_pieces, .where = in.where(p.line)};
        a.length = needed({"L_target", "="}, "L_target");
        a.pieces = static_cast<int>(needed({"nseg0", "="}, "nseg0"));
        a.least_sections = static_cast<int>(number_after(p.body, {"nSec", "<"}).value_or(0));
        if (find(p.body, {"nseg_total", "=", "nseg0", "*", "2"}) == none || find(p.body, {"diam", "(", "x", ")", "=", "diams", ".", "x", "[", "count", "]"}) == none)
            refuse(p.line, "this surgery of the axon is not known");
        if (const auto at = find(p.body, {"create", "myelin"}); at != none) {
            a.myelin = needed({"L", "="}, "the length of the myelin", at);
            a.myelin_pieces = static_cast<int>(needed({"nseg", "="}, "the compartments of the myelin", at));
            if (find(p.body, {"diam", "=", "diams", ".", "x", "[", "count", "-", "1", "]"}, at) == none) refuse(p.body[at].line, "the myelin's diameter is not the last of the axon's");
        }
        return a;
    }
    replaced_axon of_sections() const {
        replaced_axon a{.where = in.where(p.line)};
        const auto first = find(p.body, {"L", "="});
        a.length = needed({"L", "="}, "the length of its sections");
        a.length += needed({"L", "="}, "the length of its sections", first + 1);
        if (a.length != 2*needed({"L", "="}, "L")) refuse(p.line, "the sections that replace the axon differ in length");
        const auto far = find(p.body, {"distance", "(", "0.5", ")", ">"});
        a.far = needed({"distance", "(", "0.5", ")", ">"}, "how far the second diameter is from the soma");
        const auto loop = find(p.body, {"forsec", "axonal"});
        const auto taken = loop == none ? none : find(p.body, {"D2", "=", "diam"}, loop);
        if (taken == none) refuse(p.line, "this surgery of the axon is not known");
        a.last_if_none_is_far = taken < far;
        return a;
    }
};

}  // namespace

replaced_axon read_axon(const cell_program::procedure& p, const cell_program& in) {
    const reader r{p, in};
    for (const auto& t : p.body)
        if (t.is == token::kind::word && std::ranges::find(vocabulary, t.text) == vocabulary.end()) r.refuse(t.line, fmt::format("'{}' in the axon's surgery", t.text));
    const auto has = [&](std::initializer_list<std::string_view> s) { return find(p.body, s) != none; };
    if (!has({"soma", "[", "0", "]", "connect", "axon", "[", "0", "]", "(", "0", ")", ",", "1"}) && !has({"soma", "connect", "axon", "[", "0", "]", "(", "0", ")", ",", "1"}))
        r.refuse(p.line, "what replaces the axon does not begin at the end of the soma");
    auto a = has({"diams"}) ? r.of_pieces() : has({"D1"}) ? r.of_sections() : (r.refuse(p.line, "this surgery of the axon is not known"), replaced_axon{});
    a.keeps_numbers = has({"v", "(", "0.0001", ")", "=", "i1"});
    return a;
}

}  // namespace apical::sonata::hoc
