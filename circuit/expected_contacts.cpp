// SPDX-License-Identifier: BSD-3-Clause
#include "circuit/expected_contacts.hpp"

#include <algorithm>

namespace apical {
namespace {

constexpr int most_looked_at = 100, most_sources = 10000;

std::size_t index(int i) { return static_cast<std::size_t>(i); }

/// f(target) in the mean over some of them.
template <class F> double mean_of_some(int targets, F&& f) {
    const int n = std::min(targets, most_looked_at);
    double sum = 0;
    for (int k = 0; k < n; ++k) sum += f(static_cast<int>(static_cast<std::int64_t>(k)*targets/n));
    return n > 0 ? sum/n : 0;
}

/// Both ends of a projection.
struct ends {
    int sources, targets;
    bool same;
    const std::vector<position>& from;
    const std::vector<position>& to;

    double without_itself(bool self) const { return same && !self ? sources - 1 : sources; }

    double pairs(const all_to_all& r) const { return without_itself(r.self); }
    double pairs(const one_to_one&) const { return 1; }
    double pairs(const pairwise_probability& r) const { return r.p*without_itself(r.self); }
    double pairs(const fixed_indegree& r) const { return r.sources; }
    double pairs(const fixed_outdegree& r) const { return static_cast<double>(r.targets)*sources/targets; }
    double pairs(const fixed_total& r) const { return static_cast<double>(r.connections)/targets; }
    double pairs(const spatial_probability& r) const {
        if (from.size() != index(sources) || to.size() != index(targets) || !r.p) return 0;
        const int n = std::min(sources, most_sources);
        return mean_of_some(targets, [&](int target) {
            double sum = 0;
            for (int k = 0; k < n; ++k)
                if (const auto s = static_cast<int>(static_cast<std::int64_t>(k)*sources/n); r.self || !same || s != target) sum += r.p(from[index(s)], to[index(target)]);
            return sum*sources/n;
        });
    }
    double pairs(const contact_list& r) const {
        if (!r.onto) return 0;
        std::vector<contact> contacts;
        return mean_of_some(targets, [&](int target) {
            contacts.clear();
            r.onto(target, contacts);
            return static_cast<double>(contacts.size());
        });
    }
};

}  // namespace

double expected_contacts(const circuit& c, const projection& p) {
    static const std::vector<position> unknown;
    const auto target = std::ranges::find(c.populations, p.target, &population::name);
    const auto source = std::ranges::find(c.populations, p.source, &population::name);
    const auto outside = std::ranges::find(c.spike_sources, p.source, &spike_source::name);
    if (target == c.populations.end() || (source == c.populations.end() && outside == c.spike_sources.end())) return 0;
    const bool is_cells = source != c.populations.end();
    const ends e{is_cells ? source->size : outside->size, target->size, p.source == p.target, is_cells ? source->positions : unknown, target->positions};
    const double pairs = std::visit([&](const auto& rule) { return e.pairs(rule); }, p.rule);
    return std::holds_alternative<contact_list>(p.rule) ? pairs : pairs*p.contacts;
}

}  // namespace apical
