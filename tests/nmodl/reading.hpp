// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <map>
#include <memory>
#include <string>

#include "channels/nmodl/parser.hpp"
#include "channels/nmodl/print.hpp"
#include "channels/nmodl/replace_verbatim.hpp"

namespace apical::nmodl::testing {

/// What reading a text gives: the file, what was found, and how it prints.
struct reading {
    syntax::file file;
    diagnostics found;

    std::string text() const { return syntax::print(file); }
    /// The first finding, as it is told; empty if there is none.
    std::string told() const { return found.all().empty() ? std::string() : found.all().front().text(); }
};

inline std::shared_ptr<const source> as_source(std::string text, std::string file = "a.mod") {
    return std::make_shared<const source>(source{std::move(file), std::move(text)});
}

/// Included files are looked for in `others`.
inline reading read(const std::string& text, std::map<std::string, std::string> others = {}) {
    reading r;
    const auto include = [others](const std::string& name, const source&) -> std::shared_ptr<const source> {
        const auto at = others.find(name);
        return at == others.end() ? nullptr : as_source(at->second, name);
    };
    r.file = syntax::parse(as_source(text), include, r.found);
    return r;
}

/// The same, with VERBATIM replaced.
inline reading read_c(const std::string& text) {
    auto r = read(text);
    syntax::replace_verbatim(r.file, r.found);
    return r;
}

}  // namespace apical::nmodl::testing
