// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <vector>

#include "core/image.hpp"
#include "engine/imported_steps.hpp"

namespace apical {

/// Events for the imported point processes of a block: those that arrive, those that they send themselves, and the conditions they
/// watch. Part of the block's state.
class imported_events {
public:
    imported_events(const plan& p, const block_plan& where);

    /// INITIAL blocks of NET_RECEIVE, for every connection.
    void start(imported_steps& steps);
    /// An event of a connection of the plan, at its own time [ms].
    void arrive(std::size_t connection, double time);
    /// Does what is due at the beginning of step n, in order of time; then in the order in which it was sent. Of a mechanism that sends
    /// itself events without end, `most` a step.
    void deliver(imported_steps& steps, std::int64_t n);
    /// What NET_RECEIVE, and INITIAL, of a mechanism tell.
    class sink;

    void transfer(image& i);
    static constexpr int most = 1 << 20;

private:
    struct pending {
        double time = 0, flag = 0;
        std::uint64_t order = 0;
        std::uint32_t mechanism = 0, element = 0;
        std::int32_t connection = -1;              // of the block
    };
    struct watched {
        std::uint32_t mechanism = 0, element = 0;
        std::int32_t condition = 0;
        double flag = 0;
        std::uint8_t was_above = 0;
    };
    void send(pending e);
    void look(imported_steps& steps, double t);
    std::size_t element_of(std::size_t connection) const;
    std::uint64_t draw_of(const pending& e) const;

    const plan* plan_;
    const block_plan* where_;
    std::vector<std::vector<double>> connections_;  // [connections of the block] their values of storage `connection`
    std::vector<pending> pending_;                  // by time, then order
    std::vector<watched> watched_;
    std::uint64_t sent_ = 0;
};

/// For one mechanism, while one of its blocks runs.
class imported_events::sink : public nmodl::event_sink {
public:
    sink(imported_events& to, std::size_t mechanism, double now, std::int32_t connection = -1)
        : to_(to), mechanism_(static_cast<std::uint32_t>(mechanism)), now_(now), connection_(connection) {}
    void send(int instance, double delay, double flag) override;
    void spike(int, double) override {}
    void move(int instance, double time) override;
    void watch(int instance, int condition, double flag) override;
    std::span<double* const> connections(int instance) override;

private:
    imported_events& to_;
    std::uint32_t mechanism_;
    double now_;
    std::int32_t connection_;
    bool watches_ = false;                          // it has set a condition since the event came
    std::vector<double*> found_;
};

}  // namespace apical
