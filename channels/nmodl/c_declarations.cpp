// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "channels/nmodl/c_reader.hpp"

namespace apical::nmodl::syntax {
namespace {

constexpr std::array<std::string_view, 30> types{
    "double", "int", "float", "long", "short", "unsigned", "char", "void", "static", "const", "extern", "auto", "bool", "FILE", "Object", "Symbol",
    "Point_process", "Datum", "Prop", "IvocVect", "Rand", "nrnran123_State", "struct", "register", "volatile", "size_t", "uint32_t", "u_int32_t", "Section", "NrnThread"};

bool is_type(const c_token& t) { return t.is == c_token::kind::name && std::find(types.begin(), types.end(), t.text) != types.end(); }

/// Whether no element of an array is set behind where it is declared, so that it may as well be made anew in each call.
bool is_only_read(const std::vector<c_token>& tokens, std::size_t declared, std::string_view name) {
    constexpr std::array<std::string_view, 7> setting{"=", "+=", "-=", "*=", "/=", "++", "--"};
    const auto sets = [&](const c_token& t) { return t.is == c_token::kind::symbol && std::find(setting.begin(), setting.end(), t.text) != setting.end(); };
    bool has_values = false;
    for (auto i = declared; i < tokens.size() && !tokens[i].is_symbol(";"); ++i) has_values = has_values || tokens[i].is_symbol("{");
    for (auto i = declared; i + 1 < tokens.size(); ++i) {
        if (!tokens[i].is_name(name)) continue;
        if (i > 0 && (tokens[i - 1].is_symbol("++") || tokens[i - 1].is_symbol("--") || tokens[i - 1].is_symbol("&"))) return false;
        int depth = 0;
        for (++i; i < tokens.size(); ++i) {
            depth += tokens[i].is_symbol("[");
            depth -= tokens[i].is_symbol("]");
            if (depth == 0) break;
        }
        if (i + 1 < tokens.size() && sets(tokens[i + 1])) return false;
    }
    return has_values;
}

}  // namespace

bool c_reader::at_declaration() const {
    if (peek().is != kind::name) return false;
    if (is_type(peek())) return true;
    std::size_t i = 1;   // Type* name = ...
    while (peek(i).is_symbol("*")) ++i;
    return i > 1 && peek(i).is == kind::name && (peek(i + 1).is_symbol("=") || peek(i + 1).is_symbol(";") || peek(i + 1).is_symbol(","));
}

void c_reader::skip_statement() {
    for (int depth = 0; peek().is != kind::end; ) {
        const auto t = take();
        depth += t.is_symbol("{") || t.is_symbol("(");
        depth -= t.is_symbol("}") || t.is_symbol(")");
        if (depth <= 0 && t.is_symbol(";")) return;
    }
}

void c_reader::declaration(block& out) {
    bool is_integer = false, is_static = false, is_constant = false;
    if (peek().is_name("extern")) return skip_statement();
    bool is_named = false, is_file = false;
    while (peek().is == kind::name && (is_type(peek()) || !is_named) && !(peek(1).is_symbol("=") || peek(1).is_symbol(";"))) {
        const auto word = take().text;
        is_static = is_static || word == "static";
        is_file = is_file || word == "FILE";
        is_constant = is_constant || word == "const";
        is_integer = is_integer || word == "int" || word == "long" || word == "short" || word == "unsigned" || word == "char" || word == "uint32_t" ||
                     word == "size_t" || word == "bool" || word == "u_int32_t";
        is_named = word != "static" && word != "const" && word != "extern";
        if (is_named && !is_type(peek())) break;
    }
    if (is_file) is_static = false;   // nothing is written to it
    const auto kept = !is_static ? storage_of_c::automatic : is_constant ? storage_of_c::constant : storage_of_c::always;
    do declarator(out, is_integer, kept);
    while (take_symbol(","));
    if (peek().is != kind::end) expect(";");
}

void c_reader::declarator(block& out, bool is_integer, storage_of_c kept) {
    bool is_pointer = false;
    while (at("*") || at("&") || peek().is_name("const")) is_pointer = take().is_symbol("*") || is_pointer;
    if (peek().is != kind::name) refuse(peek().at, "a declaration of C that cannot be read");
    const auto name = take();
    if (at("(")) {   // of a function: its parameters are of no interest
        int depth = 0;
        do {
            depth += at("(");
            depth -= at(")");
        } while (take().is != kind::end && depth > 0 && peek().is != kind::end);
        return;
    }
    if (kept == storage_of_c::always && is_pointer) refuse(name.at, "a static pointer of C keeps its value between calls", "declare what it points to in ASSIGNED");
    if (kept == storage_of_c::always && !(at("[") && is_only_read(tokens_, next_, name.text))) return keep(name, is_integer);
    variable v;
    v.is_pointer = is_pointer;
    v.is_integer = is_integer;
    v.name = unique(name.text);
    auto local = made(expression::kind::name, name.at, v.name);
    std::vector<expression> elements;
    if (at("[")) local.operands.push_back(number(length_of_array(elements), name.at));
    if (!is_pointer && std::none_of(locals_.begin(), locals_.end(), [&](const auto& l) { return l.name == v.name; })) locals_.push_back(local);
    variables_.insert_or_assign(name.text, v);
    for (std::size_t i = 0; i < elements.size(); ++i) {
        local.operands.front() = number(static_cast<double>(i), name.at);
        store(out, local, std::move(elements[i]));
    }
    if (!take_symbol("=")) return;
    auto given = whole();
    if (is_pointer) return set_pointer(name.text, std::move(given), name.at);
    if (given.is != value::kind::number && given.is != value::kind::null) {   // auto
        variables_[name.text].is_pointer = true;
        return set_pointer(name.text, std::move(given), name.at);
    }
    store(out, std::move(local), is_integer ? truncated(std::move(given)) : number_of(std::move(given)));
}

/// [length], and `= { elements }` if that follows.
double c_reader::length_of_array(std::vector<expression>& elements) {
    constexpr int longest = 10000;
    const auto where = take().at;
    double length = 0;
    if (!at("]")) {
        const auto given = take();
        length = given.value;
        if (given.is != kind::number || !given.is_integer || length < 1 || length > longest) refuse(where, "an array of C without a fixed length");
    }
    expect("]");
    if (at("[")) refuse(where, "an array of arrays of C", "write the elements one behind the other");
    if (take_symbol("=")) {
        expect("{");
        while (!at("}") && elements.size() < longest) {
            elements.push_back(number_of(whole()));
            if (!take_symbol(",")) break;
        }
        expect("}");
        if (length == 0) length = static_cast<double>(elements.size());
        while (static_cast<double>(elements.size()) < length) elements.push_back(number(0, where));
    }
    if (length < 1 || static_cast<double>(elements.size()) > std::max(length, 1.0)) refuse(where, "an array of C without a fixed length");
    return length;
}

/// The name, changed until nothing else has it.
std::string c_reader::unique(std::string name) const {
    while (own_.contains(name) || scope_.variables.contains(name) || scope_.routines.contains(name) || scope_.numbers.contains(name)) name += "_c";
    return name;
}

/// A static number of a routine becomes one of the file.
void c_reader::keep(const c_token& name, bool is_integer) {
    c_variable kept{.at = name.at, .is_integer = is_integer, .is_used = true};
    std::vector<expression> elements;
    if (at("[")) kept.length = static_cast<int>(length_of_array(elements));
    else if (take_symbol("=")) {
        const auto e = number_of(whole());
        const bool is_negative = e.is == expression::kind::unary && e.name == "-";
        const auto& digits = is_negative ? e.operands.front() : e;
        if (digits.is != expression::kind::number) refuse(name.at, "a static variable of C that does not begin with a number", "declare it in ASSIGNED, and set it in INITIAL");
        kept.value = is_negative ? -digits.value : digits.value;
    }
    if (!elements.empty()) refuse(name.at, "a table of C that keeps its values between calls", "declare it in ASSIGNED, and set its elements in INITIAL");
    const auto file_name = unique(routine_.name.empty() ? name.text : routine_.name + "_" + name.text);
    variables_.insert_or_assign(name.text, variable{.name = file_name, .is_integer = is_integer});
    scope_.numbers.emplace(file_name, kept);
}

}  // namespace apical::nmodl::syntax
