// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "io/sonata/field.hpp"
#include "io/sonata/findings.hpp"
#include "io/sonata/nodes.hpp"

namespace apical::sonata {

/// Some nodes of one population, in ascending order.
struct selection {
    std::size_t population = 0;          ///< place in the list of populations
    std::vector<std::uint64_t> nodes;
    bool operator==(const selection&) const = default;
};

/// One condition of a node set: the value of an attribute is one of these, or fits a pattern, or lies within bounds.
struct condition {
    struct values {
        std::vector<std::variant<double, std::string>> any_of;      ///< none of which selects nothing
    };
    struct pattern {
        std::string regex;               ///< as ECMAScript has them; found anywhere in the text
    };
    struct bound {
        std::string sign;                ///< "$gt", "$gte", "$lt" or "$lte"
        double value = 0;
    };

    std::string attribute;
    std::string where;
    std::variant<values, pattern, std::vector<bound>> test;
};

/// The node sets of a circuit, in the three dialects: SONATA's, BMTK's and that of libsonata.
///
/// A set is an object, whose conditions must all hold; a list of names of sets, which is their union; or a list of ids over
/// all populations, which follow each other in the order of the configuration. `population(s)` and `node_id(s)` are conditions on the node itself,
/// others on its attributes. Every population is a set of its own, and "all" is all of them, unless the file says otherwise.
class node_sets {
public:
    /// Adds the sets of an object {name: set, ...}; what is wrong is found.
    void add(const field& sets);
    /// Adds the sets of a file.
    void read(const std::filesystem::path& path, findings& found);
    /// Adds one set, an object or a list, and gives it a name: its pointer in the file, which no other set has.
    std::string add_nameless(const field& set);

    /// Adds a set of these nodes of one population.
    void add(const std::string& name, const std::string& population, const std::vector<std::uint64_t>& nodes);
    /// The sets as a file holds them.
    json::value to_json() const;

    std::vector<std::string> names() const;
    /// The nodes of a set, population after population; populations of which it has none are left out. Sets that are not there, that contain themselves, and
    /// attributes that no population has are found, at `where` or at their own place.
    std::vector<selection> select(std::string_view name, const std::vector<node_population>& populations, const std::string& where,
                                  findings& found) const;

private:
    struct node_set {
        std::string where;
        std::vector<condition> conditions = {};          ///< of an object
        std::vector<std::string> united = {};            ///< names of other sets
        std::vector<std::uint64_t> ids = {};              ///< of nodes, in whichever populations have them, as in BMTK from version 1.0 on
        bool is_object = false;
    };
    class selector;
    static node_set parsed(const field& f);

    std::map<std::string, node_set, std::less<>> sets_;
};

}  // namespace apical::sonata
