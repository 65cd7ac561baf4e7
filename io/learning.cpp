// SPDX-License-Identifier: BSD-3-Clause
#include "io/learning.hpp"

#include <algorithm>
#include <bit>
#include <stdexcept>
#include <system_error>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/error.hpp"
#include "io/data_sets.hpp"
#include "io/hdf5.hpp"

namespace apical {
namespace {

constexpr std::string_view format_name = "apical training";

std::string checksum_of(const std::vector<double>& numbers) {
    std::uint64_t sum = 0xcbf29ce484222325;   // FNV-1a, 64 bits at a time
    for (const double x : numbers) sum = (sum ^ std::bit_cast<std::uint64_t>(x))*0x100000001b3;
    return fmt::format("{:016x}", sum);
}

void multiply_rates(layered_net& net, double factor) {
    if (!(factor > 0)) throw invalid_model("learning / rate", fmt::format("{:g}", factor), "above 0");
    if (factor == 1) return;
    for (auto& [kind, learning] : net.learning) {
        auto& rates = learning.rates;
        for (auto& stage : learning.stages)   // of which the change has no size of its own any more
            if (auto rate = stage.values.find("rate"); rate != stage.values.end() && (stage.name == "adam" || stage.name == "rmax")) rate->second *= factor;
        const std::size_t count = kind == "output" || kind == "lateral" || kind == "threshold" ? 1 : kind == "forward" ? net.layers.size() - 1 - net.learning.contains("output") : kind == "inverse" ? net.layers.size() - 3 : net.layers.size() - 2;
        rates.resize(count, 1.0);
        for (double& r : rates) r *= factor;
    }
}

/// Layers, the input first: of what nobody teaches one of units above it, as many as are asked for or as the task has targets.
std::vector<int> layers_of(const learning_request& r, const learning_setup& s) {
    const auto& hidden = r.hidden.empty() ? s.task.hidden : r.hidden;
    const auto& d = s.task.train;
    const int inputs = static_cast<int>(d.inputs/d.rows), outputs = static_cast<int>(d.outputs/d.target_rows);
    if (!s.how.is_taught) {
        if (r.hidden.size() > 1) throw invalid_model("learning / hidden", fmt::format("{} layers for '{}'", r.hidden.size(), r.rule), "one layer of units, which nobody teaches");
        return {inputs, r.hidden.empty() ? outputs : r.hidden.front()};
    }
    if (std::ranges::count(d.t, 0.0) == std::ssize(d.t))
        throw invalid_model("learning / task", fmt::format("'{}' has nothing to be told, and '{}' wants a teacher", r.task, r.rule), "a rule that nobody teaches: oja, sanger, self_organizing_map, foldiak");
    std::vector<int> units{inputs};
    units.insert(units.end(), hidden.begin(), hidden.end());
    units.push_back(outputs);
    return units;
}

void check_time(const models::learning_task& task, const models::learner& how) {
    if (how.is_in_time == (task.train.rows > 1)) return;
    std::vector<std::string> names;
    for (const auto& l : how.is_in_time ? models::all_learners() : models::learners_in_time()) names.push_back(l.name);
    throw invalid_model(fmt::format("task '{}' by rule '{}'", task.name, how.name), how.is_in_time ? "the rule learns in time, and examples are there at once" : "examples go on in time",
                        fmt::format("rules for it: {}", fmt::join(names, ", ")));
}

/// What a task in time asks of a net that has such settings, and the loss that belongs to its targets.
void place_in_time(layered_net& net, const models::learning_task& task) {
    for (const auto& scheme : layered_schemes())
        for (const auto& f : scheme.settings)
            if (const auto set = task.settings.find(std::string(f.name)); scheme.name == net.scheme && set != task.settings.end()) net.settings[set->first] = set->second;
    net.measure = task.train.target_rows == 1 ? layered_net::loss::cross_entropy : layered_net::loss::squared;
}

}  // namespace

layered_training learning_setup::begin(communicator* ranks) const {
    auto o = options;
    o.ranks = ranks;
    return {net, train, o};
}

data_set learning_setup::prepared(const data_set& d) const {
    auto all = how.prepared(d);
    if (!middle.empty()) all = all.less(middle);
    return how.is_taught ? all : all.untold(static_cast<std::size_t>(net.layers.back().units));
}

learning_setup set_up(const learning_request& r) {
    learning_setup s{.task = task_named(r.task, r.seed), .how = {}, .net = {}, .train = {}, .test = {}, .options = {}, .identity = {}};
    s.how = models::learner_named(r.rule.empty() ? s.task.rule : r.rule);
    check_time(s.task, s.how);
    const auto units = layers_of(r, s);
    s.net = s.how.make(units);
    if (s.how.is_in_time) place_in_time(s.net, s.task);
    for (const auto& [name, value] : r.settings) s.net.settings[name] = value;
    multiply_rates(s.net, r.rate);
    const auto examples = r.examples > 0 ? part(s.task.train, 0, r.examples) : s.task.train;
    if (s.how.is_centred) s.middle = s.how.prepared(examples).mean();
    s.train = s.prepared(examples), s.test = s.prepared(s.task.test);
    s.options = {.batch = std::min(r.batch > 0 ? r.batch : s.how.batch, static_cast<int>(s.train.size())), .seed = r.seed, .threads = r.threads};
    s.identity = fmt::format("task {}, rule {}, layers {}, seed {}, batch {}, rate {:.17g}, {} examples", r.task, s.how.name, fmt::join(units, "-"), r.seed, s.options.batch, r.rate,
                             s.train.size());
    for (const auto& [name, value] : r.settings) s.identity += fmt::format(", {} {:.17g}", name, value);
    return s;
}

void check_training_replaceable(const std::filesystem::path& path) {
    if (std::error_code ignored; !std::filesystem::exists(path, ignored)) return;
    const auto refuse = [&] { throw invalid_input(path.string(), "is there, and no checkpoint of a training", "choose another name"); };
    try {
        const hdf5::file_reader file(path);
        if (file.root().text_attribute(".", "format") == format_name) return;
    } catch (const error&) {
        refuse();
    }
    refuse();
}

void write_training(const std::filesystem::path& path, layered_training& run, const std::string& identity, const std::vector<double>& beside) {
    check_training_replaceable(path);
    image state;
    run.transfer(state);
    hdf5::file_writer file(path, overwrite::yes);
    {
        auto root = file.root();
        root.set_attribute(".", "format", format_name);
        root.set_attribute(".", "training", identity);
        root.write<double>("state", state.numbers());
        root.write<double>("beside", beside);
        root.set_attribute("state", "checksum", checksum_of(state.numbers()));
        root.set_attribute("beside", "checksum", checksum_of(beside));
    }
    file.commit();
}

std::vector<double> read_training(const std::filesystem::path& path, layered_training& run, const std::string& identity) {
    const hdf5::file_reader file(path);
    const auto root = file.root();
    if (root.text_attribute(".", "format") != format_name) throw invalid_input(path.string(), "is not the checkpoint of a training");
    if (const auto of = root.text_attribute(".", "training"); of != identity) throw invalid_input(path.string(), "is of another training: " + of, "this one is: " + identity);
    auto numbers = root.read<double>("state"), beside = root.read<double>("beside");
    if (checksum_of(numbers) != root.text_attribute("state", "checksum") || checksum_of(beside) != root.text_attribute("beside", "checksum"))
        throw invalid_input(path.string(), "is damaged: the checksum is another");
    image state(std::move(numbers));
    try {
        run.transfer(state);
    } catch (const std::out_of_range&) {
        throw invalid_input(path.string(), "has less in it than this training");
    }
    if (!state.is_at_end()) throw invalid_input(path.string(), "has more in it than this training");
    return beside;
}

}  // namespace apical
