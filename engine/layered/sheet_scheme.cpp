// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/math.hpp"
#include "engine/layered/scheme.hpp"
#include "engine/layered/sheets.hpp"
#include "engine/layered/untaught.hpp"

/// A sheet of cortex behind a retina, as in the model GCAL. Inputs are light on the retina. Cells of a geniculate, ON and OFF, have centres and surrounds, and divide by
/// what those around them say. Units excite their near neighbours and inhibit those further away, and settle:
///
///     y = [afferent W x + excitation E y - inhibition L y + b]+
///
/// Kinds of connections: `forward`, from the geniculate, two planes; `lateral`, the inhibition; `threshold`, the biases. The retina is wider than the geniculate by the
/// surround's radius on each side, and this wider than the sheet by the radius of afferents. Lengths are of a visual field that is about 1 wide. Stevens, Law, Antolik & Bednar (2013) J Neurosci 33:15747.
namespace apical::layered {
namespace {

using plasticity::signal;

constexpr std::array fields{
    field{"density", 24, "", "units of retina and geniculate in a length of 1", 2, 1000},
    field{"surround_radius", 0.375, "", "of the geniculate's receptive fields", 0, 10},
    field{"afferent_radius", 0.27083, "", "of the sheet's", 1e-3, 10},
    field{"centre", 0.036925, "", "standard deviation of a centre", 1e-4, 10},
    field{"surround", 0.1477, "", "of a surround", 1e-4, 10},
    field{"gain_reach", 0.125, "", "of what a cell of the geniculate divides by", 1e-4, 10},
    field{"gain", 0.6, "", "strength of it", 0, 1e3},
    field{"gain_constant", 0.11, "", "which is added to it", 1e-6, 1e3},
    field{"contrast", 2.33, "", "strength of centre and surround", 0, 1e3},
    field{"afferent", 1.5, "", "strength of what comes from the geniculate", 0, 1e3},
    field{"excitation", 1.7, "", "of what comes from near", 0, 1e3},
    field{"excitation_reach", 0.025, "", "standard deviation", 1e-4, 10},
    field{"excitation_radius", 0.104, "", "further than which there is none", 0, 10},
    field{"inhibition", 1.4, "", "strength of it", 0, 1e3},
    field{"inhibition_reach", 0.075, "", "standard deviation, at first", 1e-4, 10},
    field{"inhibition_radius", 0.22917, "", "further than which there is none", 0, 10},
    field{"threshold", 0.15, "", "at first", -1e3, 1e3},
    field{"steps", 16, "", "of settling", 1, 1e4},
};

/// How wide things are.
struct geometry {
    sheet retina, geniculate, cortex;

    geometry(std::size_t inputs, std::size_t units, const setting_values& s) {
        const double density = s.at("density");
        const auto margin = [&](const char* radius) { return 2*static_cast<std::size_t>(std::lround(s.at(radius)*density)); };
        retina = sheet::of(inputs, 0), cortex = sheet::of(units, 0);
        const auto taken = margin("surround_radius") + margin("afferent_radius");
        if (retina.size() != inputs || cortex.size() != units || retina.side <= taken)
            throw invalid_model("layered net / scheme 'sheet'", fmt::format("{} inputs and {} units", inputs, units), fmt::format("squares both, and a retina of more than {} x {}", taken, taken));
        geniculate.side = retina.side - margin("surround_radius");
        retina.width = static_cast<double>(retina.side)/density, geniculate.width = static_cast<double>(geniculate.side)/density;
        cortex.width = static_cast<double>(retina.side - taken)/density;
    }
};

void wire_sheet(wiring& w, const setting_values& s) {
    make_untaught(w, "sheet");
    const geometry g(w.layer(0).size, w.output().size, s);
    const auto units = w.layers - 1, nothing = add_group(w, "always", 0, nonlinearity::linear), geniculate = add_group(w, "geniculate", 2*g.geniculate.size(), nonlinearity::relu);
    auto& up = w.links.front();
    up.from = geniculate, up.inputs = w.groups[geniculate].size;
    up.w.assign(up.units*up.columns(), 0.0);
    add_kind(w, "lateral", {{.from = units, .to = units, .has_bias = false}});
    add_kind(w, "threshold", {{.from = nothing, .to = units}});
}

/// Positive weights by chance under a normal around a unit's place, with a sum of 1.
void cover(dense& link, const sheet& from, const sheet& to, double reach, double radius) {
    for (std::size_t i = 0; i < link.units; ++i) {
        double* row = link.w.data() + i*link.columns();
        double sum = 0;
        for (std::size_t j = 0; j < link.inputs; ++j) {
            const double d = apart(from, j % from.size(), to, i);
            row[j] = d <= radius ? std::abs(row[j])*math::exp<double>(-d*d/(2*reach*reach)) : 0;
            sum += row[j];
        }
        for (std::size_t j = 0; sum > 0 && j < link.inputs; ++j) row[j] /= sum;
    }
}

void start_sheet(wiring& w, const setting_values& s) {
    const geometry g(w.layer(0).size, w.output().size, s);
    cover(w.links.front(), g.geniculate, g.cortex, s.at("afferent_radius"), s.at("afferent_radius"));
    auto& lateral = w.links[w.kind("lateral")->first];
    std::ranges::fill(lateral.w, 1.0);
    cover(lateral, g.cortex, g.cortex, s.at("inhibition_reach"), s.at("inhibition_radius"));
    std::ranges::fill(w.links[w.kind("threshold")->first].w, -s.at("threshold"));
}

class sheet_of_cortex : public scheme {
public:
    sheet_of_cortex(const wiring& w, const setting_values& s) : w_(w), g_(w.layer(0).size, w.output().size, s), s_(s), steps_(static_cast<int>(s.at("steps"))) {
        const double reach = s.at("excitation_reach"), radius = s.at("excitation_radius");
        for (std::size_t i = 0; i < g_.cortex.size(); ++i) {
            double sum = 0;
            near_.emplace_back();
            for (std::size_t j = 0; j < g_.cortex.size(); ++j)
                if (const double d = apart(g_.cortex, i, g_.cortex, j); d <= radius) near_.back().push_back({j, math::exp<double>(-d*d/(2*reach*reach))}), sum += near_.back().back().weight;
            for (auto& n : near_.back()) n.weight /= sum;
        }
    }
    int phases() const override { return 1; }
    int steps(int) const override { return steps_; }
    std::vector<signal> offers() const override { return {signal::rate, signal::potential}; }
    bool is_taught() const override { return false; }

