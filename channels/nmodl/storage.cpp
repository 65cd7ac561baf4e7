// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/storage.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "channels/nmodl/flow.hpp"
#include "channels/nmodl/visit.hpp"

namespace apical::nmodl {
namespace {

/// Variables that stay with the instance whatever the blocks do with them.
bool belongs_to_instance(const variable& v) {
    switch (v.is) {
        case role::parameter:
        case role::assigned:
        case role::time:
        case role::step:
        case role::temperature:
        case role::flag: return false;
        default: return true;
    }
}

/// The blocks that use a local, as offsets of locals are counted block by block.
struct local_use {
    int first = -1;
    bool is_in_several = false;
};

std::vector<local_use> uses_of_locals(const program& p) {
    std::vector<local_use> uses(p.variables.size());
    int n = 0;
    const auto note = [&](int variable) {
        auto& u = uses[static_cast<std::size_t>(variable)];
        u.is_in_several = u.is_in_several || (u.first >= 0 && u.first != n);
        u.first = n;
    };
    each_block(p, [&](const block& b) {
        const auto u = usage_of(p, b);
        for (std::size_t i = 0; i < p.variables.size(); ++i)
            if (u.reads[i] || u.writes[i]) note(static_cast<int>(i));
        ++n;
    });
    for (const auto& r : p.routines) {
        for (const int a : r.arguments) uses[static_cast<std::size_t>(a)].is_in_several = true;
        if (r.result >= 0) uses[static_cast<std::size_t>(r.result)].is_in_several = true;
    }
    if (p.rates)
        for (const auto& [state, rate] : p.rates->rates) uses[static_cast<std::size_t>(rate)].is_in_several = true;
    return uses;
}

}  // namespace

void decide_storage(const syntax::file& file, program& p) {
    std::set<std::string> range;
    for (const auto& e : file.neuron.range) range.insert(e.name);
    std::vector<char> reads(p.variables.size()), writes(p.variables.size()), reads_first(p.variables.size());
    const auto add = [](std::vector<char>& to, const std::vector<char>& from) {
        std::ranges::transform(to, from, to.begin(), [](char a, char b) { return static_cast<char>(a | b); });
    };
    each_block(p, [&](const block& b) {
        const auto u = usage_of(p, b);
        add(reads, u.reads);
        add(writes, u.writes);
        add(reads_first, u.reads_first);
    });
    std::set<int> currents;
    for (const auto& c : p.currents) currents.insert(c.variable);
    for (std::size_t i = 0; i < p.variables.size(); ++i) {
        auto& v = p.variables[i];
        v.is_read = reads[i] != 0;
        v.is_written = writes[i] != 0;
        if (v.kept != storage::instance || belongs_to_instance(v)) continue;
        if (range.contains(v.name) || currents.contains(static_cast<int>(i))) continue;
        if (!v.is_written) {
            v.kept = storage::shared;
            continue;
        }
        const bool was_parameter = v.is == role::parameter;
        v.is = role::assigned;
        if (was_parameter || reads_first[i]) continue;
        v.kept = storage::local;
        v.is_public = false;
    }
}

void lay_out(program& p) {
    p.instance_size = p.shared_size = p.local_size = p.connection_size = 0;
    const auto uses = uses_of_locals(p);
    for (const int a : p.arguments) {
        p.variables[static_cast<std::size_t>(a)].offset = p.connection_size;
        p.connection_size += p.variables[static_cast<std::size_t>(a)].length;
    }
    int common = 0;
    for (std::size_t i = 0; i < p.variables.size(); ++i) {
        auto& v = p.variables[i];
        const auto take = [&](int& size) {
            v.offset = size;
            size += v.length;
        };
        if (v.kept == storage::instance) take(p.instance_size);
        else if (v.kept == storage::shared) take(p.shared_size);
        else if (v.kept == storage::local && uses[i].is_in_several) take(common);
    }
    std::vector<int> of_block;
    p.local_size = common;
    for (std::size_t i = 0; i < p.variables.size(); ++i) {
        auto& v = p.variables[i];
        if (v.kept != storage::local || uses[i].is_in_several || uses[i].first < 0) continue;
        const auto b = static_cast<std::size_t>(uses[i].first);
        if (of_block.size() <= b) of_block.resize(b + 1, common);
        v.offset = of_block[b];
        of_block[b] += v.length;
        p.local_size = std::max(p.local_size, of_block[b]);
    }
}

}  // namespace apical::nmodl
