// SPDX-License-Identifier: BSD-3-Clause
#include "channels/hh_k.hpp"
#include "channels/hh_leak.hpp"
#include "channels/hh_na.hpp"
#include "engine/kernels/mechanism.hpp"

namespace apical::generated {

/// The squid axon.
void add_fused_hodgkin_huxley(catalogue& c) {
    using namespace channels;
    add_fused<hh_k, hh_leak, hh_na>(c);
}

}  // namespace apical::generated
