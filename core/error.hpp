// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace apical {

/// One finding: where it is in the user's own model or file, what is wrong, and what would be right.
struct problem {
    std::string where;  ///< e.g. "cell1.asc:812" or "cell 'l5pc' / dend[12] / hh_na.g_max"
    std::string what;
    std::string hint;   ///< empty if there is nothing useful to say

    /// "where: what; hint", leaving out the empty parts.
    std::string text() const;
};

/// Base of everything Apical throws on purpose. Holds one or more problems; what() lists them all.
class error : public std::runtime_error {
public:
    explicit error(std::vector<problem> problems);
    error(std::string where, std::string what, std::string hint = {});

    const std::vector<problem>& problems() const noexcept { return problems_; }
    const std::string& where() const noexcept { return problems_.front().where; }
    const std::string& hint() const noexcept { return problems_.front().hint; }

private:
    std::vector<problem> problems_;
};

/// The user's model contradicts itself or names something that is not there.
struct invalid_model : error { using error::error; };
/// The user's file is not what it should be; `where` is "file:line" or an HDF5 or JSON path.
struct invalid_input : error { using error::error; };
/// Well-formed, but this program cannot do it (yet, or in this build).
struct unsupported : error { using error::error; };

/// Where and when a simulation left the finite numbers.
struct divergence {
    long cell = 0;             ///< index of the cell within its population
    std::string population;
    std::string location;      ///< "apic[36](0.97)"
    double time_ms = 0;        ///< start of the step that failed [ms]
    std::string quantity;      ///< "v", or "mechanism.state"
    double value = 0;
    std::string reason = {};   ///< why no step could be done, where that is more than a value out of range
};

/// The numerics failed; never thrown inside the time loop, only at the end of the epoch that found it.
class diverged : public error {
public:
    explicit diverged(divergence d);
    const divergence& at() const noexcept { return at_; }

private:
    divergence at_;
};

/// Collects every problem of a stage, so that the user reads them all at once; beyond `most` they are only counted.
class findings {
public:
    void add(std::string where, std::string what, std::string hint = {});
    bool empty() const noexcept { return problems_.empty(); }
    const std::vector<problem>& problems() const noexcept { return problems_; }

    /// Throws E with everything found; does nothing if nothing was.
    template <class E> void throw_if_any() const {
        if (!problems_.empty()) throw E(told());
    }

    static constexpr std::size_t most = 1000;

private:
    std::vector<problem> told() const;

    std::vector<problem> problems_;
    std::size_t untold_ = 0;
};

/// "did you mean 'x'?" if one of the candidates is near enough to the name, else a list of them, at most 50.
std::string suggestion(std::string_view name, std::span<const std::string> candidates);

}  // namespace apical
