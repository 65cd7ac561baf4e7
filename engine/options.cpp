// SPDX-License-Identifier: BSD-3-Clause
#include "engine/options.hpp"

#include <array>
#include <string>

#include "core/error.hpp"

namespace apical {

std::string_view name_of(scheme s) {
    constexpr std::array<std::string_view, 5> names{"crank_nicolson", "backward_euler", "auto", "precise", "cvode"};
    return names[static_cast<std::size_t>(s)];
}

scheme parse_scheme(std::string_view text) {
    if (text == "crank_nicolson" || text == "cn") return scheme::crank_nicolson;
    if (text == "backward_euler" || text == "be") return scheme::backward_euler;
    if (text == "auto") return scheme::automatic;
    if (text == "precise") return scheme::precise;
    if (text == "cvode") return scheme::cvode;
    const std::array<std::string, 5> known{"crank_nicolson", "backward_euler", "auto", "precise", "cvode"};
    throw invalid_model("scheme", "no scheme '" + std::string(text) + "'", suggestion(text, known));
}

std::string_view name_of(rates r) {
    constexpr std::array<std::string_view, 3> names{"tabulated", "functions", "single"};
    return names[static_cast<std::size_t>(r)];
}

rates parse_rates(std::string_view text) {
    if (text == "tabulated") return rates::tabulated;
    if (text == "functions") return rates::functions;
    if (text == "single") return rates::single;
    const std::array<std::string, 3> known{"tabulated", "functions", "single"};
    throw invalid_model("rates", "no rates '" + std::string(text) + "'", suggestion(text, known));
}

std::string_view name_of(splitting s) { return s == splitting::automatic ? "auto" : "never"; }

splitting parse_splitting(std::string_view text) {
    const std::array<std::string, 2> known{"auto", "never"};
    if (text == known[0]) return splitting::automatic;
    if (text == known[1]) return splitting::never;
    throw invalid_model("split", "no way to split '" + std::string(text) + "'", suggestion(text, known));
}

std::string_view name_of(physical_constants e) { return e == physical_constants::modern ? "modern" : "legacy"; }

physical_constants parse_constants(std::string_view text) {
    const std::array<std::string, 2> known{"modern", "legacy"};
    if (text == known[0]) return physical_constants::modern;
    if (text == known[1]) return physical_constants::legacy;
    throw invalid_model("constants", "no constants '" + std::string(text) + "'", suggestion(text, known));
}

std::string_view name_of(neuron_method m) { return m == neuron_method::fixed_step ? "fixed_step" : "adaptive"; }

neuron_method parse_neuron_method(std::string_view text) {
    const std::array<std::string, 2> known{"fixed_step", "adaptive"};
    if (text == known[0]) return neuron_method::fixed_step;
    if (text == known[1]) return neuron_method::adaptive;
    throw invalid_model("neurons", "no method '" + std::string(text) + "'", suggestion(text, known));
}

std::string_view name_of(balance b) { return b == balance::measured ? "measured" : "counted"; }

balance parse_balance(std::string_view text) {
    if (text == "measured") return balance::measured;
    if (text == "counted") return balance::counted;
    const std::array<std::string, 2> known{"measured", "counted"};
    throw invalid_model("balance", "no balance '" + std::string(text) + "'", suggestion(text, known));
}

}  // namespace apical
