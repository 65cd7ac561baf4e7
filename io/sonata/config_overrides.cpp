// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

#include <fmt/format.h>

#include "io/sonata/config_parts.hpp"

namespace apical::sonata {
namespace {

/// What is between blanks and semicolons: names, numbers and signs.
std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    for (std::size_t at = 0; at < text.size();) {
        const auto is_letter = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' || c == '%'; };
        if (std::isspace(static_cast<unsigned char>(text[at])) || text[at] == ';') {
            ++at;
        } else if (is_letter(text[at]) || (text[at] == '-' && at + 1 < text.size() && !words.empty() && words.back().ends_with('='))) {
            auto end = at + 1;
            // a sign within a number follows its exponent
            while (end < text.size() && (is_letter(text[end]) || ((text[end] == '-' || text[end] == '+') && std::tolower(text[end - 1]) == 'e' && !std::isalpha(static_cast<unsigned char>(text[at]))))) ++end;
            words.emplace_back(text.substr(at, end - at));
            at = end;
        } else {
            auto end = at + 1;
            while (end < text.size() && text[end] == '=') ++end;
            words.emplace_back(text.substr(at, end - at));
            at = end;
        }
    }
    return words;
}

std::optional<double> number_of(const std::string& word) {
    double x = 0;
    const auto [end, wrong] = std::from_chars(word.data(), word.data() + word.size(), x);
    return wrong == std::errc{} && end == word.data() + word.size() ? std::optional(x) : std::nullopt;
}

/// "%s.NAME = 0.5 %s.OTHER *= 2": assignments of numbers, and nothing else of the language.
std::vector<synapse_assignment> assignments_of(const field& f, const std::string& text, std::string_view each = "%s.") {
    constexpr std::array signs{"=", "*=", "/=", "+=", "-="};
    std::vector<synapse_assignment> all;
    const auto words = words_of(text);
    for (std::size_t k = 0; k < words.size(); k += 3) {
        const auto number = k + 2 < words.size() ? number_of(words[k + 2]) : std::nullopt;
        const auto sign = k + 1 < words.size() ? std::ranges::find(signs, words[k + 1]) : signs.end();
        if (sign == signs.end() || !number || !words[k].starts_with(each)) {
            f.unsupported(fmt::format("'{}' is a program for NEURON", text), fmt::format("assignments of numbers such as \"{0}NAME = 0.8; {0}OTHER *= 0.5\"", each));
            return {};
        }
        all.push_back({words[k].substr(each.size()), (*sign)[0], *number, f.where()});
    }
    return all;
}

void read_modification(const field& f, std::string name, config& to) {
    if (!f.is(json::kind::object)) return;
    cell_modification m{.name = std::move(name), .where = f.where()};
    if (const auto own = f.member("name")) m.name = own.text().value_or(m.name);
    const auto type = f.member("type") ? f.member("type").text().value_or("") : std::string{};
    using enum cell_modification::kind;
    if (type == "ttx" || type == "TTX") m.is = ttx;
    else if (type == "configure_all_sections" || type == "ConfigureAllSections") m.is = all_sections;
    else if (type == "section_list") m.is = section_lists;
    else return f.unsupported(fmt::format("modifications of type '{}'", type), "ttx, configure_all_sections and section_list are known");
    if (const auto set = f.member("node_set")) m.node_set = read_node_set(set, to, "all");
    else f.invalid("needs 'node_set'", "the name of a node set");
    const auto configure = f.member("section_configure");
    if (m.is != ttx && !configure) return f.invalid("needs 'section_configure'", "such as \"%s.gbar_Ih = 0\"");
    if (m.is != ttx) {
        const auto text = configure.text().value_or("");
        const auto begin = text.find_first_not_of(" \t\n"), dot = text.find('.');
        const auto list = m.is == section_lists && begin < dot && dot != text.npos ? text.substr(begin, dot - begin) : std::string("%s");
        m.configure = assignments_of(configure, text, list + "."), m.lists = {list};
        if (m.configure.empty()) return;
    }
    f.know_only({{"name", "type", "node_set", "section_configure"}});
    to.conditions.modifications.push_back(std::move(m));
}

void read_override(const field& f, config& to) {
    if (!f.is(json::kind::object)) return;
    connection_override o{.where = f.where()};
    const auto set = [&](const char* name) {
        const auto m = f.member(name);
        if (!m) f.invalid(fmt::format("needs '{}'", name), "the name of a node set");
        return m ? read_node_set(m, to, "all") : std::string{};
    };
    o.source = set("source"), o.target = set("target");
    if (const auto m = f.member("name")) o.name = m.text().value_or("");
    const auto number = [&](const char* name) {
        const auto m = f.member(name);
        return m && !m.is_null() ? m.number_not_below(0) : std::nullopt;
    };
    o.weight = number("weight"), o.spont_minis = number("spont_minis"), o.synapse_delay = number("synapse_delay_override");
    constexpr double most_weight = 1e9, longest_delay = 1e4;     // [ms]
    if (o.weight && *o.weight > most_weight) f.member("weight").invalid(fmt::format("multiplies conductances by {:g}", *o.weight), fmt::format("0 to {:g}", most_weight)), o.weight.reset();
    if (o.synapse_delay && *o.synapse_delay > longest_delay)
        f.member("synapse_delay_override").invalid(fmt::format("is {:g} ms", *o.synapse_delay), fmt::format("up to {:g} ms", longest_delay)), o.synapse_delay.reset();
    o.from = number("delay").value_or(0);
    if (const auto m = f.member("synapse_configure"); m && !m.is_null()) o.configure = assignments_of(m, m.text().value_or(""));
    for (const auto* name : {"modoverride", "neuromodulation_dtc", "neuromodulation_strength"})
        if (const auto m = f.member(name); m && !m.is_null()) m.unsupported(fmt::format("'{}' of connections", name), "weight, spont_minis, synapse_configure, synapse_delay_override and delay are supported");
    if (o.from > 0 && (o.spont_minis || o.synapse_delay || !o.configure.empty()))
        f.ignored("is delayed, and only its weight holds from then on", "put the others into an override of their own");
    if (o.from > 0) o.spont_minis.reset(), o.synapse_delay.reset(), o.configure.clear();
    f.know_only({{"name", "source", "target", "weight", "spont_minis", "synapse_configure", "synapse_delay_override", "delay", "modoverride", "neuromodulation_dtc", "neuromodulation_strength"}});
    if (!o.source.empty() && !o.target.empty()) to.overrides.push_back(std::move(o));
}

}  // namespace

