// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/image.hpp"
#include "engine/kernels/rule_view.hpp"
#include "engine/layered/observed.hpp"
#include "engine/layered/scheme.hpp"
#include "engine/layered/stages.hpp"
#include "engine/rule_catalogue.hpp"

namespace apical::layered {

/// A trial with what is observed of it, and the columns of what each projection hears.
struct observed_trial {
    trial t;
    std::vector<observation> seen;
    std::vector<std::vector<double>> heard;    ///< [projections, then those read backwards][members of pre x columns]
    std::vector<std::vector<double>> kept, change;   ///< [projections] of schemes in time: what synapses keep in this trial, and ask for
    bool is_last_phase = false;
};

/// A projection whose weights a rule changes.
class plastic_link {
public:
    struct description {
        std::size_t link = 0;                  ///< of the wiring
        rule_entry rule;
        std::vector<double> parameters;
        double rate = 1;
        const std::vector<weight_stage>* stages = nullptr;
        bool both_ways = false;                ///< the same synapses also learn as those from above to below
        std::string where;
    };

    /// Looks up what the rule reads. Throws invalid_model naming the rule and the signal that the scheme does not offer.
    plastic_link(const description& d, const wiring& w, const scheme& s, observers& all, std::size_t index);

    std::size_t link() const { return link_; }
    bool is_clocked() const { return kernels_->on[static_cast<std::size_t>(plasticity::occasion::step)] != nullptr; }
    bool remembers() const { return kept_count_ > 0; }

    /// Makes first weights obey the stages, and gives synapses what they begin with.
    void start(wiring& w);
    /// Columns of what is heard in this trial, as it is now.
    void gather(observed_trial& t, const wiring& w, std::size_t links) const;
    /// Adds what the rule says of all trials on this occasion, in their order, to the changes of rows [from, to).
    void learn(plasticity::occasion o, double dt, std::span<observed_trial> trials, wiring& w, std::size_t from, std::size_t to);
    /// The same of the synapses read backwards, for units [from, to) below.
    void learn_backwards(plasticity::occasion o, double dt, std::span<observed_trial> trials, const wiring& w, std::size_t links, std::size_t from, std::size_t to);
    bool both_ways() const { return both_ways_; }
    /// Changes of rows so far, and of those read backwards.
    std::span<double> changes(const wiring& w, std::size_t from, std::size_t to) {
        const std::size_t columns = w.links[link_].columns();
        return std::span(change_).subspan(from*columns, (to - from)*columns);
    }
    std::span<double> changes_backwards(const wiring& w, std::size_t from, std::size_t to) {
        const std::size_t columns = w.links[link_].units;
        return std::span(change_back_).subspan(from*columns, (to - from)*columns);
    }

    /// Of schemes in time: synapses of a trial that begins, for which time passes [ms], and that learn apart from those of other trials.
    void begin_alone(observed_trial& t) const;
    void fade_alone(double ms, observed_trial& t) const { fade(ms, t.kept[index_]); }
    void learn_alone(plasticity::occasion o, double dt, observed_trial& t, wiring& w) const;
    /// Adds what the synapses of a trial ask for to the changes.
    void collect(const observed_trial& t);

    /// What is kept fades over this time [ms].
    void fade(double ms) { fade(ms, kept_); }
    /// Pending changes times a factor and the rate, which it takes away.
    std::vector<double> take_changes(const wiring& w, double factor);
    void apply(wiring& w, double factor);
    void transfer(image& i);

private:
    void finish_changes(const wiring& w, double factor);
    void forget_changes();
    void fade(double ms, std::vector<double>& kept) const;
    kernels::synapse_view view(const dense& link, double dt, const double* post, const double* third) const;
    void tell(const observed_trial& t, std::size_t unit, const std::vector<source>& sees, double* post, double* third) const;
    void gather_columns(const observed_trial& t, const std::vector<source>& from, std::size_t columns, std::vector<double>& to) const;

    std::size_t link_, index_;
    std::shared_ptr<const kernels::rule_table> kernels_;
    std::vector<double> parameters_, fades_;
    std::vector<source> hears_, sees_, hears_back_, sees_back_;
    std::size_t told_ = 0, kept_count_ = 0;
    double rate_;
    bool both_ways_;
    std::vector<double> change_, change_back_, kept_;
    pipeline stages_;
};

}  // namespace apical::layered
