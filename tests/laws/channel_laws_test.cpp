// SPDX-License-Identifier: BSD-3-Clause
#include "tests/laws/channel_laws.hpp"

#include <filesystem>
#include <set>

#include <gtest/gtest.h>

#include "generated/channels.hpp"
#include "tests/laws/broken_channels.hpp"

namespace apical {
namespace {

/// Asks one law of every channel found by the build; `law` is called with the channel as its template argument.
template <class Law> void of_every_channel(Law law) {
    all_channels::for_each([&]<class C>() {
        const auto found = law.template operator()<C>();
        EXPECT_TRUE(found.empty()) << C::info.name << laws::listed(found);
    });
}

TEST(channel_laws, are_asked_of_every_file_of_the_folder) {
    std::set<std::string> files, names;
    for (const auto& file : std::filesystem::directory_iterator(APICAL_SOURCE_DIR "/channels"))
        if (file.path().extension() == ".hpp" && file.path().stem() != "channel") files.insert(file.path().stem().string());
    all_mechanisms::for_each([&]<class C>() { names.insert(std::string(C::info.name)); });
    EXPECT_EQ(names, files) << "the name of a mechanism is that of its file";
    EXPECT_EQ(all_channels::size + all_pools::size + all_receptors::size, static_cast<int>(files.size()));
    EXPECT_GE(all_channels::size, 20);
}

TEST(channel_laws, schema_is_complete) {
    of_every_channel([]<class C>() { return laws::schema_is_complete<C>(); });
}
TEST(channel_laws, states_stay_in_range) {
    of_every_channel([]<class C>() { return laws::states_stay_in_range<C>(); });
}
TEST(channel_laws, rest_is_the_fixed_point) {
    of_every_channel([]<class C>() { return laws::rest_is_the_fixed_point<C>(); });
}
TEST(channel_laws, a_step_of_zero_changes_nothing) {
    of_every_channel([]<class C>() { return laws::a_step_of_zero_changes_nothing<C>(); });
}
TEST(channel_laws, two_half_steps_make_a_whole) {
    of_every_channel([]<class C>() { return laws::two_half_steps_make_a_whole<C>(); });
}
TEST(channel_laws, occupancies_sum_to_one) {
    of_every_channel([]<class C>() { return laws::occupancies_sum_to_one<C>(); });
}
TEST(channel_laws, current_reverses_where_it_should) {
    of_every_channel([]<class C>() { return laws::current_reverses_where_it_should<C>(); });
}
TEST(channel_laws, slope_is_the_derivative) {
    of_every_channel([]<class C>() { return laws::slope_is_the_derivative<C>(); });
}
TEST(channel_laws, current_is_proportional_to_densities) {
    of_every_channel([]<class C>() { return laws::current_is_proportional_to_densities<C>(); });
}
TEST(channel_laws, everything_is_finite) {
    of_every_channel([]<class C>() { return laws::everything_is_finite<C>(); });
}
TEST(channel_laws, packs_equal_doubles) {
    of_every_channel([]<class C>() { return laws::packs_equal_doubles<C>(); });
}

TEST(channel_laws_can_fail, a_sound_channel_breaks_none) {
    using laws::broken::sound;
    for (const auto& found : {laws::schema_is_complete<sound>(), laws::states_stay_in_range<sound>(),
                              laws::rest_is_the_fixed_point<sound>(), laws::a_step_of_zero_changes_nothing<sound>(),
                              laws::two_half_steps_make_a_whole<sound>(), laws::current_reverses_where_it_should<sound>(),
                              laws::slope_is_the_derivative<sound>(), laws::current_is_proportional_to_densities<sound>(),
                              laws::everything_is_finite<sound>(), laws::packs_equal_doubles<sound>()})
        EXPECT_TRUE(found.empty()) << laws::listed(found);
}
TEST(channel_laws_can_fail, an_incomplete_schema_is_caught) {
    EXPECT_FALSE(laws::schema_is_complete<laws::broken::bad_unit>().empty());
    EXPECT_FALSE(laws::schema_is_complete<laws::broken::bad_range>().empty());
    EXPECT_FALSE(laws::schema_is_complete<laws::broken::no_meaning>().empty());
    EXPECT_FALSE(laws::schema_is_complete<laws::broken::no_year>().empty());
}
TEST(channel_laws_can_fail, a_sound_scheme_breaks_none) {
    using laws::broken::sound_scheme;
    for (const auto& found : {laws::states_stay_in_range<sound_scheme>(), laws::rest_is_the_fixed_point<sound_scheme>(),
                              laws::a_step_of_zero_changes_nothing<sound_scheme>(), laws::two_half_steps_make_a_whole<sound_scheme>(),
                              laws::occupancies_sum_to_one<sound_scheme>()})
        EXPECT_TRUE(found.empty()) << laws::listed(found);
}
TEST(channel_laws_can_fail, a_scheme_that_does_not_converge_or_loses_channels_is_caught) {
    EXPECT_FALSE(laws::two_half_steps_make_a_whole<laws::broken::hasty_scheme>().empty());
    EXPECT_FALSE(laws::occupancies_sum_to_one<laws::broken::leaky_scheme>().empty());
}
TEST(channel_laws_can_fail, explicit_euler_is_caught) {
    EXPECT_FALSE(laws::states_stay_in_range<laws::broken::euler>().empty());
    EXPECT_FALSE(laws::two_half_steps_make_a_whole<laws::broken::euler>().empty());
}
TEST(channel_laws_can_fail, a_rest_off_by_a_nanovolt_is_caught) {
    EXPECT_FALSE(laws::rest_is_the_fixed_point<laws::broken::wrong_rest>().empty());
}
TEST(channel_laws_can_fail, a_jump_in_no_time_is_caught) {
    EXPECT_FALSE(laws::a_step_of_zero_changes_nothing<laws::broken::jumpy>().empty());
}
TEST(channel_laws_can_fail, a_singular_point_is_caught) {
    EXPECT_FALSE(laws::everything_is_finite<laws::broken::singular>().empty());
}
TEST(channel_laws_can_fail, a_wrong_reversal_or_sign_is_caught) {
    EXPECT_FALSE(laws::current_reverses_where_it_should<laws::broken::no_reversal>().empty());
    EXPECT_FALSE(laws::current_reverses_where_it_should<laws::broken::inward>().empty());
}
TEST(channel_laws_can_fail, a_hidden_instantaneous_gate_is_caught) {
    EXPECT_FALSE(laws::slope_is_the_derivative<laws::broken::flat_slope>().empty());
}
TEST(channel_laws_can_fail, a_nonlinear_density_is_caught) {
    EXPECT_FALSE(laws::current_is_proportional_to_densities<laws::broken::squared_density>().empty());
}
TEST(channel_laws_can_fail, a_formula_of_its_own_for_packs_is_caught) {
    EXPECT_FALSE(laws::packs_equal_doubles<laws::broken::two_faced>().empty());
}

}  // namespace
}  // namespace apical
