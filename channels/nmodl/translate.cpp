// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/translate.hpp"

#include <algorithm>
#include <utility>

#include "channels/nmodl/integrate.hpp"
#include "channels/nmodl/lower.hpp"
#include "channels/nmodl/parser.hpp"
#include "channels/nmodl/replace_verbatim.hpp"
#include "channels/nmodl/storage.hpp"

namespace apical::nmodl {
namespace {

/// Statements and functions read these whether the file names them or not: dt where states relax, celsius in Nernst's equation.
void supply(program& p, role is, std::string name, std::string unit) {
    if (std::ranges::any_of(p.variables, [&](const variable& v) { return v.is == is; })) return;
    variable v;
    v.name = std::move(name), v.unit = std::move(unit), v.kept = storage::shared, v.is = is;
    p.variables.push_back(std::move(v));
}

translation translate(std::shared_ptr<const source> in, const std::vector<std::string>& include_folders) {
    translation result;
    auto file = syntax::parse(in, includes_from(include_folders), result.found);
    if (!result.found.has_errors()) result.program = nmodl::translate(std::move(file), result.found, in->file);
    return result;
}

}  // namespace

std::shared_ptr<const program> translate(syntax::file file, diagnostics& found, std::string name) {
    syntax::replace_verbatim(file, found);
    if (found.has_errors()) return nullptr;
    auto p = std::make_shared<program>(lower(file, found));
    if (found.has_errors()) return nullptr;
    mend_singularities(*p);
    supply(*p, role::time, "t", "ms"), supply(*p, role::step, "dt", "ms"), supply(*p, role::temperature, "celsius", "degC");
    lay_out(*p);
    if (!name.empty()) p->file = std::move(name);
    return p;
}

translation translate_file(const std::string& path, const std::vector<std::string>& include_folders) {
    if (auto in = read_source(path)) return translate(std::move(in), include_folders);
    translation result;
    result.found.error({std::make_shared<const source>(source{path, ""}), 1, 1}, "the file cannot be read", "check its name, and that it is not a folder");
    return result;
}

translation translate_text(std::string text, std::string name, const std::vector<std::string>& include_folders) {
    return translate(std::make_shared<const source>(source{std::move(name), std::move(text)}), include_folders);
}

}  // namespace apical::nmodl
