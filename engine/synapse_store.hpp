// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cstddef>

#include "core/aligned.hpp"
#include "core/image.hpp"

namespace apical {

/// Numbers of synapses, so many of each.
///
/// As records one synapse lies beside the other: what one needs is one line of memory, and an arrival somewhere among a million waits for it
/// once. As columns one number of all synapses lies together, for rules that go through all of them in every step. Functions of a
/// rule want columns: a few synapses of a store of records are copied into columns, and back.
class synapse_store {
public:
    enum class layout { records, columns };
    static constexpr std::size_t most = 512;       ///< synapses that are copied at once

    /// Numbers of synapses [first, end) as columns: that of column c and synapse first + k is at column(c)[k].
    struct slice {
        std::size_t first = 0, end = 0;
        double* numbers = nullptr;
        std::size_t stride = 0;
        double* column(std::size_t c) const { return numbers + c*stride; }
        std::size_t size() const { return end - first; }
    };

    synapse_store() = default;
    synapse_store(std::size_t synapses, std::size_t columns, layout how)
        : synapses_(synapses), columns_(columns), how_(how), numbers_(synapses*columns, 0.0), copy_(how == layout::records ? columns*most : 0) {}

    std::size_t size() const { return synapses_; }
    double& at(std::size_t column, std::size_t synapse) { return numbers_[place(column, synapse)]; }
    double at(std::size_t column, std::size_t synapse) const { return numbers_[place(column, synapse)]; }
    void fill(std::size_t column, double x) {
        for (std::size_t k = 0; k < synapses_; ++k) at(column, k) = x;
    }

    /// Some synapses; of records at most `most`, and only one such slice at a time.
    slice open(std::size_t first, std::size_t end) {
        if (how_ == layout::columns) return {first, end, numbers_.data() + first, synapses_};
        double* const record = numbers_.data() + first*columns_;
        if (end == first + 1) return {first, end, record, 1};
        for (std::size_t k = 0; k < end - first; ++k)
            for (std::size_t c = 0; c < columns_; ++c) copy_[c*most + k] = record[k*columns_ + c];
        return {first, end, copy_.data(), most};
    }
    /// Keeps what has become of them.
    void close(const slice& s) {
        if (s.numbers != copy_.data() || copy_.empty()) return;
        double* const record = numbers_.data() + s.first*columns_;
        for (std::size_t k = 0; k < s.size(); ++k)
            for (std::size_t c = 0; c < columns_; ++c) record[k*columns_ + c] = copy_[c*most + k];
    }
    /// Asks the memory for what an arrival at a synapse will need.
    void expect(std::size_t synapse) const {
        if (how_ == layout::records) {
            const double* const record = numbers_.data() + synapse*columns_;
            __builtin_prefetch(record, 1);
            __builtin_prefetch(record + columns_ - 1, 1);
        } else {
            for (std::size_t c = 0; c < columns_; ++c) __builtin_prefetch(numbers_.data() + c*synapses_ + synapse, 1);
        }
    }

    std::size_t bytes() const { return numbers_.size()*sizeof(double); }
    void transfer(image& i) { i(numbers_); }

private:
    std::size_t place(std::size_t column, std::size_t synapse) const {
        return how_ == layout::records ? synapse*columns_ + column : column*synapses_ + synapse;
    }

    std::size_t synapses_ = 0, columns_ = 0;
    layout how_ = layout::columns;
    aligned_vector numbers_;
    aligned_vector copy_;                          // [columns x most], of records
};

}  // namespace apical
