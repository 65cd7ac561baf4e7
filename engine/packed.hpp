// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstring>
#include <span>
#include <stdexcept>
#include <type_traits>
#include <vector>

namespace apical {

/// Plain values one after the other, as bytes: what processes of one program send each other.
class packer {
public:
    template <class T> void put(const T& x) {
        static_assert(std::is_trivially_copyable_v<T>);
        add(&x, sizeof x);
    }
    template <class T> void put_list(std::span<const T> list) {
        static_assert(std::is_trivially_copyable_v<T>);
        put(list.size());
        add(list.data(), list.size_bytes());
    }
    const std::vector<std::byte>& bytes() const { return bytes_; }

private:
    void add(const void* from, std::size_t n) {
        const auto* first = static_cast<const std::byte*>(from);
        bytes_.insert(bytes_.end(), first, first + n);
    }
    std::vector<std::byte> bytes_;
};

/// Takes them out again, in the same order. Throws std::out_of_range if there are fewer.
class unpacker {
public:
    explicit unpacker(std::span<const std::byte> bytes) : left_(bytes) {}
    template <class T> T get() {
        T x;
        std::memcpy(&x, take(1, sizeof x), sizeof x);
        return x;
    }
    template <class T> std::vector<T> get_list() {
        const auto n = get<std::size_t>();
        const auto* from = take(n, sizeof(T));
        std::vector<T> list(n);
        if (n > 0) std::memcpy(list.data(), from, n*sizeof(T));
        return list;
    }
    bool is_empty() const { return left_.empty(); }

private:
    const std::byte* take(std::size_t n, std::size_t size) {
        if (n > left_.size()/size) throw std::out_of_range("fewer bytes than are taken out");
        const auto* from = left_.data();
        left_ = left_.subspan(n*size);
        return from;
    }
    std::span<const std::byte> left_;
};

}  // namespace apical
