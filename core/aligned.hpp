// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <new>
#include <vector>

namespace apical {

/// Allocates at cache-line boundaries, so that packs never straddle two lines.
template <class T> struct aligned_allocator {
    using value_type = T;
    static constexpr std::align_val_t alignment{64};

    aligned_allocator() = default;
    template <class U> aligned_allocator(const aligned_allocator<U>&) {}
    T* allocate(std::size_t n) { return static_cast<T*>(::operator new(n*sizeof(T), alignment)); }
    void deallocate(T* p, std::size_t) { ::operator delete(p, alignment); }
    bool operator==(const aligned_allocator&) const = default;
};

using aligned_vector = std::vector<double, aligned_allocator<double>>;
using aligned_singles = std::vector<float, aligned_allocator<float>>;

}  // namespace apical
