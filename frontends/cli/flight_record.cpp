// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/cli/flight_record.hpp"

#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "frontends/cli/console.hpp"
#include "io/json.hpp"

namespace apical::cli {
namespace {

const json::value& member(const json::value& of, std::string_view name, json::kind kind, const std::string& file) {
    const auto* found = of.find(name);
    if (!found || found->type != kind) throw invalid_input(file, fmt::format("'{}' is missing or not {}", name, json::name_of(kind)), "give it a file that 'apical run' wrote");
    return *found;
}
double number_of(const json::value& v) { return v.type == json::kind::number ? v.number : std::numeric_limits<double>::quiet_NaN(); }

json::value numbers(std::span<const double> x) {
    std::vector<json::value> items;
    for (const double a : x) items.push_back(json::number(a));
    return json::array(std::move(items));
}
std::vector<double> numbers(const json::value& v) {
    std::vector<double> x;
    for (const auto& item : v.items) x.push_back(number_of(item));
    return x;
}

}  // namespace

void write_flight(const std::filesystem::path& file, const flight_record& r, const std::filesystem::path& experiment, std::span<const setting> settings,
                  overwrite mode) {
    std::vector<json::value> changed;
    for (const auto& s : settings) changed.push_back(json::object({{"pointer", json::text(s.pointer)}, {"text", json::text(s.text)}}));
    const auto folder = std::filesystem::absolute(experiment).parent_path();
    write_text(file, json::to_text(json::object(
        {{"experiment", json::object({{"name", json::text(experiment.string())}, {"folder", json::text(folder.string())}, {"text", json::text(read_text(experiment))},
                                      {"settings", json::array(std::move(changed))}})},
         {"diverged", json::object({{"population", json::text(r.at.population)}, {"cell", json::number(static_cast<double>(r.at.cell))},
                                    {"location", json::text(r.at.location)}, {"quantity", json::text(r.at.quantity)}, {"time_ms", json::number(r.at.time_ms)},
                                    {"value", json::number(r.at.value)}, {"reason", json::text(r.at.reason)}})},
         {"columns", json::texts(r.columns)}, {"times_ms", numbers(r.times)}, {"values", numbers(r.values)}})), mode);
}

recorded_flight read_flight(const std::filesystem::path& file) {
    const auto name = file.string();
    const auto document = json::parse(read_text(file), name);
    const auto& what = member(document, "experiment", json::kind::object, name);
    const auto& at = member(document, "diverged", json::kind::object, name);
    std::vector<setting> settings;
    for (const auto& s : member(what, "settings", json::kind::array, name).items)
        settings.push_back({member(s, "pointer", json::kind::text, name).text, member(s, "text", json::kind::text, name).text});
    recorded_flight flight;
    flight.record.at = {static_cast<long>(member(at, "cell", json::kind::number, name).number), member(at, "population", json::kind::text, name).text,
                        member(at, "location", json::kind::text, name).text, member(at, "time_ms", json::kind::number, name).number,
                        member(at, "quantity", json::kind::text, name).text, at.find("value") ? number_of(*at.find("value")) : 0,
                        member(at, "reason", json::kind::text, name).text};
    for (const auto& c : member(document, "columns", json::kind::array, name).items) flight.record.columns.push_back(c.text);
    flight.record.times = numbers(member(document, "times_ms", json::kind::array, name));
    flight.record.values = numbers(member(document, "values", json::kind::array, name));
    if (flight.record.values.size() != flight.record.times.size()*flight.record.columns.size())
        throw invalid_input(name, fmt::format("{} values for {} times of {} columns", flight.record.values.size(), flight.record.times.size(), flight.record.columns.size()),
                            "give it a file that 'apical run' wrote");
    flight.what = parse_experiment(member(what, "text", json::kind::text, name).text, member(what, "name", json::kind::text, name).text,
                                   member(what, "folder", json::kind::text, name).text, settings);
    return flight;
}

std::string text(const flight_record& r, std::size_t most_rows) {
    std::vector<std::vector<std::string>> rows{{"ms"}};
    rows[0].insert(rows[0].end(), r.columns.begin(), r.columns.end());
    const auto first = r.times.size() > most_rows ? r.times.size() - most_rows : 0;
    for (std::size_t i = first; i < r.times.size(); ++i) {
        rows.push_back({fmt::format("{:.6g}", r.times[i])});
        for (std::size_t k = 0; k < r.columns.size(); ++k) rows.back().push_back(fmt::format("{:.6g}", r.values[i*r.columns.size() + k]));
    }
    return fmt::format("{}[{}] / {}: {} = {} at {:.6g} ms{}{}\n\n{}", r.at.population, r.at.cell, r.at.location, r.at.quantity, r.at.value, r.at.time_ms,
                       r.at.reason.empty() ? "" : ": ", r.at.reason, columns(rows));
}

}  // namespace apical::cli
