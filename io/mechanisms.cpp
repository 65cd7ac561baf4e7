// SPDX-License-Identifier: BSD-3-Clause
#include "io/mechanisms.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "channels/nmodl/translate.hpp"
#include "engine/compiler.hpp"

namespace apical {
namespace {

std::vector<std::filesystem::path> files_of(const std::filesystem::path& path) {
    if (!std::filesystem::is_directory(path)) return {path};
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(path))
        if (entry.path().extension() == ".mod") files.push_back(entry.path());
    std::ranges::sort(files);
    if (files.empty()) throw invalid_input(path.string(), "the folder has no files *.mod");
    return files;
}

problem as_problem(const nmodl::diagnostic& d) {
    const auto file = d.at.in ? d.at.in->file : std::string();
    return {fmt::format("{}:{}:{}", file, d.at.line, d.at.column), d.message, d.hint};
}

}  // namespace

namespace {

/// Compiled; where that cannot be had, evaluated, with a warning that says why.
std::vector<std::shared_ptr<const nmodl::mechanism>> run_by(const std::vector<std::shared_ptr<const nmodl::program>>& programs, mechanism_form form,
                                                            const std::filesystem::path& path, std::vector<problem>& warnings) {
    if (form == mechanism_form::compiled && !programs.empty())
        try {
            auto made = build_plug_in(programs);
            if (made.library.empty()) warnings.push_back({path.string(), "mechanisms are evaluated, which takes longer: " + made.why_evaluated, {}});
            return std::move(made.mechanisms);
        } catch (const error& e) {
            warnings.push_back({path.string(), "mechanisms are evaluated, which takes longer: " + e.problems().front().text(), {}});
        }
    std::vector<std::shared_ptr<const nmodl::mechanism>> all;
    for (const auto& p : programs) all.push_back(nmodl::interpret(p));
    return all;
}

}  // namespace

loaded_mechanisms load_mechanisms(const std::filesystem::path& path, mechanism_form form) {
    loaded_mechanisms all;
    findings found;
    std::vector<std::shared_ptr<const nmodl::program>> programs;
    for (const auto& file : files_of(path)) {
        auto translated = nmodl::translate_file(file.string());
        for (const auto& d : translated.found.all()) {
            const auto p = as_problem(d);
            if (d.is == nmodl::severity::error) found.add(p.where, p.what, p.hint);
            else all.warnings.push_back(p);
        }
        if (translated.program) programs.push_back(std::move(translated.program));
    }
    found.throw_if_any<invalid_input>();
    all.mechanisms = run_by(programs, form, path, all.warnings);
    return all;
}

namespace {

plug_in evaluated(const std::vector<std::shared_ptr<const nmodl::program>>& programs, const std::string& why) {
    plug_in made;
    made.why_evaluated = why;
    for (const auto& p : programs) made.mechanisms.push_back(nmodl::interpret(p)), made.why_general.push_back(why);
    return made;
}

}  // namespace

built_mechanisms build_mechanisms(const std::vector<std::filesystem::path>& paths, const plug_in_options& options) {
    built_mechanisms all;
    std::vector<std::shared_ptr<const nmodl::program>> programs;
    for (const auto& path : paths)
        for (const auto& file : files_of(path)) {
            auto translated = nmodl::translate_file(file.string());
            built_file record{.file = file.string(), .ok = !translated.found.has_errors(), .mechanism = {}, .found = translated.found.all(), .why_general = {}};
            if (record.ok) record.mechanism = translated.program->name, programs.push_back(std::move(translated.program));
            all.files.push_back(std::move(record));
        }
    try {
        all.made = build_plug_in(programs, options);
    } catch (const compiler_refusal& e) {
        all.made = evaluated(programs, e.problems().front().text());
    }
    std::size_t n = 0;
    for (auto& f : all.files)
        if (f.ok) f.why_general = all.made.why_general[n++];
    return all;
}

}  // namespace apical
