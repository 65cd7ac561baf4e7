// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/error.hpp"

/// JSON as people write it: every value knows its line, so that messages can say where.
namespace apical::json {

enum class kind { null, boolean, number, text, array, object };   ///< of a value
/// "a number", "an object", ...
std::string_view name_of(kind);

/// A value of a document. Which members mean something depends on `type`.
struct value {
    kind type = kind::null;
    int line = 0;                                           ///< from 1; 0 for what no file holds
    bool boolean = false;
    double number = 0;
    std::string text = {};                                  ///< of a text, or of a number as it is written
    std::vector<value> items = {};
    std::vector<std::pair<std::string, value>> members = {};    ///< in order of writing

    /// The member of an object; nullptr if there is none.
    const value* find(std::string_view name) const;
};

/// Values made by hand.
value object(std::vector<std::pair<std::string, value>> members);
value array(std::vector<value> items);
value text(std::string_view s);
value number(double x);      ///< null if it is not finite
value boolean(bool b);
value texts(const std::vector<std::string>& items);

/// Depth to which arrays and objects may be nested.
inline constexpr int most_depth = 64;

/// Reads a document; `name` stands for the file in messages. UTF-8, with or without a byte order mark.
/// Throws invalid_input: "name:line:column" for wrong syntax, encoding or depth, "name:line" for a text with a null character, and "name:line /pointer" for every member that an
/// object has twice.
value parse(std::string_view document, std::string_view name);

/// Puts `v` at an RFC 6901 pointer ("/run/dt", "/stimuli/0/amplitude"), creating the objects on the way.
/// Throws invalid_input if the pointer does not start with '/', leads through something else or too deep, or names an array's
/// missing item.
void put(value& document, std::string_view pointer, value v);

/// The document as text, indented by two blanks, ending with a line break.
std::string to_text(const value& v);

/// The same in one line, without a line break.
std::string to_line(const value& v);

/// A key as a part of a pointer: '~' and '/' escaped.
std::string escaped(std::string_view key);

}  // namespace apical::json
