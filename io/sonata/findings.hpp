// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <vector>

#include "core/error.hpp"

/// Circuits in the SONATA format (Dai et al. 2020, PLoS Comput Biol 16:e1007696) and its dialects, read into plain values.
namespace apical::sonata {

/// What a finding means for who wants to run the circuit.
enum class finding_kind {
    invalid,        ///< the files contradict themselves or the format
    unsupported,    ///< well-formed, but Apical cannot do it
    ignored         ///< read over; the circuit runs, and nothing that Apical computes depends on it
};
/// "invalid", "unsupported", "ignored".
std::string_view name_of(finding_kind);

/// One finding about the files of a circuit; `about.where` is "file.json:12 /run/dt", "types.csv:3" or "file.h5:/edges/a/source_node_id[7]".
struct finding {
    finding_kind kind = finding_kind::invalid;
    problem about;

    bool is_error() const { return kind != finding_kind::ignored; }
};

/// Collects what a reader finds, so that everything is told before anything is built.
class findings {
public:
    void invalid(std::string where, std::string what, std::string hint = {});
    void unsupported(std::string where, std::string what, std::string hint = {});
    void ignored(std::string where, std::string what, std::string hint = {});

    /// Runs f. What it throws as invalid_input or unsupported becomes findings; says whether it threw nothing.
    template <class F> bool guard(const F& f) {
        try {
            f();
            return true;
        } catch (const apical::unsupported& e) {
            for (const auto& p : e.problems()) add(finding_kind::unsupported, p);
        } catch (const invalid_input& e) {
            for (const auto& p : e.problems()) add(finding_kind::invalid, p);
        }
        return false;
    }

    const std::vector<finding>& all() const noexcept { return all_; }
    bool has_errors() const noexcept;
    /// Throws invalid_input with all errors if one of them is `invalid`, else unsupported with those there are, else nothing.
    void throw_if_errors() const;

    static constexpr std::size_t most = 1000;   ///< further ones are only counted

private:
    void add(finding_kind kind, problem about);

    std::vector<finding> all_;
    std::size_t untold_ = 0;
};

}  // namespace apical::sonata
