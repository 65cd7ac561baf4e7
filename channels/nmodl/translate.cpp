// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/translate.hpp"

#include "channels/nmodl/include.hpp"
#include "channels/nmodl/integrate.hpp"
#include "channels/nmodl/lower.hpp"
#include "channels/nmodl/parser.hpp"

namespace apical::nmodl {
namespace {

translation translate(std::shared_ptr<const source> text, const std::vector<std::string>& folders) {
    translation t;
    const auto file = syntax::parse(text, includes_from(folders), t.found);
    if (t.found.has_errors()) return t;
    auto made = lower(file, t.found);
    if (t.found.has_errors()) return t;
    made.file = text->file;
    mend_singularities(made);
    t.program = std::make_shared<const nmodl::program>(std::move(made));
    return t;
}

}  // namespace

translation translate(const std::string& path, const std::vector<std::string>& folders) {
    if (auto text = read_source(path)) return translate(std::move(text), folders);
    translation t;
    t.found.error({std::make_shared<const source>(source{path, ""}), 1, 1}, "the file cannot be read", "give the path of a .mod file");
    return t;
}

translation translate_text(std::string text, std::string name, const std::vector<std::string>& folders) {
    return translate(std::make_shared<const source>(source{std::move(name), std::move(text)}), folders);
}

}  // namespace apical::nmodl
