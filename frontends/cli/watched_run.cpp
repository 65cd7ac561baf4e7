// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/cli/watched_run.hpp"

#include <algorithm>
#include <cmath>
#include <system_error>

#include <fmt/format.h>

#include "engine/packed.hpp"
#include "engine/plan.hpp"
#include "frontends/cli/signals.hpp"
#include "frontends/cli/stopwatch.hpp"
#include "io/checkpoint.hpp"

namespace apical::cli {
namespace {

/// A run in pieces of half a second or so of wall time. Between them the processes agree on what comes next; how long they are is for
/// the first to say, and for no result to depend on.
class pieces {
public:
    pieces(simulation& sim, duration until, const watch_options& watch, const processes& all)
        : sim_(sim), watch_(watch), all_(all), plan_(sim.model()), last_(std::llround(until/plan_.options.dt)), step_(std::llround(sim.time()/plan_.dt())) {
        const auto whole = plan_.chooses_steps() ? std::int64_t{step_ladder::longest} : 1;
        quantum_ = plan_.network.is_empty() ? (plan_.options.steps_per_epoch + whole - 1)/whole*whole : plan_.network.epoch;
        if (watch.every) interval_ = std::max<std::int64_t>(std::llround(*watch.every/plan_.options.dt)/whole, 1)*whole;
        next_checkpoint_ = interval_ > 0 ? (step_/interval_ + 1)*interval_ : last_ + 1;
        if (whole > 1 && watch.reports) whole_ = whole;
    }

    /// Whether `until` is a time that a run may end at.
    bool is_possible(duration until) const {
        return std::abs(until/plan_.options.dt - static_cast<double>(last_)) <= 1e-6 && last_ >= step_ && !(plan_.chooses_steps() && last_ % step_ladder::longest);
    }

    bool run() {
        const auto show = all_.io().progress_line(sim_.time());
        const double until = plan_.time_of(last_);
        for (;;) {
            const auto asked = agreed(watch_.checkpoint.empty() ? wish::nothing : signal_watch::take());
            const bool is_due = step_ >= next_checkpoint_ || (step_ >= last_ && !watch_.checkpoint.empty());
            if (watch_.reports) watch_.reports->write(sim_);
            if (asked != wish::nothing || is_due) checkpoint(asked == wish::stop);
            if (asked == wish::stop && step_ < last_) return false;
            if (step_ >= last_) return true;
            stopwatch piece;
            const auto longest = step_ + length_*quantum_;
            step_ = agreed_step(std::min({last_, next_checkpoint_, longest, next_rows()}));
            sim_.run(plan_.options.dt*static_cast<double>(step_));
            const double seconds = piece.lap();
            if (seconds < 0.25 && step_ == longest) length_ *= 2;
            else if (seconds > 1) length_ = std::max<std::int64_t>(length_/2, 1);
            wall_ += seconds;
            if (show) show({sim_.time(), until, wall_});
            note(until);
        }
    }

private:
    wish agreed(wish mine) const {
        return all_.ranks() ? static_cast<wish>(std::lround(all_.ranks()->largest(static_cast<double>(mine)))) : mine;
    }
    std::int64_t agreed_step(std::int64_t mine) const {
        if (!all_.ranks()) return mine;
        packer of_first;
        of_first.put(mine);
        return unpacker(all_.ranks()->broadcast(of_first.bytes())).get<std::int64_t>();
    }

    /// The step at which rows of a report are to be written.
    std::int64_t next_rows() const {
        const auto next = watch_.reports ? watch_.reports->next_step() : last_;
        return next >= last_ ? last_ : std::max((next + whole_ - 1)/whole_*whole_, step_ + whole_);
    }

    void checkpoint(bool must_succeed) {
        stopwatch time;
        const auto c = sim_.checkpoint();
        if (watch_.reports) watch_.reports->flush();
        if (interval_ > 0) next_checkpoint_ = (step_/interval_ + 1)*interval_;
        try {
            write_checkpoint(watch_.checkpoint, c, watch_.reports, all_.ranks());
        } catch (const invalid_input& e) {
            if (must_succeed) throw;
            // the run is worth more than its checkpoint, and the one before is still there
            all_.io().remark(fmt::format("warning: no checkpoint at {:g} ms: {}", sim_.time(), e.what()));
            if (watch_.log) watch_.log->tell("checkpoint_failed", {{"time_ms", json::number(sim_.time())}, {"reason", json::text(e.what())}});
            return;
        }
        if (!all_.is_first()) return;
        std::error_code unknown;
        const auto bytes = std::filesystem::file_size(watch_.checkpoint, unknown);
        if (watch_.log)
            watch_.log->tell("checkpoint", {{"time_ms", json::number(sim_.time())}, {"file", json::text(watch_.checkpoint.string())},
                                            {"bytes", json::number(unknown ? 0 : static_cast<double>(bytes))}, {"seconds", json::number(time.lap())}});
    }

    /// All processes take part in the log, or none: they have the same options.
    void note(double until) {
        if (!logs_) return;
        const auto all = gathered(sim_.statistics(), all_.ranks());
        if (!watch_.log) return;
        const double done = sim_.time() - start_, rate = wall_ > 0 ? done/wall_ : 0;
        watch_.log->tell("progress", {{"time_ms", json::number(sim_.time())}, {"until_ms", json::number(until)}, {"wall_seconds", json::number(wall_)},
                                      {"rate_ms_per_second", json::number(rate)}, {"left_seconds", json::number(rate > 0 ? (until - sim_.time())/rate : 0)},
                                      {"statistics", document(all)}});
    }

    simulation& sim_;
    const watch_options& watch_;
    const processes& all_;
    const plan& plan_;
    std::int64_t last_, step_, quantum_ = 1, whole_ = 1;   ///< whole_: what steps of a run are multiples of
    std::int64_t interval_ = 0, next_checkpoint_ = 0;   ///< steps between checkpoints, 0: none regularly; the step of the next
    std::int64_t length_ = 1;                           ///< of a piece, in quanta
    double wall_ = 0, start_ = sim_.time();
    bool logs_ = agreed(watch_.log ? wish::stop : wish::nothing) != wish::nothing;
};

}  // namespace

void resume(simulation& sim, std::optional<struct checkpoint>& from, const std::filesystem::path& file, const processes& all) {
    try {
        sim.restore(from ? *from : checkpoint{}, true);
    } catch (const invalid_input& e) {
        throw invalid_input(file.string(), e.problems().front().what, e.hint());
    }
    from.reset();
    all.io().remark(fmt::format("going on from {:g} ms", sim.time()));
}

bool watched_run(simulation& sim, duration until, const watch_options& watch, const processes& all) {
    if (!all.ranks() && watch.checkpoint.empty() && !watch.log && !watch.reports) {
        sim.run(until, all.io().progress_line(sim.time()));
        return true;
    }
    std::optional<signal_watch> signals;
    if (!watch.checkpoint.empty()) signals.emplace();
    pieces all_of_it(sim, until, watch, all);
    if (all_of_it.is_possible(until)) {
        const bool is_done = all_of_it.run();
        if (is_done && watch.reports) watch.reports->write_rest(sim);
        return is_done;
    }
    sim.run(until);   // says now what is wrong with it
    return true;
}

}  // namespace apical::cli
