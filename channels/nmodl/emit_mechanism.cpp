// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/emit_mechanism.hpp"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "channels/nmodl/emit_block.hpp"

namespace apical::nmodl {
namespace {

block joined(std::initializer_list<const block*> parts) {
    block all;
    for (const auto* b : parts) all.insert(all.end(), b->begin(), b->end());
    return all;
}

/// Writes the functions of one program.
class mechanism_writer {
public:
    explicit mechanism_writer(const program& p) : program_(p) {}
    std::string text(std::string_view symbol);

private:
    /// What a function is given besides `at` and the place `k` of its instances.
    struct signature {
        std::string name, parameters;
        bool is_scalar = false, has_connection = false;
    };
    void function(const signature&, const block&, const std::string& before_return = {}, const std::set<int>& given = {});
    void declare(block_writer&, const block_usage&, const signature&, const std::set<int>& given) const;
    void store(block_writer&, const block_usage&, const signature&) const;
    void sweep(const char* name, const block&, bool takes_events);
    void breakpoint();
    void events();
    void condition();
    void routines();
    std::string table(std::string_view symbol) const;

    block_usage usage(const block&) const;
    int of_role(role) const;
    std::string shared_or(role, double otherwise) const;
    const variable& at(int v) const { return program_.variables[static_cast<std::size_t>(v)]; }

