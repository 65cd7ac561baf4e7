// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <limits>
#include <map>
#include <utility>
#include <vector>

#include "channels/nmodl/evaluate.hpp"
#include "channels/nmodl/mechanism.hpp"
#include "core/error.hpp"

namespace apical::nmodl {
namespace {

void find_conditions(const block& b, std::map<int, const statement*>& to) {
    for (const statement& s : b) {
        if (s.is == statement::kind::watch) to.try_emplace(s.variable, &s);
        find_conditions(s.body, to), find_conditions(s.other, to);
    }
}

/// Everything compiled once, and run as often as anybody likes.
class interpreted final : public mechanism {
public:
    explicit interpreted(std::shared_ptr<const program> of) : source_(std::move(of)) {
        const program& p = *source_;
        initial_ = compile(p, {.blocks = {&p.before_initial, &p.initial, &p.after_initial}});
        advance_ = compile(p, {.blocks = {&p.advance}});
        breakpoint_ = compile(p, {.blocks = {&p.before_breakpoint, &p.breakpoint}, .has_currents = true, .has_slopes = true});
        differences_ = compile(p, {.blocks = {&p.before_breakpoint, &p.breakpoint}, .has_currents = true});
        before_step_ = compile(p, {.blocks = {&p.before_step}});
        after_solve_ = compile(p, {.blocks = {&p.after_solve}});
        receive_ = compile(p, {.blocks = {&p.net_receive}, .has_connection = true});
        net_initial_ = compile(p, {.blocks = {&p.net_initial}, .has_connection = true});
        std::map<int, const statement*> conditions;
        find_conditions(p.initial, conditions), find_conditions(p.net_receive, conditions);
        for (const auto& [n, watch] : conditions) conditions_.emplace(n, compile(p, {.blocks = {&watch->body}, .value = &watch->value}));
        for (const routine& r : p.routines) routines_.push_back(compile(p, {.blocks = {&r.body}, .arguments = r.arguments, .result = r.result}));
    }

    const program& source() const override { return *source_; }
    void initial(const instance_view& v, event_sink* sink) const override { run(initial_, {.at = v, .count = v.count, .sink = sink}); }
    void advance(const instance_view& v) const override { run(advance_, {.at = v, .count = v.count}); }
    void before_step(const instance_view& v) const override { run(before_step_, {.at = v, .count = v.count}); }
    void after_solve(const instance_view& v) const override { run(after_solve_, {.at = v, .count = v.count}); }
    void breakpoint(const instance_view& v, const current_view& to) const override {
        const evaluation e{.at = v, .count = v.count, .currents = &to};
        constexpr double usual = 1e-3;   // [mV], where exact slopes are wanted of what cannot be differentiated
        if (to.slope_over == 0 && breakpoint_.is_exact) run(breakpoint_, e);
        else run_with_differences(differences_, e, to.slope_over == 0 ? usual : to.slope_over);
    }
    void receive(const instance_view& v, int instance, double* connection, double flag, event_sink& sink) const override {
        run(receive_, {.at = v, .first = instance, .count = 1, .sink = &sink, .connection = connection, .flag = flag});
    }
    void net_initial(const instance_view& v, int instance, double* connection) const override {
        run(net_initial_, {.at = v, .first = instance, .count = 1, .connection = connection});
    }
    double condition(const instance_view& v, int instance, int n) const override {
        const auto found = conditions_.find(n);
        double x = std::numeric_limits<double>::quiet_NaN();
        if (found != conditions_.end()) run(found->second, {.at = v, .first = instance, .count = 1, .result = &x});
        return x;
    }
    void call(const instance_view& v, std::string_view name, std::span<const double> arguments, double* result) const override {
        const auto found = std::ranges::find(source_->routines, name, &routine::name);
        const std::string where = source_->name + "." + std::string(name);
        if (found == source_->routines.end()) {
            std::vector<std::string> names;
            for (const routine& r : source_->routines) names.push_back(r.name);
            throw invalid_model(where, "there is no such PROCEDURE or FUNCTION", suggestion(name, names));
        }
        if (arguments.size() != found->arguments.size())
            throw invalid_model(where, "takes " + std::to_string(found->arguments.size()) + " arguments, not " + std::to_string(arguments.size()));
        const code& c = routines_[static_cast<std::size_t>(found - source_->routines.begin())];
        run(c, {.at = v, .count = v.count, .arguments = arguments, .result = result});
    }

private:
    std::shared_ptr<const program> source_;
    code initial_, advance_, breakpoint_, differences_, before_step_, after_solve_, receive_, net_initial_;
    std::map<int, code> conditions_;
    std::vector<code> routines_;
};

}  // namespace

std::shared_ptr<const mechanism> interpret(std::shared_ptr<const program> p) { return std::make_shared<interpreted>(std::move(p)); }

}  // namespace apical::nmodl
