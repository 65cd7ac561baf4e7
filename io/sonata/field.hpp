// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "io/json.hpp"
#include "io/sonata/findings.hpp"

namespace apical::sonata {

/// The file a value was written in.
struct origin {
    std::string file;                    ///< as it is named in messages
    std::filesystem::path folder;        ///< absolute; relative paths in the file begin here
};

/// A value of a configuration file with its place. A field that is not there has no value, and each reader then returns nothing.
/// Readers complain about values of another kind.
///
/// Experiment files, of which we say what may stand in them, are read by io/fields.hpp: records that declare their fields, and every unknown
/// member is an error. Configurations are those of others: a member is known, known and not supported, or not known and read over, three
/// kinds of findings; a value may be one of several kinds; members come from several files, each with a folder of its own; and nothing is thrown.
struct field {
    const json::value* at = nullptr;
    std::string pointer;
    const origin* from = nullptr;
    findings* found = nullptr;

    explicit operator bool() const { return at != nullptr; }
    /// "file.json:12 /run/dt".
    std::string where() const;
    void invalid(std::string what, std::string hint = {}) const { found->invalid(where(), std::move(what), std::move(hint)); }
    void unsupported(std::string what, std::string hint = {}) const { found->unsupported(where(), std::move(what), std::move(hint)); }
    void ignored(std::string what, std::string hint = {}) const { found->ignored(where(), std::move(what), std::move(hint)); }

    field member(std::string_view name) const;
    /// A member that the caller has at hand; looking each up anew would take the square of their number.
    field member(std::string_view name, const json::value& value) const { return {&value, pointer + "/" + json::escaped(name), from, found}; }
    field item(std::size_t i) const { return {&at->items[i], pointer + "/" + std::to_string(i), from, found}; }
    std::size_t items() const { return at ? at->items.size() : 0; }
    /// Complains unless the value is of this kind; false if there is none.
    bool is(json::kind expected) const;
    bool is_null() const { return !at || at->type == json::kind::null; }

    std::optional<double> number() const;
    std::optional<double> number_above(double low) const;         ///< greater than `low`
    std::optional<double> number_not_below(double low) const;
    std::optional<std::int64_t> whole_number() const;
    std::optional<bool> truth() const;
    std::optional<std::string> text() const;
    /// A path, absolute or beginning in the folder of the file that names it.
    std::optional<std::filesystem::path> path() const;

    /// Members that no list knows are `ignored`, with a suggestion.
    void know_only(std::initializer_list<std::vector<std::string_view>> known) const;
};

}  // namespace apical::sonata
