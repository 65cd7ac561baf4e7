// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <vector>

namespace apical {

/// The mutable state of something as plain numbers, written to or read back from. What has state has one function, transfer(image&),
/// that does both, so that they cannot differ. Whole numbers are kept as doubles, which hold them up to 2^53; the largest there is, which
/// stands for never, as infinity. Reading throws std::out_of_range where the numbers cannot be what was written.
class image {
public:
    /// To be written to.
    image() = default;
    /// To be read from.
    explicit image(std::vector<double> numbers) : numbers_(std::move(numbers)), reads_(true) {}

    bool reads() const { return reads_; }
    const std::vector<double>& numbers() const { return numbers_; }
    /// Whether all has been read.
    bool is_at_end() const { return at_ == numbers_.size(); }

    void operator()(double& x) {
        if (!reads_) return numbers_.push_back(x);
        if (at_ >= numbers_.size()) throw std::out_of_range("an image has less in it than what is read from it");
        x = numbers_[at_++];
    }
    template <std::integral T> void operator()(T& x) {
        constexpr T never = std::numeric_limits<T>::max();
        constexpr double infinite = std::numeric_limits<double>::infinity();
        double number = sizeof(T) == 8 && x == never ? infinite : static_cast<double>(x);
        (*this)(number);
        if (reads_) x = sizeof(T) == 8 && number == infinite ? never : whole<T>(number);
    }
    template <class A> void operator()(std::vector<double, A>& list) {
        resize(list);
        for (double& x : list) (*this)(x);
    }
    /// A list, and f(element) for each.
    template <class T, class F> void operator()(std::vector<T>& list, F&& f) {
        resize(list);
        for (auto& x : list) f(x);
    }

private:
    template <std::integral T> static T whole(double number) {
        using limits = std::numeric_limits<T>;
        if (!(number >= static_cast<double>(limits::lowest()) && number < static_cast<double>(limits::max()) + 1))
            throw std::out_of_range("an image has a number in it that is larger than it can be");
        return static_cast<T>(number);
    }
    template <class L> void resize(L& list) {
        std::size_t size = list.size();
        (*this)(size);
        if (!reads_) return;
        if (size > numbers_.size()*64) throw std::out_of_range("an image has a list in it that is longer than all of it");
        list.resize(size);
    }

    std::vector<double> numbers_;
    std::size_t at_ = 0;
    bool reads_ = false;
};

}  // namespace apical
