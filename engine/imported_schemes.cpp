// SPDX-License-Identifier: BSD-3-Clause
#include "engine/imported_schemes.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "channels/nmodl/flow.hpp"
#include "channels/nmodl/visit.hpp"

namespace apical {
namespace {

using nmodl::block;
using nmodl::statement;
constexpr const char* fixed_steps = "choose crank_nicolson or backward_euler";

std::string line_of(const nmodl::program& p, const nmodl::place& at) {
    return at.in ? fmt::format("{}:{}", at.in->file, at.line) : p.file;
}

/// A statement by which an instance sends itself events, or waits for a condition; null if there is none.
const statement* own_event(const block& b) {
    const statement* found = nullptr;
    nmodl::each_statement(b, [&](const statement& s) {
        using kind = statement::kind;
        if (!found && (s.is == kind::net_send || s.is == kind::net_move || s.is == kind::net_event || s.is == kind::watch)) found = &s;
    });
    return found;
}

bool reads(const nmodl::program& p, const block& b, nmodl::role what) {
    const auto used = nmodl::usage_of(p, b);
    for (std::size_t v = 0; v < p.variables.size(); ++v)
        if (p.variables[v].is == what && used.reads[v]) return true;
    return false;
}

std::optional<scheme_refusal> refusal_by_automatic(const nmodl::program& p) {
    for (const auto* b : {&p.before_step, &p.after_solve, &p.before_breakpoint})
        if (!b->empty()) return scheme_refusal{fmt::format("{}: does something once a step, and steps are of any length", line_of(p, b->front().at)), fixed_steps};
    if (!p.rates && !p.advance.empty())
        return scheme_refusal{fmt::format("{}: what is solved has no rates of change", line_of(p, p.advance.front().at)),
                              fmt::format("write it as a DERIVATIVE or KINETIC block, or {}", fixed_steps)};
    if (reads(p, p.initial, nmodl::role::step))
        return scheme_refusal{fmt::format("{}: INITIAL computes with dt, and steps are of any length", p.file), fmt::format("compute it where it is used, or {}", fixed_steps)};
    if (std::ranges::any_of(p.variables, [](const nmodl::variable& v) { return v.is == nmodl::role::random; }))
        return scheme_refusal{fmt::format("{}: draws random numbers, as many as there are steps", p.file), fixed_steps};
    for (const auto* b : {&p.net_receive, &p.initial, &p.net_initial})
        if (const auto* s = own_event(*b)) return scheme_refusal{fmt::format("{}: sends events, or waits for a condition, which steps do not stop for", line_of(p, s->at)), fixed_steps};
    return {};
}

}  // namespace

std::optional<scheme_refusal> refusal_by(scheme s, const nmodl::program& p) {
    if (s == scheme::automatic) return refusal_by_automatic(p);
    if (coupled(s)) return scheme_refusal{fmt::format("was read from NMODL, which scheme '{}' cannot run", name_of(s)), fmt::format("choose auto, or {}", fixed_steps)};
    return {};
}

}  // namespace apical
