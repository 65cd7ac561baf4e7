// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

#include <nanobind/nanobind.h>

#include "circuit/projection.hpp"

/// Who is connected to whom, as Python says it.
namespace apical::python {

namespace nb = nanobind;

/// Rules that Python has as classes of their own.
struct gaussian_probability { distance_profile profile; bool self = false; };
struct exponential_probability { distance_profile profile; bool self = false; };
/// A contact list that remembers of what kind its weights are.
struct listed_contacts {
    contact_table table;
    dimension weight;                              ///< of what was given; none: no weights
    void operator()(int target, std::vector<contact>& to) const { table(target, to); }
};
/// One that a function of C++ gives.
struct given_contacts { contact_list list; };

/// An argument that is one of the rules.
struct rule_argument { nb::object value; };

/// Throws invalid_model naming `where` if it is no rule, or a list whose weights are not of this dimension.
connection_rule read_rule(nb::handle value, dimension weight, const std::string& where);
nb::object shown_rule(const connection_rule& rule);

}  // namespace apical::python

namespace nanobind::detail {

template <> struct type_caster<apical::python::rule_argument> {
    NB_TYPE_CASTER(apical::python::rule_argument,
                   make_caster<apical::all_to_all>::Name + const_name(" | ") + make_caster<apical::one_to_one>::Name + const_name(" | ") +
                   make_caster<apical::pairwise_probability>::Name + const_name(" | ") + make_caster<apical::fixed_indegree>::Name + const_name(" | ") +
                   make_caster<apical::fixed_outdegree>::Name + const_name(" | ") + make_caster<apical::fixed_total>::Name + const_name(" | ") +
                   make_caster<apical::python::gaussian_probability>::Name + const_name(" | ") + make_caster<apical::python::exponential_probability>::Name +
                   const_name(" | ") + make_caster<apical::python::listed_contacts>::Name +
                   const_name(" | ") + make_caster<apical::python::given_contacts>::Name)
    bool from_python(handle source, uint32_t, cleanup_list*) noexcept {
        value.value = borrow(source);
        return true;
    }
    static handle from_cpp(const apical::python::rule_argument& a, rv_policy, cleanup_list*) noexcept { return a.value.inc_ref(); }
};

}  // namespace nanobind::detail