void read_overrides(const field& f, config& to) {
    if (f.is_null()) return;
    if (f.at->type == json::kind::object) {                      // older files: by name
        for (const auto& [name, value] : f.at->members) read_override(f.member(name, value), to);
        return;
    }
    if (!f.is(json::kind::array)) return;
    for (std::size_t i = 0; i < f.items(); ++i) read_override(f.item(i), to);
}

void read_modifications(const field& f, config& to) {
    if (f.is_null()) return;
    if (f.at->type == json::kind::object) {                      // older files: by name
        for (const auto& [name, value] : f.at->members) read_modification(f.member(name, value), name, to);
        return;
    }
    if (!f.is(json::kind::array)) return;
    for (std::size_t i = 0; i < f.items(); ++i) read_modification(f.item(i), {}, to);
}

void read_mechanisms(const field& f, config& to) {
    if (f.is_null() || !f.is(json::kind::object)) return;
    for (const auto& [model, value] : f.at->members) {
        const auto m = f.member(model, value);
        if (!m.is(json::kind::object)) continue;
        if (model != "ProbAMPANMDA_EMS" && model != "ProbGABAAB_EMS") {
            m.unsupported(fmt::format("parameters of '{}'", model), "ProbAMPANMDA_EMS and ProbGABAAB_EMS are known");
            continue;
        }
        for (const auto& [name, parameter] : value.members) {
            const auto p = m.member(name, parameter);
            if (parameter.type == json::kind::boolean) to.conditions.mechanisms[model].push_back({name, '=', parameter.boolean ? 1.0 : 0.0, p.where()});
            else if (const auto x = p.number()) to.conditions.mechanisms[model].push_back({name, '=', *x, p.where()});
        }
    }
}

}  // namespace apical::sonata
