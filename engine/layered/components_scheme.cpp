// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>

#include "core/error.hpp"
#include "engine/layered/scheme.hpp"
#include "engine/layered/untaught.hpp"

/// Units whose outputs are weighted sums of the inputs, without a bias. All at once; or in turns, and then each takes away from the inputs
/// what it tells of them before the next one has its turn: in a step one unit has a `rate`, and inputs show what is left. `potential` is
/// what each unit has said.
namespace apical::layered {
namespace {

using plasticity::signal;

constexpr std::array fields{field{"turns", 1, "", "1: units speak in turns, a step each; 0: all at once", 0, 1}};

class components : public scheme {
public:
    components(const wiring& w, const setting_values& s) : w_(w), in_turns_(s.at("turns") != 0) {}
    int phases() const override { return 1; }
    int steps(int) const override { return in_turns_ ? static_cast<int>(w_.output().size) : 1; }
    std::vector<signal> offers() const override { return {signal::rate, signal::potential}; }
    bool is_taught() const override { return false; }
    signal answer() const override { return signal::potential; }

    void begin(trial& t) const override {
        std::copy_n(t.input, w_.layer(0).size, t.at(signal::rate, w_.layer(0)));
        std::fill_n(t.at(signal::rate, w_.output()), w_.output().size, 0.0);
    }
    void step(trial& t, int, int k) const override {
        const auto& link = w_.forward(1);
        double *x = t.at(signal::rate, w_.layer(0)), *y = t.at(signal::rate, w_.output()), *said = t.at(signal::potential, w_.output());
        if (!in_turns_) {
            link.drive(x, said);
            std::copy_n(said, link.units, y);
            return;
        }
        const auto i = static_cast<std::size_t>(k);
        if (i > 0) take_away(link.row(i - 1), y[i - 1], x), y[i - 1] = 0;
        y[i] = said[i] = dot(link.row(i), x, link.inputs);
    }
    double unexplained(const trial& t) const override {
        const auto& link = w_.forward(1);
        std::vector<double> left(t.input, t.input + link.inputs);
        for (std::size_t i = 0; i < link.units; ++i) take_away(link.row(i), t.at(signal::potential, w_.output())[i], left.data());
        return dot(left.data(), left.data(), left.size());
    }

private:
    void take_away(const double* weights, double y, double* from) const {
        for (std::size_t j = 0; j < w_.layer(0).size; ++j) from[j] -= y*weights[j];
    }
    const wiring& w_;
    bool in_turns_;
};

}  // namespace

scheme_entry components_scheme() {
    return {.name = "components", .summary = "sums of the inputs; units in turns, each from what those before it left", .settings = fields,
            .wire = [](wiring& w, const setting_values&) { make_untaught(w, "components"); },
            .make = [](const wiring& w, const setting_values& s) -> std::unique_ptr<scheme> { return std::make_unique<components>(w, s); }};
}

}  // namespace apical::layered
