// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/cli/channel_builds.hpp"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "frontends/cli/stopwatch.hpp"
#include "io/mechanisms.hpp"

namespace apical::cli {
namespace {

json::value document(const std::vector<nmodl::diagnostic>& found, nmodl::severity wanted) {
    json::value list{.type = json::kind::array};
    for (const auto& d : found) {
        if (d.is != wanted) continue;
        auto o = json::object({{"line", json::number(d.at.line)}, {"column", json::number(d.at.column)}, {"message", json::text(d.message)},
                               {"hint", json::text(d.hint)}});
        if (d.at.in) o.members.emplace_back("in", json::text(d.at.in->file));   // the file, or one that it includes
        list.items.push_back(std::move(o));
    }
    return list;
}

/// How a mechanism is run.
std::string form_of(const built_file& f, const plug_in& made) {
    if (!f.ok) return "";
    if (made.library.empty()) return "evaluated";
    return f.why_general.empty() ? "channel" : "general";
}

std::string text_of(const built_mechanisms& all, double seconds) {
    std::string text;
    for (const auto& f : all.files) {
        for (const auto& d : f.found) text += d.text() + "\n";
        const auto form = form_of(f, all.made);
        const auto kind = form == "general" ? "general form: " + f.why_general : form == "channel" ? "in the form of the package's channels" : "evaluated";
        text += fmt::format("{}: {}\n", f.file, f.ok ? f.mechanism + ", " + kind : "not compiled");
    }
    if (!all.made.library.empty()) text += fmt::format("{} {} ({:.3g} s)\n", all.made.was_cached ? "found" : "compiled to", all.made.library.string(), seconds);
    else if (!all.made.why_evaluated.empty()) text += all.made.why_evaluated + "\n";
    return text;
}

}  // namespace

int build_channels(const std::vector<std::string>& paths, const plug_in_options& options, const console& io) {
    stopwatch watch;
    const auto all = build_mechanisms({paths.begin(), paths.end()}, options);
    const auto seconds = watch.lap();
    json::value records{.type = json::kind::array};
    for (const auto& f : all.files)
        records.items.push_back(json::object({{"file", json::text(f.file)}, {"ok", json::boolean(f.ok)}, {"mechanism", json::text(f.mechanism)},
                                              {"errors", document(f.found, nmodl::severity::error)}, {"warnings", document(f.found, nmodl::severity::warning)},
                                              {"form", json::text(form_of(f, all.made))}, {"why_general", json::text(f.why_general)},
                                              {"library", json::text(f.ok ? all.made.library.string() : "")}, {"was_cached", json::boolean(f.ok && all.made.was_cached)}}));
    io.result(records, text_of(all, seconds));
    return std::ranges::all_of(all.files, &built_file::ok) ? ok : failed;
}

}  // namespace apical::cli
