// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/print.hpp"

#include <array>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace apical::nmodl::syntax {
namespace {

constexpr int unary_level = 6, power_level = 7, atom_level = 8;

int level_of(const expression& e) {
    if (e.is == expression::kind::unary) return unary_level;
    if (e.is == expression::kind::number) return e.value < 0 ? unary_level : atom_level;
    if (e.is != expression::kind::binary) return atom_level;
    constexpr std::array<std::pair<std::string_view, int>, 6> words{{{"||", 0}, {"&&", 1}, {"==", 2}, {"!=", 2}, {"+", 4}, {"-", 4}}};
    for (const auto& [op, level] : words)
        if (e.name == op) return level;
    return e.name == "^" ? power_level : e.name == "*" || e.name == "/" ? 5 : 3;
}

std::string with_unit(std::string text, const std::string& unit) { return unit.empty() ? text : fmt::format("{} ({})", text, unit); }

std::string list(const std::vector<expression>& names, std::string_view between = ", ") {
    std::string text;
    for (const auto& n : names) text += (text.empty() ? "" : std::string(between)) + print(n);
    return text;
}

std::string in_parentheses_below(int level, const expression& e) { return level_of(e) < level ? "(" + print(e) + ")" : print(e); }

std::string binary(const expression& e) {
    const auto level = level_of(e);
    if (level == power_level)   // from the right; a sign may stand in the exponent but not in the base
        return in_parentheses_below(atom_level, e.operands[0]) + "^" + in_parentheses_below(unary_level, e.operands[1]);
    const auto gap = level == 5 ? "" : " ";
    return in_parentheses_below(level, e.operands[0]) + gap + e.name + gap + in_parentheses_below(level + 1, e.operands[1]);
}

std::string species(const std::vector<term>& terms) {
    std::string text;
    for (const auto& t : terms) {
        if (!text.empty()) text += " + ";
        if (t.coefficient != 1) text += fmt::format("{} ", t.coefficient);
        text += print(t.species);
    }
    return text;
}

/// Lines, each as deep as the blocks it is in.
class layout {
public:
    void line(std::string_view text) { text_ += std::string(static_cast<std::size_t>(depth_)*4, ' ') + std::string(text) + "\n"; }
    void open(std::string_view text) { line(std::string(text) + " {"), ++depth_; }
    void close() { --depth_, line("}"); }
    void raw(std::string_view text) { text_ += text; }
    void body(std::string_view head, const block& inside) {
        open(head);
        for (const auto& s : inside) statement_lines(s);
        close();
    }
    void statement_lines(const statement& s);
    std::string text() && { return std::move(text_); }

private:
    void branch(const statement& s);
    bool has_block(const statement& s);
    std::string one_line(const statement& s) const;
    std::string reaction(const statement& s) const;
    std::string table(const statement& s) const;

