// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/cli/gate_table.hpp"

#include <cmath>

#include "generated/channels.hpp"

namespace apical::cli {
namespace {

template <class Channel> typename Channel::template parameters<double> defaults_of() {
    using record = typename Channel::template parameters<double>;
    std::vector<double> x;
    if constexpr (member_count<record>() > 0) for_each_member(Channel::defaults, [&](const field& f) { x.push_back(f.value); });
    return make_record<record>([&](std::size_t i) { return x[i]; });
}

template <class Channel> gate_row row(const membrane<double>& at) {
    gate_row r{at.v, at.c_in, {}};
    for (const auto& g : as_array<channels::gate<double>>(Channel::gates(at, defaults_of<Channel>()))) r.gates.push_back({g.inf, 1/g.rate});
    return r;
}

template <class Channel> std::vector<gate_row> table(double celsius_now) {
    if constexpr (!channels::gated<Channel>) {
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
