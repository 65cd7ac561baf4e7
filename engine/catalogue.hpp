// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "channels/channel.hpp"
#include "core/schema.hpp"
#include "engine/neuron_catalogue.hpp"
#include "engine/rule_catalogue.hpp"

namespace apical {

namespace kernels {
struct mechanism_table;
struct fused_table;
}
namespace nmodl {
class mechanism;
}

enum class mechanism_kind { channel, pool, receptor };   ///< what a file of the channels folder may define; imported: density mechanisms are channels, point processes receptors

/// What people may know about a mechanism: the source of every table, schema and error message about it.
struct mechanism_schema {
    mechanism_kind kind;
    std::string name, summary, source;
    ion carries = ion::none;      ///< channels: whose current it is; pools: whose concentration
    ion reads = ion::none;
    double q10 = 1, q10_at = 6.3;
    bool is_linear = true;        ///< receptors only
    std::string_view weight_unit = "uS";   ///< receptors only: of an event's weight
    std::vector<field> parameters, states;

    const field* parameter(std::string_view name) const;   ///< nullptr if there is none
    int state(std::string_view name) const;                ///< index, -1 if there is none
};

/// Whether two names are the same but for the case of letters, which does not matter.
bool same_letters(std::string_view a, std::string_view b);

/// The mechanisms and neurons a model may name. A value: add your own to a copy and compile with it.
///
///     auto mine = catalogue::built_in();
///     apical::add<my_channel>(mine);           // engine/kernels/mechanism.hpp
class catalogue {
public:
    struct entry {
        mechanism_schema schema;
        std::shared_ptr<const kernels::mechanism_table> kernels;   ///< null: it runs by itself
        std::shared_ptr<const nmodl::mechanism> imported = {};     ///< from NMODL; null: it is one of the package's
    };

    /// Every file of the channels folder, and the fused sets of engine/fused.
    static catalogue built_in();

    /// Throws invalid_model if the name is taken.
    void add(entry e);
    /// A mechanism that was read from NMODL. It goes before one of the package with its name. Throws invalid_model if another that was read has it.
    void add(std::shared_ptr<const nmodl::mechanism> imported);
    /// A kernel for exactly this set of mechanisms.
    void add(std::shared_ptr<const kernels::fused_table> fused);

    /// Letter case does not matter, so that published spellings (NaTa_t) work. nullptr if unknown.
    const entry* find(std::string_view name) const;
    /// Throws invalid_model with `where` and a suggestion.
    const entry& at(std::string_view name, std::string_view where) const;
    const std::vector<entry>& entries() const { return entries_; }
    std::vector<std::string> names() const;

    /// Point and few-compartment neurons, a list of their own. Throws invalid_model if the name is taken.
    void add(neuron_entry e);
    /// Throws invalid_model with `where` and a suggestion.
    const neuron_entry& neuron_at(std::string_view name, std::string_view where) const;
    const std::vector<neuron_entry>& neurons() const { return neurons_; }

    /// Learning rules, a list of their own. Throws invalid_model if the name is taken.
    void add(rule_entry e);
    /// Throws invalid_model with `where` and a suggestion.
    const rule_entry& rule_at(std::string_view name, std::string_view where) const;
    const std::vector<rule_entry>& rules() const { return rules_; }

    /// The fused kernel of these mechanisms, given in canonical order; nullptr if there is none.
    const kernels::fused_table* fused(const std::vector<std::string>& mechanisms) const;

private:
    std::vector<entry> entries_;
    std::vector<std::shared_ptr<const kernels::fused_table>> fused_;
    std::vector<neuron_entry> neurons_;
    std::vector<rule_entry> rules_;
};

}  // namespace apical
