// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/parser.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "channels/nmodl/parsing.hpp"
#include "core/error.hpp"

namespace apical::nmodl::syntax {
namespace {

struct block_kind {
    std::string_view keyword;
    routine::kind is;
    bool has_name, has_arguments;
};

constexpr std::array routines{
    block_kind{"INITIAL", routine::kind::initial, false, false},
    block_kind{"BREAKPOINT", routine::kind::breakpoint, false, false},
    block_kind{"DERIVATIVE", routine::kind::derivative, true, false},
    block_kind{"KINETIC", routine::kind::kinetic, true, false},
    block_kind{"LINEAR", routine::kind::linear, true, false},
    block_kind{"NONLINEAR", routine::kind::nonlinear, true, false},
    block_kind{"DISCRETE", routine::kind::discrete, true, false},
    block_kind{"PROCEDURE", routine::kind::procedure, true, true},
    block_kind{"FUNCTION", routine::kind::function, true, true},
    block_kind{"FUNCTION_TABLE", routine::kind::function_table, true, true},
    block_kind{"NET_RECEIVE", routine::kind::net_receive, false, true},
    block_kind{"BEFORE", routine::kind::before, false, false},
    block_kind{"AFTER", routine::kind::after, false, false},
    block_kind{"CONSTRUCTOR", routine::kind::constructor, false, false},
    block_kind{"DESTRUCTOR", routine::kind::destructor, false, false},
};

constexpr std::array<std::string_view, 7> declarations{"NEURON", "UNITS", "PARAMETER", "ASSIGNED", "STATE", "CONSTANT", "INDEPENDENT"};

const block_kind* routine_named(std::string_view keyword) {
    const auto at = std::find_if(routines.begin(), routines.end(), [&](const block_kind& k) { return k.keyword == keyword; });
    return at == routines.end() ? nullptr : &*at;
}

std::vector<std::string> all_keywords() {
    std::vector<std::string> words(declarations.begin(), declarations.end());
    for (const auto& r : routines) words.emplace_back(r.keyword);
    for (const auto* word : {"TITLE", "COMMENT", "VERBATIM", "LOCAL", "DEFINE", "INCLUDE", "UNITSON", "UNITSOFF"}) words.emplace_back(word);
    return words;
}

}  // namespace

bool begins_block(const token& t) {
    return t.is == token::kind::name && t.order == 0 &&
           (routine_named(t.text) || std::find(declarations.begin(), declarations.end(), t.text) != declarations.end());
}

parser::level::level(parser& of) : p(of) {
    if (p.level_ >= max_nesting)
        p.refuse(p.peek().at, fmt::format("nested deeper than {} levels", max_nesting), "move what is inside to a FUNCTION or PROCEDURE");
    ++p.level_;
}

// ---- tokens

bool parser::take_symbol(std::string_view s) { return at_symbol(s) && (take(), true); }
bool parser::take_name(std::string_view s) { return at_name(s) && (take(), true); }

std::string parser::told(const token& t) const {
    switch (t.is) {
        case kind::end: return "the file ends";
        case kind::verbatim: return "VERBATIM stands";
        case kind::title: return "TITLE stands";
        case kind::text: return fmt::format("\"{}\" stands", t.text.substr(0, 40));
        case kind::stray:
            if (static_cast<unsigned char>(t.text[0]) < 0x20 || t.text[0] == 0x7F)
                return fmt::format("the character {:#04x} stands", static_cast<unsigned char>(t.text[0]));
            return fmt::format("'{}' stands", as_utf8(t.text));
        default: break;
    }
    if (!t.macro.empty()) return fmt::format("'{}', which DEFINE made {}, stands", t.macro, t.text);
    return fmt::format("'{}{}' stands", t.text.substr(0, 60), std::string(static_cast<std::size_t>(std::min(t.order, 3)), '\''));
}

void parser::refuse(const place& at, std::string what, std::string hint) {
    found_.error(at, std::move(what), std::move(hint));
    throw fault{};
}

void parser::unexpected(std::string_view wanted, std::string hint) {
    const auto& t = peek();
    if (hint.empty() && t.is == kind::stray) hint = "this character means nothing in NMODL";
    refuse(t.at, fmt::format("{} where {} should be{}", told(t), wanted, block_.empty() ? "" : ", in " + block_), std::move(hint));
}

void parser::expect(std::string_view symbol, std::string_view behind) {
    if (!take_symbol(symbol)) unexpected(fmt::format("'{}' of {}", symbol, behind));
}

void parser::expect_name(std::string_view name, std::string_view usage) {
    if (!take_name(name)) unexpected(name, std::string(usage));
}

// ---- blocks

file parser::whole() {
    file f;
    while (peek().is != kind::end) {
        block_.clear();
        level_ = 0;
        const auto taken = tokens_.taken();
        try {
            top(f);
        } catch (const fault&) {
            if (tokens_.taken() == taken) take();   // whatever it is
            recover();
        }
    }
    f.comments = std::move(tokens_.comments);
    return f;
}

void parser::top(file& f) {
    if (peek().is == kind::title) {
        auto title = take().text;
        if (f.title.empty()) f.title = std::move(title);
        return;
    }
    if (peek().is == kind::verbatim) {
        routine r;
        r.is = routine::kind::verbatim;
        r.at = r.end = peek().at;
        r.text = take().text;
        f.routines.push_back(std::move(r));
        return;
    }
    if (peek().is != kind::name || peek().order > 0) unexpected("a block", "outside of blocks there are only blocks: perhaps one '}' too many stands before");
    const auto keyword = take();
    if (routine_named(keyword.text)) return statement_block(keyword, f);
    if (keyword.text == "NEURON") return neuron(f.neuron, keyword);
    if (declaration_block(keyword.text, f)) return;
    old_word(keyword);
}

bool parser::declaration_block(const std::string& keyword, file& f) {
    if (keyword == "UNITS") units(f);
    else if (keyword == "PARAMETER") parameters(f.parameters);
    else if (keyword == "ASSIGNED") variables(f.assigned, keyword);
    else if (keyword == "STATE") variables(f.states, keyword);
    else if (keyword == "CONSTANT") constants(f.constants);
    else if (keyword == "INDEPENDENT") independent();
    else if (keyword == "LOCAL") for (auto& d : locals()) f.locals.push_back(std::move(d));
    else return false;
    return true;
}

/// Words of the programs NMODL comes from.
void parser::old_word(const token& keyword) {
    const auto& word = keyword.text;
    if (word == "PLOT") {
        found_.warn("ignored", keyword.at, "PLOT has no effect", "leave it out");
        name_list("PLOT");
        while (take_name("VS")) name_list("PLOT");
        return;
    }
    if (word == "EQUATION") refuse(keyword.at, "EQUATION is not a block of NMODL", "write BREAKPOINT");
    if (word == "DEPENDENT") refuse(keyword.at, "DEPENDENT is not a block of NMODL", "write ASSIGNED");
    if (word == "MODEL") refuse(keyword.at, "MODEL is not a word of NMODL", "write TITLE");
    for (const auto* gone : {"TERMINAL", "STEPPED", "PARTIAL", "SENS", "MATCH", "MODEL_LEVEL", "FIRST", "LAST"})
        if (word == gone) refuse(keyword.at, word + " is not translated, and does nothing in NEURON", "leave the block out");
    refuse(keyword.at, fmt::format("'{}' begins no block", word), suggestion(word, all_keywords()));
}

/// Reads over everything up to the next word that begins a block and does so as one: with a brace or a name behind it.
void parser::recover() {
    while (peek().is != kind::end) {
        const auto& t = peek();
        if (t.is == kind::title) return;
        if (begins_block(t)) {
            const auto& next = peek(1);
            if (next.is_symbol("{") || next.is_symbol("(") || (next.is == kind::name && next.order == 0)) return;
        }
        take();
    }
}

void parser::statement_block(const token& keyword, file& f) {
    const auto& what = *routine_named(keyword.text);
    routine r;
    r.is = in_ = what.is;
    r.at = keyword.at;
    r.is_unchecked = keyword.is_unchecked;
    block_ = keyword.text;
    if (what.is == routine::kind::before || what.is == routine::kind::after) hook(r);
    if (what.has_name) {
        r.name = plain_name(keyword.text).text;
        block_ += " " + r.name;
    }
    if (what.has_arguments) {
        r.arguments = arguments(block_);
        r.unit = optional_unit();
    }
    if (at_name("SOLVEFOR")) r.solve_for = solve_for();
    r.end = r.at;
    if (what.is != routine::kind::function_table) {
        r.body = body(block_);
        r.end = tokens_.last();
    }
    f.routines.push_back(std::move(r));
}

void parser::hook(routine& r) {
    for (const auto* when : {"STEP", "INITIAL", "BREAKPOINT", "SOLVE"})
        if (take_name(when)) {
            r.name = when;
            block_ += " " + r.name;
            return;
        }
    unexpected("STEP, INITIAL, BREAKPOINT or SOLVE");
}

std::vector<expression> parser::solve_for() {
    take();
    return name_list("SOLVEFOR");
}

file parse(std::shared_ptr<const source> in, const include_reader& include, diagnostics& found) {
    token_stream tokens(std::move(in), include, found);
    return parser(tokens, found).whole();
}

}  // namespace apical::nmodl::syntax
