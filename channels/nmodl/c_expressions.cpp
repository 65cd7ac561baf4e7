// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "channels/nmodl/c_reader.hpp"

namespace apical::nmodl::syntax {
namespace {

constexpr int deepest = 100;

bool calls_something(const expression& e) {
    return e.is == expression::kind::call || std::any_of(e.operands.begin(), e.operands.end(), calls_something);
}

int precedence(const c_token& t) {
    if (t.is != c_token::kind::symbol) return -1;
    constexpr std::array<std::pair<std::string_view, int>, 13> table{{{"||", 0}, {"&&", 1}, {"==", 2}, {"!=", 2}, {"<", 3}, {">", 3}, {"<=", 3},
                                                                      {">=", 3}, {"+", 4}, {"-", 4}, {"*", 5}, {"/", 5}, {"%", 5}}};
    for (const auto& [symbol, level] : table)
        if (t.text == symbol) return level;
    return -1;
}

constexpr std::array<std::string_view, 35> mathematics{
    "exp", "log", "log10", "sqrt", "fabs", "sin", "cos", "tan", "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh", "floor", "ceil", "fmod", "pow", "erf",
    "erfc", "lgamma", "gamma_ln", "fmin", "fmax", "expm1", "log1p", "nernst", "ghk", "nrn_ghk", "at_time", "scop_random", "exprand", "normrand", "poisrand"};

constexpr std::array<std::string_view, 9> thread_arguments{"_threadargs_", "_threadargscomma_", "_p", "_ppvar", "_thread", "_nt", "_ml", "_iml", "_globals"};

}  // namespace

expression made(expression::kind is, const place& at, std::string name, std::vector<expression> operands) {
    expression e;
    e.is = is;
    e.at = at;
    e.name = std::move(name);
    e.operands = std::move(operands);
    return e;
}
expression number(double value, const place& at) {
    auto e = made(expression::kind::number, at, {});
    e.value = value;
    return e;
}

expression c_reader::number_of(value v) const {
    using k = value::kind;
    if (v.is == k::number) return std::move(v.e);
    if (v.is == k::null) return number(0, v.e.at);
    refuse(v.e.at, v.name.empty() ? "a C pointer is used as a number" : fmt::format("the pointer '{}' is used as a number", v.name),
           "hold the value in a variable of ASSIGNED");
}

expression c_reader::truth(value v) const {
    using k = value::kind;
    if (v.is == k::file) return number(1, v.e.at);
    if (v.is == k::pointer || v.is == k::elements)
        return made(expression::kind::call, v.e.at, std::string(pointer_question), {made(expression::kind::name, v.e.at, v.name)});
    return number_of(std::move(v));
}

c_reader::value c_reader::whole() {
    if (++level_ > deepest) refuse(peek().at, "C nested too deep", "split the expression");
    auto condition = binary(0);
    if (at("?")) {
        const auto where = take().at;
        auto yes = whole();
        expect(":");
        auto no = whole();
        value v;
        v.is_integer = yes.is_integer && no.is_integer;
        v.e = made(expression::kind::call, where, std::string(choice), {truth(std::move(condition)), number_of(std::move(yes)), number_of(std::move(no))});
        condition = std::move(v);
    }
    --level_;
    return condition;
}

c_reader::value c_reader::binary(int loosest) {
    auto left = unary();
    for (int p = precedence(peek()), operators = 0; p >= loosest; p = precedence(peek())) {
        const auto op = take();
        if (++operators > 1000) refuse(op.at, "an expression of C with too many operators", "split it");
        auto right = binary(p + 1);
        left = joined(op, std::move(left), std::move(right));
    }
    return left;
}

c_reader::value c_reader::joined(const c_token& op, value left, value right) const {
    using k = value::kind;
    value v;
    const bool is_logical = op.text == "&&" || op.text == "||", is_equality = op.text == "==" || op.text == "!=";
    if (is_equality && (left.is == k::thread || right.is == k::thread)) {   // there is but the thread that runs this
        v.e = number(op.text == "==", op.at);
    } else if (is_equality && (left.is == k::null || right.is == k::null) && (left.is != k::number || right.is != k::number)) {
        v.e = truth(left.is == k::null ? std::move(right) : std::move(left));
        if (op.text == "==") v.e = made(expression::kind::unary, op.at, "!", {std::move(v.e)});
    } else if (is_logical) {
        v.e = made(expression::kind::binary, op.at, op.text, {truth(std::move(left)), truth(std::move(right))});
    } else {
        const bool are_integers = left.is_integer && right.is_integer;
        auto a = number_of(std::move(left)), b = number_of(std::move(right));
        if (op.text == "%") v.e = made(expression::kind::call, op.at, "fmod", {std::move(a), std::move(b)});
        else v.e = made(expression::kind::binary, op.at, op.text, {std::move(a), std::move(b)});
        v.is_integer = are_integers && precedence(op) >= 4 && op.text != "/";
        if (are_integers && op.text == "/") v.e = truncated(v), v.is_integer = true;
    }
    return v;
}

/// What (int) makes of a number. x - fmod(x, 1) is that, if it can be said twice.
expression c_reader::truncated(value v) const {
    auto e = number_of(v);
    if (v.is_integer) return e;
    if (calls_something(e)) return made(expression::kind::call, e.at, "floor", {std::move(e)});
    auto rest = made(expression::kind::call, e.at, "fmod", {e, number(1, e.at)});
    const auto where = e.at;
    return made(expression::kind::binary, where, "-", {std::move(e), std::move(rest)});
}

c_reader::value c_reader::unary() {
    if (++level_ > deepest) refuse(peek().at, "C nested too deep", "split the expression");
    value v;
    const auto op = peek();
    if (op.is_symbol("-") || op.is_symbol("+")) {
        take();
        auto operand = unary();
        v.is_integer = operand.is_integer;
        v.e = number_of(std::move(operand));
        if (op.text == "-") v.e = made(expression::kind::unary, op.at, "-", {std::move(v.e)});
    } else if (op.is_symbol("!")) {
        take();
        v.e = made(expression::kind::unary, op.at, "!", {truth(unary())});
    } else if (op.is_symbol("&")) {
        take();
        v = unary();
        if (v.is == value::kind::number && v.e.is == expression::kind::name && v.e.operands.empty()) v.name = v.e.name;
        else if (v.is != value::kind::pointer && v.is != value::kind::null) refuse(op.at, "an address is taken", "say what is read or written there by name");
        if (v.is != value::kind::null) v.is = value::kind::address;   // of a pointer not set yet its name is kept
    } else if (op.is_symbol("*")) {
        take();
        v = unary();
        if (v.is == value::kind::elements) { --level_; return v.e = number(0, op.at), element(std::move(v), op.at); }
        if (v.is == value::kind::address) v.is = value::kind::pointer;
        else if (v.is == value::kind::pointer) v.is = value::kind::number, v.e = made(expression::kind::name, op.at, v.name);
        else refuse(op.at, "a C pointer is followed", "name the variable it points to, as a POINTER");
    } else if (op.is_symbol("(")) {
        v = cast_or_parentheses();
    } else {
        v = postfix();
    }
    --level_;
    return v;
}

bool c_reader::at_cast() const {
    std::size_t i = 1;
    while (peek(i).is == kind::name && i < 5) ++i;
    const bool has_name = i > 1, has_star = peek(i).is_symbol("*");
    while (peek(i).is_symbol("*")) ++i;
    if (!has_name || !peek(i).is_symbol(")")) return false;
    if (has_star) return true;
    constexpr std::array<std::string_view, 10> words{"int", "double", "float", "long", "short", "unsigned", "char", "uint32_t", "size_t", "void"};
    return std::find(words.begin(), words.end(), peek(1).text) != words.end();
}

c_reader::value c_reader::cast_or_parentheses() {
    if (!at_cast()) {
        expect("(");
        auto v = whole();
        expect(")");
        while (at("[") || at("->")) v = at("[") ? element(std::move(v), peek().at) : member(std::move(v));
        return v;
    }
    const auto opening = take();
    const auto type = peek().text;
    bool has_star = false;
    while (!at(")")) has_star = take().is_symbol("*") || has_star;
    take();
    auto v = unary();
    if (has_star) {
        if (v.is == value::kind::number && v.e.is == expression::kind::number && v.e.value == 0) v.is = value::kind::null;
        return v;
    }
    if (type == "double" || type == "float" || type == "void") return v.is_integer = false, v;
    v.e = truncated(v);
    v.is_integer = true;
    return v;
}

c_reader::value c_reader::postfix() {
    auto v = primary();
    for (;;) {
        if (at("[")) v = element(std::move(v), peek().at);
        else if (at("->") || at(".")) v = member(std::move(v));
        else return v;
    }
}

c_reader::value c_reader::element(value of, const place& where) {
    value index;
    index.is_integer = true;
    index.e = number(0, where);
    if (take_symbol("[")) {
        index = whole();
        expect("]");
    }
    if (of.is == value::kind::elements) {
        scope_.vectors.emplace(of.name, where);
        value v;
        v.e = made(expression::kind::call, where, of.name + "_element", {number_of(std::move(index))});
        return v;
    }
    if (of.is == value::kind::number && of.e.is == expression::kind::name && of.e.operands.empty()) {
        if (of.e.name == "_args") {
            const auto n = index.e.is == expression::kind::number ? static_cast<long>(index.e.value) : -1;
            if (n < 0 || n >= static_cast<long>(routine_.arguments.size())) refuse(where, "_args[...] of no argument of NET_RECEIVE", "use the argument's name");
            of.e.name = routine_.arguments[static_cast<std::size_t>(n)].name;
            return of;
        }
        of.e.operands.push_back(number_of(std::move(index)));
        return of;
    }
    refuse(where, "an element behind a C pointer", "use an array of ASSIGNED, or a FUNCTION_TABLE");
}

/// The time and its step, behind whichever pointer they are asked for.
c_reader::value c_reader::member(value of) {
    const auto where = take().at;
    const auto name = take().text;
    if (of.is == value::kind::thread && (name == "_t" || name == "_dt")) {
        of.is = value::kind::number;
        of.e = made(expression::kind::name, where, name.substr(1));
        return of;
    }
    refuse(where, fmt::format("'->{}' reaches into NEURON", name), "use the variables that NMODL has: t, dt, v, diam, area, celsius");
}

c_reader::value c_reader::primary() {
    const auto t = take();
    value v;
    v.e.at = t.at;
    if (t.is == kind::number) {
        v.e.value = t.value;
        v.is_integer = t.is_integer;
        return v;
    }
    if (t.is == kind::text) return v.e = made(expression::kind::text, t.at, t.text), v;
    if (t.is != kind::name) refuse(t.at, t.is == kind::end ? "the C ends in the middle of a statement" : t.is == kind::nmodl ? "a statement of NMODL within one of C" : fmt::format("'{}' in C", t.text));
    if (t.text.ends_with("_cast") && at("<")) {
        while (!at(">") && peek().is != kind::end) take();
        expect(">");
        expect("(");
        v = whole();
        expect(")");
        return v;
    }
    return at("(") ? called(t) : named(t);
}

bool c_reader::is_own(std::string_view name) const { return own_.contains(name) || name == routine_.name; }

c_reader::value c_reader::named(const c_token& name) {
    const auto& n = name.text;
    value v;
    v.e = made(expression::kind::name, name.at, n);
    if (const auto c = variables_.find(n); c != variables_.end()) {
        if (!c->second.is_pointer) return v.e.name = c->second.name, v.is_integer = c->second.is_integer, v;
        if (c->second.is_lost) refuse(name.at, fmt::format("the C pointer '{}' points here or there", n));
        v.is = value::kind::null;
        v.name = n;
        if (c->second.holds) v = *c->second.holds;
        v.e.at = name.at;
        return v;
    }
    if (n == "NULL" || n == "nullptr") v.is = value::kind::null;
    else if (n == "_nt" || n == "nrn_threads" || n == "_thread") v.is = value::kind::thread;
    else if (n.starts_with("_p_") && n.size() > 3) v.is = value::kind::pointer, v.name = n.substr(3);
    else if (n.starts_with("_l") && n.size() > 2) v.e.name = n.substr(2);
    else if (n.starts_with("_ion_") && n.size() > 5) v.e.name = n.substr(5);
    else if (n == "_v") v.e.name = "v";
    else if (n == "M_PI") v.e = number(3.14159265358979323846, name.at);
    else if (n == "RAND_MAX") v.e = number(2147483647, name.at), v.is_integer = true;
    else if (n == "cvode_active_" || n == "_cvode_ieq") v.e = number(0, name.at), v.is_integer = true;
    else if (n == "true" || n == "false") v.e = number(n == "true", name.at), v.is_integer = true;
    else if (n == "_ran_compat") v.e = number(2, name.at), v.is_integer = true;   // streams are those of Random123
    else if (scope_.files.contains(n) && !scope_.variables.contains(n)) v.is = value::kind::file;
    else if (const auto kept = scope_.numbers.find(n); kept != scope_.numbers.end() && !scope_.variables.contains(n) && !own_.contains(n))
        kept->second.is_used = true, v.is_integer = kept->second.is_integer;
    else if (n != "_args" && scope_.c_variables.contains(n) && !scope_.variables.contains(n))
        refuse(name.at, fmt::format("'{}' is a variable of C", n), "declare it in ASSIGNED, or in PARAMETER if it is given from outside");
    else if (n != "_args" && n.starts_with("_")) refuse(name.at, fmt::format("'{}' is of NEURON's own C", n), "say it in NMODL");
    return v;
}

std::vector<c_reader::value> c_reader::arguments() {
    std::vector<value> given;
    expect("(");
    while (!at(")")) {
        if (peek().is == kind::end) refuse(peek().at, "the arguments of a call are not closed", "write ')'");
        if (std::find(thread_arguments.begin(), thread_arguments.end(), peek().text) != thread_arguments.end() &&
            (peek().text == "_threadargscomma_" || peek(1).is_symbol(",") || peek(1).is_symbol(")"))) take();
        else given.push_back(whole());
        take_symbol(",");
    }
    take();
    return given;
}

c_reader::value c_reader::called(const c_token& name) {
    if (name.text == "fopen" || name.text == "popen" || name.text == "fdopen" || name.text == "hoc_obj_file_arg") {
        skip_parentheses();   // a file that is opened, and never written to
        value v;
        v.is = value::kind::file;
        v.e.at = name.at;
        return v;
    }
    auto given = arguments();
    if (auto v = drawn(name, given)) return std::move(*v);
    if (auto v = of_vector(name, given)) return std::move(*v);
    auto n = name.text;
    constexpr std::array<std::string_view, 14> hoc{"ifarg", "getarg", "gargstr", "chkarg", "hoc_pgetarg", "hoc_getarg", "hoc_hgetarg", "vector_arg", "vector_arg_px",
                                                   "nrn_random_arg", "hoc_is_double_arg", "hoc_is_str_arg", "hoc_is_object_arg", "hoc_objgetarg"};
    if (std::find(hoc.begin(), hoc.end(), n) != hoc.end()) refuse(name.at, fmt::format("{}() asks for an argument of hoc", n), "give it as an argument of the routine");
    if (scope_.c_functions.contains(n) && !scope_.routines.contains(n)) refuse(name.at, fmt::format("{}() is a function of C", n), fmt::format("write it as FUNCTION {}(...) of NMODL", n));
    if (n == "hoc_Exp") n = "exp";
    if (n == "abs" || n == "labs") n = "fabs";
    const bool is_known = n == "trunc" || scope_.routines.contains(n) || n.starts_with("random_") || std::find(mathematics.begin(), mathematics.end(), n) != mathematics.end();
    if (!is_known) refuse(name.at, fmt::format("{}() is not known in NMODL", n), fmt::format("write it as FUNCTION {}(...), or leave the call out if a run does not need it", n));
    if (n == "trunc" && given.size() == 1) {
        value v;
        v.e = truncated(std::move(given[0]));
        return v;
    }
    value v;
    std::vector<expression> operands;
    for (auto& g : given) operands.push_back(number_of(std::move(g)));
    const auto signature = scope_.signatures.find(n);
    v.is_integer = (n == "fabs" && !given.empty() && given[0].is_integer) || (signature != scope_.signatures.end() && signature->second.gives_integer);
    if (n == "pow" && operands.size() == 2) v.e = made(expression::kind::binary, name.at, "^", std::move(operands));
    else v.e = made(expression::kind::call, name.at, n, std::move(operands));
    return v;
}

/// A draw of a random number. What nrn_random_pick draws hoc has said; the routine's name or a comment tells it here.
std::optional<c_reader::value> c_reader::drawn(const c_token& name, std::vector<value>& given) {
    const auto& n = name.text;
    const bool has_stream = !given.empty() && (given[0].is == value::kind::pointer || given[0].is == value::kind::address);
    const auto draw = [&](std::string_view with_stream, std::string_view without, std::vector<double> parameters) {
        value v;
        v.e = made(expression::kind::call, name.at, std::string(has_stream ? with_stream : without));
        if (has_stream) v.e.operands.push_back(made(expression::kind::name, name.at, given[0].name)), scope_.streams.emplace(given[0].name, name.at);
        for (const auto p : parameters) v.e.operands.push_back(number(p, name.at));
        return v;
    };
    if (n == "drand48") return draw("", "scop_random", {});
    if (n == "rand" || n == "random") {   // from 0 to RAND_MAX
        auto v = draw("", "scop_random", {});
        v.e = made(expression::kind::binary, name.at, "*", {number(2147483648.0, name.at), std::move(v.e)});
        v.e = made(expression::kind::call, name.at, "floor", {std::move(v.e)});
        v.is_integer = true;
        return v;
    }
    if (n == "nrnran123_dblpick" && has_stream) return draw("random_uniform", "", {0, 1});
    if (n == "nrnran123_negexp" && has_stream) return draw("random_negexp", "", {1});
    if (n == "nrnran123_normal" && has_stream) return draw("random_normal", "", {0, 1});
    if (n != "nrn_random_pick" || !has_stream) return {};
    std::string where = routine_.name + " ";
    std::transform(where.begin(), where.end(), where.begin(), [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
    for (const auto& said : {where, text_}) {
        const auto says = [&](std::initializer_list<std::string_view> words) {
            return std::any_of(words.begin(), words.end(), [&](auto w) { return said.find(w) != std::string::npos; });
        };
        const auto told = [&](std::string_view what) {
            found_.warn("verbatim", name.at, fmt::format("what nrn_random_pick draws hoc decides; it is taken for {}", what),
                        "say it in NMODL: RANDOM r in NEURON, and random_uniform(r), random_negexp(r) or random_normal(r)");
        };
        if (says({"urand", "unif", "randgen"})) return told("uniform(0, 1)"), draw("random_uniform", "", {0, 1});
        if (says({"erand", "exprand", "negexp"})) return told("negexp(1)"), draw("random_negexp", "", {1});
        if (says({"grand", "nrand", "norm", "gauss"})) return told("normal(0, 1)"), draw("random_normal", "", {0, 1});
    }
    refuse(name.at, "what nrn_random_pick draws cannot be known here", "say it in NMODL: RANDOM r in NEURON, and random_uniform(r), random_negexp(r) or random_normal(r)");
}

std::optional<c_reader::value> c_reader::of_vector(const c_token& name, std::vector<value>& given) {
    if (given.empty() || (given[0].is != value::kind::pointer && given[0].is != value::kind::address)) return {};
    const auto& vector = given[0].name;
    value v;
    if (name.text == "vector_vec") {
        v.is = value::kind::elements;
        v.name = vector;
        v.e.at = name.at;
        scope_.vectors.emplace(vector, name.at);
        return v;
    }
    if (name.text != "vector_capacity" && name.text != "vector_instance_px") return {};
    scope_.vectors.emplace(vector, name.at);
    v.e = made(expression::kind::name, name.at, vector + "_size");
    v.is_integer = true;
    if (name.text == "vector_instance_px" && given.size() == 2) {
        value elements;
        elements.is = value::kind::elements;
        elements.name = vector;
        if (given[1].is != value::kind::null) refuse(name.at, "vector_instance_px gives its elements to something else than a pointer");
        set_pointer(given[1].name, std::move(elements), name.at);
    }
    return v;
}

}  // namespace apical::nmodl::syntax
