// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace apical::nmodl {

/// A text of NMODL and what it is called: a file, or one that a file includes.
struct source {
    std::string file;
    std::string text;
};

/// A character of a source. Lines and columns count from 1; a column is a byte of the line as it stands in the file.
struct place {
    std::shared_ptr<const source> in;
    int line = 0, column = 0;
};

/// Whether a finding stops the translation.
enum class severity { warning, error };

/// One finding about a mechanism, as a modeller can act on it.
struct diagnostic {
    severity is = severity::error;
    place at;
    std::string message;   ///< what is wrong, naming the construct
    std::string hint;      ///< the edit that would make it pass; empty if there is none to give
    std::string rule;      ///< of warnings: the name of the check, such as "units" or "singularity"; empty for errors

    /// "file:line:column: error: message; hint", the line of the source, and a caret below the column.
    std::string text() const;
};

/// The bytes as UTF-8 text: unchanged if they are that already, else taken for Latin-1.
std::string as_utf8(std::string_view bytes);

/// Everything found about a mechanism, in the order found; beyond `most` nothing is kept.
class diagnostics {
public:
    void error(place at, std::string message, std::string hint = {});
    void warn(std::string rule, place at, std::string message, std::string hint = {});
    bool has_errors() const;
    const std::vector<diagnostic>& all() const { return all_; }

    static constexpr std::size_t most = 200;

private:
    std::vector<diagnostic> all_;
    bool has_errors_ = false;   // even if it found no more room
};

}  // namespace apical::nmodl