    std::string text_;
    int depth_ = 0;
};

void layout::branch(const statement& s) {
    for (std::size_t i = 0; i < s.branches.size(); ++i) {
        open(fmt::format("{}if ({})", i == 0 ? "" : "else ", print(s.branches[i].condition)));
        for (const auto& inner : s.branches[i].body) statement_lines(inner);
        close();
    }
    if (!s.else_body.empty()) body("else", s.else_body);
}

bool layout::has_block(const statement& s) {
    using kind = statement::kind;
    if (s.is == kind::branch) branch(s);
    else if (s.is == kind::loop)
        body(fmt::format("FROM {} = {} TO {} BY {}", s.name, print(s.value), print(s.second), print(s.third)), s.body);
    else if (s.is == kind::repeat) body(fmt::format("while ({})", print(s.value)), s.body);
    else if (s.is == kind::for_netcons) body(fmt::format("FOR_NETCONS ({})", list(s.names)), s.body);
    else if (s.is == kind::initial) body("INITIAL", s.body);
    else if (s.is == kind::verbatim) raw("VERBATIM" + s.text + (s.text.ends_with('\n') ? "" : "\n") + "ENDVERBATIM\n");
    else if (s.is == kind::solve && !s.body.empty()) body(one_line(s) + " IFERROR", s.body);
    else return false;
    return true;
}

void layout::statement_lines(const statement& s) {
    if (!has_block(s)) line(one_line(s));
}

std::string layout::reaction(const statement& s) const {
    if (s.is_source) return fmt::format("~ {} << ({})", species(s.left), print(s.value));
    if (s.is_sink) return fmt::format("~ {} -> ({})", species(s.left), print(s.value));
    return fmt::format("~ {} <-> {} ({}, {})", species(s.left), species(s.right), print(s.value), print(s.second));
}

std::string layout::table(const statement& s) const {
    auto text = s.names.empty() ? std::string("TABLE") : "TABLE " + list(s.names);
    if (!s.depends.empty()) text += " DEPEND " + list(s.depends);
    return fmt::format("{} FROM {} TO {} WITH {}", text, print(s.value), print(s.second), print(s.third));
}

std::string layout::one_line(const statement& s) const {
    using kind = statement::kind;
    switch (s.is) {
        case kind::assign: return fmt::format("{} = {}", print(s.target), print(s.value));
        case kind::call: return print(s.value);
        case kind::local: return "LOCAL " + list(s.names);
        case kind::solve: {
            const auto head = "SOLVE " + s.name;
            return s.method.empty() ? head : fmt::format("{} {} {}", head, s.is_steady ? "STEADYSTATE" : "METHOD", s.method);
        }
        case kind::table: return table(s);
        case kind::conductance: return "CONDUCTANCE " + s.name + (s.ion.empty() ? "" : " USEION " + s.ion);
        case kind::reaction: return reaction(s);
        case kind::equation: return fmt::format("~ {} = {}", print(s.value), print(s.second));
        case kind::conserve: return fmt::format("CONSERVE {} = {}", print(s.value), print(s.second));
        case kind::compartment:
        case kind::diffusion:
            return fmt::format("{} {}{} {{ {} }}", s.is == kind::compartment ? "COMPARTMENT" : "LONGITUDINAL_DIFFUSION",
                               s.name.empty() ? "" : s.name + ", ", print(s.value), list(s.names, " "));
        case kind::watch: return fmt::format("WATCH ({}) {}", print(s.value), print(s.second));
        default: return "MUTEXLOCK";   // stands for all that does nothing
    }
}

// ---- declarations

std::string declared(const declaration& d) {
    auto text = d.name;
    if (d.is_array) text += fmt::format("[{}]", d.length);
    if (d.value) text += fmt::format(" = {}", *d.value);
    if (d.from && d.to) text += fmt::format(" FROM {} TO {}", *d.from, *d.to);
    if (!d.start.empty()) text += " START " + d.start;
    text = with_unit(std::move(text), d.unit);
    if (d.lower && d.upper) text += fmt::format(" <{}, {}>", *d.lower, *d.upper);
    return text;
}

void declarations(layout& out, std::string_view head, const std::vector<declaration>& all) {
    if (all.empty()) return;
    out.open(head);
    for (const auto& d : all) out.line(declared(d));
    out.close();
}

void units(layout& out, const std::vector<unit_definition>& all) {
    if (all.empty()) return;
    out.open("UNITS");
    for (const auto& d : all) {
        if (!d.is_factor) out.line(fmt::format("({}) = ({})", d.name, d.meaning));
        else if (d.value) out.line(with_unit(fmt::format("{} = {}", d.name, d.meaning), d.as_unit));
        else out.line(fmt::format("{} = ({}) ({})", d.name, d.meaning, d.as_unit));
    }
    out.close();
}

void use_of_ions(layout& out, const std::vector<use_of_ion>& ions) {
    for (const auto& i : ions) {
        auto text = "USEION " + i.ion;
        if (!i.reads.empty()) text += " READ " + list(i.reads);
        if (!i.writes.empty()) text += " WRITE " + list(i.writes);
        if (i.valence) text += fmt::format(" VALENCE {}", *i.valence);
        if (!i.valence_name.empty()) text += " VALENCE " + i.valence_name;
        if (!i.represents.empty()) text += " REPRESENTS " + i.represents;
        out.line(text);
    }
}

void neuron(layout& out, const interface& n) {
    if (!n.at.in) return;
    out.open("NEURON");
    if (!n.name.empty()) {
        const auto* word = n.is == interface::kind::point_process ? "POINT_PROCESS" : n.is == interface::kind::artificial_cell ? "ARTIFICIAL_CELL" : "SUFFIX";
        out.line(fmt::format("{} {}", word, n.name));
    }
    use_of_ions(out, n.ions);
    const auto names = [&](std::string_view word, const std::vector<expression>& all) {
        if (!all.empty()) out.line(fmt::format("{} {}", word, list(all)));
    };
    names("NONSPECIFIC_CURRENT", n.nonspecific);
    names("ELECTRODE_CURRENT", n.electrode);
    names("RANGE", n.range);
    names("GLOBAL", n.global);
    names("POINTER", n.pointer);
    names("BBCOREPOINTER", n.bbcore_pointer);
    names("EXTERNAL", n.external);
    names("RANDOM", n.random);
    if (n.is_thread_safe) out.line("THREADSAFE");
    out.close();
}

// ---- routines

std::string_view keyword_of(routine::kind is) {
    constexpr std::array<std::string_view, 15> words{"INITIAL", "BREAKPOINT", "DERIVATIVE", "KINETIC", "LINEAR", "NONLINEAR", "DISCRETE", "PROCEDURE",
                                                     "FUNCTION", "FUNCTION_TABLE", "NET_RECEIVE", "BEFORE", "AFTER", "CONSTRUCTOR", "DESTRUCTOR"};
    return words.at(static_cast<std::size_t>(is));
}

std::string head_of(const routine& r) {
    using kind = routine::kind;
    auto head = std::string(keyword_of(r.is));
    if (!r.name.empty()) head += " " + r.name;
    if (r.is == kind::procedure || r.is == kind::function || r.is == kind::function_table || r.is == kind::net_receive) {
        std::string arguments;
        for (const auto& a : r.arguments) arguments += (arguments.empty() ? "" : ", ") + declared(a);
        head += fmt::format("({})", arguments);
    }
    if (!r.solve_for.empty()) head += " SOLVEFOR " + list(r.solve_for);
    return with_unit(std::move(head), r.unit);
}

void routine_lines(layout& out, const routine& r) {
    if (r.is == routine::kind::verbatim) out.raw("VERBATIM" + r.text + (r.text.ends_with('\n') ? "" : "\n") + "ENDVERBATIM\n");
    else if (r.is == routine::kind::function_table) out.line(head_of(r));
    else out.body(head_of(r), r.body);
}

}  // namespace

