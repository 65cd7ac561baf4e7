// SPDX-License-Identifier: BSD-3-Clause
#include "engine/team.hpp"

#include <algorithm>
#include <chrono>
#include <system_error>

namespace apical {
namespace {

using clock = std::chrono::steady_clock;
double seconds_since(clock::time_point begin) { return std::chrono::duration<double>(clock::now() - begin).count(); }

/// Looks for a while whether something has come to be, before a thread is put to sleep: networks have loops of a few microseconds.
template <class F> bool soon(F&& has_come) {
    constexpr int looks = 1000;
    for (int n = 0; n < looks; ++n) {
        if (has_come()) return true;
#if defined(__x86_64__)
        __builtin_ia32_pause();
#endif
    }
    return has_come();
}

}  // namespace

team::team(int threads) : seconds_(static_cast<std::size_t>(std::max(threads, 1)), 0.0) {
    try {
        for (std::size_t t = 1; t < seconds_.size(); ++t) helpers_.emplace_back([this, t] { wait_for_work(t); });
    } catch (const std::system_error&) {}
}

team::~team() {
    {
        const std::lock_guard lock(mutex_);
        ends_ = true;
    }
    begins_.notify_all();
}

void team::for_each(std::size_t n, const std::function<void(std::size_t)>& f) {
    if (helpers_.empty() || n < 2) {
        const auto begin = clock::now();
        for (std::size_t i = 0; i < n; ++i) f(i);
        seconds_[0] += seconds_since(begin);
        return;
    }
    {
        const std::lock_guard lock(mutex_);
        task_ = &f, size_ = n, next_ = 0, busy_ = helpers_.size(), failure_ = nullptr;
        ++round_;
    }
    begins_.notify_all();
    take_part(0);
    if (!soon([this] { return busy_ == 0; })) {
        std::unique_lock lock(mutex_);
        is_done_.wait(lock, [this] { return busy_ == 0; });
    }
    if (failure_) std::rethrow_exception(failure_);
}

void team::wait_for_work(std::size_t thread) {
    for (std::size_t seen = 0;;) {
        if (!soon([&] { return ends_ || round_ != seen; })) {
            std::unique_lock lock(mutex_);
            begins_.wait(lock, [&] { return ends_ || round_ != seen; });
        }
        if (ends_) return;
        seen = round_;
        take_part(thread);
        if (--busy_ > 0) continue;
        { const std::lock_guard lock(mutex_); }   // so that nobody is between looking and sleeping
        is_done_.notify_one();
    }
}

void team::take_part(std::size_t thread) {
    const auto begin = clock::now();
    work();
    seconds_[thread] += seconds_since(begin);
}

/// Iterations until there are none left. A failure ends nothing: what the others do stays whole.
void team::work() {
    for (std::size_t i; (i = next_++) < size_;) {
        try {
            (*task_)(i);
        } catch (...) {
            const std::lock_guard lock(mutex_);
            if (!failure_) failure_ = std::current_exception();
        }
    }
}

}  // namespace apical
