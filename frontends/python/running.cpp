// SPDX-License-Identifier: BSD-3-Clause
#include <chrono>
#include <stdexcept>

#include "frontends/python/simulation.hpp"
#include "io/checkpoint.hpp"

namespace apical::python {
namespace {

/// Looks after signals and the caller's progress function, both of which need the GIL, but not more often than people can see.
class watch {
public:
    explicit watch(nb::handle report) : report_(report) {}

    /// False if a signal or the function raised; the Python error is then set.
    bool operator()(const progress& p) {
        const auto now = clock::now();
        if (now < next_) return true;
        next_ = now + std::chrono::milliseconds(report_.is_none() ? 50 : 100);
        const nb::gil_scoped_acquire gil;
        if (PyErr_CheckSignals() != 0) return is_well_ = false;
        if (report_.is_none()) return true;
        try {
            report_(p.time, p.until, p.wall_seconds);
        } catch (nb::python_error& e) {
            e.restore();
            return is_well_ = false;
        }
        return true;
    }
    bool is_well() const { return is_well_; }

private:
    using clock = std::chrono::steady_clock;
    nb::handle report_;
    clock::time_point next_ = clock::now();
    bool is_well_ = true;
};

/// Marks a simulation as busy for as long as this lives.
class occupation {
public:
    explicit occupation(std::atomic<bool>& flag) : flag_(flag) {
        if (flag_.exchange(true)) throw std::runtime_error("this simulation is running already");
    }
    ~occupation() { flag_ = false; }
    occupation(const occupation&) = delete;
    occupation& operator=(const occupation&) = delete;

private:
    std::atomic<bool>& flag_;
};

}  // namespace

std::vector<std::string> compiled::populations() const {
    std::vector<std::string> names;
    for (const auto& p : description->populations) names.push_back(p.name);
    return names;
}

std::shared_ptr<const simulation> running::shared() const {
    if (is_busy_) throw std::runtime_error("this simulation is running; look at it when run() has returned");
    return now_;
}

simulation& running::own() {
    if (now_.use_count() > 1) now_ = std::make_shared<simulation>(*now_);
    return *now_;
}

void running::write_checkpoint(const std::filesystem::path& path) {
    const occupation busy(is_busy_);
    const nb::gil_scoped_release no_gil;
    apical::write_checkpoint(path, now_->checkpoint());
}

void running::restore(const std::filesystem::path& path) {
    const occupation busy(is_busy_);
    auto& sim = own();
    const nb::gil_scoped_release no_gil;
    sim.restore(read_checkpoint(path));
}

void running::run(duration until, nb::handle report) {
    const occupation busy(is_busy_);
    own();
    watch observer(report);
    const auto since = std::chrono::steady_clock::now();
    {
        const nb::gil_scoped_release no_gil;
        now_->run(until, [&](const progress& p) { return observer(p); });
    }
    seconds_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - since).count();
    if (!observer.is_well()) throw nb::python_error();
}

}  // namespace apical::python
