// SPDX-License-Identifier: BSD-3-Clause
#include "analysis/signalling.hpp"

namespace apical {

double power_of_neuron(double rate, double synapses, const signalling_costs& c) { return c.rest + rate*(c.spike + synapses*c.arrival()); }

double atp_of_trial(const layered_traffic& t, const signalling_costs& c) {
    return c.phase*(t.phases*t.units*c.rest + c.rate_of_one*(t.sent*c.spike + t.delivered*c.arrival()));
}

}  // namespace apical