    void begin(trial& t) const override {
        const auto& out = w_.output();
        std::copy_n(t.input, w_.layer(0).size, t.at(signal::rate, w_.layer(0)));
        double *seen = t.at(signal::rate, w_.groups[w_.links.front().from]), *drive = t.at(signal::potential, out);
        see(t.input, seen);
        w_.forward(1).drive(seen, drive);
        std::fill_n(t.at(signal::rate, out), out.size, 0.0);
        std::vector<double> bias(out.size);
        w_.link("threshold", 0).drive(nullptr, bias.data());
        for (std::size_t i = 0; i < out.size; ++i) drive[i] = s_.at("afferent")*drive[i] + bias[i];
    }
    void step(trial& t, int, int) const override {
        const auto& out = w_.output();
        const double *drive = t.at(signal::potential, out), excitation = s_.at("excitation"), inhibition = s_.at("inhibition");
        double* y = t.at(signal::rate, out);
        const std::vector<double> before(y, y + out.size);
        std::vector<double> far(out.size);
        w_.link("lateral", 0).drive(y, far.data());
        t.restlessness = 0;
        for (std::size_t i = 0; i < out.size; ++i) {
            double close = 0;
            for (const auto& n : near_[i]) close += n.weight*before[n.unit];
            y[i] = std::max(0.0, drive[i] + excitation*close - inhibition*far[i]);
            t.restlessness = std::max(t.restlessness, std::abs(y[i] - before[i]));
        }
    }

private:
    struct neighbour { std::size_t unit; double weight; };

    /// What the geniculate makes of light: the ON cells, then the OFF cells.
    void see(const double* light, double* to) const {
        const std::size_t side = g_.geniculate.side, margin = (g_.retina.side - side)/2;
        const auto centre = blurred(light, g_.retina.side, s_.at("centre")*s_.at("density")), surround = blurred(light, g_.retina.side, s_.at("surround")*s_.at("density"));
        for (std::size_t r = 0; r < side; ++r)
            for (std::size_t c = 0; c < side; ++c) {
                const std::size_t at = (r + margin)*g_.retina.side + c + margin;
                const double contrast = s_.at("contrast")*(centre[at] - surround[at]);
                to[r*side + c] = std::max(0.0, contrast), to[(side + r)*side + c] = std::max(0.0, -contrast);
            }
        for (double* plane : {to, to + side*side}) {
            const auto around = blurred(plane, side, s_.at("gain_reach")*s_.at("density"));
            for (std::size_t k = 0; k < side*side; ++k) plane[k] /= s_.at("gain_constant") + s_.at("gain")*around[k];
        }
    }

    const wiring& w_;
    geometry g_;
    setting_values s_;
    int steps_;
    std::vector<std::vector<neighbour>> near_;
};

}  // namespace

scheme_entry sheet_scheme() {
    return {.name = "sheet", .summary = "a sheet of cortex behind a retina: units excite those near and inhibit those further away, and settle", .settings = fields, .wire = wire_sheet,
            .make = [](const wiring& w, const setting_values& s) -> std::unique_ptr<scheme> { return std::make_unique<sheet_of_cortex>(w, s); }, .start = start_sheet};
}

}  // namespace apical::layered
