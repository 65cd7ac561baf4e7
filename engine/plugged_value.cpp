// SPDX-License-Identifier: BSD-3-Clause
#include "engine/plugged_value.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/quantity_text.hpp"

namespace apical {
namespace {

constexpr std::size_t copies = 8;                       // as many as columns are padded to

std::size_t index(int i) { return static_cast<std::size_t>(i); }

/// One instance, with every variable as the file's blocks look for it.
class instance {
public:
    instance(const plugged_channel& channel, const plugged_place& at)
        : channel_(channel), program_(channel.source()), at_(at), values_(index(program_.instance_size)*copies), shared_(index(program_.shared_size)) {
        for (int c = 0; c < program_.instance_size; ++c) columns_.push_back(values_.data() + index(c)*copies);
        for (const auto& v : program_.variables)
            for (int e = 0; e < v.length; ++e) put(v, v.value, e);
        const auto& fields = channel.schema().parameters;
        for (std::size_t f = 0; f < fields.size(); ++f) put(program_.find(fields[f].name), at.parameters[f]/parse_unit(fields[f].unit).value);
        supply();
    }

    /// INITIAL leaves what does not change; a step of no length what states tend to, and BREAKPOINT the currents.
    double computed(int offset) {
        const std::vector<std::uint64_t> who(copies, 0);
        const nmodl::instance_view view{copies, columns_.data(), shared_.data(), who.data(), 0, 0};
        channel_.initial(view, nullptr);
        supply(), put_states();
        channel_.advance(view);
        put_states();
        std::vector<double> currents((2 + 2*program_.currents.size())*copies);
        std::vector<double*> ion_i, ion_g;
        for (std::size_t n = 0; n < program_.currents.size(); ++n)
            ion_i.push_back(currents.data() + (2 + 2*n)*copies), ion_g.push_back(currents.data() + (3 + 2*n)*copies);
        channel_.breakpoint(view, {currents.data(), currents.data() + copies, ion_i.data(), ion_g.data(), 0});
        return columns_[index(offset)][0];
    }

private:
    void put(const nmodl::variable& v, double x, int e = 0) {
        if (v.kept == nmodl::storage::instance) std::fill_n(columns_[index(v.offset + e)], copies, x);
        if (v.kept == nmodl::storage::shared) shared_[index(v.offset + e)] = x;
    }
    void put(int v, double x) {
        if (v >= 0) put(program_.variables[index(v)], x);
    }
    void put_states() {
        const auto& fields = channel_.schema().states;
        for (std::size_t s = 0; s < fields.size(); ++s) put(program_.find(fields[s].name), at_.states[s]);
    }
    /// What it sees of its place.
    void supply() {
        using nmodl::role;
        for (const auto& v : program_.variables) {
            const auto of_ion = [&](const std::array<double, ion_count>& all) {
                for (int i = 1; i < ion_count; ++i)
                    if (program_.ions[index(v.ion)].name == ion_name(static_cast<ion>(i))) put(v, all[index(i)]);
            };
            switch (v.is) {
                case role::voltage: put(v, at_.v); break;
                case role::time: put(v, at_.t); break;
                case role::step: put(v, 0); break;
                case role::temperature: put(v, at_.celsius); break;
                case role::area: put(v, at_.area); break;
                case role::diameter: put(v, at_.diameter); break;
                case role::reversal: of_ion(at_.ions.e_rev); break;
                case role::inner: of_ion(at_.ions.c_in); break;
                case role::outer: of_ion(at_.ions.c_out); break;
                default: break;
            }
        }
    }

    const plugged_channel& channel_;
    const nmodl::program& program_;
    const plugged_place& at_;
    std::vector<double> values_, shared_;
    std::vector<double*> columns_;
};

}  // namespace

double plugged_value(const plugged_channel& channel, const plugged_place& at, int offset) { return instance(channel, at).computed(offset); }

}  // namespace apical
