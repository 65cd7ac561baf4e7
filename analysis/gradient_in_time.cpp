// SPDX-License-Identifier: BSD-3-Clause
#include "analysis/gradient_in_time.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/random.hpp"

namespace apical {
namespace {

using vectors = std::vector<std::vector<double>>;

/// A net of the scheme, as this file understands it: nothing here is shared with the engine, which it is to judge.
class unrolled {
public:
    unrolled(const layered_training& run, const data_set& d, double longest) : run_(run), d_(d), seed_(run.options().seed), longest_(longest) {
        for (const auto& part : layered_schemes())
            if (part.name == "recurrent")
                for (const auto& f : part.settings) s_[std::string(f.name)] = f.value;
        for (const auto& [name, value] : run.net().settings) s_[name] = value;
        for (const auto& l : run.net().layers) size_.push_back(static_cast<std::size_t>(l.units));
        hold_ = static_cast<std::size_t>(s_["hold"]), steps_ = d.rows*hold_;
        const double dt = s_["dt"];
        dt_ = dt, threshold_ = s_["threshold"], damping_ = s_["damping"], answer_ = s_["answer"], adaptation_ = s_["adaptation"], is_chance_ = s_["chance"] != 0;
        a_ = std::exp(-dt/s_["tau"]), k_ = std::exp(-dt/s_["tau_out"]), r_ = std::exp(-dt/s_["tau_a"]);
        const auto learning = run.net().learning.find("forward");
        if (learning == run.net().learning.end() || learning->second.rule != "eprop") return;
        const auto& p = learning->second.parameters;
        if (p.contains("c_rate")) c_rate_ = p.at("c_rate");
        if (p.contains("r_target")) r_target_ = p.at("r_target");
    }

    void descend(std::size_t example, std::uint64_t number, direction_in_time& sum) {
        go(example, number);
        come_back(sum);
    }

private:
    std::size_t top() const { return size_.size() - 1; }
    bool is_told(std::size_t step) const { return answer_ <= 0 || static_cast<double>(steps_ - step)*dt_ <= answer_*(1 + 1e-9); }
    void input(std::size_t example, std::uint64_t number, std::size_t step, double* to) const {
        const double* x = d_.input(example) + step/hold_*size_[0];
        random_stream draw(seed_, identity("input spikes"), number, step);
        for (std::size_t k = 0; k < size_[0]; ++k) to[k] = is_chance_ ? (draw.uniform() < x[k] ? 1.0 : 0.0) : x[k];
    }

    /// Forward in time. z[l] and slope[l]: [steps][units]; wrong: [steps][outputs].
    void go(std::size_t example, std::uint64_t number) {
        z_.assign(size_.size(), {}), slope_ = z_;
        for (std::size_t l = 0; l < top(); ++l) z_[l].assign(steps_*size_[l], 0.0), slope_[l] = z_[l];
        vectors v(size_.size()), raised(size_.size()), rests(size_.size());
        for (std::size_t l = 0; l < size_.size(); ++l) v[l].assign(size_[l], 0.0), raised[l] = rests[l] = v[l];
        wrong_.assign(steps_*size_[top()], 0.0);
        const double rest = std::round(s_["refractory"]/dt_);
        for (std::size_t t = 0; t < steps_; ++t) {
            input(example, number, t, z_[0].data() + t*size_[0]);
            for (std::size_t l = 1; l < top(); ++l)
                for (std::size_t i = 0; i < size_[l]; ++i) {
                    const double spiked = t > 0 ? z_[l][(t - 1)*size_[l] + i] : 0;
                    const double drive = t > 0 ? sum(run_.weights("forward", l - 1), z_[l - 1], size_[l - 1], t - 1, i) + sum(run_.weights("recurrent", l - 1), z_[l], size_[l], t - 1, i) : 0;
                    v[l][i] = a_*(v[l][i] - threshold_*spiked + drive), raised[l][i] = r_*(raised[l][i] + spiked);
                    rests[l][i] = spiked > 0 ? rest : std::max(0.0, rests[l][i] - 1);
                    if (rests[l][i] > 0) continue;
                    const double above = v[l][i] - threshold_ - adaptation_*raised[l][i];
                    z_[l][t*size_[l] + i] = above > 0 ? 1 : 0;
                    slope_[l][t*size_[l] + i] = damping_/threshold_*std::max(0.0, 1 - std::abs(above)/threshold_);
                }
            answer(example, t, v[top()]);
        }
    }
    void answer(std::size_t example, std::size_t t, std::vector<double>& y) {
        const std::size_t below = top() - 1, n = size_[top()];
        for (std::size_t i = 0; i < n; ++i) y[i] = k_*(y[i] + (t > 0 ? sum(run_.weights("forward", below), z_[below], size_[below], t - 1, i) : 0.0));
        if (!is_told(t)) return;
        auto shown = y;
        if (run_.net().measure == layered_net::loss::cross_entropy) {
            double whole = 0;
            for (double& x : shown) whole += x = std::exp(x);
            for (double& x : shown) x /= whole;
        }
        for (std::size_t i = 0; i < n; ++i) wrong_[t*n + i] = d_.target(example)[(d_.target_rows > 1 ? t/hold_*n : 0) + i] - shown[i];
    }
    static double sum(const std::vector<double>& w, const std::vector<double>& z, std::size_t columns, std::size_t t, std::size_t i) {
        double all = 0;
        for (std::size_t j = 0; j < columns; ++j) all += w[i*columns + j]*z[t*columns + j];
        return all;
    }

