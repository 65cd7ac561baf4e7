// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>

#include <fmt/format.h>

#include "core/random.hpp"
#include "engine/layered/scheme.hpp"
#include "engine/layered/units.hpp"

/// Difference target propagation. In the first phase outputs go up; in the second each layer takes the outputs it should have had: the
/// last hidden one a little way down the gradient, those below what the learned inverse g of the connections makes of the target above,
/// h - g(h above) + g(target above). Beside hidden layer l sit `echo l`, which holds g(f(h + noise)) and then h + noise, what it should
/// have been, and `probe l`, which holds f(h + noise): the inverse learns from them by the same rule as everything else.
namespace apical::layered {
namespace {

using plasticity::signal;

constexpr std::array fields{
    field{"reach", 0.3, "", "of the last hidden layer's target, times the gradient", 1e-9, 1e3},
    field{"noise", 0.1, "", "standard deviation of what the inverse is trained with", 0, 1e3},
};

bool has_inverse(const wiring& w) { return w.layers > 3; }

void add_inverses(wiring& w, const setting_values&) {
    if (!has_inverse(w)) return;
    std::vector<dense> links;
    for (std::size_t l = 1; l + 2 < w.layers; ++l) {
        const auto echo = add_group(w, fmt::format("echo {}", l), w.layer(l).size, w.layer(l).f);
        const auto probe = add_group(w, fmt::format("probe {}", l), w.layer(l + 1).size, w.layer(l + 1).f);
        links.push_back({.from = probe, .to = echo});
    }
    add_kind(w, "inverse", std::move(links));
}

class targets : public scheme {
public:
    targets(const wiring& w, const setting_values& s) : w_(w), reach_(s.at("reach")), noise_(s.at("noise")) {}
    int phases() const override { return 2; }
    int steps(int) const override { return 1; }
    std::vector<signal> offers() const override { return {signal::rate, signal::potential, signal::slope}; }
    /// So that the last hidden layer learns by the gradient, and not by `reach` of it.
    double rate_of_link(std::size_t k) const override { return k + 2 < w_.layers ? 1/reach_ : 1; }

    void step(trial& t, int phase, int) const override {
        if (phase == 0) go_up(t);
        else set_targets(t);
    }

private:
    void go_up(trial& t) const {
        pass_forward(w_, t);
        if (!t.target) return;
        for (std::size_t l = 1; l < w_.layers; ++l) {
            const auto& g = w_.layer(l);
            slopes_of(g.f, t.at(signal::potential, g), t.at(signal::rate, g), t.at(signal::slope, g), g.size);
        }
        if (w_.measure == layered_net::loss::cross_entropy) std::fill_n(t.at(signal::slope, w_.output()), w_.output().size, 1.0);
        for (std::size_t l = 1; l + 2 < w_.layers; ++l) listen(t, l);
    }
    /// The inverse of layer l + 1 tries to give back a noisy layer l.
    void listen(trial& t, std::size_t l) const {
        const auto& link = w_.link("inverse", l - 1);
        const auto &echo = w_.groups[link.to], &probe = w_.groups[link.from];
        const auto noisy = disturbed(t, l);
        w_.forward(l + 1).drive(noisy.data(), t.at(signal::potential, probe));
        outputs_of(probe.f, t.at(signal::potential, probe), t.at(signal::rate, probe), probe.size);
        link.drive(t.at(signal::rate, probe), t.at(signal::potential, echo));
        outputs_of(echo.f, t.at(signal::potential, echo), t.at(signal::rate, echo), echo.size);
        slopes_of(echo.f, t.at(signal::potential, echo), t.at(signal::rate, echo), t.at(signal::slope, echo), echo.size);
    }
    std::vector<double> disturbed(const trial& t, std::size_t l) const {
        random_stream draw(w_.seed, identity("noise of targets"), t.number, l);
        const auto& g = w_.layer(l);
        std::vector<double> x(t.at(signal::rate, g), t.at(signal::rate, g) + g.size);
        for (double& v : x) v += noise_*draw.normal();
        return x;
    }
    void set_targets(trial& t) const {
        for (std::size_t l = 1; l + 2 < w_.layers; ++l) std::ranges::copy(disturbed(t, l), t.at(signal::rate, w_.groups[w_.link("inverse", l - 1).to]));
        const auto& out = w_.output();
        std::vector<double> delta(out.size);
        for (std::size_t k = 0; k < out.size; ++k) delta[k] = (t.target[k] - t.at(signal::rate, out)[k])*t.at(signal::slope, out)[k];
        std::copy_n(t.target, out.size, t.at(signal::rate, out));
        if (w_.layers < 3) return;
        std::vector<double> before, after;
        for (std::size_t l = w_.layers - 2; l >= 1; --l) {
            const auto& g = w_.layer(l);
            const double* h = t.at(signal::rate, g);
            std::vector<double> wanted(h, h + g.size), shift(g.size, 0.0);
            if (l + 2 == w_.layers) {
                w_.forward(l + 1).add_back(delta.data(), shift.data());
                for (std::size_t k = 0; k < g.size; ++k) wanted[k] += reach_*shift[k];
            } else {
                const auto of_wanted = inverse(l, after), of_real = inverse(l, before);
                for (std::size_t k = 0; k < g.size; ++k) wanted[k] += of_wanted[k] - of_real[k];
            }
            before.assign(h, h + g.size);
            std::ranges::copy(wanted, t.at(signal::rate, g));
            after = std::move(wanted);
        }
    }
    std::vector<double> inverse(std::size_t l, const std::vector<double>& above) const {
        const auto& g = w_.layer(l);
        std::vector<double> u(g.size), y(g.size);
        w_.link("inverse", l - 1).drive(above.data(), u.data());
        outputs_of(g.f, u.data(), y.data(), g.size);
        return y;
    }
    const wiring& w_;
    double reach_, noise_;
};

}  // namespace

scheme_entry targets_scheme() {
    return {.name = "targets", .summary = "difference target propagation: layers take the outputs they should have had", .settings = fields, .wire = add_inverses,
            .make = [](const wiring& w, const setting_values& s) -> std::unique_ptr<scheme> { return std::make_unique<targets>(w, s); }};
}

}  // namespace apical::layered
