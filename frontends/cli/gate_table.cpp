// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/cli/gate_table.hpp"

#include <array>
#include <cmath>

#include "generated/channels.hpp"

namespace apical::cli {
namespace {

template <class State> std::vector<double> values_of(State s) {
    std::vector<double> out;
    for_each_member(s, [&](double x) { out.push_back(x); });
    return out;
}
template <class State> State state_of(const std::vector<double>& x) {
    return make_record<State>([&](std::size_t i) { return x[i]; });
}

template <class Channel> typename Channel::template parameters<double> defaults_of() {
    using record = typename Channel::template parameters<double>;
    std::vector<double> x;
    if constexpr (member_count<record>() > 0) for_each_member(Channel::defaults, [&](const field& f) { x.push_back(f.value); });
    return make_record<record>([&](std::size_t i) { return x[i]; });
}

/// One row: rest() is the steady state, and how far a displaced gate comes back in a short step gives the time constant.
template <class Channel> gate_row row(const membrane<double>& at) {
    using state = typename Channel::template state<double>;
    constexpr double dt = 1e-3, displacement = 0.125;
    const auto p = defaults_of<Channel>();
    const auto inf = values_of(Channel::template rest<double>(at, p));
    gate_row r{at.v, at.c_in, {}};
    for (std::size_t i = 0; i < inf.size(); ++i) {
        auto displaced = inf;
        displaced[i] += inf[i] > 0.5 ? -displacement : displacement;
        const auto after = values_of(Channel::template advance<double>(state_of<state>(displaced), at, p, dt));
        r.gates.push_back({inf[i], -dt/std::log((after[i] - inf[i])/(displaced[i] - inf[i]))});
    }
    return r;
}

template <class Channel> std::vector<gate_row> table(double celsius_now) {
    if constexpr (member_count<typename Channel::template state<double>>() == 0) {
        return {};
    } else {
        const auto& info = Channel::info;
        membrane<double> at{-65, 0, 5e-5, 2};
        at.q = std::pow(info.q10, (celsius_now - info.q10_at)/10);
        at.rt_f = constants::thermal_voltage(celsius(celsius_now).coherent());
        std::vector<gate_row> rows;
        if (info.reads != ion::none) {
            for (const double c : {1e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2}) {
                at.c_in = c;
                rows.push_back(row<Channel>(at));
            }
            return rows;
        }
        for (at.v = -100; at.v <= 40; at.v += 10) rows.push_back(row<Channel>(at));
        return rows;
    }
}

template <class... Channels> std::vector<gate_row> find(type_list<Channels...>, std::string_view channel, double celsius_now) {
    std::vector<gate_row> rows;
    const auto take = [&]<class C>(std::type_identity<C>) {
        if (C::info.name == channel) rows = table<C>(celsius_now);
    };
    (take(std::type_identity<Channels>{}), ...);
    return rows;
}

}  // namespace

std::vector<gate_row> gate_table(std::string_view channel, double celsius_now) { return find(all_channels{}, channel, celsius_now); }

}  // namespace apical::cli
