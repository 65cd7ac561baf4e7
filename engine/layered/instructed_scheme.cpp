// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>

#include "engine/layered/scheme.hpp"
#include "engine/layered/units.hpp"

/// One pass up, which nothing from above can change; and what comes from above, the target, is the input of the output units' apical
/// dendrites.
namespace apical::layered {
namespace {

using plasticity::signal;

class instructed : public scheme {
public:
    explicit instructed(const wiring& w) : w_(w) {}
    int phases() const override { return 1; }
    int steps(int) const override { return 1; }
    std::vector<signal> offers() const override { return {signal::rate, signal::potential, signal::apical}; }
    std::optional<signal> goes_down(int, bool) const override { return std::nullopt; }
    void step(trial& t, int, int) const override {
        pass_forward(w_, t);
        if (t.target) std::copy_n(t.target, w_.output().size, t.at(signal::apical, w_.output()));
    }

private:
    const wiring& w_;
};

}  // namespace

scheme_entry instructed_scheme() {
    return {.name = "instructed", .summary = "one pass up; targets are what apical dendrites of the output hear", .settings = {},
            .make = [](const wiring& w, const setting_values&) -> std::unique_ptr<scheme> { return std::make_unique<instructed>(w); }};
}

}  // namespace apical::layered
