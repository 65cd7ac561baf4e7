// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "channels/nmodl/build.hpp"
#include "channels/nmodl/flow.hpp"
#include "channels/nmodl/resolver.hpp"
#include "channels/nmodl/syntax_visit.hpp"

namespace apical::nmodl {

using syntax_kind = syntax::expression::kind;
using kind = expression::kind;

namespace {

bool can_be_called(const syntax::routine& r) {
    using k = syntax::routine::kind;
    return r.is == k::procedure || r.is == k::function || r.is == k::discrete;
}

/// Functions that draw random numbers, and how many arguments they have after the stream.
struct random_function {
    std::string_view name;
    builtin function;
    std::size_t arguments;          // at most
    std::array<double, 2> defaults; // of those left out
    bool has_stream;
};

constexpr std::array random_functions{
    random_function{"scop_random", builtin::uniform, 2, {0, 1}, false},   random_function{"exprand", builtin::exponential, 1, {1, 0}, false},
    random_function{"normrand", builtin::normal, 2, {0, 1}, false},       random_function{"gauss", builtin::normal, 2, {0, 1}, false},
    random_function{"poisrand", builtin::poisson, 1, {1, 0}, false},      random_function{"poisson", builtin::poisson, 1, {1, 0}, false},
    random_function{"random_uniform", builtin::uniform, 2, {0, 1}, true}, random_function{"random_negexp", builtin::exponential, 1, {1, 0}, true},
    random_function{"random_normal", builtin::normal, 2, {0, 1}, true},   random_function{"random_dpick", builtin::uniform, 0, {0, 1}, true},
    random_function{"random_ipick", builtin::uniform, 0, {0, 4294967296.0}, true},
    random_function{"random_poisson", builtin::poisson, 1, {1, 0}, true}};

constexpr std::array without_effect{"printf", "fprintf", "prterr",  "fflush", "random_setseq", "random_setids", "random_set_ids", "random_set_seq",
                                    "set_seed", "setseed", "nrn_pointing", "vector_use_x", "IFERROR", "nrn_pushsec", "nrn_popsec"};

}  // namespace

std::vector<expression> resolver::arguments(const syntax::expression& c) {
    std::vector<expression> given;
    for (const auto& operand : c.operands) given.push_back(value(operand));
    return given;
}

bool resolver::has_arguments(const syntax::expression& c, std::size_t least, std::size_t most) {
    const std::size_t n = c.operands.size();
    if (n >= least && n <= most) return true;
    error(c.at, fmt::format("{} is called with {} argument{}", c.name, n, n == 1 ? "" : "s"),
          least == most ? fmt::format("it has {}", most) : fmt::format("it has {} to {}", least, most));
    return false;
}

expression resolver::called(const syntax::expression& c, bool is_statement) {
    if (const auto* r = names_.routine(c.name); r != nullptr && can_be_called(*r)) return put_in(*r, c);
    if (const auto* s = names_.find(c.name); s != nullptr && s->is == symbol::kind::function_table) {
        auto table = call(builtin::function_table, arguments(c), c.at);
        table.variable = s->index;
        return table;
    }
    if (auto result = drawn(c)) return *result;
    if (auto result = computed_by_builtin(c)) return *result;
    if (const auto* r = names_.routine(c.name))
        error(c.at, fmt::format("{} is called, but it is no PROCEDURE or FUNCTION", c.name),
              r->name == c.name && is_statement ? fmt::format("write SOLVE {}", c.name) : "");
    else error(c.at, fmt::format("the function {} is not known", c.name), fmt::format("write a FUNCTION {} in the file; {}", c.name, names_.suggestion_for(c.name)));
    return number(0, c.at);
}

std::optional<expression> resolver::computed_by_builtin(const syntax::expression& c) {
    if (c.name == "pow") return has_arguments(c, 2, 2) ? binary(kind::power, value(c.operands[0]), value(c.operands[1]), c.at) : number(0, c.at);
    if (c.name == "nrn_pointing") return number(1, c.at);
    const auto known = std::ranges::find(pure_builtins(), c.name, &builtin_name::name);
    if (known == pure_builtins().end()) return {};
    const auto n = static_cast<std::size_t>(known->arguments);
    if (!has_arguments(c, n, n)) return number(0, c.at);
    return call(known->function, arguments(c), c.at);
}

std::optional<expression> resolver::drawn(const syntax::expression& c) {
    const auto known = std::ranges::find(random_functions, c.name, &random_function::name);
    if (known == random_functions.end()) return {};
    const std::size_t before = known->has_stream ? 1 : 0;
    if (!known->has_stream && known->function == builtin::uniform) {
        // scop_random(1): the argument is a seed
    } else if (!has_arguments(c, before, before + known->arguments)) return number(0, c.at);
    int stream = -1;
    if (known->has_stream) {
        const auto named_stream = named(c.operands[0]);
        if (named_stream.is == kind::variable) stream = named_stream.variable;
        if (stream < 0 || program_.variables[static_cast<std::size_t>(stream)].is != role::random) {
            error(c.operands[0].at, fmt::format("{}: '{}' is no RANDOM", c.name, c.operands[0].name), "declare it in NEURON: RANDOM name");
            return number(0, c.at);
        }
    } else stream = names_.anonymous_stream(c.at);
    const std::size_t n = known->function == builtin::uniform || known->function == builtin::normal ? 2 : 1;
    const bool takes = c.name != "scop_random";
    std::vector<expression> given;
    for (std::size_t i = 0; i < n; ++i)
        given.push_back(takes && before + i < c.operands.size() ? value(c.operands[before + i]) : number(known->defaults[i], c.at));
    auto result = call(known->function, std::move(given), c.at);
    result.variable = stream;
    if (c.name == "random_ipick") return call(builtin::floor, {std::move(result)}, c.at);
    return result;
}

bool resolver::does_nothing_here(const syntax::expression& c) {
    if (std::ranges::find(without_effect, c.name) == without_effect.end() && !c.name.starts_with("table_")) return false;
    if (c.name != "nrn_pointing") warn("ignored", c.at, fmt::format("{} has no effect here", c.name));
    return true;
}

const std::set<std::string>& resolver::written_by(const syntax::routine& r) {
    if (const auto it = written_.find(&r); it != written_.end()) return it->second;
    std::set<std::string> names;
    std::set<const syntax::routine*> met{&r};
    for (std::vector<const syntax::routine*> left{&r}; !left.empty();) {
        const auto& body = left.back()->body;
        left.pop_back();
        syntax::each_statement(body, [&](const auto& s) {
            if (!s.target.name.empty()) names.insert(s.target.name);
            if (s.is == syntax::statement::kind::call)
                for (const auto& operand : s.value.operands) names.insert(operand.name);   // state_discontinuity
        });
        syntax::each_expression(body, [&](const auto& e) {
            if (e.is != syntax_kind::call) return;
            if (const auto* inner = names_.routine(e.name); inner && met.insert(inner).second) left.push_back(inner);
        });
    }
    return written_[&r] = std::move(names);
}

/// Whether the expression has the same value all the time that the routine runs, and is no more work to repeat than to keep.
bool resolver::stays_while_called(const expression& e, const syntax::routine& r) {
    if (is_number(e)) return true;
    if (e.is != kind::variable || !e.operands.empty()) return false;
    const auto& v = program_.variables[static_cast<std::size_t>(e.variable)];
    return v.kept == storage::local || !written_by(r).contains(v.name);
}

void resolver::bind_argument(scope& frame, const syntax::routine& r, std::size_t n, expression given) {
    const auto& a = r.arguments[n];
    if (!written_by(r).contains(a.name) && stays_while_called(given, r)) {
        frame[a.name] = std::move(given);
        return;
    }
    const element to{.variable = names_.fresh(a.name, a.unit, a.at)};
    frame[a.name] = read(to, a.at);
    emit(assign(to, std::move(given), given.at));
}

expression resolver::put_in(const syntax::routine& r, const syntax::expression& c) {
    if (const auto it = std::ranges::find(active_, &r); it != active_.end()) {
        std::string cycle;
        for (auto i = it; i != active_.end(); ++i) cycle += (*i)->name + " calls ";
        error(c.at, fmt::format("{}{}: this never ends", cycle, r.name), "write it as a loop");
        return number(0, c.at);
    }
    if (active_.size() == deepest_calls || ++statements_ > most_statements) {
        error(c.at, fmt::format("{}: functions that call functions, more than {} deep or too many", r.name, deepest_calls), "call them one after the other");
        is_stopped_ = true;
        return number(0, c.at);
    }
    if (!has_arguments(c, r.arguments.size(), r.arguments.size())) return number(0, c.at);
    scope frame;
    auto given = arguments(c);
    for (std::size_t i = 0; i < given.size(); ++i) bind_argument(frame, r, i, std::move(given[i]));
    int result = -1;
    if (r.is == syntax::routine::kind::function) {
        result = names_.fresh(r.name, r.unit, r.at);
        frame[r.name] = read({.variable = result}, r.at);
    }
    auto scopes = std::exchange(scopes_, {});
    scopes_.push_back(std::move(frame));
    active_.push_back(&r);
    const bool index = std::exchange(is_index_, false);
    block body = captured(r.body);
    is_index_ = index;
    active_.pop_back();
    scopes_ = std::move(scopes);
    if (result >= 0 && !is_set_before_read(body, result)) emit(assign({.variable = result}, number(0, c.at), c.at));
    for (auto& s : body) out_->push_back(std::move(s));
    return result < 0 ? number(0, c.at) : read({.variable = result}, c.at);
}

routine resolver::callable(const syntax::routine& r) {
    routine made;
    made.name = r.name;
    made.unit = r.unit;
    scopes_ = {{}};
    occasion_ = occasion::other;
    for (const auto& a : r.arguments) made.arguments.push_back(local(a.name, a.unit, a.at));
    block* before = std::exchange(out_, &made.body);
    if (r.is == syntax::routine::kind::function) {
        made.result = local(r.name, r.unit, r.at);
        emit(assign({.variable = made.result}, number(0, r.at), r.at));
    }
    active_.push_back(&r);
    for (auto& s : captured(r.body)) out_->push_back(std::move(s));
    active_.pop_back();
    out_ = before;
    scopes_ = {};
    return made;
}

}  // namespace apical::nmodl
