// SPDX-License-Identifier: BSD-3-Clause
#include "engine/mpi_communicator.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <limits>
#include <thread>

#include <fmt/format.h>

#ifdef APICAL_HAS_MPI
#include <mpi.h>
#endif

namespace apical {
namespace {

using namespace std::chrono_literals;

int number_in(const char* variable, int otherwise) {
    const char* text = std::getenv(variable);
    return text && *text ? std::atoi(text) : otherwise;
}

}  // namespace

launch launched() {
    // Open MPI; MPICH and Intel MPI; Slurm's srun
    for (const auto& [rank, size] : {std::pair("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"), std::pair("PMI_RANK", "PMI_SIZE"), std::pair("SLURM_PROCID", "SLURM_STEP_NUM_TASKS")})
        if (const int n = number_in(size, 0); n > 0) return {number_in(rank, 0), n};
    return {};
}

#ifndef APICAL_HAS_MPI

bool has_mpi() { return false; }
std::unique_ptr<communicator> world_communicator(std::size_t) {
    throw unsupported("MPI", "this build of Apical is without MPI and runs on one process, with threads", "install an MPI library, such as libopenmpi-dev, and configure with -DAPICAL_MPI=ON");
}

#else

bool has_mpi() { return true; }

namespace {

void check(int code, std::string_view what) {
    if (code == MPI_SUCCESS) return;
    char text[MPI_MAX_ERROR_STRING] = {};
    int length = 0;
    MPI_Error_string(code, text, &length);
    throw mpi_failure("MPI", fmt::format("{}: {}", what, std::string_view(text, static_cast<std::size_t>(length))), "has another process ended?");
}

/// Waits for what is under way. After a while it lets others have the core, and then sleeps, for an eighth of what it has waited: processes
/// may be more than cores, on cores that others use too, and what an MPI library's own functions wait in, holds the core. On such a
/// machine MPICH takes a scheduler's turn of tens of ms for each of them. Therefore everything here is begun, and ended by this.
void finish(MPI_Request& request, std::string_view what) {
    using clock = std::chrono::steady_clock;
    constexpr int patience = 300;
    constexpr std::chrono::nanoseconds until_sleep = 20us, shortest = 10us, longest = 200us;
    int is_done = 0;
    clock::time_point since;
    for (int tries = 0; !is_done; ++tries) {
        check(MPI_Test(&request, &is_done, MPI_STATUS_IGNORE), what);
        if (is_done || tries < patience) continue;
        if (tries == patience) since = clock::now();
        if (const std::chrono::nanoseconds waited = clock::now() - since; waited < until_sleep) std::this_thread::yield();
        else std::this_thread::sleep_for(std::clamp(waited/8, shortest, longest));
    }
}
/// Begins an operation, `start(request)` that is, and waits for it.
template <class F> void complete(F&& start, std::string_view what) {
    MPI_Request request = MPI_REQUEST_NULL;
    check(start(&request), what);
    finish(request, what);
}

/// Spikes go in one collective operation, which is under way while cells are computed: every process gives a slot of one size. Those
/// that do not fit follow in a second operation, and the slots of the next exchange are larger; all processes find the same size, for
/// all know what all have sent.
class spike_exchange {
public:
    spike_exchange(MPI_Comm world, int size) : world_(world), counts_(static_cast<std::size_t>(size)) {}
    ~spike_exchange() {
        if (request_ != MPI_REQUEST_NULL) MPI_Wait(&request_, MPI_STATUS_IGNORE);
    }

    void begin(std::span<const sent_spike> mine) {
        const auto bytes = slot_bytes();
        mine_.assign(bytes, std::byte{});
        rest_.clear();
        const auto in_slot = std::min(mine.size(), slot_);
        const std::uint64_t n = mine.size();
        std::memcpy(mine_.data(), &n, sizeof n);
        if (in_slot > 0) std::memcpy(mine_.data() + sizeof n, mine.data(), in_slot*sizeof(sent_spike));
        rest_.assign(mine.begin() + static_cast<std::ptrdiff_t>(in_slot), mine.end());
        all_.resize(bytes*counts_.size());
        received_ += static_cast<std::int64_t>(all_.size());
        check(MPI_Iallgather(mine_.data(), static_cast<int>(bytes), MPI_BYTE, all_.data(), static_cast<int>(bytes), MPI_BYTE, world_, &request_), "exchange of spikes");
    }
    std::int64_t received() const { return received_; }
    std::vector<sent_spike> end() {
        finish(request_, "exchange of spikes");
        const auto bytes = slot_bytes();
        std::size_t total = 0, most = 0;
        for (std::size_t r = 0; r < counts_.size(); ++r) {
            std::memcpy(&counts_[r], all_.data() + r*bytes, sizeof counts_[r]);
            total += counts_[r], most = std::max<std::size_t>(most, counts_[r]);
        }
        const auto others = most > slot_ ? exchange_rest() : std::vector<sent_spike>();
        std::vector<sent_spike> spikes(total);
        auto to = spikes.data();
        auto more = others.data();
        for (std::size_t r = 0; r < counts_.size(); ++r) {
            const auto in_slot = std::min<std::size_t>(counts_[r], slot_);
            if (in_slot > 0) std::memcpy(to, all_.data() + r*bytes + sizeof(std::uint64_t), in_slot*sizeof(sent_spike));
            to = std::copy(more, more + (counts_[r] - in_slot), to + in_slot);
            more += counts_[r] - in_slot;
        }
        // room for half as many again; given back slowly, for spikes come in bursts
        slot_ = std::clamp(std::max(most + most/2, slot_ - slot_/16), smallest_slot, largest_slot);
        return spikes;
    }

private:
    static constexpr std::size_t smallest_slot = 4, largest_slot = 4096;
    std::size_t slot_bytes() const { return sizeof(std::uint64_t) + slot_*sizeof(sent_spike); }

