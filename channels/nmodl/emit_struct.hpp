// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "channels/nmodl/emit_channel.hpp"
#include "channels/nmodl/emit_terms.hpp"

namespace apical::nmodl {

/// Writes the struct of one program. Used by emit_channel only.
class struct_writer {
public:
    struct_writer(const program&, const std::string& name);
    emitted_channel write();

private:
    void check();
    void sort_out();
    bool changes_later(const statement& initial) const;
    void channel();
    void pool();
    void synapse();

    std::string gates(term_writer&);
    std::string gate(term_writer&, const term_writer::step&, std::vector<term>& used);
    std::string start();
    std::string current(term_writer&, const char* arguments, int degree);
    std::string pool_functions(const term_writer::step&, term_writer&, int current);
    std::string on_event();
    std::string head(const char* info, const std::string& more) const;
    std::string fields(const char* what, const std::vector<int>& which, bool is_state) const;

    term_writer writer(term_writer::source);
    std::optional<term> parameter(int v) const;
    std::optional<term> place(int v, const char* v_text, bool is_active);
    std::optional<term> state_or_parameter(int v, int degree) const;
    void fail(const std::string& why);
    bool failed() const { return !made_.why_not.empty(); }
    const variable& at(int v) const { return program_.variables[static_cast<std::size_t>(v)]; }
    std::string member(int v) const;
    std::vector<std::string> members_of(const std::vector<int>&) const;
    int pooled() const;

    const program& program_;
    emitted_channel made_;
    std::vector<int> parameters_, states_;
    block constants_;                      ///< what INITIAL computes once and for all
    int reads_ = -1, carries_ = -1;        ///< indices into program::ions
    term_writer::temperature_factor factor_;
};

/// "V a, b;" or nothing.
std::string members_text(const std::vector<std::string>& names);

}  // namespace apical::nmodl
