// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "channels/nmodl/c_reader.hpp"

namespace apical::nmodl::syntax {
namespace {

/// Calls that change nothing a run sees: messages, seeds, which Apical gives itself, and stops at what hoc did wrong.
constexpr std::array<std::string_view, 36> without_effect{
    "printf", "fprintf", "fflush", "debug_printf", "puts", "assert", "hoc_execerror", "hoc_execerr_ext", "hoc_warning", "hoc_malchk", "nrn_assert",
    "nrnran123_setseq", "nrnran123_deletestream", "nrnran123_newstream", "nrnran123_newstream3", "set_seed", "srand", "srand48", "srandom", "mcell_ran4_init",
    "hoc_obj_ref", "hoc_obj_unref", "initmodel", "exit", "abort", "perror", "fclose", "state_discontinuity_off", "sprintf", "snprintf",
    "strcpy", "strcat", "fputs", "fputc", "fwrite", "putchar"};

}  // namespace

bool c_reader::call_statement(block& out) {
    if (peek().is != kind::name || !peek(1).is_symbol("(")) return false;
    const auto name = take();
    const auto& n = name.text;
    statement s;
    s.is = statement::kind::call;
    s.at = name.at;
    if (std::find(without_effect.begin(), without_effect.end(), n) != without_effect.end() && !scope_.routines.contains(n)) {
        skip_parentheses();
        if (n == "hoc_execerror" || n == "exit" || n == "abort")
            found_.warn("verbatim", name.at, fmt::format("{}() is left out: a run goes on here", n), "a run is stopped from outside");
        return true;
    }
    if (n == "net_send" || n == "artcell_net_send" || n == "nrn_net_send") s.value = sent(name);
    else if (n == "net_move" || n == "artcell_net_move" || n == "net_event") {
        auto numbers = event_numbers(name, 1);
        s.value = made(expression::kind::call, name.at, n == "net_event" ? "net_event" : "net_move");
        s.value.operands = std::move(numbers);
    }
    else if (n == "mcell_ran4") {   // (&seed, &x, 1, range): x is drawn from 0 to range
        auto given = arguments();
        const bool is_one = given.size() == 4 && given[1].is == value::kind::address && given[2].is == value::kind::number &&
                            given[2].e.is == expression::kind::number && given[2].e.value == 1;
        if (!is_one) refuse(name.at, "mcell_ran4() that draws more than one number", "write x = scop_random() for each");
        auto drawn = made(expression::kind::binary, name.at, "*");
        drawn.operands.push_back(number_of(std::move(given[3])));
        drawn.operands.push_back(made(expression::kind::call, name.at, "scop_random"));
        store(out, made(expression::kind::name, name.at, given[1].name), std::move(drawn));
        return true;
    }
    else if (scope_.routines.contains(n) || n == "state_discontinuity") s.value = called_routine(name);
    else {
        --next_;
        static_cast<void>(whole());   // a value that nobody wants; what is not known is refused there
        return true;
    }
    s.value = lifted(out, std::move(s.value));
    return out.push_back(std::move(s)), true;
}

void c_reader::skip_parentheses() {
    int depth = 0;
    do {
        depth += at("(");
        depth -= at(")");
        take();
    } while (depth > 0 && peek().is != kind::end);
}

/// C says the time of an event, NMODL the delay.
expression c_reader::sent(const c_token& name) {
    auto numbers = event_numbers(name, 2);
    auto& when = numbers[0];
    const bool is_sum = when.is == expression::kind::binary && when.name == "+" && when.operands[0].is == expression::kind::name && when.operands[0].name == "t";
    if (is_sum) when = expression(when.operands[1]);
    else {
        auto delay = made(expression::kind::binary, name.at, "-");
        delay.operands.push_back(std::move(when));
        delay.operands.push_back(made(expression::kind::name, name.at, "t"));
        when = std::move(delay);
    }
    auto call = made(expression::kind::call, name.at, "net_send");
    call.operands = std::move(numbers);
    return call;
}

/// The last arguments of a call that makes an event; those before them only say for whom.
std::vector<expression> c_reader::event_numbers(const c_token& name, std::size_t count) {
    std::vector<std::size_t> starts;   // of the arguments
    const auto opening = next_;
    int depth = 0;
    do {
        if (at("(") && depth++ == 0) starts.push_back(next_ + 1);
        else if (at(",") && depth == 1) starts.push_back(next_ + 1);
        depth -= at(")");
        take();
    } while (depth > 0 && peek().is != kind::end);
    if (depth != 0 || starts.size() < count) refuse(name.at, fmt::format("the arguments of {}", name.text));
    next_ = opening;
    std::vector<expression> numbers;
    next_ = starts[starts.size() - count];
    for (std::size_t i = 0; i < count; ++i) {
        numbers.push_back(number_of(whole()));
        expect(i + 1 < count ? "," : ")");
    }
    return numbers;
}

expression c_reader::called_routine(const c_token& name) {
    auto call = made(expression::kind::call, name.at, name.text);
    const bool is_jump = name.text == "state_discontinuity";
    for (auto& g : arguments())
        call.operands.push_back(is_jump && g.is == value::kind::address ? made(expression::kind::name, name.at, g.name) : number_of(std::move(g)));
    if (is_jump && call.operands.size() == 3) call.operands.erase(call.operands.begin());   // the index of the state, of no use here
    return call;
}

}  // namespace apical::nmodl::syntax
