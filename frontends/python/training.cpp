// SPDX-License-Identifier: BSD-3-Clause
#include "io/learning.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/map.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "analysis/learning_curve.hpp"
#include "analysis/representation.hpp"
#include "frontends/python/bindings.hpp"
#include "io/data_sets.hpp"

namespace apical::python {
namespace {

using list_of_numbers = nb::ndarray<nb::numpy, double, nb::ndim<1>>;
using matrix = nb::ndarray<nb::numpy, double, nb::ndim<2>>;
using given_matrix = nb::ndarray<const double, nb::ndim<2>, nb::c_contig, nb::device::cpu>;

matrix matrix_of(std::vector<double> values, std::size_t columns) {
    auto kept = std::make_unique<std::vector<double>>(std::move(values));
    double* data = kept->data();
    const std::size_t rows = columns > 0 ? kept->size()/columns : 0;
    return matrix(data, {rows, columns}, nb::capsule(kept.release(), [](void* p) noexcept { delete static_cast<std::vector<double>*>(p); }));
}

/// A training with what it was made of and how it went.
class training {
public:
    explicit training(const learning_request& r) : setup_(set_up(r)), run_(setup_.begin()) {}

    void learn(int epochs, int angle_examples) {
        const nb::gil_scoped_release others_may_run;
        const auto more = follow_learning(run_, setup_.test, {.epochs = run_.epochs() + epochs, .angle_examples = angle_examples, .seconds_before = curve_.empty() ? 0 : curve_.back().seconds});
        curve_.insert(curve_.end(), more.begin(), more.end());
    }
    std::string repr() const {
        return curve_.empty() ? fmt::format("<Training: {}; not begun>", setup_.identity)
                              : fmt::format("<Training: {}; {} epochs, {:.2f} % wrong>", setup_.identity, run_.epochs(), 100*curve_.back().test_error);
    }
    int epochs() const { return run_.epochs(); }
    list_of_numbers curve_of(double curve_point::* member) const {
        std::vector<double> all;
        for (const auto& p : curve_) all.push_back(p.*member);
        const std::size_t size = all.size();
        auto kept = std::make_unique<std::vector<double>>(std::move(all));
        double* data = kept->data();
        return list_of_numbers(data, {size}, nb::capsule(kept.release(), [](void* p) noexcept { delete static_cast<std::vector<double>*>(p); }));
    }
    matrix angles() const {
        std::vector<double> all;
        std::size_t columns = 0;
        for (const auto& p : curve_)
            if (!p.angles.empty()) columns = p.angles.size(), all.insert(all.end(), p.angles.begin(), p.angles.end());
        return matrix_of(std::move(all), columns);
    }
    matrix weights(const std::string& kind, std::size_t k) const { return matrix_of(run_.weights(kind, k), run_.columns(kind, k)); }
    matrix inputs() const { return matrix_of(setup_.task.test.x, setup_.task.test.inputs); }
    matrix targets() const { return matrix_of(setup_.task.test.t, setup_.task.test.outputs); }
    matrix outputs(const given_matrix& inputs) const {
        data_set d{"outputs", inputs.shape(1), setup_.train.outputs, {inputs.data(), inputs.data() + inputs.size()}, {}, setup_.train.rows, setup_.train.target_rows};
        d.t.assign(d.size()*d.outputs, 0.0);
        const nb::gil_scoped_release others_may_run;
        check(d, "Training.outputs");
        auto y = run_.outputs(setup_.prepared(d));
        const nb::gil_scoped_acquire mine;
        return matrix_of(std::move(y), setup_.how.is_in_time ? d.outputs : static_cast<std::size_t>(setup_.net.layers.back().units));
    }
    std::map<std::string, double> representation() const {
        const nb::gil_scoped_release others_may_run;
        const auto told = apical::representation(run_, setup_.test, setup_.task.test);
        return {told.begin(), told.end()};
    }
    void save(const std::string& path) { write_training(path, run_, setup_.identity, {}); }
    void load(const std::string& path) { read_training(path, run_, setup_.identity); }
    const learning_setup& setup() const { return setup_; }

private:
    learning_setup setup_;
    layered_training run_;
    std::vector<curve_point> curve_;
};

training learn(const std::string& task, const std::string& rule, const std::vector<int>& hidden, int epochs, std::uint64_t seed, int batch, double rate,
                                const std::map<std::string, double>& settings, std::size_t examples, int threads, int angles) {
    training t(learning_request{.task = task, .rule = rule, .hidden = hidden, .seed = seed, .batch = batch, .rate = rate, .settings = settings, .examples = examples, .threads = threads});
    t.learn(epochs, angles);
    return t;
}

std::vector<std::string> rule_names() {
    std::vector<std::string> names;
    for (const auto& list : {models::all_learners(), models::learners_in_time()})
        for (const auto& l : list) names.push_back(l.name);
    return names;
}

/// How it goes.
void add_progress(nb::class_<training>& c) {
    c.def("learn", &training::learn, nb::arg("epochs") = 1, nb::arg("angles") = 0, R"doc(Go on learning.

Parameters
----------
epochs : int
    How many times more every example is presented.
angles : int
    On how many of the first examples the angle to the exact gradient is measured.
)doc");
    c.def_prop_ro("epochs", &training::epochs, "int: Epochs so far.");
    c.def_prop_ro("task", [](const training& t) { return t.setup().task.name; }, "str: What is learned.");
    c.def_prop_ro("rule", [](const training& t) { return t.setup().how.name; }, "str: How.");
    c.def_prop_ro("source", [](const training& t) { return t.setup().how.source; }, "str: The paper.");
    const auto of_curve = [&](const char* name, double curve_point::* member, const char* doc) {
        c.def_prop_ro(name, [member](const training& t) { return t.curve_of(member); }, nb::rv_policy::move, doc);
    };
    of_curve("test_error", &curve_point::test_error, "numpy.ndarray: Part of the test set that is told wrong, after each epoch; of a net that nobody teaches, part of the inputs' squares that outputs do not tell.");
    of_curve("train_error", &curve_point::train_error, "numpy.ndarray: Part of the training set that is told wrong.");
    of_curve("test_missed", &curve_point::test_missed, "numpy.ndarray: Part of the test set with an output that is more than half off; in time, the loss over that of outputs that stay 0, or alike.");
    of_curve("test_loss", &curve_point::test_loss, "numpy.ndarray: Mean loss of the test set.");
    of_curve("seconds", &curve_point::seconds, "numpy.ndarray: Wall time that learning has taken [s].");
    c.def_prop_ro("angles", &training::angles, nb::rv_policy::move,
                  "numpy.ndarray: Angle between what the rule asks for and minus the gradient [degrees], a row for each epoch that was measured, a column for each projection.");
}

/// What has been learned.
void add_state(nb::class_<training>& c) {
    c.def("weights", &training::weights, nb::arg("kind") = "forward", nb::arg("projection") = 0,
          R"doc(Weights of a projection, a copy.

Parameters
----------
kind : str
    ``"forward"``, ``"feedback"``, or ``"recurrent"`` in time.
projection : int
    Which, counted from the inputs.

Returns
-------
ndarray, shape (receiving units, sending units or one more)
    The bias is the last column, where there is one.
)doc");
    c.def("outputs", &training::outputs, nb::arg("inputs"),
          R"doc(What the net answers.

Parameters
----------
inputs : ndarray, shape (examples, inputs)
    As in the data set, from 0 to 1; of what goes on in time all rows of an example, one after another.

Returns
-------
ndarray, shape (examples, outputs)
    In time, of all rows that targets have.
)doc");
    c.def("representation", &training::representation, R"doc(What a net that nobody teaches has made of its inputs.

Returns
-------
dict of str to float
    Cosines with principal directions of ``oja`` and ``sanger``, errors of a map of ``self_organizing_map``, units that stand for features of
    ``foldiak``; empty of a net that is taught.
)doc");
    c.def_prop_ro("inputs", &training::inputs, nb::rv_policy::move, "numpy.ndarray: Inputs of the test set, a row for each example.");
    c.def_prop_ro("targets", &training::targets, nb::rv_policy::move, "numpy.ndarray: What the outputs should be there.");
    c.def("save", &training::save, nb::arg("path"), R"doc(Write the state to an HDF5 file; the curve is not part of it.

Parameters
----------
path : path-like
    The file.
)doc");
    c.def("load", &training::load, nb::arg("path"), R"doc(Go on from a file of the same training.

Parameters
----------
path : path-like
    A file of :meth:`save`.

Raises
------
apical.InvalidInput
    If the file is of another training.
)doc");
    c.def("__repr__", &training::repr);
}

}  // namespace

void bind_training(nb::module_& m) {
    nb::class_<training> c(m, "Training", "A layered net that learns a task: see `learn`.");
    add_progress(c);
    add_state(c);
    m.def("learn", learn, nb::arg("task") = "digits", nb::arg("rule") = "", nb::arg("hidden") = std::vector<int>{}, nb::arg("epochs") = 20, nb::arg("seed") = 1, nb::arg("batch") = 0,
          nb::arg("rate") = 1.0, nb::arg("settings") = std::map<std::string, double>{}, nb::arg("examples") = 0, nb::arg("threads") = 1, nb::arg("angles") = 0,
          R"doc(Train a layered net of rate units on a task.

Parameters
----------
task : str
    What is learned: one of `learning_tasks()`.
rule : str
    How: one of `learning_rules()`; empty: as the task has it.
hidden : list of int
    Units of each hidden layer; empty: as the task has it.
epochs : int
    How often every example is presented; 0: the net as it begins.
seed : int
    Of weights, order, noise, and the split of the data.
batch : int
    Examples after which weights change; 0: as the rule has it.
rate : float
    Factor of all learning rates.
settings : dict
    Of the scheme, such as ``{"free_steps": 50}``.
examples : int
    Only the first so many of the training set; 0: all.
threads : int
    The results do not depend on it.
angles : int
    Examples on which the angle to the gradient is measured; 0: none.

Returns
-------
Training

Raises
------
apical.InvalidModel
    For what does not exist or does not fit.
apical.InvalidInput
    If the files of a data set are not there.
)doc");
    m.def("learning_tasks", task_names, R"doc(The tasks that :func:`learn` knows.

Returns
-------
list of str
    Their names.
)doc");
    m.def("learning_rules", rule_names, R"doc(The ways to learn that :func:`learn` knows.

Returns
-------
list of str
    Their names.
)doc");
}

}  // namespace apical::python
