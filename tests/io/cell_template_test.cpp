// SPDX-License-Identifier: BSD-3-Clause
#include "io/sonata/cell_template.hpp"

#include <algorithm>
#include <numeric>

#include <gtest/gtest.h>

#include "io/output_file.hpp"
#include "tests/io/allen_cells.hpp"
#include "tests/io/expect_error.hpp"
#include "tests/io/temporary_folder.hpp"

namespace apical {
namespace {

using sonata::cell_template, sonata::make_cell;
using testing::allen_cells, testing::says, testing::temporary_folder, testing::with_fit, testing::with_nml;

/// What is said against it; empty if nothing is.
template <class F> std::string refused(const F& f) {
    try {
        f();
    } catch (const error& e) {
        return e.what();
    }
    return {};
}

class published_cells : public ::testing::Test {
protected:
    void SetUp() override {
        const auto folder = testing::sonata_example("shared_components/morphologies");
        if (!std::filesystem::exists(folder)) GTEST_SKIP() << "SKIPPED: " << testing::missing(folder);
    }
};

struct geometry { int sections, segments; double length, area, soma_length, soma_area; int on_soma; };

/// BMTK's import with NEURON 8.2.2, which rounds coordinates to six digits.
TEST_F(published_cells, have_the_geometry_that_neuron_gives_them) {
    constexpr geometry published[] = {{122, 264, 4660.198343, 7115.776804, 10.885600, 372.267072, 9},
                                      {65, 141, 2678.481508, 5060.892130, 12.473200, 488.771229, 5},
                                      {39, 101, 1937.557698, 3869.443867, 12.881200, 521.269733, 5},
                                      {39, 121, 2403.958639, 3291.315427, 11.843002, 440.607006, 5},
                                      {43, 91, 1568.885539, 2815.695838, 10.394400, 339.428804, 5}};
    for (std::size_t i = 0; i < allen_cells.size(); ++i) {
        const auto made = make_cell(with_nml(allen_cells[i]));
        const auto& shape = made.cell.shape();
        const auto& p = published[i];
        double length = 0, area = 0;
        int on_soma = 0;
        for (int s = 0; s < shape.size(); ++s) length += shape.length(s), area += shape.area(s), on_soma += shape[s].parent == 0;
        const auto counts = compartment_counts(shape, made.cell.rule(), {});
        EXPECT_EQ(shape.size(), p.sections) << allen_cells[i].name;
        EXPECT_EQ(std::accumulate(counts.begin(), counts.end(), 0), p.segments) << allen_cells[i].name;
        EXPECT_NEAR(length/p.length, 1, 1e-9) << allen_cells[i].name;
        EXPECT_NEAR(area/p.area, 1, 1e-9) << allen_cells[i].name;
        EXPECT_NEAR(shape.length(0)/p.soma_length, 1, 5e-8) << allen_cells[i].name;
        EXPECT_NEAR(shape.area(0)/p.soma_area, 1, 2e-9) << allen_cells[i].name;
        EXPECT_EQ(on_soma, p.on_soma) << allen_cells[i].name;
        EXPECT_TRUE(made.warnings.empty()) << made.warnings.front().text();
    }
}

TEST_F(published_cells, have_a_soma_of_full_precision_unless_rounded) {
    auto t = with_nml(allen_cells[3]);
    EXPECT_NEAR(make_cell(t).cell.shape().length(0), 11.843002319, 1e-9);
    t.rounding.reset();
    EXPECT_NEAR(make_cell(t).cell.shape().length(0), 11.8424, 1e-12);
}

TEST_F(published_cells, number_their_sections_as_the_files_do) {
    const auto made = make_cell(with_nml(allen_cells[0]));
    const auto& shape = made.cell.shape();
    ASSERT_EQ(made.sections.size(), 122u);
    const auto name = [&](std::size_t id) { return shape.name(made.sections[id]); };
    EXPECT_EQ(name(0), "soma[0]");
    EXPECT_EQ(name(1), "dend[0]");
    EXPECT_EQ(name(80), "dend[79]");
    EXPECT_EQ(name(81), "apic[0]");
    EXPECT_EQ(name(119), "apic[38]");
    EXPECT_EQ(name(120), "axon[0]");
    EXPECT_EQ(name(121), "axon[1]");
    EXPECT_EQ(made.at(119, 0.5), (location{shape.find("apic[38]"), 0.5}));
    EXPECT_EQ(made.at(0, 1), (location{0, 0.5})) << "ends belong to compartments";
    const auto longest = std::ranges::max_element(made.compartments) - made.compartments.begin();
    const int n = made.compartments[static_cast<std::size_t>(longest)];
    ASSERT_GT(n, 3);
    EXPECT_NEAR(made.at(longest, 0).x, 0.5/n, 1e-15);
    EXPECT_NEAR(made.at(longest, 1).x, (n - 0.5)/n, 1e-15);
    EXPECT_NEAR(made.at(longest, 1.2/n).x, 1.5/n, 1e-15);
    says(refused([&] { made.at(122, 0.5, "edges.h5:/edges/a/0/sec_id[7]"); }), "edges.h5:/edges/a/0/sec_id[7]: there is no section 122; the cell has sections 0 to 121");
    says(refused([&] { made.at(0, 1.5); }), "position 1.5; give 0 to 1");
}

TEST_F(published_cells, are_the_same_from_their_fits_and_from_neuroml) {
    for (const auto& c : allen_cells) {
        const auto nml = make_cell(with_nml(c)), fit = make_cell(with_fit(c));
        EXPECT_EQ(nml.cell.shape(), fit.cell.shape()) << c.name;
        const auto &a = nml.cell.paintings(), &b = fit.cell.paintings();
        const auto value = [&](const cell::painting& p, const std::string& name) {
            return std::get<any_quantity>(std::get<mechanism>(p.what).parameters.at(name).value()).value;
        };
        int compared = 0;
        for (const auto& p : a) {
            const auto* m = std::get_if<mechanism>(&p.what);
            if (!m) continue;
            const auto same = std::ranges::find_if(b, [&](const auto& q) {
                const auto* other = std::get_if<mechanism>(&q.what);
                return other && q.region == p.region && other->name == m->name;
            });
            ASSERT_NE(same, b.end()) << c.name << " " << p.region << " " << m->name;
            for (const char* parameter : {"g_max", "g", "gamma", "decay"}) {
                if (!m->parameters.contains(parameter)) continue;
                EXPECT_NEAR(value(p, parameter), value(*same, parameter), 1e-11*value(p, parameter)) << m->name;
                ++compared;
            }
        }
        EXPECT_GE(compared, 14) << c.name;
    }
}

TEST_F(published_cells, are_stubbed_by_all_active_processing_as_thick_as_their_axons_were) {
    auto t = with_fit(allen_cells[0]);
    t.dynamics_params = testing::sonata_example("shared_components/biophysical_neuron_templates/json/318331342_fit.json");
    t.model_processing = "aibs_allactive,extracellular";
    const auto made = make_cell(t);
    const auto& shape = made.cell.shape();
    const int first = shape.find("axon[0]"), second = shape.find("axon[1]");
    ASSERT_EQ(second, shape.size() - 1);
    EXPECT_EQ(shape[first].parent_x, 1.0);
    EXPECT_EQ(shape[first].parent, 0);
    EXPECT_NE(shape[first].points[0].diameter, 1.0);
    EXPECT_NEAR(shape.length(second), 30, 1e-9);
    const auto has = [&](const char* region, const char* name) {
        return std::ranges::any_of(made.cell.paintings(), [&](const auto& p) {
            const auto* m = std::get_if<mechanism>(&p.what);
            return m && p.region == region && m->name == name;
        });
    };
    EXPECT_TRUE(has("axon", "allen_kv2like"));
    EXPECT_TRUE(has("basal", "allen_nav"));
    EXPECT_FALSE(has("basal", "allen_kv2like"));
}

/// A soma with a dendrite and an axon, and files of a test's own.
class own_files : public ::testing::Test {
protected:
    void SetUp() override { write_text(folder_/"cell.swc", "1 1 0 0 0 5 -1\n2 3 6 0 0 1 1\n3 3 100 0 0 1 2\n4 2 0 -6 0 0.5 1\n5 2 0 -50 0 0.5 4\n"); }