    std::vector<sent_spike> exchange_rest() {
        std::vector<int> sizes, places;
        std::size_t total = 0;
        for (const auto n : counts_) {
            const auto rest = n > slot_ ? n - slot_ : 0;
            places.push_back(static_cast<int>(total*sizeof(sent_spike)));
            sizes.push_back(static_cast<int>(rest*sizeof(sent_spike)));
            total += rest;
        }
        // every process sees the same and throws
        if (total*sizeof(sent_spike) > static_cast<std::size_t>(std::numeric_limits<int>::max()))
            throw mpi_failure("MPI / exchange of spikes", fmt::format("{} spikes at once are too many", total), "something is wrong with the model");
        std::vector<sent_spike> all(total);
        received_ += static_cast<std::int64_t>(total*sizeof(sent_spike));
        complete([&](MPI_Request* r) { return MPI_Iallgatherv(rest_.data(), static_cast<int>(rest_.size()*sizeof(sent_spike)), MPI_BYTE, all.data(), sizes.data(), places.data(), MPI_BYTE, world_, r); },
                 "exchange of spikes");
        return all;
    }

    MPI_Comm world_;
    MPI_Request request_ = MPI_REQUEST_NULL;
    std::size_t slot_ = smallest_slot;             ///< spikes that fit a slot
    std::int64_t received_ = 0;                    ///< bytes
    std::vector<std::uint64_t> counts_;            ///< [processes] spikes of the exchange ended last
    std::vector<std::byte> mine_, all_;
    std::vector<sent_spike> rest_;
};

class mpi_communicator final : public communicator {
public:
    explicit mpi_communicator(std::size_t largest) : largest_message_(std::clamp<std::size_t>(largest, 1, std::numeric_limits<int>::max())) {
        int is_there = 0;
        MPI_Initialized(&is_there);
        if (is_there) throw mpi_failure("MPI", "has begun already", "there is one world_communicator in a program");
        int level = 0;
        check(MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &level), "begin");
        check(MPI_Comm_dup(MPI_COMM_WORLD, &world_), "begin");
        MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
        check(MPI_Comm_set_errhandler(world_, MPI_ERRORS_RETURN), "begin");
        check(MPI_Comm_rank(world_, &rank_), "begin");
        check(MPI_Comm_size(world_, &size_), "begin");
        spikes_ = std::make_unique<spike_exchange>(world_, size_);
        if (level < MPI_THREAD_FUNNELED && size_ > 1)
            throw mpi_failure("MPI", "this MPI library does not allow threads beside it", "build it with support for threads");
    }
    ~mpi_communicator() override {
        if (std::uncaught_exceptions() > exceptions_) abandon(1);
        spikes_.reset();
        MPI_Comm_free(&world_);
        MPI_Finalize();
    }
    mpi_communicator(const mpi_communicator&) = delete;
    mpi_communicator& operator=(const mpi_communicator&) = delete;

    int rank() const override { return rank_; }
    int size() const override { return size_; }
    void begin_exchange(std::span<const sent_spike> mine) override { spikes_->begin(mine); }
    std::vector<sent_spike> end_exchange() override { return spikes_->end(); }

    void share(std::span<std::array<double, 2>> values, std::span<const value_route> routes) override {
        constexpr auto what = "exchange of voltages";
        constexpr int tag_of_values = tag + 1;
        std::vector<MPI_Request> requests;
        std::vector<std::vector<std::array<double, 2>>> arriving, leaving;
        const auto bytes = [](const auto& list) { return static_cast<int>(list.size()*sizeof list.front()); };
        for (const auto& r : routes) {
            auto& theirs = arriving.emplace_back(r.receives.size());
            check(MPI_Irecv(theirs.data(), bytes(theirs), MPI_BYTE, r.rank, tag_of_values, world_, &requests.emplace_back()), what);
        }
        for (const auto& r : routes) {
            auto& mine = leaving.emplace_back();
            for (const auto k : r.sends) mine.push_back(values[k]);
            check(MPI_Isend(mine.data(), bytes(mine), MPI_BYTE, r.rank, tag_of_values, world_, &requests.emplace_back()), what);
        }
        for (auto& r : requests) finish(r, what);
        for (std::size_t n = 0; n < routes.size(); ++n) {
            for (std::size_t k = 0; k < arriving[n].size(); ++k) values[routes[n].receives[k]] = arriving[n][k];
            received_ += bytes(arriving[n]);
        }
    }
    std::int64_t received() const override { return received_ + spikes_->received(); }

