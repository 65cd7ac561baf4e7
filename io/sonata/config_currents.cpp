// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>

#include <fmt/format.h>

#include "io/sonata/config_parts.hpp"

namespace apical::sonata {
namespace {

constexpr double any = -1e300;
constexpr auto threshold_current = "dynamics_params/threshold_current", holding_current = "dynamics_params/holding_current";
const std::vector<std::string_view> common{"input_type", "module", "node_set", "enabled", "delay", "duration", "represents_physical_electrode"};

double needed(const field& f, const char* name, double low) {
    const auto m = f.member(name);
    if (!m) f.invalid(fmt::format("needs '{}'", name));
    return m ? m.number_not_below(low).value_or(0) : 0;
}
double above(const field& f, const char* name) {
    const auto m = f.member(name);
    if (!m) f.invalid(fmt::format("needs '{}'", name));
    return m ? m.number_above(0).value_or(1) : 1;
}

void read_steady(const field& f, input& to) {
    soma_current c;
    c.delay = needed(f, "delay", 0), c.duration = needed(f, "duration", 0);
    std::vector<std::string_view> own;
    const auto ends = [&](const char* start, const char* end) {
        c.amplitude_start = needed(f, start, any);
        c.amplitude_end = f.member(end) ? needed(f, end, any) : c.amplitude_start;
        own = {start, end};
    };
    if (to.module == "relative_linear") {
        ends("percent_start", "percent_end");
        c.relative_to = threshold_current;
    } else if (to.module == "subthreshold") {
        c.amplitude_start = c.amplitude_end = 100 - needed(f, "percent_less", any);
        c.relative_to = threshold_current, own = {"percent_less"};
    } else if (to.module == "hyperpolarizing") {
        c.amplitude_start = c.amplitude_end = 100, c.relative_to = holding_current;
    } else {
        ends("amp_start", "amp_end");
    }
    if (to.module == "pulse") c.frequency = needed(f, "frequency", 0), c.width = needed(f, "width", 0), own.insert(own.end(), {"frequency", "width"});
    f.know_only({common, own});
    to.what = c;
}

void read_noise(const field& f, random_current& c, std::vector<std::string_view>& own) {
    c.of = random_current::kind::noise, c.interval = 0.5;
    own = {"mean", "mean_percent", "variance"};
    const bool is_relative = f.member("mean_percent") && !f.member("mean");
    c.mean = needed(f, is_relative ? "mean_percent" : "mean", any);
    c.spread = f.member("variance") ? above(f, "variance") : 0.01;
    if (is_relative) c.relative_to = threshold_current;
}

void read_shots(const field& f, const std::string& module, random_current& c, std::vector<std::string_view>& own) {
    c.of = random_current::kind::shot_noise;
    c.rise = above(f, "rise_time"), c.decay = above(f, "decay_time");
    if (!(c.rise < c.decay)) f.member("rise_time").invalid(fmt::format("is {} ms, not below decay_time, {} ms", c.rise, c.decay));
    own = {"rise_time", "decay_time"};
    if (module == "shot_noise") {
        c.rate = needed(f, "rate", 0), c.shot_mean = needed(f, "amp_mean", any), c.shot_variance = above(f, "amp_var");
        if (f.member("amp_mean") && c.shot_mean == 0) f.member("amp_mean").invalid("is 0");
        own.insert(own.end(), {"rate", "amp_mean", "amp_var"});
        return;
    }
    const bool is_relative = module == "relative_shot_noise";
    c.shot_cv = above(f, "amp_cv");
    c.mean = needed(f, is_relative ? "mean_percent" : "mean", any), c.spread = above(f, is_relative ? "sd_percent" : "sigma");
    if (is_relative) c.relative_to = threshold_current;
    own.insert(own.end(), {"amp_cv", "mean", "sigma", "mean_percent", "sd_percent"});
}

void read_uhlenbeck(const field& f, const std::string& module, random_current& c, std::vector<std::string_view>& own) {
    const bool is_relative = module == "relative_ornstein_uhlenbeck";
    c.of = random_current::kind::ornstein_uhlenbeck, c.tau = above(f, "tau");
    c.mean = needed(f, is_relative ? "mean_percent" : "mean", any), c.spread = above(f, is_relative ? "sd_percent" : "sigma");
    if (is_relative) c.relative_to = threshold_current;
    own = {"tau", "mean", "sigma", "mean_percent", "sd_percent"};
}

void read_random(const field& f, input& to) {
    random_current c;
    std::vector<std::string_view> own;
    if (to.module == "noise") read_noise(f, c, own);
    else if (to.module.ends_with("shot_noise")) read_shots(f, to.module, c, own);
    else read_uhlenbeck(f, to.module, c, own);
    c.delay = needed(f, "delay", 0), c.duration = needed(f, "duration", 0);
    if (const auto m = f.member("dt"); m && !m.is_null()) c.interval = m.number_above(0).value_or(c.interval);
    if (const auto m = f.member("random_seed"); m && !m.is_null()) m.unsupported("one train for all cells", "each cell has its own, which run.random_seed changes");
    if (const auto m = f.member("reversal"); m && !m.is_null()) m.ignored("belongs to conductances");
    own.insert(own.end(), {"dt", "random_seed", "reversal"});
    f.know_only({common, own});
    to.what = c;
}

void read_clamp(const field& f, input& to) {
    voltage_step c{.voltage = needed(f, "voltage", any), .delay = needed(f, "delay", 0), .duration = needed(f, "duration", 0), .resistance = 0.01};
    if (const auto m = f.member("series_resistance"); m && !m.is_null()) c.resistance = m.number_above(0).value_or(c.resistance);
    for (const auto* name : {"duration_levels", "voltage_levels"})
        if (const auto m = f.member(name); m && !m.is_null()) m.unsupported("a voltage clamp of several levels", "an input for each");
    f.know_only({common, {"voltage", "series_resistance", "duration_levels", "voltage_levels"}});
    to.what = c;
}

}  // namespace

bool read_soma_input(const field& f, input& to) {
    const auto is = [&](std::initializer_list<std::string_view> names) { return std::ranges::find(names, to.module) != names.end(); };
    if (is({"linear", "relative_linear", "pulse", "subthreshold", "hyperpolarizing"})) read_steady(f, to);
    else if (to.module == "seclamp") read_clamp(f, to);
    else if (!is({"noise", "shot_noise", "absolute_shot_noise", "relative_shot_noise", "ornstein_uhlenbeck", "relative_ornstein_uhlenbeck"})) return false;
    else if (to.type == "conductance") f.unsupported(fmt::format("conductances by module '{}'", to.module), "current_clamp, of which the values are nA");
    else read_random(f, to);
    return true;
}

}  // namespace apical::sonata