    cell_template with(const std::string& model, const std::string& processing = "aibs_perisomatic") const {
        return {.model_template = model, .model_processing = processing, .morphology = folder_/"cell", .dynamics_params = {}, .templates = folder_/".",
                .where = "types.csv:2"};
    }
    std::string fit(const std::string& text, const std::string& processing = "aibs_perisomatic") {
        write_text(folder_/"fit.json", text, overwrite::yes);
        auto t = with("ctdb:Biophys1.hoc", processing);
        t.dynamics_params = folder_/"fit.json";
        return refused([&] { make_cell(t); });
    }
    std::string nml(const std::string& text) {
        write_text(folder_/"a.nml", text, overwrite::yes);
        return refused([&] { make_cell(with("nml:a.nml")); });
    }
    temporary_folder folder_;
};

TEST_F(own_files, templates_that_are_none_are_refused_with_those_there_are) {
    says(refused([&] { make_cell(with("hoc:Mine")); }), "types.csv:2 / model_template: 'hoc:Mine' is a program for NEURON; ctdb:Biophys1.hoc and nml:<file> can be built");
    says(refused([&] { make_cell(with("nrn:IntFire1")); }), "no template 'nrn:IntFire1' of a biophysical cell");
    says(refused([&] { make_cell(with("ctdb:Biophys1.hoc", "aibs_perisomatik")); }), "types.csv:2 / model_processing: no processing 'aibs_perisomatik'; did you mean 'aibs_perisomatic'?");
    says(refused([&] { make_cell(with("ctdb:Biophys1")); }), "nothing says what its membrane is; ctdb:Biophys1.hoc takes dynamics_params");
    auto lost = with("ctdb:Biophys1");
    lost.morphology = folder_/"other";
    says(refused([&] { make_cell(lost); }), "types.csv:2 / morphology: there is no");
}

TEST_F(own_files, a_fit_says_what_is_wrong_with_it_and_where) {
    const std::string passive = R"("passive": [{"ra": "100", "cm": [{"section": "soma", "cm": 1}], "e_pas": -70}], "conditions": [{"erev": []}])";
    const auto gene = [&](const std::string& g) { return fit("{" + passive + ",\n\"genome\": [" + g + "]}"); };
    EXPECT_EQ(gene(R"({"section": "soma", "name": "gbar_SK", "value": "1e-4", "mechanism": "SK"})"), "");
    says(gene(R"({"section": "soma", "name": "gbar_SKK", "value": 1, "mechanism": "SKK"})"), "fit.json:2 /genome/0/name: no mechanism 'SKK'; did you mean 'SK'?");
    says(gene(R"({"section": "soma", "name": "gbar_SKK", "value": 1, "mechanism": "SKK"})"), "or give the circuit a mechanisms_dir with its file");
    says(gene(R"({"section": "soma", "name": "gmax_SK", "value": 1, "mechanism": "SK"})"), "'SK' has no parameter 'gmax'; known: gbar");
    says(gene(R"({"section": "tuft", "name": "g_pas", "value": 1, "mechanism": ""})"), "fit.json:2 /genome/0/section: 'tuft' is no type of section");
    says(gene(R"({"section": "soma", "name": "g_pass", "value": 1, "mechanism": ""})"), "no property 'g_pass'; did you mean 'g_pas'?");
    says(gene(R"({"section": "soma", "name": "g_pas", "value": "much", "mechanism": ""})"), "/genome/0/value: 'much' is not a number");
    says(fit(R"({"passive": [{}], "genome": [], "conditions": [{"erev": []}]})"), "fit.json:1 /passive/0: needs a 'ra'");
    EXPECT_EQ(fit(R"({"passive": [{}], "genome": [], "conditions": [{"erev": []}]})", "aibs_allactive"), "");
    says(fit("{\"passive\": 3}"), "/passive: expected an array");
}

TEST_F(own_files, mechanisms_of_the_circuit_are_read_from_its_files) {
    const char* const leaky = "NEURON { SUFFIX leaky NONSPECIFIC_CURRENT i RANGE gbar }\nPARAMETER { gbar = 0.001 (S/cm2) }\nASSIGNED { v (mV) i (mA/cm2) }\n"
                              "BREAKPOINT { i = gbar*(v + 60) }\n";
    std::filesystem::create_directories(folder_/"mechanisms"/"modfiles");
    write_text(folder_/"mechanisms"/"modfiles"/"other_name.mod", leaky);
    write_text(folder_/"mechanisms"/"modfiles"/"broken.mod", "NEURON { SUFFIX broken\n");
    write_text(folder_/"fit.json", R"({"passive": [{"ra": 100, "cm": [{"section": "soma", "cm": 1}], "e_pas": -70}], "conditions": [{"erev": []}],
        "genome": [{"section": "soma", "name": "gbar_leaky", "value": 0.002, "mechanism": "leaky"}]})");
    auto t = with("ctdb:Biophys1.hoc");
    t.dynamics_params = folder_/"fit.json", t.mechanisms = folder_/"mechanisms";
    const auto made = make_cell(t).cell;
    const auto painted = std::ranges::find_if(made.paintings(), [](const cell::painting& p) { return std::holds_alternative<mechanism>(p.what) && std::get<mechanism>(p.what).name == "leaky"; });
    ASSERT_NE(painted, made.paintings().end());
    EXPECT_TRUE(std::get<mechanism>(painted->what).imported);
    write_text(folder_/"fit.json", R"({"passive": [{"ra": 100, "cm": [{"section": "soma", "cm": 1}], "e_pas": -70}], "conditions": [{"erev": []}],
        "genome": [{"section": "soma", "name": "gbar_broken", "value": 0.002, "mechanism": "broken"}]})", overwrite::yes);
    says(refused([&] { make_cell(t); }), "broken.mod:");
}

