// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

namespace apical {

/// Threads that share out the iterations of loops. The calling thread is one of them; if the system gives fewer, these do it all.
class team {
public:
    explicit team(int threads);
    ~team();
    team(const team&) = delete;
    team& operator=(const team&) = delete;

    /// Calls f(i) for i in [0, n), each once, in no order. Throws what the first call to fail has thrown, when all threads are done.
    void for_each(std::size_t n, const std::function<void(std::size_t)>& f);
    /// Time that each thread has spent in loops, the calling thread first [s]. Not while a loop is under way.
    std::span<const double> busy() const { return seconds_; }

private:
    void wait_for_work(std::size_t thread);
    void take_part(std::size_t thread);
    void work();

    std::mutex mutex_;
    std::condition_variable begins_, is_done_;
    const std::function<void(std::size_t)>* task_ = nullptr;
    std::size_t size_ = 0;
    std::atomic<std::size_t> next_ = 0, busy_ = 0;   // the next iteration, and how many helpers are not done
    std::atomic<std::size_t> round_ = 0;       // of calls of for_each: helpers join each once
    std::atomic<bool> ends_ = false;
    std::exception_ptr failure_;
    std::vector<double> seconds_;              // [threads]
    std::vector<std::jthread> helpers_;        // last, so that they end before what they look at
};

}  // namespace apical
