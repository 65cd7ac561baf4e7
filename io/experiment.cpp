// SPDX-License-Identifier: BSD-3-Clause
#include "io/experiment.hpp"

#include "io/experiment_build.hpp"
#include "io/field_schema.hpp"
#include "io/mechanisms.hpp"

namespace apical {
namespace {

using experiment_file::builder;
using experiment_file::experiment_fields;

/// The text of a setting as JSON, or as a text if it is none: 0.1 ms needs no quotes on a command line.
json::value setting_value(const setting& s) {
    const auto lineless = [](auto& self, json::value& v) -> void {
        v.line = 0;
        for (auto& i : v.items) self(self, i);
        for (auto& m : v.members) self(self, m.second);
    };
    try {
        auto v = json::parse(s.text, "--set");
        lineless(lineless, v);
        return v;
    } catch (const invalid_input&) {
        return json::text(s.text);
    }
}

void load_mechanisms(builder& b) {
    for (const auto& name : b.file.mechanisms)
        b.attempt(name.where, [&] {
            auto read = apical::load_mechanisms(b.beside(name.value));
            for (auto& m : read.mechanisms) b.mechanisms.add(std::move(m));
            b.out.warnings.insert(b.out.warnings.end(), read.warnings.begin(), read.warnings.end());
        });
}

void take_run(builder& b) {
    const auto& f = b.file.run;
    b.out.run = f.value.options;
    if (f.value.until) b.out.until = *f.value.until;
    else if (!b.file.protocol) b.found.add(f.where.empty() ? b.file.where : f.where, "needs the simulated time", "such as \"run\": {\"until\": \"100 ms\"}");
}

}  // namespace

experiment parse_experiment(std::string_view text, std::string_view name, const std::filesystem::path& folder,
                            std::span<const setting> settings) {
    auto document = json::parse(text, name);
    for (const auto& s : settings) json::put(document, s.pointer, setting_value(s));
    findings found;
    const std::string file(name);
    const auto fields = json::read<experiment_fields>(document, file, found);
    if (document.type != json::kind::object) found.throw_if_any<invalid_input>();

    builder b{.file = fields, .folder = folder, .found = found};
    b.out.title = fields.name;
    load_mechanisms(b);
    build_cells(b);
    build_populations(b);
    build_inputs(b);
    build_connections(b);
    build_learning(b);
    take_run(b);
    build_meters(b);
    b.out.output = fields.output.options;
    b.out.output.folder = fields.output.folder;
    found.throw_if_any<invalid_input>();
    return std::move(b.out);
}

experiment read_experiment(const std::filesystem::path& path, std::span<const setting> settings) {
    constexpr std::size_t most_bytes = std::size_t{64} << 20;
    return parse_experiment(read_text(path, most_bytes), path.string(), path.parent_path(), settings);
}

std::string experiment_schema() {
    return json::to_text(json::json_schema(json::description::of<experiment_fields>(), "experiment.schema.json"));
}

std::string experiment_tables() { return json::markdown_tables(json::description::of<experiment_fields>()); }

}  // namespace apical
