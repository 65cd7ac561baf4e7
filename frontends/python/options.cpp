// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/python/options.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nanobind/stl/string.h>

#include "core/error.hpp"
#include "frontends/python/quantity.hpp"

namespace apical::python {

run_options read_options(const nb::kwargs& given) {
    run_options o;
    const auto quantity_into = [](auto& to, const char* where) {
        return [&to, where](nb::handle value) { to = as<std::remove_reference_t<decltype(to)>>({nb::borrow(value)}, where); };
    };
    const auto number_into = [](auto& to) {
        return [&to](nb::handle value) { to = nb::cast<std::remove_reference_t<decltype(to)>>(value); };
    };
    const std::map<std::string, std::function<void(nb::handle)>> readers{
        {"dt", quantity_into(o.dt, "options / dt")},
        {"scheme", [&o](nb::handle value) { o.scheme = parse_scheme(nb::cast<std::string>(value)); }},
        {"rates", [&o](nb::handle value) { o.rates = parse_rates(nb::cast<std::string>(value)); }},
        {"temperature", quantity_into(o.temperature, "options / temperature")},
        {"constants", [&o](nb::handle value) { o.constants = parse_constants(nb::cast<std::string>(value)); }},
        {"seed", number_into(o.seed)},
        {"threads", number_into(o.threads)},
        {"split", [&o](nb::handle value) { o.split = parse_splitting(nb::cast<std::string>(value)); }},
        {"lanes", number_into(o.lanes)},
        {"steps_per_epoch", number_into(o.steps_per_epoch)},
        {"steps_per_input", number_into(o.steps_per_input)},
        {"neurons", [&o](nb::handle value) { o.neurons = parse_neuron_method(nb::cast<std::string>(value)); }},
        {"tolerance", number_into(o.tolerance)},
        {"max_change", quantity_into(o.max_change, "options / max_change")},
        {"max_error", quantity_into(o.max_error, "options / max_error")},
        {"gap_tolerance", quantity_into(o.gap_tolerance, "options / gap_tolerance")},
        {"v_limit", quantity_into(o.v_limit, "options / v_limit")},
    };
    std::vector<std::string> known;
    for (const auto& [name, reader] : readers) known.push_back(name);
    for (const auto& [key, value] : given) {
        const auto name = nb::cast<std::string>(key);
        const auto reader = readers.find(name);
        if (reader == readers.end())
            throw nb::type_error(fmt::format("unknown option '{}'; {}", name, suggestion(name, known)).c_str());
        reader->second(value);
    }
    return o;
}

nb::dict keywords_of(const run_options& o) {
    nb::dict d;
    d["dt"] = nb::cast(shown(o.dt)), d["scheme"] = std::string(name_of(o.scheme)), d["rates"] = std::string(name_of(o.rates)),
        d["temperature"] = nb::cast(shown(o.temperature)), d["constants"] = std::string(name_of(o.constants));
    d["seed"] = o.seed, d["threads"] = o.threads, d["split"] = std::string(name_of(o.split)), d["lanes"] = o.lanes, d["steps_per_epoch"] = o.steps_per_epoch;
    d["steps_per_input"] = o.steps_per_input;
    d["max_change"] = nb::cast(shown(o.max_change)), d["max_error"] = nb::cast(shown(o.max_error));
    d["neurons"] = std::string(name_of(o.neurons)), d["tolerance"] = o.tolerance;
    d["gap_tolerance"] = nb::cast(shown(o.gap_tolerance));
    d["v_limit"] = nb::cast(shown(o.v_limit));
    return d;
}

}  // namespace apical::python
