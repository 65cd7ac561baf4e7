// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "core/pack.hpp"
#include "tests/engine/cells.hpp"

namespace apical {
namespace {

using namespace units;

/// The built-in mechanisms without any fused kernel.
catalogue separate() {
    const auto built_in = catalogue::built_in();
    catalogue c;
    for (const auto& e : built_in.entries()) c.add(e);
    return c;
}

cell hay_like() {
    cell c(test::branched(), fixed_count{3});
    const auto all = [&](const char* region, std::initializer_list<const char*> names) {
        for (const auto* name : names) c.paint(region, mechanism{name, {}});
    };
    all("apical", {"pas", "cadynamics_e2", "ca_hva", "ca_lvast", "ih", "im", "nata_t", "sk_e2", "skv3_1"});
    all("soma", {"pas", "cadynamics_e2", "ca_hva", "ca_lvast", "ih", "k_pst", "k_tst", "nap_et2", "nata_t", "sk_e2", "skv3_1"});
    all("basal", {"pas", "ih"});
    all("axon", {"pas"});
    c.paint("all", mechanism{"pas", {{"g", 5e-5*S/cm2}, {"e_rev", -80*mV}}});
    c.paint("apical or soma", mechanism{"nata_t", {{"g_max", 0.3*S/cm2}}});
    c.paint("apical or soma", mechanism{"skv3_1", {{"g_max", 0.1*S/cm2}}});
    c.paint("apical or soma", mechanism{"ca_hva", {{"g_max", 1e-3*S/cm2}}});
    c.start_at(-80*mV);
    return c;
}

std::vector<run_options> every_way() {
    std::vector<run_options> all;
    for (const auto s : {scheme::crank_nicolson, scheme::backward_euler})
        for (const int lanes : {1, native_width})
            for (const auto r : {rates::tabulated, rates::single}) all.push_back({.scheme = s, .rates = r, .lanes = lanes});
    return all;
}

TEST(fused_kernels, give_the_bits_of_the_mechanisms_run_one_by_one) {
    circuit c;
    c.populations.push_back({"cell", hay_like(), 5});
    c.injections.push_back({{"cell", "soma(0.5)", {}}, step_current{1*ms, 20*ms, 0.8*nA}});
    c.probes.push_back({"v", {"cell", "centre(all)", {}}, "v", 0*ms, 0*ms});
    c.probes.push_back({"ca", {"cell", "apic[0](0.5)", {}}, "ca.c_in", 0*ms, 0*ms});
    for (const auto& o : every_way()) {
        simulation fused(compile(c, o)), apart(compile(c, o, separate()));
        const auto with = summary(fused.model()), without = summary(apart.model());
        for (const auto& kernel : with.populations[0].kernels) EXPECT_TRUE(kernel.ends_with("(fused)")) << kernel;
        for (const auto& kernel : without.populations[0].kernels) EXPECT_FALSE(kernel.ends_with("(fused)")) << kernel;
        fused.run(25*ms), apart.run(25*ms);
        EXPECT_EQ(fused["v"].samples, apart["v"].samples) << name_of(o.scheme) << ", " << o.lanes << " lanes, " << name_of(o.rates);
        EXPECT_EQ(fused["ca"].samples, apart["ca"].samples);
        EXPECT_GT(*std::ranges::max_element(fused["v"].samples), 0) << "no action potential: the test is too quiet";
    }
}

}  // namespace
}  // namespace apical
