// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "channels/channel.hpp"
#include "core/quantity_text.hpp"
#include "core/units.hpp"
#include "morphology/compartments.hpp"
#include "morphology/expression.hpp"
#include "morphology/morphology.hpp"

namespace apical {

namespace nmodl {
class mechanism;
}

/// The value of a parameter: one quantity, an expression in the place ("2e-4 S/cm2 * exp(distance/300 um)"), or a function of
/// the place that returns coherent units.
class spatial_value {
public:
    using function = std::function<double(const place&)>;

    spatial_value(any_quantity q) : value_(q) {}
    spatial_value(double pure_number) : value_(any_quantity{pure_number, {}}) {}
    template <dimension D> spatial_value(quantity<D> q) : value_(any_quantity{q.coherent(), D}) {}
    spatial_value(std::string expression) : value_(std::move(expression)) {}
    spatial_value(const char* expression) : value_(std::string(expression)) {}
    spatial_value(function f) : value_(std::move(f)) {}

    const std::variant<any_quantity, std::string, function>& value() const { return value_; }

private:
    std::variant<any_quantity, std::string, function> value_;
};

/// A mechanism of the catalogue, or one read from NMODL, with the parameters that differ from its defaults.
struct mechanism {
    std::string name;
    std::map<std::string, spatial_value> parameters;
    std::shared_ptr<const nmodl::mechanism> imported = {};   ///< null: one of the catalogue
};

/// The passive cable: specific capacitance and axial resistivity.
struct cable {
    spatial_value capacitance = 1*units::uF/units::cm2;
    quantity<dimensions::resistivity> resistivity = 35.4*units::ohm*units::cm;   ///< uniform within a section
};

/// What is known of an ion where no pool keeps account of it.
struct ion_setting {
    apical::ion ion;
    voltage e_rev;                ///< used unless a pool computes the concentration
    concentration c_in, c_out;    ///< start of the pool, and what channels read where there is none
    std::string name = {};        ///< of an ion that only imported mechanisms know; `ion` is none then
};
/// NEURON's defaults: ena 50, ek -77, eca 132.46 mV; na 10/140, k 54.4/2.5, ca 5e-5/2, cl 10/140 mM.
ion_setting default_ion(ion i);
/// Those of an ion that only imported mechanisms know: e_rev 0 mV, 1 mM within and without, as in NEURON.
ion_setting other_ion(std::string name);

/// A point or few-compartment neuron: a model of the neurons folder with the parameters that differ from its defaults.
struct neuron {
    std::string name;
    std::map<std::string, any_quantity> parameters;
};

/// A kind of neuron: a shape, how finely it is cut, and what sits where. A plain value; later paintings win over earlier ones.
/// Or a point neuron: its shape is a sketch, one section a compartment, so that places on it have names; nothing is painted on it.
class cell {
public:
    explicit cell(morphology shape, compartment_rule rule = d_lambda{}) : shape_(std::move(shape)), rule_(std::move(rule)) {}
    /// A neuron of so many compartments: soma, apic[0], apic[1]. It starts at its rest, unless start_at() says otherwise.
    explicit cell(neuron n, int compartments = 1);

    /// Inserts the mechanism in a region ("apical and distance > 100 um"); painting it again changes its parameters there.
    cell& paint(std::string region, mechanism m);
    cell& paint(std::string region, cable c);
    cell& paint(std::string region, ion_setting s);
    cell& start_at(voltage v) { start_ = v; return *this; }

    struct painting {
        std::string region;
        std::variant<mechanism, cable, ion_setting> what;
    };
    const morphology& shape() const { return shape_; }
    const compartment_rule& rule() const { return rule_; }
    const std::vector<painting>& paintings() const { return paintings_; }
    voltage v_init() const { return start_.value_or(-65*units::mV); }
    bool has_v_init() const { return start_.has_value(); }
    /// What makes this a point or few-compartment neuron; nullptr if it is none.
    const neuron* point() const { return neuron_ ? &*neuron_ : nullptr; }

private:
    morphology shape_;
    compartment_rule rule_;
    std::vector<painting> paintings_;
    std::optional<voltage> start_;
    std::optional<neuron> neuron_;
};

}  // namespace apical
