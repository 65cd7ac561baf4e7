// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace apical {

/// What a rate unit makes of its summed input.
enum class nonlinearity { logistic, tanh, relu, softplus, hard_clip, linear };

/// What the weights of a feedback projection have to do with those of the forward projection it accompanies.
enum class feedback_mode {
    none,                ///< there is none
    transpose,           ///< they are the same synapses, read backwards: weight transport
    random,              ///< drawn once, and kept
    sign,                ///< uniform: the sign of the forward weight times half of `range`
    redrawn_sign,        ///< the sign of the forward weight times a size that is drawn for each batch
    fixed_sign,          ///< the sign of the forward weight times a size that is drawn once
    learned,             ///< synapses of their own, which learn
};

/// What is done to a weight's change, and to the weight, one after another; `weight_stages()` lists what there is.
struct weight_stage {
    std::string name;
    std::map<std::string, double> values = {};      ///< others as by default
};

/// How the synapses of one kind learn.
struct synaptic_learning {
    std::string rule;                                ///< of the catalogue
    std::map<std::string, double> parameters = {};   ///< others as by default
    std::vector<double> rates = {};                  ///< by which changes are multiplied, of each projection of this kind from the input upward; missing: 1
    std::vector<weight_stage> stages = {};           ///< in the order in which they are applied
    bool both_ways = false;                          ///< where feedback is the same synapses read backwards: they also learn as those from above
};

/// A net of layers of rate units, each connected to all of the next: a plain value. How a trial goes, and so which signals exist in its
/// phases, is the scheme's business; by how much weights change, the rule's.
///
///     layered_net net{.layers = {{64}, {100}, {10}}, .learning = {{"forward", {"feedback_alignment", {{"eta", 0.5}}}}}};
struct layered_net {
    struct layer {
        int units = 0;
        nonlinearity f = nonlinearity::logistic;
    };
    enum class loss { cross_entropy, squared };      ///< that errors at the output belong to
    enum class gathering { mean, sum };              ///< of changes over a batch

    struct feedback {
        feedback_mode mode = feedback_mode::random;
        double range = 0.5;                          ///< random weights lie evenly within plus and minus this
        bool is_direct = false;                      ///< from the output to every layer, instead of from each to the one below
        bool starts_as_transpose = false;            ///< of learned ones: where they begin
    };

    std::vector<layer> layers;                       ///< the input first
    std::string scheme = "feedforward";              ///< of `layered_schemes()`
    std::map<std::string, double> settings = {};     ///< of the scheme; others as by default
    /// By kind of connections: "forward", and "feedback" where they learn, "inverse", "to_interneurons", "from_interneurons", as the scheme has them.
    std::map<std::string, synaptic_learning> learning = {};
    feedback back = {};
    loss measure = loss::cross_entropy;
    gathering over_batch = gathering::mean;
    double start = 0;                                ///< first weights lie evenly within plus and minus this; 0: sqrt(6/(inputs + units)) (Glorot & Bengio 2010)
};

/// Names as text, for files and messages.
std::string_view name_of(nonlinearity f);
std::string_view name_of(feedback_mode m);

/// The one of this name. Throws invalid_model with `where` and a suggestion.
nonlinearity nonlinearity_named(std::string_view name, const std::string& where);
feedback_mode feedback_named(std::string_view name, const std::string& where);

}  // namespace apical
