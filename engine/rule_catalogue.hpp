// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/schema.hpp"
#include "plasticity/rule.hpp"

namespace apical {

namespace kernels { struct rule_table; }

/// What people may know about a learning rule: the source of every table, schema and error message about it.
struct rule_schema {
    std::string name, summary, source;
    std::vector<std::string> phases;
    std::vector<field> parameters;
    std::vector<field> kept;                       ///< what a synapse keeps, with where it starts
    std::size_t pre = 0, post = 0, third = 0;      ///< how many readings of each sort
    bool is_clocked = false;                       ///< each_step
    bool is_noisy = false;
    struct values { std::string name, source; std::vector<double> parameters; };
    std::vector<values> published;                 ///< sets of parameters

    const field* parameter(std::string_view name) const;   ///< nullptr if there is none
    std::vector<double> defaults() const;
};

/// A rule: its schema, and its compiled forms.
struct rule_entry {
    rule_schema schema;
    std::shared_ptr<const kernels::rule_table> kernels;

    /// Of a rule with these parameters.
    std::vector<plasticity::reading> hears(const std::vector<double>& parameters) const;
    std::vector<plasticity::reading> sees(const std::vector<double>& parameters) const;
    std::vector<plasticity::reading> is_told(const std::vector<double>& parameters) const;
    std::vector<double> fades(const std::vector<double>& parameters) const;   ///< [ms], 0: stays
    double after_arrival(const std::vector<double>& parameters) const;        ///< [ms]
    bool answers(plasticity::occasion o) const;
    /// All that a synapse of it can know, a line for each source of information: what a reader checks a rule's locality with.
    std::vector<std::string> locality() const;
};

}  // namespace apical
