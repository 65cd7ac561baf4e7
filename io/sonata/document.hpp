// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <deque>
#include <filesystem>
#include <string>
#include <vector>

#include "io/sonata/field.hpp"

namespace apical::sonata {

/// The configuration files of a circuit as one: each top-level member with the file it comes from, the variables of the manifests put in.
class document {
public:
    /// Reads config.json, circuit_config.json or simulation_config.json and the files that its "network" and "simulation" name, or
    /// the objects that stand there instead. Members of a file named later replace those of one named earlier, and both replace
    /// the naming file's. A manifest holds for its own file; "." in it, and relative paths, begin in the folder of that file.
    /// Files that name each other in a circle, unknown variables and variables that lead to themselves are findings.
    static document read(const std::filesystem::path& path, findings& found);

    /// A top-level member; a field without value, in the first file, if there is none.
    field member(std::string_view name, findings& found) const;
    const std::string& file() const { return origins_.front().file; }
    /// Names of all top-level members but "manifest", "network" and "simulation".
    std::vector<std::string> names() const;

private:
    struct section {
        std::string name;
        json::value value;
        const origin* from;
        std::string pointer;
    };
    class loader;

    std::deque<origin> origins_;         // whose addresses do not change
    std::vector<section> sections_;
};

}  // namespace apical::sonata
