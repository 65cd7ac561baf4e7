// SPDX-License-Identifier: BSD-3-Clause
#include "circuit/layered_net.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "core/error.hpp"

namespace apical {
namespace {

constexpr std::array<std::string_view, 6> nonlinearities{"logistic", "tanh", "relu", "softplus", "hard_clip", "linear"};
constexpr std::array<std::string_view, 7> modes{"none", "transpose", "random", "sign", "redrawn_sign", "fixed_sign", "learned"};

std::size_t index_of(std::span<const std::string_view> names, std::string_view name, const std::string& where, const std::string& what) {
    const auto found = std::ranges::find(names, name);
    if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
    const std::vector<std::string> known(names.begin(), names.end());
    throw invalid_model(where, "unknown " + what + " '" + std::string(name) + "'", suggestion(name, known));
}

}  // namespace

std::string_view name_of(nonlinearity f) { return nonlinearities[static_cast<std::size_t>(f)]; }
std::string_view name_of(feedback_mode m) { return modes[static_cast<std::size_t>(m)]; }

nonlinearity nonlinearity_named(std::string_view name, const std::string& where) { return static_cast<nonlinearity>(index_of(nonlinearities, name, where, "nonlinearity")); }
feedback_mode feedback_named(std::string_view name, const std::string& where) { return static_cast<feedback_mode>(index_of(modes, name, where, "feedback")); }

}  // namespace apical