std::string print(const expression& e) {
    using kind = expression::kind;
    switch (e.is) {
        case kind::number: return with_unit(fmt::format("{}", e.value), e.unit);
        case kind::text: return "\"" + e.name + "\"";
        case kind::call: return fmt::format("{}({})", e.name, list(e.operands));
        case kind::unary: return e.name + in_parentheses_below(unary_level, e.operands.front());
        case kind::binary: return binary(e);
        default: break;
    }
    auto text = e.name;
    if (e.is == kind::derivative) text += std::string(static_cast<std::size_t>(e.order), '\'');
    else if (e.order > 0) text += fmt::format("@{}", e.order);
    if (!e.operands.empty()) text += fmt::format("[{}]", print(e.operands.front()));
    return text;
}

std::string print(const statement& s) {
    layout out;
    out.statement_lines(s);
    return std::move(out).text();
}

std::string print(const routine& r) {
    layout out;
    routine_lines(out, r);
    return std::move(out).text();
}

std::string print(const file& f) {
    layout out;
    if (!f.title.empty()) out.line("TITLE " + f.title);
    for (const auto& c : f.comments) out.raw("COMMENT" + c + (c.ends_with('\n') ? "" : "\n") + "ENDCOMMENT\n");
    neuron(out, f.neuron);
    units(out, f.units);
    declarations(out, "CONSTANT", f.constants);
    declarations(out, "PARAMETER", f.parameters);
    declarations(out, "ASSIGNED", f.assigned);
    declarations(out, "STATE", f.states);
    for (const auto& d : f.locals) out.line("LOCAL " + declared(d));
    for (const auto& r : f.routines) routine_lines(out, r);
    return std::move(out).text();
}

}  // namespace apical::nmodl::syntax
