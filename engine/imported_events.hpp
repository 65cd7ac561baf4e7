// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <span>
#include <utility>
#include <vector>

#include "core/image.hpp"
#include "engine/imported_steps.hpp"

namespace apical {

/// Events for the imported mechanisms of a block: those that arrive, those that they send themselves, the conditions they watch, and the
/// spikes that they make. Part of the block's state.
class imported_events {
public:
    imported_events(const plan& p, const block_plan& where, const inlet& in);

    /// INITIAL blocks of NET_RECEIVE, for every connection.
    void start(imported_steps& steps);
    /// An event of a connection of the plan, at its own time [ms].
    void arrive(std::size_t connection, double time);
    /// What a spike sends through a contact, which one of inlet::fixed, at its own time [ms].
    void arrive(std::size_t contact, double time, const sent_spike& from);
    /// Does what is due at the beginning of step n, in order of time, then of sending: of what was sent at one time, spikes go by their cells, before
    /// what a mechanism has sent itself. So nothing depends on what cells share the block. Of a mechanism that sends itself events without end, `most`
    /// a step. Events from elsewhere are told by the mechanism and the element that they end at.
    void deliver(imported_steps& steps, std::int64_t n, const std::function<void(std::size_t mechanism, std::size_t element)>& arrived);
    /// What NET_RECEIVE, and INITIAL, of a mechanism tell.
    class sink;

    /// What net_event has told since they were last taken: the cell of the block, and when [ms].
    std::vector<std::pair<int, double>> take_spikes() { return std::exchange(spikes_, {}); }

    void transfer(image& i);
    static constexpr int most = 1 << 20;

private:
    static constexpr std::uint32_t itself = 0xffffffff;
    static constexpr std::int32_t no_connection = -1, to_others = -2;
    struct pending {
        double time = 0, sent = 0, flag = 0;       // [ms, ms]
        std::uint64_t order = 0;
        std::uint32_t source = itself;             // gid of the cell that it comes from; 0 of trains
        std::uint32_t mechanism = 0, element = 0;
        std::int32_t connection = no_connection;   // of the block; or to_others: a spike, when its time comes
    };
    static bool is_later(const pending& a, const pending& b);
    struct watched {
        std::uint32_t mechanism = 0, element = 0;
        std::int32_t condition = 0;
        double flag = 0;
        std::uint8_t was_above = 0;
    };
    /// Where a connection of the block ends: the mechanism, and the instance and the lane of its cell.
    struct end {
        std::uint32_t mechanism, element;
        auto operator<=>(const end&) const = default;
    };

    bool is_own(std::size_t connection) const { return connection < where_->connections.size(); }
    end end_of(std::size_t connection) const;
    double* values_of(std::size_t connection) { return values_.data() + first_value_[connection]; }
    template <class F> void for_each_connection(F&& f) const;
    std::span<const std::uint32_t> connections_to(end target);
    void add_connection(std::uint32_t mechanism, double weight);
    void send(pending e);
    pending take_first();
    void look(imported_steps& steps, double t);
    std::uint64_t origin_of(const pending& e) const;
    std::uint64_t draw_of(const pending& e) const;

    const plan* plan_;
    const block_plan* where_;
    const inlet* in_;
    std::vector<std::uint32_t> first_value_;        // [connections of the block and an end] those of the plan, then inlet::fixed; in values_
    std::vector<double> values_;                    // what connections keep, those of storage `connection`
    std::vector<std::uint32_t> by_target_;          // connections, in order of where they end; empty until it is asked for
    std::vector<pending> pending_;                  // a heap, the first at its top
    std::vector<watched> watched_;
    std::vector<std::pair<int, double>> spikes_;
    std::uint64_t sent_ = 0;
};

/// For one mechanism, while one of its blocks runs.
class imported_events::sink : public nmodl::event_sink {
public:
    sink(imported_events& to, std::size_t mechanism, double now, std::int32_t connection = no_connection);
    void send(int instance, double delay, double flag) override;
    void spike(int instance, double time) override;
    void move(int instance, double time) override;
    void watch(int instance, int condition, double flag) override;
    std::span<double* const> connections(int instance) override;

private:
    bool is_there(int element) const;

    imported_events& to_;
    std::uint32_t mechanism_;
    double now_;
    std::int32_t connection_;
    bool watches_ = false;                          // it has set a condition since the event came
    std::vector<double*> found_;
};

}  // namespace apical