TEST_F(own_files, neuroml_says_what_is_wrong_with_it_and_where) {
    const auto inside = [&](const std::string& element) { return nml("<neuroml>\n" + element + "\n</neuroml>"); };
    EXPECT_EQ(inside(R"(<specificCapacitance segmentGroup="all" value="1 uF_per_cm2"/>)"), "");
    says(inside(R"(<specificCapacitance segmentGroup="all" value="1 mV"/>)"), "a.nml:2 <specificCapacitance>/@value");
    says(inside(R"(<channelDensity id="x" segmentGroup="soma" ion="na" ionChannel="NaX" erev="53 mV" condDensity="1 S_per_cm2"/>)"), "a.nml:2 <channelDensity x>/@ionChannel: no mechanism 'NaX'");
    says(inside(R"(<channelDensity id="x" segmentGroup="soma" ion="na" ionChannel="NaV" condDensity="1 S_per_cm2"/>)"), "a.nml:2 <channelDensity x>: needs a 'erev'");
    says(inside(R"(<channelDensityGHK id="x" segmentGroup="soma"/>)"), "<channelDensityGHK x>: is not known here; expected channelDensity or channelDensityNernst");
    says(inside(R"(<resistivity segmentGroup="trunk" value="1 ohm_cm"/>)"), "'trunk' is no type of section");
    says(nml("<neuroml>\n<cell>"), "a.nml:2: is not XML");
    says(nml("<html/>"), "begins with <html>; expected <neuroml>");
}

