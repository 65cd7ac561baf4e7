// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <nanobind/nanobind.h>

#include "engine/simulation.hpp"

namespace apical::python {

namespace nb = nanobind;

/// A compiled model as Python holds it.
struct compiled {
    std::shared_ptr<const plan> model;
    std::shared_ptr<const circuit> description;
    double seconds = 0;                     ///< that compiling took

    const std::string& population(int i) const { return description->populations[static_cast<std::size_t>(i)].name; }
    std::vector<std::string> populations() const;
};

/// A simulation as Python holds it. Arrays handed out look straight into its samples and keep them alive: before running on
/// while any is in use, the simulation moves to a copy of itself, so that no array ever changes or dangles.
class running {
public:
    explicit running(compiled c) : compiled_(std::move(c)), now_(std::make_shared<simulation>(compiled_.model)) {}
    running(const running& o) : compiled_(o.compiled_), now_(std::make_shared<simulation>(o.now())), seconds_(o.seconds_) {}

    const compiled& what() const { return compiled_; }
    /// Throws std::runtime_error while run() is under way: in another thread, or from its own progress function.
    const simulation& now() const { return *shared(); }
    std::shared_ptr<const simulation> shared() const;

    /// `report` is None, or a function of (time, until, wall_seconds) that is called about ten times a second.
    void run(duration until, nb::handle report);
    /// Writes the present to a file, or goes on from one.
    void write_checkpoint(const std::filesystem::path& path);
    void restore(const std::filesystem::path& path);
    void release(const std::string& modulator, double amount, const std::string& region) { own().release(modulator, amount, region); }
    void send(const std::string& source, std::span<const std::pair<int, double>> spikes) { own().send(source, spikes); }
    /// Wall time spent in run() so far.
    double seconds() const { return seconds_; }

private:
    /// The simulation, of which nobody else holds arrays.
    simulation& own();

    compiled compiled_;
    std::shared_ptr<simulation> now_;
    double seconds_ = 0;
    std::atomic<bool> is_busy_ = false;
};

void bind_recording(nb::module_& m);
/// Weights, and releases of modulators.
void add_learning(nb::class_<running>& c);
/// Simulation.write_report.
void bind_report(nb::class_<running>& c);
/// Simulation.__getitem__: the recording of a probe.
nb::object recording_of(const std::shared_ptr<running>& owner, const std::string& label);

}  // namespace apical::python
