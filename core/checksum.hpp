// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <bit>
#include <cstdint>

namespace apical {

/// A running sum over numbers, which tells whether they have changed since: FNV-1a, 32 bits at a time. The same on every machine.
/// Against mistakes, not against malice.
class checksum {
public:
    void operator()(std::uint32_t x) { sum_ = (sum_ ^ x)*0x100000001b3; }
    void operator()(std::uint64_t x) { (*this)(static_cast<std::uint32_t>(x)), (*this)(static_cast<std::uint32_t>(x >> 32)); }
    void operator()(std::int64_t x) { (*this)(static_cast<std::uint64_t>(x)); }
    void operator()(float x) { (*this)(std::bit_cast<std::uint32_t>(x)); }
    void operator()(double x) { (*this)(std::bit_cast<std::uint64_t>(x)); }
    std::uint64_t sum() const { return sum_; }

private:
    std::uint64_t sum_ = 0xcbf29ce484222325;
};

}  // namespace apical
