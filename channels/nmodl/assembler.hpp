// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "channels/nmodl/bytecode.hpp"

namespace apical::nmodl {

/// Puts instructions together. Values are numbered; the same operation on the same values is one value within a scope, what depends on
/// numbers alone is worked out, and what all instances share goes to the prologue. finish() leaves out what nobody needs, and finds
/// registers.
class assembler {
public:
    using value = int;

    value number(double);
    value uniform(uniform_value);
    value column(column_use);
    value apply(operation, value a, value b = -1, value c = -1);

    /// A register that is written more than once, and writing it.
    value cell();
    value cell(value initial);
    void set(value cell, value);
    void set(value cell, operation, value a, value b, value c = -1);

    /// An instruction that is not arithmetic; a value if `has_result`. `uses` are operands beyond a, b and c.
    value emit(instruction, bool has_result, std::vector<value> uses = {});
    void store(column_use, value);
    void accumulate(column_use, value);
    /// Stores follow.
    void begin_stores();
    /// The same value, and in a register if it was in a column: where that is written before it is read.
    value settled(value);

    /// A place to jump to, and where it is.
    int label();
    void bind(int label);
    void jump(operation, value condition, int to);
    /// Between those, instructions are run again and again.
    void begin_loop();
    void end_loop();
    /// What is computed within is not known without.
    void begin_scope();
    void end_scope();

    bool is_number(value v) const { return values_[v].is == kind::number; }
    bool is_number(value v, double x) const { return is_number(v) && values_[v].number == x; }
    double number_of(value v) const { return values_[v].number; }
    /// 0 or 1 and nothing else.
    bool is_truth(value v) const;

    code& target() { return code_; }
    code finish();

private:
    enum class kind { number, uniform, column, computed };
    struct origin {
        kind is = kind::computed;
        double number = 0;
        int index = -1;                            ///< into code::uniforms or code::columns; of a register, once it has one
        operation by = operation::load;            ///< of what is computed once
        value of = -1;
    };
    struct draft : instruction { std::vector<value> uses; };
    struct span_of { int begin = 0, end = 0; };
    using key = std::array<int, 4>;

    value add(origin);
    value simplified(operation, value a, value b, value c);
    bool is_uniform(value v) const { return values_[v].is == kind::uniform || values_[v].is == kind::number; }
    template <class F> static void for_uses(const draft&, F);
    std::vector<char> needed() const;
    bool remove_unneeded();
    void keep(const std::vector<char>& which);
    std::vector<span_of> lifetimes() const;
    void allocate();
    int slot(value) const;
    void to_slots();

    code code_;
    std::vector<origin> values_;
    std::vector<draft> drafts_, prologue_;
    std::map<key, value> known_, known_uniform_;
    std::vector<std::vector<key>> scopes_;
    std::map<std::uint64_t, value> numbers_;       ///< by their bits
    std::map<std::pair<int, int>, value> uniforms_, columns_;   ///< by kind and index
    std::vector<int> labels_;                      ///< positions in drafts_
    std::vector<span_of> loops_;
    std::vector<int> open_loops_;
    int stores_ = -1;                              ///< label
};

}  // namespace apical::nmodl
