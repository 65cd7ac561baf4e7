// SPDX-License-Identifier: BSD-3-Clause
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "channels/nmodl/flow.hpp"
#include "channels/nmodl/lint.hpp"
#include "channels/nmodl/visit.hpp"

namespace apical::nmodl {
namespace {

/// Which variables may have unlike values in unlike instances at one time, where GLOBALs are one value for all.
class unlike_values {
public:
    unlike_values(const program& p, std::vector<char> is_global) : is_global_(std::move(is_global)), is_unlike_(p.variables.size(), 0) {
        for (std::size_t v = 0; v < p.variables.size(); ++v) is_unlike_[v] = !is_global_[v] && begins_unlike(p.variables[v]);
        for (bool goes_on = true; goes_on;) {
            const auto before = is_unlike_;
            each_of(p, [&](const block& b) { follow(b, false); });
            goes_on = before != is_unlike_;
        }
    }
    bool operator[](int v) const { return is_unlike_[static_cast<std::size_t>(v)]; }

private:
    static bool begins_unlike(const variable& x) {
        switch (x.is) {
            case role::time: case role::step: case role::temperature: return false;
            case role::parameter: return x.kept == storage::instance;
            case role::assigned: return x.kept == storage::connection;
            default: return true;
        }
    }
    template <class F> static void each_of(const program& p, F&& f) {
        for (const auto* b : {&p.before_initial, &p.initial, &p.after_initial, &p.advance, &p.breakpoint, &p.before_step, &p.before_breakpoint, &p.after_solve,
                              &p.net_initial, &p.net_receive})
            f(*b);
    }
    bool is_unlike(const expression& e) const {
        bool any = false;
        each_within(e, [&](const expression& x) {
            const bool is_random = x.is == expression::kind::call && x.function >= builtin::uniform && x.function <= builtin::poisson;
            any = any || is_random || (x.is == expression::kind::variable && (*this)[x.variable]);
        });
        return any;
    }
    void follow(const block& b, bool within) {
        for (const auto& s : b) {
            bool here = within, reads_itself = false;
            each_expression_of(s, [&](const expression& e) {
                here = here || is_unlike(e);
                each_within(e, [&](const expression& x) {   // a counter of all instances is what the others have left
                    reads_itself = reads_itself || (x.is == expression::kind::variable && x.variable == s.to.variable && is_global_[static_cast<std::size_t>(x.variable)]);
                });
            });
            if (s.to.variable >= 0 && (here || reads_itself)) is_unlike_[static_cast<std::size_t>(s.to.variable)] = 1;
            follow(s.body, here);
            follow(s.other, here);
            for (const auto& system : s.system) {
                for (const auto& x : system.unknowns) is_unlike_[static_cast<std::size_t>(x.variable)] = 1;
                follow(system.body, here);
            }
        }
    }

    std::vector<char> is_global_, is_unlike_;
};

}  // namespace

/// In NEURON a GLOBAL is one value for all instances. What a block reads of it before it writes it, another instance may have left there; that is
/// no harm where all of them write the same, as rates that depend on the temperature alone.
void lint_program(const syntax::file& f, const program& p, diagnostics& found) {
    const std::array<std::pair<std::string_view, const block*>, 5> blocks{{{"BREAKPOINT's SOLVE", &p.advance}, {"BREAKPOINT", &p.breakpoint}, {"NET_RECEIVE", &p.net_receive},
                                                                           {"BEFORE STEP", &p.before_step}, {"AFTER SOLVE", &p.after_solve}}};
    std::vector<char> is_global(p.variables.size(), 0);
    for (const auto& g : f.neuron.global)
        if (const int v = p.find(g.name); v >= 0) is_global[static_cast<std::size_t>(v)] = 1;
    const unlike_values unlike(p, is_global);
    for (const auto& g : f.neuron.global) {
        const int v = p.find(g.name);
        if (v < 0 || !p.variables[static_cast<std::size_t>(v)].is_written || !unlike[v]) continue;
        for (const auto& [name, b] : blocks) {
            const auto u = usage_of(p, *b);
            if (!u.reads_first[static_cast<std::size_t>(v)]) continue;
            found.warn("global-race", g.at,
                       fmt::format("instances write unlike values to the GLOBAL {0}, and {1} reads it before writing it: in NEURON that is what another instance left there", g.name, name),
                       fmt::format("declare {0} as RANGE, or compute it in the block that reads it", g.name));
            break;
        }
    }
}

}  // namespace apical::nmodl