    const program& program_;
    std::string out_;
};

int mechanism_writer::of_role(role wanted) const {
    const auto found = std::ranges::find(program_.variables, wanted, &variable::is);
    return found == program_.variables.end() ? -1 : static_cast<int>(found - program_.variables.begin());
}

/// Of a block that may fail, everything that is computed is written.
block_usage mechanism_writer::usage(const block& b) const {
    auto used = usage_of(b);
    for (std::size_t i = 0; used.may_fail && i < program_.variables.size(); ++i)
        if (is_outcome(program_.variables[i])) used.written.insert(static_cast<int>(i));
    return used;
}

std::string mechanism_writer::shared_or(role wanted, double otherwise) const {
    const int v = of_role(wanted);
    return v < 0 ? literal(otherwise) : fmt::format("at.shared[{}]", at(v).offset);
}

/// Whether an array is read and stored in a loop: element by element, a queue of a thousand takes a compiler a minute.
bool is_long(const variable& x) { return x.is_array && x.length > 16; }

/// Everything the block touches, as it stands before.
void mechanism_writer::declare(block_writer& w, const block_usage& used, const signature& s, const std::set<int>& given) const {
    for (const int v : used.all()) {
        const auto& x = at(v);
        if (given.contains(v)) continue;
        const auto element = [&](const std::string& offset) {
            switch (x.kept) {
            case storage::instance: return fmt::format("load<{}>(at.columns[{}], k)", s.is_scalar ? "double" : "V", offset);
            case storage::shared: return fmt::format("at.shared[{}]", offset);
            case storage::connection: return s.has_connection ? fmt::format("connection ? connection[{}] : 0.0", offset) : std::string("0.0");
            case storage::local: break;
            }
            return std::string("0.0");
        };
        const auto type = w.type_of(v);
        const auto converted = [&](const std::string& one) {
            return type == "U" ? fmt::format("as<U>(V({}))", one) : x.is_array ? fmt::format("{}({})", type, one) : one;
        };
        if (x.is == role::flag) { w.declare(v, "flag"); continue; }
        if (is_long(x)) {
            w.line(fmt::format("{} {}[{}];", type, w.name(v), x.length));
            w.line(fmt::format("for (int n = 0; n < {}; ++n) {}[n] = {};", x.length, w.name(v), converted(element(fmt::format("{} + n", x.offset)))));
            continue;
        }
        std::string from;
        for (int i = 0; i < x.length; ++i) from += (i ? ", " : "") + converted(element(std::to_string(x.offset + i)));
        w.declare(v, from);
    }
}

void mechanism_writer::store(block_writer& w, const block_usage& used, const signature& s) const {
    for (const int v : used.written) {
        const auto& x = at(v);
        if (x.is == role::flag || x.is == role::voltage) continue;
        const auto one = [&](const std::string& name, const std::string& offset) -> std::string {
            if (x.kept == storage::instance) return fmt::format("lanes::store({}, at.columns[{}], k);", name, offset);
            if (x.kept == storage::connection && s.has_connection) return fmt::format("if (connection) connection[{}] = {};", offset, name);
            if (x.kept == storage::shared && s.is_scalar) return fmt::format("at.shared[{}] = {};", offset, name);
            if (x.kept == storage::shared) return fmt::format("if (k + width_of<V> >= at.count) at.shared[{}] = lane(value({}), at.count - 1 - k);", offset, name);
            return "";
        };
        if (one("", "").empty()) continue;
        if (is_long(x)) w.line(fmt::format("for (int n = 0; n < {}; ++n) {}", x.length, one(w.name(v) + "[n]", fmt::format("{} + n", x.offset))));
        else
            for (int i = 0; i < x.length; ++i) w.line(one(w.name(v) + (x.is_array ? fmt::format("[{}]", i) : ""), std::to_string(x.offset + i)));
    }
}

void mechanism_writer::function(const signature& s, const block& b, const std::string& before_return, const std::set<int>& given) {
    const auto used = usage(b);
    const std::string type = s.is_scalar ? "double" : "V";
    block_writer w(program_, {.type = type, .slope_type = type, .active = {}});
    out_ += fmt::format("\n{}void {}([[maybe_unused]] const view& at, [[maybe_unused]] int k{}) {{\n",
                        s.is_scalar ? "" : "template <class V> ", s.name, s.parameters);
    w.line(fmt::format("[[maybe_unused]] const auto all_lanes = equal({0}(0.0), {0}(0.0));", type));
    if (used.is_random) w.line(fmt::format("random_numbers<{}> draws(at, k);", type));
    declare(w, used, s, given);
    w.write(b, {});
    store(w, used, s);
    out_ += w.result() + before_return + "}\n";
}

/// A block over all instances; instance by instance if it has events.
void mechanism_writer::sweep(const char* name, const block& b, bool takes_events) {
    if (b.empty()) return;
    const bool is_scalar = usage_of(b).has_events;
    function({.name = name, .parameters = takes_events ? ", [[maybe_unused]] const host& events" : "", .is_scalar = is_scalar}, b);
    out_ += fmt::format("void run_{0}(const view& at{1}) {{\n"
                        "    for (int k = 0; k < at.count; k += {2}) {0}{3}(at, k{4});\n}}\n",
                        name, takes_events ? ", const host* events" : "", is_scalar ? "1" : "width_of<native_pack>", is_scalar ? "" : "<native_pack>",
                        takes_events ? ", events ? *events : nobody" : "");
}

void mechanism_writer::breakpoint() {
    const auto b = joined({&program_.before_breakpoint, &program_.breakpoint});
    if (b.empty()) return;
    const auto used = usage(b);
    const int v = of_role(role::voltage);
    block_writer w(program_, {.type = "V", .slope_type = "U", .active = v < 0 ? std::set<int>{} : depending_on(b, {v})});
    out_ += "\ntemplate <class V, class U> U breakpoint(const view& at, [[maybe_unused]] int k, [[maybe_unused]] U at_v, [[maybe_unused]] U* of_ion, bool keep) {\n";
    w.line("[[maybe_unused]] const auto all_lanes = equal(V(0.0), V(0.0));");
    if (used.is_random) w.line("random_numbers<V> draws(at, k);");
    if (v >= 0) w.line(fmt::format("[[maybe_unused]] const U {} = at_v;", w.name(v)));
    auto needed = used;
    for (const auto& c : program_.currents) needed.read.insert(c.variable);
    declare(w, needed, {}, {v});
    w.write(b, {});
    w.open("if (keep) {");
    store(w, used, {});
    w.close();
    std::string sum;
    int ions = 0;
    for (const auto& c : program_.currents) {
        const auto name = fmt::format("as<U>({})", w.name(c.variable));
        if (c.ion >= 0) w.line(fmt::format("new (of_ion + {}) U({});", ions++, name));
        sum += c.is_electrode ? (sum.empty() ? "-" : " - ") + name : (sum.empty() ? "" : " + ") + name;
    }
    w.line(fmt::format("return {};", sum.empty() ? "U(0.0)" : sum));
    out_ += w.result() + "}\n";
    out_ += fmt::format("void run_breakpoint(const view& at, const currents& to) {{\n"
                        "    const auto block = [&]<class U>(int k, U v, U* of_ion, bool keep) {{ return breakpoint<native_pack, U>(at, k, v, of_ion, keep); }};\n"
                        "    add_currents<native_pack, {}, {}>(at, to, {}, block);\n}}\n",
                        ions, used.is_differentiable, v < 0 ? std::string("nullptr") : fmt::format("at.columns[{}]", at(v).offset));
}

void mechanism_writer::events() {
    if (!program_.net_receive.empty())
        function({.name = "receive", .parameters = ", [[maybe_unused]] double* connection, [[maybe_unused]] double flag, [[maybe_unused]] const host& events",
                  .is_scalar = true, .has_connection = true}, program_.net_receive);
    if (!program_.net_initial.empty())
        function({.name = "net_initial", .parameters = ", [[maybe_unused]] double* connection", .is_scalar = true, .has_connection = true}, program_.net_initial);
}

/// The conditions that WATCH names, wherever they stand.
void collect(const block& b, std::vector<const statement*>& found) {
    for (const auto& s : b) {
        if (s.is == statement::kind::watch) found.push_back(&s);
        collect(s.body, found), collect(s.other, found);
    }
}

void mechanism_writer::condition() {
    std::vector<const statement*> watches;
    collect(program_.net_receive, watches), collect(program_.initial, watches), collect(program_.net_initial, watches);
    if (watches.empty()) return;
    block_usage used;
    for (const auto* s : watches) {
        used.read.merge(usage_of(s->body).all());
        add_usage(s->value, used);
    }
    block_writer w(program_, {.type = "double", .slope_type = "double", .active = {}});
    out_ += "\ndouble condition([[maybe_unused]] const view& at, [[maybe_unused]] int k, int n) {\n";
    w.line("[[maybe_unused]] const auto all_lanes = true;");
    w.line("[[maybe_unused]] const double flag = 0;");
    declare(w, used, {.name = {}, .parameters = {}, .is_scalar = true}, {});
    w.open("switch (n) {");
    for (int n = 0; n < program_.watches; ++n) {
        const auto found = std::ranges::find(watches, n, [](const statement* s) { return s->variable; });
        if (found == watches.end()) continue;
        w.open(fmt::format("case {}: {{", n));
        w.write((*found)->body, {});
        w.line(fmt::format("return {};", w.text((*found)->value)));
        w.close();
    }
    w.line("default: return __builtin_nan(\"\");");
    w.close();
    out_ += w.result() + "}\n";
}

void mechanism_writer::routines() {
    if (program_.routines.empty()) return;
    std::string cases;
    for (std::size_t n = 0; n < program_.routines.size(); ++n) {
        const auto& r = program_.routines[n];
        std::set<int> given;
        block_writer names(program_, {});
        auto used = usage_of(r.body);
        std::string prologue, epilogue;
        const auto local = [&](int v) { return names.name(v); };
        for (std::size_t i = 0; i < r.arguments.size(); ++i) prologue += fmt::format(", [[maybe_unused]] V {}", local(r.arguments[i])), given.insert(r.arguments[i]);
        if (r.result >= 0 && used.all().contains(r.result))
            epilogue = fmt::format("    for (int n = 0; n < width_of<V> && k + n < at.count; ++n) result[k + n] = lane({}, n);\n", local(r.result));
        const auto name = fmt::format("routine_{}", n);
        function({.name = name, .parameters = ", [[maybe_unused]] double* result" + prologue}, r.body, epilogue, given);
        std::string arguments;
        for (std::size_t i = 0; i < r.arguments.size(); ++i) arguments += fmt::format(", native_pack(arguments[{}])", i);
        cases += fmt::format("        case {0}: for (int k = 0; k < at.count; k += width_of<native_pack>) {1}<native_pack>(at, k, result{2}); return true;\n",
                             n, name, arguments);
    }
    out_ += "\nbool call([[maybe_unused]] const view& at, int routine, [[maybe_unused]] const double* arguments,\n"
            "          [[maybe_unused]] double* result) {\n    switch (routine) {\n" + cases + "        default: return false;\n    }\n}\n";
}

std::string mechanism_writer::table(std::string_view symbol) const {
    const auto& p = program_;
    const std::pair<const char*, bool> blocks[] = {
        {"run_initial", !(p.before_initial.empty() && p.initial.empty() && p.after_initial.empty())}, {"run_advance", !p.advance.empty()},
        {"run_breakpoint", !(p.before_breakpoint.empty() && p.breakpoint.empty())}, {"run_before_step", !p.before_step.empty()}, {"run_after_solve", !p.after_solve.empty()},
        {"receive", !p.net_receive.empty()}, {"net_initial", !p.net_initial.empty()}, {"condition", p.watches > 0}, {"call", !p.routines.empty()}};
    std::string list;
    for (const auto& [name, is_there] : blocks) list += fmt::format(", {}", is_there ? name : "nullptr");
    return fmt::format("\nextern \"C\" [[gnu::visibility(\"default\")]] const apical::nmodl::compiled::table* {0}() {{\n    using namespace apical::nmodl::lanes::{0};\n"
                       "    static constexpr apical::nmodl::compiled::table blocks{{apical::nmodl::compiled::version, {1}, {2}, {3}\n        {4}}};\n"
                       "    return &blocks;\n}}\n", symbol, p.instance_size, p.shared_size, p.connection_size, list);
}

std::string mechanism_writer::text(std::string_view symbol) {
    out_ = fmt::format("// {} of {}, written by Apical: changes are lost\n#include <new>\n\n#include \"channels/nmodl/equations.hpp\"\n"
                       "#include \"channels/nmodl/lanes.hpp\"\n\nnamespace apical::nmodl::lanes {{\nnamespace {} {{\nnamespace {{\n\n"
                       "using namespace compiled;\n\n", program_.name, program_.file, symbol);
    const auto reader = [&](const char* name, role r, double otherwise) {
        out_ += fmt::format("[[maybe_unused]] inline double {}([[maybe_unused]] const view& at) {{ return {}; }}\n", name, shared_or(r, otherwise));
    };
    const double nan = std::numeric_limits<double>::quiet_NaN();
    reader("time_of", role::time, nan), reader("step_of", role::step, nan), reader("celsius_of", role::temperature, nan);
    sweep("initial", joined({&program_.before_initial, &program_.initial, &program_.after_initial}), true);
    sweep("advance", program_.advance, false);
    breakpoint();
    sweep("before_step", program_.before_step, false);
    sweep("after_solve", program_.after_solve, false);
    events();
    condition();
    routines();
    return out_ + fmt::format("\n}}  // namespace\n}}  // namespace {}\n}}  // namespace apical::nmodl::lanes\n", symbol) + table(symbol);
}

}  // namespace

std::string emit_mechanism(const program& p, std::string_view symbol) { return mechanism_writer(p).text(symbol); }

}  // namespace apical::nmodl
