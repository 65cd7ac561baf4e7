// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "circuit/layout.hpp"
#include "io/fields.hpp"
#include "io/learning_fields.hpp"

/// The objects of an experiment file that make cells into a network; they continue those of io/experiment_fields.hpp.
namespace apical::experiment_file {

using json::between, json::located, json::location_text, json::not_negative, json::optional, json::positive, json::required, json::value_text;

// ---- positions

using point_text = located<std::vector<length>>;

struct box_fields {
    static constexpr std::string_view title = "box", about = "Positions at random in a box, a rectangle or along a line.";
    static constexpr bool is_tagged = true;
    point_text from, to;
    void bind(auto& field) {
        field("from", from, "a corner: x, y and z", required);
        field("to", to, "the opposite corner", required);
    }
};

struct cylinder_fields {
    static constexpr std::string_view title = "cylinder", about = "Positions at random in an upright cylinder.";
    static constexpr bool is_tagged = true;
    point_text centre;
    length radius, height;
    void bind(auto& field) {
        field("centre", centre, "its middle: x, y and z; left out: 0");
        field("radius", radius, "its radius", required | positive);
        field("height", height, "its length along z", required | not_negative);
    }
};

struct disc_fields {
    static constexpr std::string_view title = "disc", about = "Positions at random on a disc across z.";
    static constexpr bool is_tagged = true;
    point_text centre;
    length radius;
    void bind(auto& field) {
        field("centre", centre, "its middle: x, y and z; left out: 0");
        field("radius", radius, "its radius", required | positive);
    }
};

struct grid_fields {
    static constexpr std::string_view title = "grid", about = "Positions in rows along x, then along y, then along z.";
    static constexpr bool is_tagged = true;
    point_text from, spacing;
    int columns = 1;
    std::optional<int> rows;
    void bind(auto& field) {
        field("from", from, "position of the first cell: x, y and z; left out: 0");
        field("spacing", spacing, "between neighbours along x, y and z", required);
        field("columns", columns, "cells in a row along x", required | between(1, 1e9));
        field("rows", rows, "rows along y before the next layer begins; left out: one layer", between(1, 1e9));
    }
};

struct points_fields {
    static constexpr std::string_view title = "points", about = "Positions one by one.";
    static constexpr bool is_tagged = true;
    std::vector<point_text> points;
    std::optional<located<std::string>> file;
    std::string where;
    void bind(auto& field) {
        field("points", points, "x, y and z of each cell");
        field("file", file, "instead of points: a CSV file whose first line is `x [um],y [um],z [um]`, in units of your choice");
    }
};

using position_fields = json::by_type<box_fields, cylinder_fields, disc_fields, grid_fields, points_fields>;

// ---- sources of spikes

struct source_train_fields {
    static constexpr std::string_view title = "source_train", about = "The spikes of one of a spike source's sources.";
    located<int> source;
    std::vector<duration> times;
    void bind(auto& field) {
        field("source", source, "which, counted from 0", required | not_negative);
        field("times", times, "when they happen", required | not_negative);
    }
};

struct source_file_fields {
    static constexpr std::string_view title = "source_file", about = "The spikes of a population in a SONATA spike file.";
    located<std::string> file;
    std::string population;
    void bind(auto& field) {
        field("file", file, "the file; its cell n is source n", required);
        field("population", population, "which population; may be left out if the file has only one");
    }
};

struct spike_source_fields {
    static constexpr std::string_view title = "spike_source", about = "Spikes from outside the circuit, for projections to connect: each source's go to all its targets.";
    located<std::string> name;
    int size = 1;
    std::vector<source_train_fields> spikes;
    std::optional<located<source_file_fields>> file;
    quantity<dimensions::rate> rate = {};
    duration start = 0*units::ms, length = spike_source{}.length;
    std::string where;
    void bind(auto& field) {
        field("name", name, "what projections call it", required);
        field("size", size, "number of sources", between(1, 1e8));
        field("spikes", spikes, "spikes at given times");
        field("file", file, "spikes from a file");
        field("rate", rate, "besides, random spikes of each source at this rate", not_negative);
        field("start", start, "when the random ones begin", not_negative);
        field("duration", length, "how long they last; left out: to the end", not_negative);
    }
};

// ---- projections

struct random_fields {
    static constexpr std::string_view title = "random", about = "A value that differs from contact to contact; give one of the first three.";
    std::vector<value_text> normal, lognormal, uniform, within;
    std::optional<value_text> at_least;
    std::string where;
    void bind(auto& field) {
        field("normal", normal, "mean and standard deviation, such as `[\"4 nS\", \"1 nS\"]`");
        field("lognormal", lognormal, "mean and standard deviation of the value itself");
        field("uniform", uniform, "lowest and highest value");
        field("within", within, "values outside these two are drawn again");
        field("at_least", at_least, "values below are drawn again");
    }
};
using random_text = located<json::value_or<random_fields>>;

struct all_to_all_fields {
    static constexpr std::string_view title = "all_to_all", about = "Each source to each target.";
    static constexpr bool is_tagged = true;
    all_to_all rule;
    void bind(auto& field) { field("self", rule.self, "whether a cell may be connected to itself"); }
};
struct one_to_one_fields {
    static constexpr std::string_view title = "one_to_one", about = "Cell i to cell i of populations of one size.";
    static constexpr bool is_tagged = true;
    one_to_one rule;
    void bind(auto&) {}
};
struct pairwise_probability_fields {
    static constexpr std::string_view title = "pairwise_probability", about = "Each pair independently.";
    static constexpr bool is_tagged = true;
    pairwise_probability rule;
    void bind(auto& field) {
        field("p", rule.p, "the probability", required | between(0, 1));
        field("self", rule.self, "whether a cell may be connected to itself");
    }
};
struct fixed_indegree_fields {
    static constexpr std::string_view title = "fixed_indegree", about = "Each target has so many sources.";
    static constexpr bool is_tagged = true;
    fixed_indegree rule;
    void bind(auto& field) {
        field("sources", rule.sources, "how many", required | not_negative);
        field("distinct", rule.distinct, "whether no source comes twice");
        field("self", rule.self, "whether a cell may be connected to itself");
    }
};
struct fixed_outdegree_fields {
    static constexpr std::string_view title = "fixed_outdegree", about = "Each source has so many targets.";
    static constexpr bool is_tagged = true;
    fixed_outdegree rule;
    void bind(auto& field) {
        field("targets", rule.targets, "how many", required | not_negative);
        field("distinct", rule.distinct, "whether no target comes twice");
        field("self", rule.self, "whether a cell may be connected to itself");
    }
};
struct fixed_total_fields {
    static constexpr std::string_view title = "fixed_total", about = "So many connections in all, both ends drawn with equal probability, any pair any number of times.";
    static constexpr bool is_tagged = true;
    std::uint64_t connections = 0;
    void bind(auto& field) { field("connections", connections, "how many", required | between(0, 1e15)); }
};
struct gaussian_fields {
    static constexpr std::string_view title = "gaussian", about = "Each pair independently, with probability p0 exp(-d^2/(2 sigma^2)) at the distance d of their positions.";
    static constexpr bool is_tagged = true;
    double p0 = 0, reach = 5;
    length sigma;
    void bind(auto& field) {
        field("p0", p0, "at no distance", required | between(0, 1));
        field("sigma", sigma, "standard deviation", required | positive);
        field("reach", reach, "no further than so many sigma", positive);
    }
};
struct exponential_fields {
    static constexpr std::string_view title = "exponential", about = "Each pair independently, with probability p0 exp(-d/lambda) at the distance d of their positions.";
    static constexpr bool is_tagged = true;
    double p0 = 0, reach = 10;
    length lambda;
    void bind(auto& field) {
        field("p0", p0, "at no distance", required | between(0, 1));
        field("lambda", lambda, "length constant", required | positive);
        field("reach", reach, "no further than so many lambda", positive);
    }
};
struct contact_fields {
    static constexpr std::string_view title = "contact", about = "One contact of a list. What is left out is as the projection says.";
    located<int> source, target;
    std::optional<located<value_text>> weight;
    std::optional<duration> delay;
    std::optional<located<location_text>> at;
    void bind(auto& field) {
        field("source", source, "index in the source population", required | not_negative);
        field("target", target, "index in the target population", required | not_negative);
        field("weight", weight, "its weight");
        field("delay", delay, "its delay", positive);
        field("at", at, "one place on the target");
    }
};
struct list_fields {
    static constexpr std::string_view title = "list", about = "Contacts one by one.";
    static constexpr bool is_tagged = true;
    std::vector<contact_fields> contacts;
    std::optional<located<std::string>> file;
    std::string where;
    void bind(auto& field) {
        field("contacts", contacts, "the contacts");
        field("file", file, "instead of contacts: a CSV file whose first line is `source,target`, and may go on with `,weight [nS],delay [ms],section,x`, in any order "
                            "and in units of your choice; sections are numbered from 0 as in the morphology");
    }
};
using rule_fields = json::by_type<all_to_all_fields, one_to_one_fields, pairwise_probability_fields, fixed_indegree_fields, fixed_outdegree_fields, fixed_total_fields,
                                  gaussian_fields, exponential_fields, list_fields>;

struct short_term_fields {
    static constexpr std::string_view title = "short_term", about = "Short-term plasticity of release, and its chance.";
    random_text use{{"0.5"}}, tau_recovery{{"100 ms"}}, tau_facilitation{{"0 ms"}};
    int vesicles = 0;
    std::string model = short_term_plasticity{}.model;
    std::map<std::string, random_text> parameters;
    void bind(auto& field) {
        field("use", use, "release probability from rest");
        field("tau_recovery", tau_recovery, "time constant of the recovery from depression");
        field("tau_facilitation", tau_facilitation, "time constant of facilitation; 0: none");
        field("vesicles", vesicles, "ready for release, each released by chance; 0: the mean of very many, without chance", between(0, 1e6));
        field("model", model, "of release: one file of the plasticity folder; those above are parameters of each that has such");
        field("parameters", parameters, "others of the model that differ from the defaults");
    }
};

struct projection_fields {
    static constexpr std::string_view title = "projection", about = "Connections from the spikes of a population, or of a spike source, to receptors on a population.";
    located<std::string> name, source, target, receptor;
    std::optional<located<rule_fields>> rule;
    std::map<std::string, located<value_text>> parameters;
    random_text weight, delay{{"1 ms"}};
    std::optional<quantity<dimensions::permeability>> velocity;
    located<std::string> at{{"soma(0.5)"}};
    int contacts = 1;
    std::optional<located<short_term_fields>> short_term;
    std::optional<located<learning_fields>> learning;
    quantity<dimensions::rate> spontaneous = {};
    bool spontaneous_depletes = false;
    std::string where;
    void bind(auto& field) {
        field("name", name, "what to call it; its random numbers belong to the name", required);
        field("source", source, "whose spikes: a population or a spike source", required);
        field("target", target, "onto which population", required);
        field("rule", rule, "who is connected to whom", required);
        field("receptor", receptor, "its name in the catalogue, one whose inputs share a state; `apical channels` lists them", required);
        field("parameters", parameters, "parameters of the receptor that differ from the defaults");
        field("weight", weight, "of each contact, such as `\"4 nS\"`; may be left out if a list has weights");
        field("delay", delay, "of all contacts of a pair; at least one step");
        field("velocity", velocity, "speed of conduction: adds the distance of the cells' positions over it; left out: adds nothing", positive);
        field("at", at, "where contacts lie: one place, or a region after `in`, such as `\"in apical and distance > 100 um\"`, anywhere in which they lie");
        field("contacts", contacts, "of each connected pair", between(1, 1e6));
        field("short_term", short_term, "short-term plasticity; left out: none");
        field("learning", learning, "how its weights change; left out: they do not");
        field("spontaneous", spontaneous, "besides, spontaneous release of each contact at this rate", not_negative);
        field("spontaneous_depletes", spontaneous_depletes, "whether each of these events is to its terminal like a spike: it releases what short-term plasticity lets it, and depletes");
    }
};

// ---- gap junctions

struct gap_end_fields {
    static constexpr std::string_view title = "gap_end", about = "One end of a gap junction.";
    located<std::string> population;
    located<int> cell;
    located<location_text> at{{"soma(0.5)"}};
    void bind(auto& field) {
        field("population", population, "which population", required);
        field("cell", cell, "which cell of it", not_negative);
        field("at", at, "one place on the cell");
    }
};
struct gap_junction_fields {
    static constexpr std::string_view title = "gap_junction", about = "An electrical synapse: a conductance between two places of cells.", key = "";
    gap_end_fields a, b;
    conductance between_them;
    std::string where;
    void bind(auto& field) {
        field("a", a, "one end", required);
        field("b", b, "the other", required);
        field("conductance", between_them, "the conductance", required | positive);
    }
};
struct gap_rule_fields {
    static constexpr std::string_view title = "gap_junctions", about = "Electrical synapses by chance, between cells of two populations or of one.", key = "probability";
    located<std::string> name, a, b;
    double probability = 0;
    std::optional<located<length>> within;
    conductance between_them;
    located<location_text> at_a{{"soma(0.5)"}}, at_b{{"soma(0.5)"}};
    std::string where;
    void bind(auto& field) {
        field("name", name, "what to call them; their random numbers belong to the name", required);
        field("a", a, "a population", required);
        field("b", b, "the other, or the same", required);
        field("probability", probability, "of each pair", required | json::between(0, 1));
        field("within", within, "only pairs whose positions are no further apart", not_negative);
        field("conductance", between_them, "of each", required | positive);
        field("at_a", at_a, "one place on the first cell");
        field("at_b", at_b, "one place on the second");
    }
};
using gap_fields = json::by_key<gap_rule_fields, gap_junction_fields>;

}  // namespace apical::experiment_file
