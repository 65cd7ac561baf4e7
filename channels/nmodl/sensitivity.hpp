// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "channels/nmodl/program.hpp"
#include "channels/nmodl/simplify.hpp"

namespace apical::nmodl {

/// How what a body computes changes with some elements (the columns): derivatives are carried along, statement by statement, so that
/// branches and loops are no obstacle.
class sensitivities {
public:
    /// `held` are variables of the body that count as constant, whatever they are computed from.
    sensitivities(program&, std::vector<element> columns, const block& body, std::set<int> held = {});

    /// Whether a variable of the body depends on a column. Elements of one array are not told apart.
    bool depends(int variable) const { return dependent_.contains(variable); }
    /// The body, with the derivatives of what leads to `wanted` computed before each assignment. Nothing if there is one that has none.
    std::optional<block> followed(const std::set<int>& wanted);
    /// Derivatives by the columns of an expression that is evaluated after the followed body. Nothing if it has none.
    std::optional<algebra::gradient> of(const expression&) const;

private:
    using key = std::pair<int, int>;   ///< variable; index in an array, or -1
    std::optional<key> key_of(const expression&) const;
    void find_dependent(const block&);
    bool find_keys(const block&, const std::set<int>& relevant);
    bool add_columns(const expression& value, std::set<int>& columns) const;
    bool follow(const block& body, const std::set<int>& relevant, block& out);
    algebra::gradient of_variable(const expression&) const;

    program& program_;
    std::vector<element> columns_;
    std::map<int, std::vector<int>> columns_of_;   ///< of a variable
    const block& body_;
    std::set<int> held_, dependent_;
    std::map<key, std::map<int, int>> locals_;   ///< of what is assigned: by column, the local that holds the derivative
};

}  // namespace apical::nmodl