TEST_F(own_files, an_axon_is_kept_or_replaced) {
    write_text(folder_/"a.json", R"({"passive": [{"ra": 100}], "genome": [], "conditions": [{"erev": []}]})");
    auto t = with("ctdb:Biophys1.hoc", "fullaxon");
    t.dynamics_params = folder_/"a.json";
    const auto kept = make_cell(t);
    EXPECT_EQ(kept.cell.shape().name(kept.sections[1]), "axon[0]");   // right after the soma, and last if it is a stub
    EXPECT_NEAR(kept.cell.shape().length(kept.sections[1]), 44, 1e-6);
    t.model_processing = "aibs_allactive_directed";
    const auto stub = make_cell(t);
    EXPECT_EQ(stub.cell.shape().name(stub.sections[1]), "dend[0]");
    ASSERT_EQ(stub.sections.size(), 4u);
    const auto& piece = stub.cell.shape()[stub.sections[2]];
    EXPECT_EQ(piece.points[1].diameter, 1.0);
    EXPECT_LT(piece.points[1].y, piece.points[0].y - 25);   // towards where the axon was
    write_text(folder_/"cell.swc", "1 1 0 0 0 5 -1\n2 3 6 0 0 1 1\n3 3 100 0 0 1 2\n", overwrite::yes);
    says(refused([&] { make_cell(t); }), "'aibs_allactive_directed' needs an axon, and the morphology has none");
}

}  // namespace
}  // namespace apical
