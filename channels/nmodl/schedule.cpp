// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/schedule.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "channels/nmodl/build.hpp"
#include "channels/nmodl/flow.hpp"
#include "channels/nmodl/integrate.hpp"
#include "channels/nmodl/syntax_visit.hpp"
#include "channels/nmodl/visit.hpp"

namespace apical::nmodl {
namespace {

using syntax_kind = syntax::statement::kind;
using routine_kind = syntax::routine::kind;

void append(block& to, block from) { to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end())); }

class scheduler {
public:
    scheduler(const syntax::file& file, symbols& names, resolver& r, program& p, diagnostics& found)
        : file_(file), names_(names), resolver_(r), program_(p), found_(found) {}

    void run() {
        initial();
        for (const auto& r : file_.routines) {
            if (found_.all().size() >= diagnostics::most) return;
            one(r);
        }
    }

private:
    void initial() {
        const std::size_t declared = program_.variables.size();
        for (std::size_t i = 0; i < declared; ++i) {
            const auto v = program_.variables[i];
            if (v.is != role::state) continue;
            auto start = names_.start_of(v, v.at);
            if (is_number(start)) program_.variables[i].value = start.value;
            for (int n = 0; n < v.length; ++n) {
                element to{.variable = static_cast<int>(i)};
                if (v.is_array) to.index = number(n, v.at);
                program_.initial.push_back(assign(std::move(to), start, v.at));
            }
        }
    }

    void one(const syntax::routine& r) {
        switch (r.is) {
            case routine_kind::initial: append(program_.initial, resolver_.top(r.body, occasion::initial)); break;
            case routine_kind::breakpoint: breakpoint(r); break;
            case routine_kind::net_receive: program_.net_receive = resolver_.receive(r, program_.net_initial); break;
            case routine_kind::before:
            case routine_kind::after: hook(r); break;
            case routine_kind::constructor: construct(r); break;
            default: break;   // DESTRUCTOR, after which there is nothing; and what is put in where it is called
        }
    }

    void breakpoint(const syntax::routine& r) {
        std::vector<const syntax::statement*> solves;
        collect(r.body, false, solves);
        bool has_rates = !solves.empty();
        rate_equations rates;
        for (const auto* s : solves) {
            append(program_.advance, resolver_.solve(*s));
            const auto* solved = names_.routine(s->name);
            has_rates = has_rates && !found_.has_errors() && solved != nullptr &&
                        (solved->is == routine_kind::derivative || solved->is == routine_kind::kinetic) && !s->is_steady;
            if (has_rates) add_rates(*solved, rates);
        }
        if (has_rates) program_.rates = std::move(rates);
        block rest = resolver_.top(r.body, occasion::breakpoint);
        if (program_.currents.empty()) append(program_.advance, std::move(rest));
        else append(program_.breakpoint, std::move(rest));
    }

    /// SOLVEs in their order; NEURON does those under a condition whatever the condition is, and so do we.
    void collect(const syntax::block& statements, bool is_nested, std::vector<const syntax::statement*>& solves) {
        for (const auto& s : statements) {
            if (s.is == syntax_kind::solve) {
                solves.push_back(&s);
                if (is_nested)
                    found_.warn("solve", s.at, fmt::format("SOLVE {} stands under a condition or in a loop, but is done once every step", s.name),
                                "put the condition into the block that is solved");
            }
            for (const auto& arm : s.branches) collect(arm.body, true, solves);
            collect(s.else_body, true, solves);
            if (s.is == syntax_kind::loop || s.is == syntax_kind::repeat) collect(s.body, true, solves);
        }
    }

    void add_rates(const syntax::routine& solved, rate_equations& rates) {
        const block equations = resolver_.equations_of(solved);
        auto more = solved.is == routine_kind::kinetic ? rates_of_kinetic(program_, equations) : rates_of_derivative(program_, equations);
        append(rates.body, std::move(more.body));
        rates.rates.insert(rates.rates.end(), more.rates.begin(), more.rates.end());
    }

    void hook(const syntax::routine& r) {
        const bool before = r.is == routine_kind::before;
        block* to = before && r.name == "STEP"         ? &program_.before_step
                    : before && r.name == "BREAKPOINT" ? &program_.before_breakpoint
                    : before && r.name == "INITIAL"    ? &program_.before_initial
                    : !before && r.name == "SOLVE"     ? &program_.after_solve
                    : !before && r.name == "INITIAL"   ? &program_.after_initial
                                                       : nullptr;
        if (to == nullptr) {
            resolver_.error(r.at, fmt::format("{} {}: there is no such occasion", before ? "BEFORE" : "AFTER", r.name),
                            "BEFORE has STEP, BREAKPOINT and INITIAL; AFTER has SOLVE and INITIAL");
            return;
        }
        append(*to, resolver_.top(r.body, occasion::other));
    }

    /// What an instance is made with: numbers given to variables are their values at the start, anything else is refused.
    void construct(const syntax::routine& r) {
        for (auto& s : resolver_.top(r.body, occasion::other)) {
            if (s.is == statement::kind::assign && is_number(s.value) && !s.to.index) program_.variables[static_cast<std::size_t>(s.to.variable)].value = s.value.value;
            else resolver_.error(s.at, "CONSTRUCTOR computes", "move this to INITIAL");
        }
    }

    const syntax::file& file_;
    symbols& names_;
    resolver& resolver_;
    program& program_;
    diagnostics& found_;
};

}  // namespace

void schedule(const syntax::file& file, symbols& names, resolver& r, program& p, diagnostics& found) { scheduler(file, names, r, p, found).run(); }

}  // namespace apical::nmodl
