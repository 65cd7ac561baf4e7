// SPDX-License-Identifier: BSD-3-Clause
#include "channels/ca_hva.hpp"
#include "channels/ca_lvast.hpp"
#include "channels/cadynamics_e2.hpp"
#include "channels/ih.hpp"
#include "channels/im.hpp"
#include "channels/k_pst.hpp"
#include "channels/k_tst.hpp"
#include "channels/nap_et2.hpp"
#include "channels/nata_t.hpp"
#include "channels/pas.hpp"
#include "channels/sk_e2.hpp"
#include "channels/skv3_1.hpp"
#include "engine/kernels/mechanism.hpp"

namespace apical::generated {

/// The regions of the layer 5 pyramidal cell of Hay et al. (2011): apical, somatic, basal.
void add_fused_hay_2011(catalogue& c) {
    using namespace channels;
    add_fused<cadynamics_e2, ca_hva, ca_lvast, ih, im, nata_t, pas, sk_e2, skv3_1>(c);
    add_fused<cadynamics_e2, ca_hva, ca_lvast, ih, k_pst, k_tst, nap_et2, nata_t, pas, sk_e2, skv3_1>(c);
    add_fused<ih, pas>(c);
    add_fused<pas>(c);
}

}  // namespace apical::generated
