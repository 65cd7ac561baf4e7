// SPDX-License-Identifier: BSD-3-Clause
#include "io/sonata/hoc_template.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include <fmt/format.h>

#include "core/error.hpp"
#include "io/sonata/hoc_axon.hpp"
#include "io/sonata/hoc_text.hpp"

namespace apical::sonata::hoc {
namespace {

constexpr std::array<std::string_view, 6> list_names{"all", "somatic", "axonal", "basal", "apical", "myelinated"};

/// What a template says of itself, of its files and of NEURON, and nothing of the cell.
constexpr std::array<std::string_view, 18> bookkeeping{"all", "apical", "axonal", "basal", "somatic", "myelinated", "gid", "CellRef", "synHelperList", "synlist", "ASCIIrpt",
                                                       "channel_seed", "channel_seed_set", "rng_seed", "APC", "segCounts", "morphology", "seed"};
constexpr std::array<std::string_view, 9> housekeeping{"load_morphology", "geom_nsec", "indexSections", "re_init_rng", "getThreshold", "check_simulator", "clear", "setCCell", "init_rng"};
constexpr std::array<std::string_view, 9> loading{"load_morphology", "numarg", "execerror", "$s1", "$s2", "$s3", "else", "if", "$1"};

bool is_in(const auto& list, std::string_view word) { return std::ranges::find(list, word) != list.end(); }
bool is_word(const token& t) { return t.is == token::kind::word; }

class template_reader {
public:
    explicit template_reader(const cell_program& in) : in_(in) {}

    program read() {
        const auto init = in_.procedures.find("init");
        if (init == in_.procedures.end()) throw invalid_input(in_.file, fmt::format("the template {} has no 'proc init'", in_.name));
        run(init->second.body);
        return std::move(out_);
    }

private:
    [[noreturn]] void refuse(const token& t, const std::string& what) const {
        throw unsupported(in_.where(t.line), what, "templates of insert, assignments of numbers and distribute_distance in forsec loops are read; other programs are NEURON's");
    }

    /// Statements that are not within sections.
    void run(tokens body) {
        if (++depth_ > 20) refuse(body.front(), "procedures call each other without end");
        for (std::size_t k = 0; k < body.size();) {
            const auto& t = body[k];
            if (t.text == ";") ++k;
            else if (t.text == "forsec") k = loop(body, k);
            else if (t.text == "if") k = choice(body, k);
            else if (t.text == "forall" && k + 1 < body.size() && body[k + 1].text == "delete_section") k = line_end(body, k);
            else if (t.text == "local" || t.text == "localobj" || t.text == "strdef") k = line_end(body, k);
            else if (t.text == "this" && k + 2 < body.size() && body[k + 1].text == ".") k = call(body, k + 2);
            else if (is_word(t) && k + 1 < body.size() && body[k + 1].text == "=" && is_in(bookkeeping, t.text)) k = line_end(body, k);
            else if (is_word(t)) k = call(body, k);
            else refuse(t, fmt::format("'{}' is not expected here", t.text));
        }
        --depth_;
    }
    static std::size_t line_end(tokens body, std::size_t k) {
        const int line = body[k].line;
        while (k < body.size() && body[k].line == line) ++k;
        return k;
    }

    /// if (numarg() ...) { load_morphology(...) } else { ... }: which file is read is the circuit's to say.
    std::size_t choice(tokens body, std::size_t k) {
        const auto check = [&](tokens part) {
            for (const auto& t : part)
                if (is_word(t) && !is_in(loading, t.text)) refuse(t, fmt::format("'{}' under a condition", t.text));
        };
        while (true) {
            auto open = k;
            while (open < body.size() && body[open].text != "{") ++open;
            if (open == body.size()) refuse(body[k], "a condition without braces");
            const auto end = behind(body, open, in_);
            check(body.subspan(k, end - k));
            k = end;
            if (k >= body.size() || body[k].text != "else") return k;
        }
    }

    /// [this.|CellRef.]LIST; `k` is set behind it.
    section_list list_at(tokens body, std::size_t& k) const {
        if (k + 2 < body.size() && (body[k].text == "this" || body[k].text == "CellRef") && body[k + 1].text == ".") k += 2;
        if (k >= body.size()) refuse(body[k - 1], "no list of sections");
        const auto known = list_named(body[k].text);
        if (!known) refuse(body[k], fmt::format("'{}' is no list of sections", body[k].text));
        ++k;
        return *known;
    }

