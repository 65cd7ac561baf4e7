// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "engine/kernels/view.hpp"
#include "engine/plugged_channel.hpp"
#include "io/mechanisms.hpp"
#include "tests/engine/cells.hpp"
#include "tests/nmodl/compiled.hpp"

/// The channels of Hay et al. (2011) as files of NMODL, in the arithmetic of the package's own: what is compiled of them has the same bits.
namespace apical::nmodl {
namespace {

using namespace units;
using testing::odd_folder;
using by_name = std::map<std::string, std::shared_ptr<const mechanism>>;

/// By name in small letters.
by_name built(const odd_folder& cache) {
    const auto all = build_mechanisms({std::filesystem::path(APICAL_SOURCE_DIR)/"models"/"mechanisms"/"hay_2011"}, {.cache = cache.path()});
    by_name found;
    for (const auto& f : all.files) EXPECT_TRUE(f.ok && f.why_general.empty()) << f.file << ": " << f.why_general;
    for (const auto& m : all.made.mechanisms) {
        auto name = m->source().name;
        for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        found[name] = m;
    }
    return found;
}

/// The same cell with a mechanism of a file wherever there is one of its name. Parameters keep their order.
cell with_files(const cell& original, const by_name& files) {
    cell c(original.shape(), original.rule());
    const auto own = catalogue::built_in();
    for (const auto& p : original.paintings()) {
        const auto* m = std::get_if<apical::mechanism>(&p.what);
        const auto file = m ? files.find(m->name) : files.end();
        if (file == files.end()) {
            std::visit([&](const auto& what) { c.paint(p.region, what); }, p.what);
            continue;
        }
        const auto& from = own.find(m->name)->schema.parameters;
        const auto& to = dynamic_cast<const plugged_channel&>(*file->second).schema().parameters;
        apical::mechanism renamed{file->second->source().name, {}, file->second};
        for (const auto& [name, value] : m->parameters) {
            const auto n = std::ranges::find(from, name, &field::name) - from.begin();
            renamed.parameters.emplace(std::string(to[static_cast<std::size_t>(n)].name), value);
        }
        c.paint(p.region, std::move(renamed));
    }
    return c.start_at(original.v_init());
}

cell hay_like() {
    cell c(test::branched(), fixed_count{3});
    const auto all = [&](const char* region, std::initializer_list<const char*> names) {
        for (const auto* name : names) c.paint(region, apical::mechanism{name, {}});
    };
    all("apical", {"pas", "cadynamics_e2", "ca_hva", "ca_lvast", "ih", "im", "nata_t", "sk_e2", "skv3_1"});
    all("soma", {"pas", "cadynamics_e2", "ca_hva", "ca_lvast", "ih", "k_pst", "k_tst", "nap_et2", "nata_t", "sk_e2", "skv3_1"});
    all("basal", {"pas", "ih"});
    all("axon", {"pas"});
    c.paint("all", apical::mechanism{"pas", {{"g", 5e-5*S/cm2}, {"e_rev", -80*mV}}});
    c.paint("apical or soma", apical::mechanism{"nata_t", {{"g_max", 0.3*S/cm2}}});
    c.paint("apical or soma", apical::mechanism{"skv3_1", {{"g_max", 0.1*S/cm2}}});
    c.paint("apical or soma", apical::mechanism{"ca_hva", {{"g_max", 1e-3*S/cm2}}});
    c.start_at(-80*mV);
    return c;
}

TEST(hay_2011_files, give_the_bits_of_the_built_in_channels) {
    const odd_folder cache;
    const auto files = built(cache);
    ASSERT_EQ(files.size(), 12u);
    const auto circuit_of = [](cell kind) {
        circuit c;
        c.populations.push_back({"cell", std::move(kind), 5});
        c.injections.push_back({{"cell", "soma(0.5)", {}}, step_current{1*ms, 20*ms, 0.8*nA}});
        c.probes.push_back({"v", {"cell", "centre(all)", {}}, "v", 0*ms, 0*ms});
        c.probes.push_back({"ca", {"cell", "apic[0](0.5)", {}}, "ca.c_in", 0*ms, 0*ms});
        return c;
    };
    const auto own = circuit_of(hay_like()), read = circuit_of(with_files(hay_like(), files));
    std::vector<run_options> ways;
    for (const auto s : {scheme::crank_nicolson, scheme::backward_euler})
        for (const int lanes : {1, native_width})
            for (const auto r : {rates::tabulated, rates::single}) ways.push_back({.scheme = s, .rates = r, .lanes = lanes});
    for (const auto& o : ways) {
        simulation a(compile(own, o)), b(compile(read, o));
        const auto with = summary(b.model());
        for (const auto& kernel : with.populations[0].kernels) EXPECT_TRUE(kernel.ends_with("(fused)")) << kernel;
        a.run(25*ms), b.run(25*ms);
        EXPECT_EQ(a["v"].samples, b["v"].samples) << name_of(o.scheme) << ", " << o.lanes << " lanes, " << name_of(o.rates);
        EXPECT_EQ(a["ca"].samples, b["ca"].samples);
        EXPECT_GT(*std::ranges::max_element(b["v"].samples), 0) << "no action potential: the test is too quiet";
    }
}

}  // namespace
}  // namespace apical::nmodl
