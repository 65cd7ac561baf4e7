// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "circuit/data_set.hpp"
#include "circuit/layered_net.hpp"
#include "core/image.hpp"
#include "core/schema.hpp"
#include "engine/catalogue.hpp"
#include "engine/layered/traffic.hpp"

namespace apical {

class communicator;

/// How a layered net is trained.
struct training_options {
    enum class order { shuffled, as_given };   ///< of examples in an epoch
    int batch = 1;                             ///< examples after which weights change
    std::uint64_t seed = 0;                    ///< of weights, order and noise
    int threads = 1;
    order examples = order::shuffled;
    /// Processes that train the net together: they divide the examples of a batch and the rows of weights, and all of them hold the whole net. Results
    /// are those of one process, to the bit. Every function of layered_training but transfer and those that tell what is there is called by all. Null: this
    /// one alone.
    communicator* ranks = nullptr;
};

/// How well a net does on examples. Of schemes that are not taught, `loss` is the mean sum of squares of what the outputs do not tell of
/// the inputs, and `wrong` and `missed` are its part of the inputs' mean sum of squares.
struct training_score {
    double wrong = 0;                          ///< part of the examples whose largest output is not that of the largest target; where there are no classes, `missed`
    double missed = 0;                         ///< part of which some output is more than half off its target; in time, loss over that of outputs that stay 0, or alike
    double loss = 0;                           ///< mean of the net's loss; in time, of a step
    double restlessness = 0;                   ///< largest change of an output in the last step of settling, if the scheme settles
};

/// What a scheme or a stage is called and leaves open.
struct layered_part {
    std::string name, summary;
    std::vector<field> settings;
};
/// Ways for a trial to go, and stages between the change that a rule asks for and the weight.
std::vector<layered_part> layered_schemes();
std::vector<layered_part> weight_stages();

/// A layered net that learns from examples. Results have the same bits for any number of threads, and after a resume.
///
///     layered_training run(net, digits, {.batch = 10, .seed = 1});
///     for (int e = 0; e < 40; ++e) run.epoch();
///     const double error = run.score(unseen).wrong;
class layered_training {
public:
    /// Throws invalid_model with everything that does not fit: sizes, names, values, what a rule reads and the scheme does not show.
    layered_training(const layered_net& net, data_set examples, const training_options& options, const catalogue& rules = catalogue::built_in());
    layered_training(layered_training&&) noexcept;
    ~layered_training();

    /// Presents every example once, with learning. Throws `diverged` if a weight is no longer finite.
    void epoch();
    /// Epochs so far, and presentations.
    int epochs() const;
    std::uint64_t presented() const;
    const layered_net& net() const;
    const data_set& examples() const;
    /// Whether targets mean anything to this net's scheme.
    bool is_taught() const;
    const training_options& options() const;

    /// Presents examples without teaching or learning.
    training_score score(const data_set& d) const;
    /// Outputs of every example, [examples][outputs]; in time, [examples][rows of targets][outputs], of one row their mean where errors are told.
    std::vector<double> outputs(const data_set& d) const;
    /// Outputs of all units of a group of this name ("layer 1", "interneurons 1", "echo 1") at the end of a trial, taught or not: a signal
    /// by its name, [examples][units]. Throws invalid_model for names that are not there.
    enum class teaching { without, with };
    std::vector<double> shown(const data_set& d, const std::string& group, const std::string& signal, teaching t) const;

    /// What units send in a trial, mean over examples. Throws unsupported for examples in time.
    layered_traffic traffic(const data_set& d, teaching t) const;

    /// Kinds of connections, in order: "forward" first.
    std::vector<std::string> kinds() const;
    /// How many projections of a kind, and the weights of one, [receiving units][sending units, then the bias if it has one]; projections
    /// are counted from the input. Throws invalid_model if there is no such projection.
    std::size_t projections(const std::string& kind) const;
    const std::vector<double>& weights(const std::string& kind, std::size_t k) const;
    std::size_t columns(const std::string& kind, std::size_t k) const;
    /// Puts other weights in place, as many. Feedback that follows the forward weights follows them.
    void set_weights(const std::string& kind, std::size_t k, const std::vector<double>& w);

    /// The change that the rules would ask for after these examples, gathered as over a batch, before any stage; for each projection of a
    /// kind. Nothing changes.
    std::vector<std::vector<double>> proposal(const data_set& d, const std::string& of_kind = "forward") const;

    /// The state as numbers: what a checkpoint holds. Throws invalid_input if what is read belongs to another net.
    void transfer(image& i);

private:
    struct parts;
    std::unique_ptr<parts> p_;
};

}  // namespace apical
