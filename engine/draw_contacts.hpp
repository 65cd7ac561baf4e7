// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "circuit/circuit.hpp"
#include "core/random.hpp"

namespace apical {

/// Draws of a random_value of one dimension, coherent.
class value_drawer {
public:
    /// Throws invalid_model naming `where` if the value is not of this dimension, not finite, or its bounds leave nothing.
    value_drawer(const random_value& v, dimension expected, const std::string& where);
    double operator()(random_stream& stream) const;
    /// A size that draws are of, not 0: that of the mean, or of what they spread by.
    double scale() const { return scale_; }
    bool is_constant() const { return of_ == random_value::kind::constant; }
    /// No draw is below.
    double least() const { return low_; }

private:
    double raw(random_stream& stream) const;
    random_value::kind of_;
    double mean_, spread_, low_, high_, scale_;
};

/// A contact of a projection onto one cell, as its rule and its random values give it.
struct drawn_contact {
    int source;
    double weight, delay;                          ///< coherent, [ms]
    location where;                                ///< section -1: where the projection says
};

/// Enumerates the contacts of a projection, target by target. The same for a target each time and on every process: all draws
/// belong to (seed, projection, target).
class contact_drawer {
public:
    /// Throws invalid_model if the rule cannot be followed. The projection and the positions must outlive it.
    contact_drawer(const projection& p, std::uint64_t seed, int sources, int targets, bool same_population, const std::vector<position>& from,
                   const std::vector<position>& to, dimension weight_unit, duration dt);

    /// Appends the contacts onto one target.
    void onto(int target, std::vector<drawn_contact>& contacts) const;
    /// Appends the sources of one target; a source may come more than once.
    void sources_of(int target, std::vector<int>& sources) const;
    /// All weights, but those that a list gives, are this times a float.
    double weight_unit() const { return weight_unit_; }
    /// Draws of this projection and target that nothing else uses.
    random_stream stream(std::string_view purpose, int target) const;

private:
    void check_rule(const std::string& where) const;
    void apply(const all_to_all&, int target, std::vector<int>& to) const;
    void apply(const one_to_one&, int target, std::vector<int>& to) const;
    void apply(const pairwise_probability&, int target, std::vector<int>& to) const;
    void apply(const fixed_indegree&, int target, std::vector<int>& to) const;
    void apply(const fixed_outdegree&, int target, std::vector<int>& to) const;
    void apply(const fixed_total&, int target, std::vector<int>& to) const;
    void apply(const spatial_probability&, int target, std::vector<int>& to) const;
    void apply(const contact_list&, int, std::vector<int>&) const {}
    void listed(const contact_list& list, int target, std::vector<drawn_contact>& contacts) const;
    void some(random_stream& draws, int count, bool distinct, int excluded, int of, std::vector<int>& to) const;
    void draw_targets(const fixed_outdegree& rule);
    void share(int low, int high, std::int64_t connections);
    double conduction(int source, int target) const;
    double weight_of(random_stream& draws) const;
    double delay_of(double drawn, int source, int target) const;

    const projection& p_;
    std::uint64_t seed_;
    int sources_, targets_;
    bool same_;
    const std::vector<position>& from_;
    const std::vector<position>& to_;
    value_drawer weight_, delay_;
    double weight_unit_;
    double dt_;
    std::vector<std::uint32_t> first_;             // fixed_outdegree: [targets + 1], of its sources; fixed_total: [targets], how many they have
    std::vector<int> by_target_;
};

}  // namespace apical
