// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "channels/nmodl/emit_channel.hpp"
#include "channels/nmodl/emit_mechanism.hpp"
#include "channels/nmodl/lint.hpp"
#include "channels/nmodl/parser.hpp"
#include "channels/nmodl/patch.hpp"
#include "channels/nmodl/print.hpp"
#include "channels/nmodl/print_program.hpp"
#include "channels/nmodl/translate.hpp"

namespace apical::nmodl::testing {

/// Takes what mechanisms send, and has one connection.
class any_sink : public event_sink {
public:
    explicit any_sink(std::size_t size) : values_(size + 1, 0.1), connection_(values_.data()) {}
    double* connection() { return connection_; }
    void send(int, double, double) override {}
    void spike(int, double) override {}
    void move(int, double) override {}
    void watch(int, int, double) override {}
    std::span<double* const> connections(int) override { return {&connection_, 1}; }

private:
    std::vector<double> values_;
    double* connection_;
};

/// Every block, over more instances than a strip has lanes.
inline void run_blocks(const std::shared_ptr<const mechanism>& m) {
    const auto& p = m->source();
    patch cells(m, 19);
    const auto view = cells.view();
    any_sink sink(p.connection_size);
    m->initial(view, &sink);
    for (const double slope_over : {0.0, 1e-3}) {
        std::vector<std::vector<double>> columns(2 + 2*p.currents.size(), std::vector<double>(32));
        std::vector<double*> i, g;
        for (std::size_t k = 0; k < p.currents.size(); ++k) i.push_back(columns[2 + 2*k].data()), g.push_back(columns[3 + 2*k].data());
        m->before_step(view);
        m->breakpoint(view, {.i = columns[0].data(), .g = columns[1].data(), .ion_i = i.data(), .ion_g = g.data(), .slope_over = slope_over});
        m->advance(view);
        m->after_solve(view);
    }
    m->net_initial(view, 3, sink.connection());
    m->receive(view, 18, sink.connection(), 0, sink);
    m->receive(view, 0, nullptr, 1, sink);
    for (int n = 0; n < p.watches; ++n) (void)m->condition(view, 1, n);
}

/// INCLUDE of a name that begins with 'a' is there, of "missing" is not, and of any other is the including file, which is a circle.
inline include_reader includes() {
    return [](const std::string& name, const source& from) -> std::shared_ptr<const source> {
        if (name == "missing") return nullptr;
        if (name.starts_with('a')) return std::make_shared<const source>(source{name, "PARAMETER { from_a = 1 (/ms) }\nFUNCTION of_a(x) { of_a = x/from_a }\n"});
        return std::make_shared<const source>(from);
    };
}

/// All that is done to a file of NMODL: read, printed, checked, lowered, emitted, run. True if it could be translated. What the file says is told
/// as diagnostics, so that anything thrown is a finding.
inline bool exercise_nmodl(std::string text) {
    diagnostics found;
    const auto in = std::make_shared<const source>(source{"any.mod", std::move(text)});
    const auto include = includes();
    const auto f = syntax::parse(in, include, found);
    (void)syntax::print(f);
    lint_text(f, found);
    const auto p = found.has_errors() ? nullptr : translate(f, found, "any");
    for (const auto& d : found.all()) (void)d.text();
    if (!p) return false;
    (void)print_program(*p);
    (void)emit_mechanism(*p, "any");
    (void)emit_channel(*p);
    const auto m = interpret(p);
    run_blocks(m);
    lint_program(f, *p, found);
    lint_run(f, m, {.from = -80, .to = -64}, found);
    return true;
}

}  // namespace apical::nmodl::testing