    /// Backward in time.
    void come_back(direction_in_time& to) {
        const std::size_t n_out = size_[top()];
        std::vector<double> of_output(n_out, 0.0);
        vectors of_v(size_.size()), of_raised(size_.size()), off(size_.size());
        for (std::size_t l = 1; l < top(); ++l) {
            of_v[l].assign(size_[l], 0.0), of_raised[l] = off[l] = of_v[l];
            for (std::size_t t = 0; t < steps_; ++t)
                for (std::size_t i = 0; i < size_[l]; ++i) off[l][i] += z_[l][t*size_[l] + i];
            for (double& x : off[l]) x = c_rate_*(x/(static_cast<double>(steps_)*dt_) - r_target_);
        }
        for (std::size_t t = steps_; t-- > 0;) {
            const auto later_output = of_output;
            const auto later_v = of_v;
            for (std::size_t k = 0; k < n_out; ++k) of_output[k] = wrong_[t*n_out + k] + k_*of_output[k];
            for (std::size_t l = 1; l < top(); ++l)
                for (std::size_t i = 0; i < size_[l]; ++i) {
                    double of_spike = r_*of_raised[l][i] - off[l][i] + a_*back(run_.weights("recurrent", l - 1), later_v[l], size_[l], i);
                    of_spike += l + 1 == top() ? k_*back(run_.weights("forward", l), later_output, size_[l], i) : a_*back(run_.weights("forward", l), later_v[l + 1], size_[l], i);
                    const double through = slope_[l][t*size_[l] + i]*of_spike;
                    of_v[l][i] = through + a_*of_v[l][i];
                    of_raised[l][i] = r_*of_raised[l][i] - adaptation_*through;
                }
            for (std::size_t l = 1; l < top(); ++l) hold(of_v[l]);
            if (t == 0) break;
            for (std::size_t l = 1; l < top(); ++l) add(to.forward[l - 1], of_v[l], a_, z_[l - 1], size_[l - 1], t - 1), add(to.recurrent[l - 1], of_v[l], a_, z_[l], size_[l], t - 1);
            add(to.forward[top() - 1], of_output, k_, z_[top() - 1], size_[top() - 1], t - 1);
        }
    }
    /// What is longer than the longest is shortened.
    void hold(std::vector<double>& of) const {
        double squares = 0;
        for (const double x : of) squares += x*x;
        if (squares <= longest_*longest_) return;
        for (double& x : of) x *= longest_/std::sqrt(squares);
    }
    static double back(const std::vector<double>& w, const std::vector<double>& of, std::size_t columns, std::size_t j) {
        double all = 0;
        for (std::size_t i = 0; i < of.size(); ++i) all += w[i*columns + j]*of[i];
        return all;
    }
    static void add(std::vector<double>& to, const std::vector<double>& of, double factor, const std::vector<double>& z, std::size_t columns, std::size_t t) {
        for (std::size_t j = 0; j < columns; ++j) {
            const double x = z[t*columns + j];
            if (x == 0) continue;
            for (std::size_t i = 0; i < of.size(); ++i) to[i*columns + j] += factor*x*of[i];
        }
    }

    const layered_training& run_;
    const data_set& d_;
    std::uint64_t seed_;
    double longest_;
    std::map<std::string, double> s_;
    std::vector<std::size_t> size_;
    std::size_t hold_ = 1, steps_ = 1;
    bool is_chance_ = false;
    double dt_ = 1, threshold_ = 1, damping_ = 1, answer_ = 0, adaptation_ = 0, a_ = 0, k_ = 0, r_ = 0, c_rate_ = 0, r_target_ = 0.01;
    vectors z_, slope_;
    std::vector<double> wrong_;
};

}  // namespace

direction_in_time descent_in_time(const layered_training& run, const data_set& d, std::uint64_t first, double longest) {
    if (run.net().scheme != "recurrent") throw unsupported("gradient through time", fmt::format("of the scheme '{}'", run.net().scheme), "recurrent");
    direction_in_time sum;
    for (std::size_t k = 0; k < run.projections("forward"); ++k) sum.forward.emplace_back(run.weights("forward", k).size(), 0.0);
    for (std::size_t k = 0; k + 1 < sum.forward.size(); ++k) sum.recurrent.emplace_back(run.weights("recurrent", k).size(), 0.0);
    unrolled net(run, d, longest);
    for (std::size_t i = 0; i < d.size(); ++i) net.descend(i, first + i, sum);
    for (auto* list : {&sum.forward, &sum.recurrent})
        for (auto& w : *list)
            for (double& x : w) x /= static_cast<double>(d.size());
    for (std::size_t k = 0; k < sum.recurrent.size(); ++k) {   // there is none from a unit to itself
        const auto n = static_cast<std::size_t>(run.net().layers[k + 1].units);
        for (std::size_t i = 0; i < n; ++i) sum.recurrent[k][i*n + i] = 0;
    }
    return sum;
}

}  // namespace apical