    std::int64_t least(std::int64_t mine) override { return reduced(mine, MPI_INT64_T, MPI_MIN); }
    double largest(double mine) override { return reduced(mine, MPI_DOUBLE, MPI_MAX); }
    double sum(double mine) override { return reduced(mine, MPI_DOUBLE, MPI_SUM); }

    std::vector<std::vector<std::byte>> gather(std::span<const std::byte> mine) override {
        const std::uint64_t bytes = mine.size();
        std::vector<std::uint64_t> sizes(rank_ == 0 ? static_cast<std::size_t>(size_) : 0);
        complete([&](MPI_Request* r) { return MPI_Igather(&bytes, 1, MPI_UINT64_T, sizes.data(), 1, MPI_UINT64_T, 0, world_, r); }, "collect");
        if (rank_ != 0) {
            send(mine, 0, "collect");
            return {};
        }
        std::vector<std::vector<std::byte>> all;
        all.emplace_back(mine.begin(), mine.end());
        for (int r = 1; r < size_; ++r) {
            auto& theirs = all.emplace_back(sizes[static_cast<std::size_t>(r)]);
            receive(theirs, r, "collect");
        }
        return all;
    }
    std::vector<std::byte> broadcast(std::span<const std::byte> of_first) override {
        std::uint64_t bytes = of_first.size();
        complete([&](MPI_Request* r) { return MPI_Ibcast(&bytes, 1, MPI_UINT64_T, 0, world_, r); }, "broadcast");
        std::vector<std::byte> all(bytes);
        if (rank_ == 0) std::ranges::copy(of_first, all.begin());
        in_pieces(all.size(), [&](std::size_t at, int n) { complete([&](MPI_Request* r) { return MPI_Ibcast(all.data() + at, n, MPI_BYTE, 0, world_, r); }, "broadcast"); });
        return all;
    }
    std::vector<std::byte> scatter(const std::function<std::vector<std::byte>(int rank)>& made) override {
        constexpr auto what = "hand out";
        if (rank_ == 0) {
            for (int r = 1; r < size_; ++r) {
                const auto theirs = made(r);
                const std::uint64_t bytes = theirs.size();
                send(std::as_bytes(std::span(&bytes, 1)), r, what), send(theirs, r, what);
            }
            return made(0);
        }
        std::uint64_t bytes = 0;
        receive(std::as_writable_bytes(std::span(&bytes, 1)), 0, what);
        std::vector<std::byte> mine(bytes);
        receive(mine, 0, what);
        return mine;
    }
    const void* native() const override { return &world_; }
    void abandon(int code) override {
        MPI_Abort(world_, code);
        std::_Exit(code);   // in case it returns
    }

private:
    static constexpr int tag = 1;

    template <class T> T reduced(T mine, MPI_Datatype type, MPI_Op how) {
        T all{};
        complete([&](MPI_Request* r) { return MPI_Iallreduce(&mine, &all, 1, type, how, world_, r); }, "agreement");
        return all;
    }
    void send(std::span<const std::byte> bytes, int to, std::string_view what) const {
        in_pieces(bytes.size(), [&](std::size_t at, int n) { complete([&](MPI_Request* r) { return MPI_Isend(bytes.data() + at, n, MPI_BYTE, to, tag, world_, r); }, what); });
    }
    void receive(std::span<std::byte> bytes, int from, std::string_view what) const {
        in_pieces(bytes.size(), [&](std::size_t at, int n) { complete([&](MPI_Request* r) { return MPI_Irecv(bytes.data() + at, n, MPI_BYTE, from, tag, world_, r); }, what); });
    }
    template <class F> void in_pieces(std::size_t bytes, F&& f) const {
        for (std::size_t at = 0; at < bytes; at += largest_message_) f(at, static_cast<int>(std::min(largest_message_, bytes - at)));
    }

    MPI_Comm world_ = MPI_COMM_NULL;
    int rank_ = 0, size_ = 1;
    int exceptions_ = std::uncaught_exceptions();
    std::size_t largest_message_;
    std::int64_t received_ = 0;
    std::unique_ptr<spike_exchange> spikes_;
};

}  // namespace

std::unique_ptr<communicator> world_communicator(std::size_t largest_message) { return std::make_unique<mpi_communicator>(largest_message); }

#endif

}  // namespace apical
