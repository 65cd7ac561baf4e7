// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <span>
#include <vector>

#include "channels/nmodl/evaluate.hpp"
#include "core/aligned.hpp"
#include "core/pack.hpp"

namespace apical::nmodl {

/// Executes a block strip by strip: instances whose registers fit the first cache together.
class strip {
public:
    strip(const code& c, const evaluation& e);

    /// All instances.
    void run();
    void run_with_differences(double over);

private:
    /// Instances of the strip: `lanes` of them are computed, a multiple of 8, `count` are there. Where those differ, columns are copies.
    void begin(int first, int count);
    void end();
    template <class F> void for_strips(F);
    void execute(int from, int to);
    int execute_special(int pc);

    void set_uniforms();
    double* column(const column_use&) const;
    double at(int slot, int lane) const { return slots_[slot][code_.is_uniform(slot) ? 0 : lane]; }
    bool is_true(int slot, int lane) const { return slot < 0 || at(slot, lane) != 0; }
    bool any_true(int slot) const;
    void gather(const instruction&);
    void draw(const instruction&);
    void look_up(const instruction&);
    void record(const instruction&);
    void report(int site, int lane);
    void tell_events();
    int next_connection(const instruction&, int pc);
    void connected(const instruction&);

    // newton.cpp
    void solve(const code::equations&, int body);
    void difference_jacobian(const code::equations&, int body);
    void newton_step(const code::equations&, int lane);
    bool is_open() const;

    struct event { operation is; int lane; double x, y; int condition; };
    struct connection_state { int lane = -1; std::size_t next = 0; std::span<double* const> all; };

    static constexpr int width = 8;              ///< lanes are a multiple of it, whatever the machine's packs are
    static constexpr std::size_t on_stack = 5120;

    const code& code_;
    const evaluation& e_;
    int size_ = width, first_ = 0, count_ = 0, lanes_ = 0;
    alignas(64) double near_[on_stack];          ///< not initialised, as it is large and registers are written before they are read
    aligned_vector far_;
    double* registers_ = nullptr;
    double *uniforms_ = nullptr, *copies_ = nullptr;
    double *unwanted_ = nullptr, *zeros_ = nullptr;   ///< columns that nobody has, to write and to read
    std::vector<double*> slots_;
    std::vector<event> events_;
    std::vector<connection_state> loops_;

    struct newton_memory {
        std::vector<native_pack> matrix, step;
        aligned_vector jacobian, open, change, residuals, unknowns;
    };
    newton_memory newton_;
};

}  // namespace apical::nmodl
