// SPDX-License-Identifier: BSD-3-Clause
#include "engine/release_catalogue.hpp"

#include <algorithm>
#include <bit>

#include "core/error.hpp"
#include "generated/releases.hpp"

namespace apical {
namespace {

template <class M> using parameters_of = typename M::template parameters<double>;
template <class M> using state_of = typename M::template state<double>;

template <class M> concept chancy = requires(const parameters_of<M>& p) { M::by_chance(p); };

template <class R> R record_of(const double* from) {
    return make_record<R>([&](std::size_t i) { return from[i]; });
}

/// The functions of one model on plain arrays.
template <class M> struct plain {
    static void at_start(const double* p, double* s) {
        const auto start = M::at_start(record_of<parameters_of<M>>(p));
        for_each_member(start, [&](double x) { *s++ = x; });
    }
    static double release(double* s, const double* p, double time, const release_chance& chance) {
        auto state = record_of<state_of<M>>(s);
        const auto parameters = record_of<parameters_of<M>>(p);
        const double released = [&] {
            if constexpr (chancy<M>)
                if (M::by_chance(parameters)) {
                    random_stream draws(chance.seed, chance.stream, chance.number, std::bit_cast<std::uint64_t>(time));
                    return M::release(state, parameters, time, &draws);
                }
            return M::release(state, parameters, time, nullptr);
        }();
        for_each_member(state, [&](double x) { *s++ = x; });
        return released;
    }
};

template <class M> release_entry entry_of() {
    release_entry e{{std::string(M::info.name), std::string(M::info.summary), std::string(M::info.source), {}},
                    {member_count<state_of<M>>(), plain<M>::at_start, plain<M>::release}};
    for_each_member(M::defaults, [&](const field& f) { e.schema.parameters.push_back(f); });
    return e;
}

}  // namespace

const field* release_schema::parameter(std::string_view wanted) const {
    const auto found = std::ranges::find(parameters, wanted, &field::name);
    return found == parameters.end() ? nullptr : &*found;
}

const std::vector<release_entry>& release_models() {
    static const auto all = [] {
        std::vector<release_entry> list;
        all_releases::for_each([&]<class M>() { list.push_back(entry_of<M>()); });
        return list;
    }();
    return all;
}

const release_entry& release_model_at(std::string_view name, std::string_view where) {
    std::vector<std::string> known;
    for (const auto& e : release_models()) {
        if (e.schema.name == name) return e;
        known.push_back(e.schema.name);
    }
    throw invalid_model(std::string(where), "no model of release '" + std::string(name) + "'", suggestion(name, known));
}

}  // namespace apical
