// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "core/quantity_text.hpp"
#include "io/sonata/findings.hpp"
#include "io/sonata/own_components.hpp"
#include "io/sonata/point_model.hpp"

namespace apical::sonata {

/// A receptor that SONATA's edges name by their model_template and their dynamics_params.
struct synapse_kind {
    std::string receptor;                          ///< in the catalogue
    std::map<std::string, any_quantity> parameters = {};
    double sign = 1;                               ///< of "instantaneous" ones: that of nsyns times the weight
    any_quantity weight_unit = {1, dimensions::conductance};   ///< of one unit of syn_weight
    std::optional<short_term_plasticity> short_term = {};      ///< of its release
    double sites = 1;                              ///< of release, each of which has the weight
    std::optional<projection_component> own = {};  ///< of a projection that Apical has written
    quantity<dimensions::rate> spontaneous = {};   ///< of each synapse, as spikes of its terminal
    bool has_own_release = false;                  ///< each contact has constants of release of its own
    std::vector<std::pair<double, double>> weight_steps = {};  ///< from when [ms], by which factor weights are multiplied; empty: always 1
};

/// The kinds met so far; each file is read once.
class synapse_kinds {
public:
    explicit synapse_kinds(std::filesystem::path folder) : folder_(std::move(folder)) {}

    /// Which kind a synapse onto a cell with compartments is, -1 if there is no such kind, which is found at `where`.
    int on_cell(const std::string& model_template, const std::string& dynamics_params, const std::string& where, findings& found);
    /// The same onto a population of point neurons; `excites`: the weight is positive.
    int on_point(const std::string& model_template, const std::string& dynamics_params, int population, const point_model& target, bool excites,
                 const std::string& where, findings& found);
    /// The same of a synapse that numbers tell apart; `make` makes a new one. Throws unsupported, at `where`, where there are too many.
    int of_values(const std::vector<double>& values, const std::string& where, const std::function<synapse_kind()>& make);
    const synapse_kind& operator[](int k) const { return kinds_[static_cast<std::size_t>(k)]; }

private:
    using key = std::tuple<std::string, std::string, int, bool>;
    template <class Make> int kind_of(const key& what, const std::string& dynamics_params, const std::string& where, findings& found, const Make& make);

    std::filesystem::path folder_;
    std::vector<synapse_kind> kinds_;
    std::map<key, int> known_;
    std::map<std::vector<double>, int> of_values_;
};

/// Numbers of a flat JSON object of numbers, such as a file of dynamics_params; other members are left out. Throws invalid_input.
std::map<std::string, double> read_numbers(const std::filesystem::path& path);

}  // namespace apical::sonata
