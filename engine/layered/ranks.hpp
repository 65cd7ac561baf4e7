// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>
#include <type_traits>
#include <vector>

#include "core/error.hpp"
#include "engine/communicator.hpp"

/// Work of a layered net that processes divide among themselves. Each does a run of what is numbered, and then all have everything.
namespace apical::layered {

/// Numbers [from, to).
struct stretch {
    std::size_t from = 0, to = 0;
    std::size_t count() const { return to - from; }
};

class ranks {
public:
    explicit ranks(communicator* all) : all_(all) {}

    std::size_t size() const { return all_ ? static_cast<std::size_t>(all_->size()) : 1; }
    std::size_t me() const { return all_ ? static_cast<std::size_t>(all_->rank()) : 0; }
    /// What a process does of n.
    stretch of(std::size_t rank, std::size_t n) const { return {n*rank/size(), n*(rank + 1)/size()}; }
    stretch mine(std::size_t n) const { return of(me(), n); }

    /// What each process gives, [processes]. All call it together.
    std::vector<std::vector<double>> exchange(const std::vector<double>& mine) const;
    /// Fills a list, of which this process has filled the part from `mine.from*each` on, with the parts of the others; `n` is of what was
    /// divided, and `each` the elements of one.
    template <class T> void complete(std::span<T> list, std::size_t n, std::size_t each) const {
        static_assert(std::is_trivially_copyable_v<T> && sizeof(T) % sizeof(double) == 0);
        if (size() == 1) return;
        const auto place = [&](std::size_t k) { return std::min(list.size(), k*each); };
        const auto part = [&](stretch s) { return list.subspan(place(s.from), place(s.to) - place(s.from)); };
        const auto own = part(mine(n));
        std::vector<double> given(own.size_bytes()/sizeof(double));
        if (!given.empty()) std::memcpy(given.data(), own.data(), own.size_bytes());
        const auto everyones = exchange(given);
        for (std::size_t r = 0; r < size(); ++r) {
            const auto theirs = part(of(r, n));
            if (r == me() || theirs.empty()) continue;
            if (everyones[r].size()*sizeof(double) != theirs.size_bytes()) throw mpi_failure("MPI / layered net", "processes do not agree on what they divide");
            std::memcpy(static_cast<void*>(theirs.data()), everyones[r].data(), theirs.size_bytes());
        }
    }

private:
    communicator* all_;
};

}  // namespace apical::layered
