// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include "circuit/cell.hpp"
#include "core/error.hpp"
#include "engine/kernels/view.hpp"
#include "frontends/python/arrays.hpp"
#include "frontends/python/catalogue.hpp"

namespace apical::python {
namespace {

/// One channel at one place, as doubles: what it is made of and what it sees.
struct patch {
    const kernels::mechanism_table& table;
    std::vector<double> parameters;
    std::size_t states;
    membrane<double> at;

    std::vector<double> rest() const {
        std::vector<double> s(states);
        table.rest({s.data(), 1, parameters.data(), 1}, at);
        return s;
    }
    double advanced(std::vector<double> s, std::size_t i, double dt) const {
        table.advance({s.data(), 1, parameters.data(), 1}, at, dt);
        return s[i];
    }
};

/// How much of a deviation of state i from its steady value is left after dt.
double remainder(const patch& p, const std::vector<double>& steady, std::size_t i, double deviation, double dt) {
    auto s = steady;
    s[i] += deviation;
    return (p.advanced(s, i, dt) - p.advanced(steady, i, dt))/deviation;
}

/// The time constant [ms] with which state i relaxes; nan unless it does so exponentially, whatever the deviation.
double time_constant(const patch& p, const std::vector<double>& steady, std::size_t i) {
    const double away = steady[i] < 0.5 ? 0.5 : -0.5;
    double dt = 1;
    for (int tries = 0; tries < 60; ++tries) {
        const double left = remainder(p, steady, i, away, dt);
        if (left > 0.2 && left < 0.9) {
            const bool is_exponential = std::abs(remainder(p, steady, i, 0.5*away, dt) - left) < 1e-6 &&
                                        std::abs(remainder(p, steady, i, away, 2*dt) - left*left) < 1e-6;
            return is_exponential ? -dt/std::log(left) : std::numeric_limits<double>::quiet_NaN();
        }
        if (!(left > -1e-12 && left < 1 + 1e-12)) break;
        dt *= left > 0.5 ? 4 : 0.3;
    }
    return std::numeric_limits<double>::quiet_NaN();
}

std::vector<double> voltages_of(nb::handle given) {
    std::vector<double> v;
    if (given.is_none()) {
        for (int i = -100; i <= 50; ++i) v.push_back(i);
        return v;
    }
    for (nb::handle item : given) v.push_back(nb::cast<double>(item));
    return v;
}

/// Default parameters in the coherent set.
std::vector<double> defaults_of(const mechanism_schema& s) {
    std::vector<double> all;
    for (const auto& f : s.parameters) all.push_back(f.value*parse_unit(f.unit).value);
    return all;
}

void set(patch& p, const mechanism_schema& s, const std::string& name, nb::handle value) {
    const auto where = s.name + " / " + name;
    if (const auto* f = s.parameter(name)) {
        p.parameters[static_cast<std::size_t>(f - s.parameters.data())] = read_as(value, parse_unit(f->unit).dimension, where);
    } else if (name == "c_in" || name == "c_out") {
        (name == "c_in" ? p.at.c_in : p.at.c_out) = read_as(value, dimensions::concentration, where);
    } else if (name == "e_rev") {
        p.at.e_rev = read_as(value, dimensions::voltage, where);
    } else {
        std::vector<std::string> known{"c_in", "c_out", "e_rev"};
        for (const auto& each : s.parameters) known.emplace_back(each.name);
        throw invalid_model(where, "unknown parameter", suggestion(name, known));
    }
}

patch patch_of(const catalogue::entry& e, temperature t) {
    const auto& s = e.schema;
    const auto carries = default_ion(s.carries), reads = default_ion(s.reads);
    return {*e.kernels, defaults_of(s), s.states.size(),
            {.v = 0, .e_rev = carries.e_rev.coherent(), .c_in = reads.c_in.coherent(), .c_out = reads.c_out.coherent(),
             .q = std::pow(s.q10, (in_celsius(t) - s.q10_at)/10), .rt_f = constants::thermal_voltage(t.coherent())}};
}

}  // namespace

nb::dict gate_curves(const catalogue::entry& e, nb::handle voltages, const quantity_argument& at_temperature,
                     const nb::kwargs& parameters) {
    const auto& s = e.schema;
    if (s.kind != mechanism_kind::channel) throw invalid_model(s.name, "only channels have gates");
    if (!e.kernels) throw unsupported(s.name, "was read from NMODL and has not the form of the package's channels", "record its states under a voltage clamp");
    auto p = patch_of(e, as<temperature>(at_temperature, s.name + " / temperature"));
    for (const auto& [name, value] : parameters) set(p, s, nb::cast<std::string>(name), value);
    const auto v = voltages_of(voltages);
    std::vector<std::vector<double>> steady(p.states), tau(p.states);
    for (const double each : v) {
        p.at.v = each;
        const auto rest = p.rest();
        for (std::size_t i = 0; i < p.states; ++i) steady[i].push_back(rest[i]), tau[i].push_back(time_constant(p, rest, i));
    }
    nb::dict curves;
    for (std::size_t i = 0; i < p.states; ++i)
        curves[nb::cast(s.states[i].name)] = nb::make_tuple(owned_array(std::move(steady[i])), owned_array(std::move(tau[i])));
    return curves;
}

}  // namespace apical::python
