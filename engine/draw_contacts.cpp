// SPDX-License-Identifier: BSD-3-Clause
#include "engine/draw_contacts.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/math.hpp"

namespace apical {
namespace {

std::size_t index(int i) { return static_cast<std::size_t>(i); }

double coherent(const any_quantity& q, dimension expected, const std::string& where) {
    // a plain 0 is 0 of anything
    if (q.dimension != expected && !(q.value == 0 && q.dimension.is_none()))
        throw invalid_model(where, fmt::format("expected {}, got {}", expected.is_none() ? "a pure number" : fmt::format("a quantity in [{}]", customary_unit(expected)), to_text(q)));
    if (!std::isfinite(q.value)) throw invalid_model(where, "is not finite");
    return q.value;
}

/// The next of rising indices that an event of probability p meets, after `last`; -1 before the first.
double skip(random_stream& draws, double p, double last) { return p >= 1 ? last + 1 : last + 1 + std::floor(math::log(draws.uniform())/math::log(1 - p)); }

}  // namespace

value_drawer::value_drawer(const random_value& v, dimension expected, const std::string& where)
    : of_(v.of), mean_(coherent(v.mean, expected, where)), spread_(is_constant() ? 0 : coherent(v.spread, expected, where)),
      low_(v.low ? coherent(*v.low, expected, where) : -HUGE_VAL), high_(v.high ? coherent(*v.high, expected, where) : HUGE_VAL),
      scale_(std::abs(mean_) >= std::abs(spread_) ? mean_ : spread_) {
    if (scale_ == 0) scale_ = 1;
    if (is_constant()) {
        low_ = high_ = mean_;
        return;
    }
    if (of_ == random_value::kind::uniform) {
        low_ = std::max(low_, mean_), high_ = std::min(high_, spread_);
        mean_ = low_, spread_ = high_;
    } else if (!(spread_ >= 0)) {
        throw invalid_model(where, "a standard deviation must not be negative");
    }
    if (of_ == random_value::kind::lognormal) {
        if (!(mean_ > 0)) throw invalid_model(where, "the mean of a lognormal value must be positive");
        low_ = std::max(low_, 0.0);
        const double variance = std::log1p(spread_*spread_/(mean_*mean_));
        mean_ = std::log(mean_) - variance/2, spread_ = std::sqrt(variance);
    }
    if (!(low_ <= high_)) throw invalid_model(where, "no value lies within its bounds");
}

double value_drawer::raw(random_stream& stream) const {
    switch (of_) {
    case random_value::kind::constant: return mean_;
    case random_value::kind::uniform: return stream.uniform(mean_, spread_);
    case random_value::kind::normal: return stream.normal(mean_, spread_);
    case random_value::kind::lognormal: return math::exp(stream.normal(mean_, spread_));
    }
    return mean_;
}

double value_drawer::operator()(random_stream& stream) const {
    constexpr int most_draws = 1000;   // bounds far out: then the nearer bound
    double x = raw(stream);
    for (int n = 0; (x < low_ || x > high_) && n < most_draws; ++n) x = raw(stream);
    return std::clamp(x, low_, high_);
}

contact_drawer::contact_drawer(const projection& p, std::uint64_t seed, int sources, int targets, bool same_population,
                               const std::vector<position>& from, const std::vector<position>& to, dimension weight_unit, duration dt)
    : p_(p), seed_(seed), sources_(sources), targets_(targets), same_(same_population), from_(from), to_(to),
      weight_(p.weight, weight_unit, fmt::format("projection '{}' / weight", p.name)),
      delay_(p.delay, dimensions::time, fmt::format("projection '{}' / delay", p.name)), weight_unit_(weight_.scale()), dt_(dt.coherent()) {
    const auto where = fmt::format("projection '{}'", p.name);
    if (p.contacts < 1) throw invalid_model(where + " / contacts", fmt::format("{}", p.contacts), "at least 1");
    if (delay_.least() < dt_*(1 - 1e-9) && delay_.is_constant() && !std::holds_alternative<contact_list>(p.rule))
        throw invalid_model(where + " / delay", fmt::format("{} ms is shorter than a step of {} ms", delay_.least(), dt_), "a delay is at least one step");
    if (p.velocity && !(p.velocity->coherent() > 0)) throw invalid_model(where + " / velocity", "must be positive");
    const bool needs_positions = p.velocity || std::holds_alternative<spatial_probability>(p.rule);
    if (needs_positions && (from_.size() != index(sources_) || to_.size() != index(targets_)))
        throw invalid_model(where, fmt::format("needs positions of '{}' and '{}'", p.source, p.target), "give populations a position for each cell");
    check_rule(where + " / rule");
    if (const auto* rule = std::get_if<fixed_outdegree>(&p.rule)) draw_targets(*rule);
    if (const auto* rule = std::get_if<fixed_total>(&p.rule)) {
        first_.assign(index(targets_), 0);
        share(0, targets_, rule->connections);
    }
}

void contact_drawer::check_rule(const std::string& where) const {
    const auto probability = [&](double p) {
        if (!(p >= 0 && p <= 1)) throw invalid_model(where, fmt::format("a probability of {:g}", p), "between 0 and 1");
    };
    const auto degree = [&](std::int64_t n, bool distinct, bool self, int of) {
        if (n < 0) throw invalid_model(where, fmt::format("{} connections", n), "not negative");
        const int available = same_ && !self ? of - 1 : of;
        if (n > 0 && (available < 1 || (distinct && n > available)))
            throw invalid_model(where, fmt::format("{} of {} cells", n, available), "no more than there are, or with repetition");
    };
    if (const auto* r = std::get_if<pairwise_probability>(&p_.rule)) probability(r->p);
    if (const auto* r = std::get_if<spatial_probability>(&p_.rule)) {
        probability(r->most);
        if (!r->p) throw invalid_model(where, "gives no probability");
    }
    if (const auto* r = std::get_if<fixed_indegree>(&p_.rule)) degree(r->sources, r->distinct, r->self, sources_);
    if (const auto* r = std::get_if<fixed_outdegree>(&p_.rule)) degree(r->targets, r->distinct, r->self, targets_);
    if (const auto* r = std::get_if<fixed_total>(&p_.rule); r && r->connections < 0) throw invalid_model(where, "a negative number of connections");
    if (std::holds_alternative<one_to_one>(p_.rule) && sources_ != targets_)
        throw invalid_model(where, fmt::format("one to one, but {} sources and {} targets", sources_, targets_));
    if (const auto* r = std::get_if<contact_list>(&p_.rule); r && !r->onto) throw invalid_model(where, "a list without contacts");
}

random_stream contact_drawer::stream(std::string_view purpose, int target) const {
    return random_stream(seed_, identity(p_.name), identity(purpose), static_cast<std::uint64_t>(target));
}

void contact_drawer::apply(const all_to_all& rule, int target, std::vector<int>& to) const {
    for (int s = 0; s < sources_; ++s)
        if (rule.self || !same_ || s != target) to.push_back(s);
}
void contact_drawer::apply(const one_to_one&, int target, std::vector<int>& to) const { to.push_back(target); }

void contact_drawer::apply(const pairwise_probability& rule, int target, std::vector<int>& to) const {
    if (!(rule.p > 0)) return;
    auto draws = stream("pairs", target);
    for (double s = skip(draws, rule.p, -1); s < sources_; s = skip(draws, rule.p, s))
        if (const int source = static_cast<int>(s); rule.self || !same_ || source != target) to.push_back(source);
}

void contact_drawer::apply(const spatial_probability& rule, int target, std::vector<int>& to) const {
    if (!(rule.most > 0)) return;
    auto draws = stream("pairs", target);
    for (double s = skip(draws, rule.most, -1); s < sources_; s = skip(draws, rule.most, s)) {
        const int source = static_cast<int>(s);
        const double u = draws.uniform(), p = rule.p(from_[index(source)], to_[index(target)]);
        if (!(p >= 0 && p <= rule.most*(1 + 1e-12)))
            throw invalid_model(fmt::format("projection '{}' / rule", p_.name), fmt::format("probability {:g} of {} to {}", p, source, target), fmt::format("between 0 and `most`, {:g}", rule.most));
        if (u*rule.most < p && (rule.self || !same_ || source != target)) to.push_back(source);
    }
}

/// `count` of the numbers below `of`, without the excluded one (-1: none).
void contact_drawer::some(random_stream& draws, int count, bool distinct, int excluded, int of, std::vector<int>& to) const {
    const int available = of - (excluded >= 0 ? 1 : 0);
    const auto real = [&](int i) { return excluded >= 0 && i >= excluded ? i + 1 : i; };
    if (!distinct) {
        for (int k = 0; k < count; ++k) to.push_back(real(static_cast<int>(draws.below(static_cast<std::uint64_t>(available)))));
        return;
    }
    if (count > available/4) {   // each in turn, with the probability that is left
        for (int i = 0, left = count; left > 0; ++i)
            if (draws.uniform()*(available - i) < left) to.push_back(real(i)), --left;
        return;
    }
    std::set<int> chosen;
    while (static_cast<int>(chosen.size()) < count) chosen.insert(static_cast<int>(draws.below(static_cast<std::uint64_t>(available))));
    for (const int i : chosen) to.push_back(real(i));
}

void contact_drawer::apply(const fixed_indegree& rule, int target, std::vector<int>& to) const {
    auto draws = stream("pairs", target);
    some(draws, rule.sources, rule.distinct, same_ && !rule.self ? target : -1, sources_, to);
}

void contact_drawer::draw_targets(const fixed_outdegree& rule) {
    std::vector<int> chosen;
    std::vector<std::pair<int, int>> pairs;        // target, source
    for (int s = 0; s < sources_; ++s) {
        auto draws = stream("pairs", s);
        chosen.clear();
        some(draws, rule.targets, rule.distinct, same_ && !rule.self ? s : -1, targets_, chosen);
        for (const int t : chosen) pairs.emplace_back(t, s);
    }
    std::ranges::stable_sort(pairs, {}, &std::pair<int, int>::first);
    first_.assign(index(targets_) + 1, 0);
    for (const auto& [t, s] : pairs) ++first_[index(t) + 1], by_target_.push_back(s);
    for (std::size_t t = 1; t < first_.size(); ++t) first_[t] += first_[t - 1];
}
void contact_drawer::apply(const fixed_outdegree&, int target, std::vector<int>& to) const {
    to.insert(to.end(), by_target_.begin() + first_[index(target)], by_target_.begin() + first_[index(target) + 1]);
}

/// How many of all connections fall to each target is found by halving: how many of those of a range of targets lie in its lower half is
/// one binomial draw, which belongs to the range.
void contact_drawer::share(int low, int high, std::int64_t connections) {
    if (connections == 0 || low == high) return;
    if (high - low == 1) {
        if (connections > std::numeric_limits<std::uint32_t>::max()) throw invalid_model(fmt::format("projection '{}' / rule", p_.name), fmt::format("{} connections onto one cell", connections));
        first_[index(low)] = static_cast<std::uint32_t>(connections);
        return;
    }
    const int middle = low + (high - low)/2;
    random_stream draws(seed_, identity(p_.name), identity("halves"), static_cast<std::uint64_t>(low) << 32 | static_cast<std::uint64_t>(high));
    const auto lower = draws.binomial(connections, static_cast<double>(middle - low)/(high - low));
    share(low, middle, lower), share(middle, high, connections - lower);
}
void contact_drawer::apply(const fixed_total&, int target, std::vector<int>& to) const {
    auto draws = stream("pairs", target);
    for (auto left = first_[index(target)]; left > 0; --left) to.push_back(static_cast<int>(draws.below(static_cast<std::uint64_t>(sources_))));
}

void contact_drawer::sources_of(int target, std::vector<int>& sources) const {
    std::visit([&](const auto& rule) { apply(rule, target, sources); }, p_.rule);
}

double contact_drawer::conduction(int source, int target) const {
    return p_.velocity ? distance(from_[index(source)], to_[index(target)])/p_.velocity->coherent() : 0;
}

/// What is drawn has the precision of a float, so that tables of many connections need not hold more.
double contact_drawer::weight_of(random_stream& draws) const {
    return weight_.is_constant() ? weight_(draws) : weight_unit_*static_cast<double>(static_cast<float>(weight_(draws)/weight_unit_));
}

/// What is drawn or depends on a distance is rounded to whole steps, so that a table of few delays does.
double contact_drawer::delay_of(double drawn, int source, int target) const {
    if (delay_.is_constant() && !p_.velocity) return drawn;
    return std::max(1.0, std::round((drawn + conduction(source, target))/dt_))*dt_;
}

void contact_drawer::listed(const contact_list& list, int target, std::vector<drawn_contact>& contacts) const {
    std::vector<contact> given;
    list.onto(target, given);
    auto draws = stream("values", target);
    for (const auto& c : given) {
        const auto where = fmt::format("projection '{}' / contact {} -> {}", p_.name, c.source, target);
        if (c.source < 0 || c.source >= sources_) throw invalid_model(where, fmt::format("no cell {} in '{}'", c.source, p_.source), fmt::format("it has {}", sources_));
        const double drawn = delay_(draws), weight = weight_of(draws);
        const double delay = std::isnan(c.delay) ? delay_of(drawn, c.source, target) : c.delay;
        if (!(delay >= dt_*(1 - 1e-9) && delay < 1e6))
            throw invalid_model(where, fmt::format("a delay of {} ms", delay), fmt::format("at least one step of {} ms", dt_));
        const double w = std::isnan(c.weight) ? weight : c.weight;
        if (!std::isfinite(w)) throw invalid_model(where, "the weight is not finite");
        contacts.push_back({c.source, w, delay, c.where});
    }
}

void contact_drawer::onto(int target, std::vector<drawn_contact>& contacts) const {
    if (const auto* list = std::get_if<contact_list>(&p_.rule)) return listed(*list, target, contacts);
    std::vector<int> sources;
    sources_of(target, sources);
    auto draws = stream("values", target);
    for (const int s : sources) {
        const double delay = delay_of(delay_(draws), s, target);
        for (int k = 0; k < p_.contacts; ++k) contacts.push_back({s, weight_of(draws), delay, {-1, 0}});
    }
}

}  // namespace apical
