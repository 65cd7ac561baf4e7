// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/math.hpp"
#include "engine/layered/scheme.hpp"
#include "engine/layered/untaught.hpp"

/// Units side by side in a rectangle. The one whose weights are nearest to the input wins, the first of equals, and excites its neighbours:
/// `rate` is 1 where it is, and falls off over a distance that shrinks as presentations go on. `potential` is minus the distance of the
/// weights from the input. Without a lesson, the winner alone is active.
namespace apical::layered {
namespace {

using plasticity::signal;

constexpr std::array fields{
    field{"columns", 0, "", "units of a row; 0: as many as there are rows", 0, 1e6},
    field{"reach", 0, "", "of excitation at first, in units; 0: half the longer side", 0, 1e6},
    field{"last_reach", 0.5, "", "and in the end", 1e-3, 1e6},
    field{"ease", 0.5, "", "told to the synapses at first", 0, 1e3},
    field{"last_ease", 0.02, "", "and in the end", 1e-9, 1e3},
    field{"presentations", 20000, "", "until reach and ease are what they are in the end, exponentially", 1, 1e12},
    field{"middle", 0.5, "", "about which first weights lie", -1e9, 1e9},
};

std::size_t columns_of(std::size_t units, const setting_values& s) {
    const auto asked = static_cast<std::size_t>(s.at("columns")), columns = asked > 0 ? asked : static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(units))));
    if (columns == 0 || units % columns != 0)
        throw invalid_model("layered net / scheme 'map'", fmt::format("{} units in rows of {}", units, columns), "whole rows: the setting 'columns'");
    return columns;
}

class map : public scheme {
public:
    map(const wiring& w, const setting_values& s)
        : w_(w), columns_(columns_of(w.output().size, s)), reach_(s.at("reach")), last_reach_(s.at("last_reach")), ease_(s.at("ease")), last_ease_(s.at("last_ease")), presentations_(s.at("presentations")) {
        if (reach_ == 0) reach_ = std::max(1.0, static_cast<double>(std::max(columns_, w.output().size/columns_))/2);
    }
    int phases() const override { return 1; }
    int steps(int) const override { return 1; }
    std::vector<signal> offers() const override { return {signal::rate, signal::potential, signal::modulator}; }
    bool is_taught() const override { return false; }
    std::string_view tells() const override { return "ease"; }

    void begin(trial& t) const override { t.nudging = faded(ease_, last_ease_, t.number); }
    void step(trial& t, int, int) const override {
        const auto& link = w_.forward(1);
        std::copy_n(t.input, link.inputs, t.at(signal::rate, w_.layer(0)));
        double *near = t.at(signal::potential, w_.output()), *y = t.at(signal::rate, w_.output());
        for (std::size_t i = 0; i < link.units; ++i) near[i] = -distance(link.row(i), t.input, link.inputs);
        const auto winner = static_cast<std::size_t>(std::max_element(near, near + link.units) - near);
        const double reach = faded(reach_, last_reach_, t.number);
        for (std::size_t i = 0; i < link.units; ++i) y[i] = t.target ? math::exp(-apart(i, winner)/(2*reach*reach)) : i == winner ? 1 : 0;
    }
    double unexplained(const trial& t) const override {
        const double* near = t.at(signal::potential, w_.output());
        return math::square(*std::max_element(near, near + w_.output().size));
    }

private:
    double faded(double from, double to, std::uint64_t number) const {
        return from > 0 ? from*std::pow(to/from, std::min(1.0, static_cast<double>(number)/presentations_)) : 0;
    }
    static double distance(const double* a, const double* b, std::size_t n) {
        double sum = 0;
        for (std::size_t k = 0; k < n; ++k) sum += math::square(a[k] - b[k]);
        return std::sqrt(sum);
    }
    /// Square of the distance of two units in the rectangle.
    double apart(std::size_t a, std::size_t b) const {
        const auto side = [&](std::size_t i) { return static_cast<double>(i % columns_); };
        const auto down = [&](std::size_t i) { return static_cast<double>(i/columns_); };
        return math::square(side(a) - side(b)) + math::square(down(a) - down(b));
    }
    const wiring& w_;
    std::size_t columns_;
    double reach_, last_reach_, ease_, last_ease_, presentations_;
};

}  // namespace

scheme_entry map_scheme() {
    return {.name = "map", .summary = "the nearest unit wins, and excites its neighbours in a rectangle", .settings = fields,
            .wire = [](wiring& w, const setting_values& s) { make_untaught(w, "map"), columns_of(w.output().size, s); },
            .make = [](const wiring& w, const setting_values& s) -> std::unique_ptr<scheme> { return std::make_unique<map>(w, s); },
            .start = [](wiring& w, const setting_values& s) {
                for (double& x : w.links.front().w) x += s.at("middle");
            }};
}

}  // namespace apical::layered