    std::size_t loop(tokens body, std::size_t k) {
        const auto& word = body[k];
        const auto list = list_at(body, ++k);
        if (k >= body.size() || body[k].text != "{") refuse(word, "a loop over sections without braces");
        const auto end = behind(body, k, in_);
        within(body.subspan(k + 1, end - k - 2), list);
        return end;
    }

    /// Statements that hold in each section of the list.
    void within(tokens body, section_list list) {
        for (std::size_t k = 0; k < body.size();) {
            const auto& t = body[k];
            if (t.text == ";") {
                ++k;
            } else if (t.text == "insert" && k + 1 < body.size() && is_word(body[k + 1])) {
                out_.statements.push_back(insertion{list, body[k + 1].text, in_.where(t.line)});
                k += 2;
            } else if (is_word(t) && k + 2 < body.size() && body[k + 1].text == "=") {
                auto end = k + 2;
                std::string text;
                for (; end < body.size() && body[end].line == t.line && body[end].text != ";"; ++end) text += body[end].text;
                out_.statements.push_back(assignment{list, t.text, formula(text, in_.where(t.line)), false, in_.where(t.line)});
                k = end;
            } else {
                refuse(t, fmt::format("'{}' in sections", t.text));
            }
        }
    }

    std::size_t call(tokens body, std::size_t k) {
        const auto& name = body[k];
        if (k + 1 >= body.size() || body[k + 1].text != "(") refuse(name, fmt::format("'{}' is not known", name.text));
        const auto end = behind(body, k + 1, in_);
        const auto arguments = body.subspan(k + 2, end - k - 3);
        if (is_in(housekeeping, name.text)) return end;
        if (name.text == "distribute_distance") return distribute(arguments, name), end;
        const auto p = in_.procedures.find(name.text);
        if (p == in_.procedures.end()) refuse(name, fmt::format("'{}' is no procedure of the template", name.text));
        if (name.text == "geom_nseg_fixed") cut(arguments, p->second, name);
        else if (name.text == "replace_axon" || name.text == "delete_axon") out_.axon = read_axon(p->second, in_);
        else run(p->second.body);
        return end;
    }

    /// distribute_distance(CellRef.LIST, "NAME", "formula")
    void distribute(tokens arguments, const token& at) {
        std::size_t k = 0;
        const auto list = list_at(arguments, k);
        const bool fits = k + 4 == arguments.size() && arguments[k + 1].is == token::kind::text && arguments[k + 3].is == token::kind::text;
        if (!fits) refuse(at, "distribute_distance takes a list of sections, the name of a parameter and a formula");
        out_.statements.push_back(assignment{list, arguments[k + 1].text, formula(arguments[k + 3].text, in_.where(at.line)), true, in_.where(at.line)});
    }

    /// 1 + 2 int(L/longest), written out in the template.
    void cut(tokens arguments, const cell_program::procedure& p, const token& at) {
        constexpr std::array<std::string_view, 12> rule{"nseg", "=", "1", "+", "2", "*", "int", "(", "L", "/", "chunkSize", ")"};
        const auto same = [](const token& t, std::string_view s) { return t.text == s; };
        if (std::ranges::search(p.body, rule, same).empty()) throw unsupported(in_.where(p.line), "sections are cut by another rule", "nseg = 1 + 2*int(L/chunkSize) is known");
        if (arguments.size() != 1 || arguments[0].is != token::kind::number) refuse(at, "geom_nseg_fixed takes a length in um");
        out_.longest = std::strtod(arguments[0].text.c_str(), nullptr);
        if (!(out_.longest > 0)) throw invalid_input(in_.where(at.line), fmt::format("compartments of {} um", arguments[0].text), "more than 0 is expected");
    }

    const cell_program& in_;
    program out_;
    int depth_ = 0;
};

}  // namespace

std::optional<section_list> list_named(std::string_view name) {
    const auto known = std::ranges::find(list_names, name);
    return known == list_names.end() ? std::nullopt : std::optional(static_cast<section_list>(known - list_names.begin()));
}

std::filesystem::path template_file(const std::filesystem::path& folder, const std::string& name) { return folder/(name.ends_with(".hoc") ? name : name + ".hoc"); }

program read_template(const std::filesystem::path& folder, const std::string& name) {
    const auto file = template_file(folder, name);
    if (!std::filesystem::is_regular_file(file)) throw invalid_input(file.string(), "does not exist", "a template is in the file of its name, in biophysical_neuron_models_dir");
    const auto in = read_program(file, file.stem().string());
    return template_reader(in).read();
}

}  // namespace apical::sonata::hoc
