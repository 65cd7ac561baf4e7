// SPDX-License-Identifier: BSD-3-Clause
#include "engine/arrange.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include <fmt/format.h>

#include "core/quantity_text.hpp"
#include "engine/import_mechanism.hpp"
#include "engine/plugged_channel.hpp"

namespace apical {
namespace {

std::size_t index(int i) { return static_cast<std::size_t>(i); }

/// The tree of nodes as an undirected graph, from which nodes without membrane are removed where that is exact.
struct network {
    std::vector<std::map<int, double>> edges;      // [nodes] neighbour -> conductance [uS]
    std::vector<bool> alive;
    std::vector<int> removed;                      // in order of removal

    explicit network(const compartments& tree) : edges(tree.nodes.size()), alive(tree.nodes.size(), true) {
        for (int n = 0; n < tree.size(); ++n)
            if (const auto& node = tree.nodes[index(n)]; node.parent >= 0) connect(n, node.parent, 1/node.resistance);
    }
    void connect(int a, int b, double g) { edges[index(a)][b] = g, edges[index(b)][a] = g; }

    /// Ends carry no current, and a joint of two cables is a resistor in series.
    void simplify(const compartments& tree, const std::set<int>& keep) {
        bool changed = true;
        while (changed) {
            changed = false;
            for (int n = 0; n < tree.size(); ++n) {
                if (!alive[index(n)] || tree.nodes[index(n)].is_compartment() || keep.contains(n) || edges[index(n)].size() > 2) continue;
                if (edges[index(n)].empty()) continue;
                remove(n);
                changed = true;
            }
        }
    }
    void remove(int n) {
        auto& mine = edges[index(n)];
        for (const auto& [other, g] : mine) edges[index(other)].erase(n);
        if (mine.size() == 2) {
            const auto [a, ga] = *mine.begin();
            const auto [b, gb] = *std::next(mine.begin());
            connect(a, b, ga*gb/(ga + gb));
        }
        alive[index(n)] = false;
        removed.push_back(n);
    }
    /// Breadth-first from a node: parents, in order of visit.
    std::vector<int> visit(int from, std::vector<int>& parent) const {
        std::vector<int> order{from};
        parent[index(from)] = -1;
        for (std::size_t i = 0; i < order.size(); ++i)
            for (const auto& [other, g] : edges[index(order[i])])
                if (other != parent[index(order[i])]) parent[index(other)] = order[i], order.push_back(other);
        return order;
    }
    /// The middle of the longest path: rooted there, the elimination is as shallow as it can be.
    int centre(int from) const {
        std::vector<int> parent(edges.size(), -1);
        const int one_end = visit(from, parent).back();
        std::vector<int> path{visit(one_end, parent).back()};
        while (parent[index(path.back())] >= 0) path.push_back(parent[index(path.back())]);
        return path[path.size()/2];
    }
};

/// What makes two compartments share a kernel call.
std::string region_key(const painted_cell& painted, int node) {
    std::string key;
    for (const auto& layer : painted.layers)
        if (layer.mechanism.kernels && layer.is_at(node)) key += layer.mechanism.schema.name + " ";
    for (const auto& s : painted.ions[index(node)])
        key += fmt::format("| {} {} {} ", s.e_rev.coherent(), s.c_in.coherent(), s.c_out.coherent());
    return key;
}

class arranger {
public:
    arranger(const painted_cell& painted, const population& p, const run_options& options, const catalogue& mechanisms)
        : painted_(painted), options_(options), catalogue_(mechanisms), net_(painted.tree) {
        plan_.name = p.name, plan_.cells = p.size, plan_.v_init = p.cell.v_init().coherent();
        plan_.shape = painted.shape, plan_.tree = painted.tree;
        plan_.lanes = options.scheme == scheme::automatic || coupled(options.scheme) ? 1 : options.lanes == 0 ? (p.size >= native_width ? native_width : 1) : options.lanes == 1 ? 1 : native_width;
    }

    cell_plan arrange(const std::set<int>& keep) {
        net_.simplify(painted_.tree, keep);
        const auto parent = root();
        group(parent);
        assign_rows();
        fill_matrix(parent);
        for (auto& r : plan_.regions) fill_region(r);
        import_layers(plan_, painted_, options_);
        fill_steps();
        recover_removed();
        return std::move(plan_);
    }

private:
    int padded(int rows) const {
        const int unit = plan_.lanes == 1 ? kernels::width : kernels::width/kernels::lane_count;
        return (rows + unit - 1)/unit*unit;
    }

    /// Parent node of every node that is left; also fills order_ (parents first).
    std::vector<int> root() {
        std::vector<int> parent(painted_.tree.nodes.size(), -1), scratch(parent.size());
        std::vector<bool> seen(parent.size(), false);
        for (int n = 0; n < painted_.tree.size(); ++n) {
            if (!net_.alive[index(n)] || seen[index(n)]) continue;
            for (const int m : net_.visit(net_.centre(n), parent)) seen[index(m)] = true, order_.push_back(m);
        }
        return parent;
    }

    /// Groups of subtrees, where the cell is large.
    void group(const std::vector<int>& parent) {
        constexpr std::size_t large = 1024;
        if (order_.size() < large) return;
        group_of_node_.assign(parent.size(), cell_plan::most_groups);
        const auto cut = tree_matrix(parent, std::vector<double>(parent.size(), 1.0), net_.alive).into(cell_plan::most_groups);
        // the largest beside the smallest, so that neighbours together are of like size too
        std::vector<std::size_t> by_size(cut.parts.size());
        std::iota(by_size.begin(), by_size.end(), std::size_t{0});
        std::ranges::stable_sort(by_size, std::greater{}, [&](std::size_t k) { return cut.parts[k].size(); });
        for (std::size_t k = 0; k < by_size.size(); ++k)
            for (const auto& b : cut.parts[by_size[k % 2 ? by_size.size() - 1 - k/2 : k/2]]) group_of_node_[index(b.row)] = static_cast<int>(k);
    }

    /// Compartments by region, each padded to whole packs; then nodes without membrane.
    void assign_rows() {
        std::map<std::string, std::vector<int>> regions;
        std::vector<int> branches;
        for (auto n = order_.rbegin(); n != order_.rend(); ++n) {
            if (painted_.tree.nodes[index(*n)].is_compartment()) regions[region_key(painted_, *n)].push_back(*n);
            else branches.push_back(*n);
        }
        plan_.row_of_node.assign(painted_.tree.nodes.size(), -1);
        for (const auto& [key, nodes] : regions) {
            region_plan r;
            r.first_row = plan_.rows, r.rows = padded(static_cast<int>(nodes.size())), r.compartments = static_cast<int>(nodes.size());
            place_rows(nodes, r.rows);
            plan_.regions.push_back(std::move(r));
        }
        plan_.first_branch_row = plan_.rows;
        place_rows(branches, padded(static_cast<int>(branches.size())));
    }
    /// Rows are eliminated in the order of `nodes`, whatever their groups: so these change no bit.
    void place_rows(const std::vector<int>& nodes, int rows) {
        std::vector<std::size_t> places(nodes.size());
        std::iota(places.begin(), places.end(), std::size_t{0});
        if (!group_of_node_.empty()) std::ranges::stable_sort(places, {}, [&](std::size_t i) { return group_of_node_[index(nodes[i])]; });
        plan_.node_of_row.resize(index(plan_.rows + rows), -1), rank_.resize(plan_.node_of_row.size(), 0);
        if (!group_of_node_.empty()) plan_.group_of_row.resize(plan_.node_of_row.size(), cell_plan::most_groups);
        for (std::size_t i = 0; i < places.size(); ++i) {
            const int node = nodes[places[i]];
            const auto row = index(plan_.rows) + i;
            plan_.row_of_node[index(node)] = static_cast<int>(row), plan_.node_of_row[row] = node;
            rank_[row] = plan_.rows + static_cast<int>(places[i]);
            if (!group_of_node_.empty()) plan_.group_of_row[row] = group_of_node_[index(node)];
        }
        plan_.rows += rows;
    }

    void fill_matrix(const std::vector<int>& parent) {
        const auto n = index(plan_.rows);
        plan_.inverse_area.assign(n, 0), plan_.pool_density.assign(n, 0);
        plan_.neighbours.resize(n);
        const double per_faraday = constants::faraday/constants::pool_faraday(options_.constants);
        std::vector<int> parent_row(n, -1);
        std::vector<double> coupling(n, 0);
        std::vector<bool> takes_part(n, false);
        for (std::size_t r = 0; r < n; ++r) {
            const int node = plan_.node_of_row[r];
            if (node < 0) continue;
            takes_part[r] = true;
            const double area = painted_.tree.nodes[index(node)].area;
            if (area > 0) plan_.inverse_area[r] = 1/area, plan_.pool_density[r] = plan_.inverse_area[r]*per_faraday;
            for (const auto& [other, g] : net_.edges[index(node)]) {
                plan_.neighbours[r].emplace_back(plan_.row_of_node[index(other)], g);
                if (other == parent[index(node)]) parent_row[r] = plan_.row_of_node[index(other)], coupling[r] = g;
            }
        }
        plan_.matrix = tree_matrix(parent_row, coupling, takes_part, rank_);
    }

    /// What depends on the length of a step, for every length there is.
    void fill_steps() {
        const bool fixed = options_.scheme != scheme::automatic;
        for (int level = fixed ? step_ladder::of_dt : 0; level < (fixed ? step_ladder::of_dt + 1 : step_ladder::levels); ++level) {
            cell_step s{.h = step_ladder::step_of(level, options_.dt.coherent()), .capacitance = {}, .fixed_diagonal = {}, .regions = {}};
            fill_diagonal(s);
            for (const auto& r : plan_.regions) s.regions.push_back(region_step_of(r, s.h));
            plan_.steps.push_back(std::move(s));
        }
    }
    void fill_diagonal(cell_step& s) const {
        const double implicit = s.h*(options_.scheme == scheme::backward_euler ? 1 : 0.5);
        s.capacitance.assign(index(plan_.rows), 0);
        for (std::size_t r = 0; r < s.capacitance.size(); ++r) {
            const int node = plan_.node_of_row[r];
            if (node < 0) {
                s.capacitance[r] = 1;   // padding is not solved for: so its voltage stays what it is
                continue;
            }
            if (const double area = painted_.tree.nodes[index(node)].area; area > 0) s.capacitance[r] = painted_.capacitance[index(node)]*area/implicit;
        }
        s.fixed_diagonal = s.capacitance;
        for (std::size_t r = 0; r < s.capacitance.size(); ++r)
            for (const auto& [other, g] : plan_.neighbours[r]) s.fixed_diagonal[r] += g;
    }

    void fill_region(region_plan& r) {
        const int sample = plan_.node_of_row[index(r.first_row)];
        std::vector<std::string> names;
        int parameters = 0;
        for (const auto& layer : painted_.layers) {
            if (!layer.mechanism.kernels || !layer.is_at(sample)) continue;
            const auto& schema = layer.mechanism.schema;
            names.push_back(schema.name);
            r.mechanisms.push_back(layer.mechanism);
            r.first_parameter.push_back(parameters), r.first_state.push_back(r.states), r.first_prepared.push_back(r.prepared);
            parameters += static_cast<int>(schema.parameters.size()), r.states += static_cast<int>(schema.states.size());
            r.prepared += layer.mechanism.kernels->prepared;
            r.first_gate.push_back(r.gates);
            if (options_.rates == rates::single && layer.mechanism.kernels->gates) r.gates += static_cast<int>(schema.states.size());
            r.q.push_back(std::pow(schema.q10, (in_celsius(options_.temperature) - schema.q10_at)/10));
            if (schema.kind == mechanism_kind::pool) r.is_pooled[index(static_cast<int>(schema.carries))] = true;
        }
        for (std::size_t i = 0; i < ion_count; ++i) {
            const auto& s = painted_.ions[index(sample)][i];
            r.ions[i] = {s.e_rev.coherent(), s.c_in.coherent(), s.c_out.coherent()};
        }
        const auto is_plugged = [](const catalogue::entry& e) { return e.imported != nullptr; };
        const auto plugged = std::ranges::any_of(r.mechanisms, is_plugged) ? fuse(r.mechanisms) : nullptr;
        if (const auto* f = plugged ? plugged.get() : catalogue_.fused(names)) r.fused = f->run[plan_.layout()][options_.scheme != scheme::backward_euler];
        fill_parameters(r, parameters);
    }
    region_step region_step_of(const region_plan& r, double h) const {
        region_step s;
        prepare(r, h, s);
        tabulate(r, h, s);
        return s;
    }
    static void prepare(const region_plan& r, double h, region_step& s) {
        const auto rows = index(r.rows);
        s.prepared.assign(index(r.prepared)*rows, 0);
        for (std::size_t m = 0; m < r.mechanisms.size(); ++m)
            if (const auto& kernels = *r.mechanisms[m].kernels; kernels.prepare)
                for (std::size_t row = 0; row < rows; ++row)
                    kernels.prepare({nullptr, 0, r.parameters.data() + index(r.first_parameter[m])*rows + row, rows}, h,
                                    s.prepared.data() + index(r.first_prepared[m])*rows + row, rows);
    }
    /// Tables for the gates that follow the voltage, shared by regions that hold the same of them.
    void tabulate(const region_plan& r, double h, region_step& s) const {
        std::vector<kernels::rate_table::channel> channels;
        std::vector<std::size_t> which;
        for (std::size_t m = 0; m < r.mechanisms.size(); ++m) {
            const auto& schema = r.mechanisms[m].schema;
            const auto& kernels = r.mechanisms[m].kernels;
            if (schema.kind != mechanism_kind::channel || !kernels->gates) continue;
            channels.push_back({kernels.get(), r.gates > 0 ? r.first_gate[m] : r.first_state[m], static_cast<int>(schema.states.size()), r.q[m]});
            which.push_back(m);
        }
        if (channels.empty()) return;
        if (options_.rates == rates::functions || coupled(options_.scheme)) {
            s.untabulated = which;
            return;
        }
        using precision = kernels::rate_table::precision;
        const auto table = std::make_shared<const kernels::rate_table>(channels, h, r.gates > 0 ? precision::single : precision::as_double);
        for (std::size_t i = 0; i < which.size(); ++i) (table->holds(i) ? s.tabulated : s.untabulated).push_back(which[i]);
        if (!s.tabulated.empty()) s.rates = table;
    }
    void fill_parameters(region_plan& r, int columns) {
        r.parameters.assign(index(columns*r.rows), 0);
        int m = 0;
        for (const auto& layer : painted_.layers) {
            if (!layer.mechanism.kernels || !layer.is_at(plan_.node_of_row[index(r.first_row)])) continue;
            const auto& fields = layer.mechanism.schema.parameters;
            for (std::size_t p = 0; p < fields.size(); ++p) {
                double* const column = r.parameters.data() + (index(r.first_parameter[index(m)]) + p)*index(r.rows);
                const bool per_area = is_density(fields[p].unit);
                for (int row = 0; row < r.rows; ++row) {
                    // padding repeats the first row's constants, but conducts nothing
                    const int node = plan_.node_of_row[index(r.first_row + (row < r.compartments ? row : 0))];
                    const double area = row < r.compartments ? painted_.tree.nodes[index(node)].area : 0;
                    column[row] = layer.value(node, p)*(per_area ? area : 1);
                }
            }
            ++m;
        }
        if (r.gates > 0) r.single_parameters.assign(r.parameters.begin(), r.parameters.end());
    }
    static bool is_density(std::string_view unit) {
        const auto d = parse_unit(unit).dimension;
        return d == dimensions::conductance_density || d == dimensions::current_density || d == dimensions::permeability;
    }

    /// Nodes are recovered from what was left of their neighbourhood when they went; later removals come first.
    void recover_removed() {
        const auto& nodes = painted_.tree.nodes;
        plan_.eliminated.resize(nodes.size());
        for (auto n = net_.removed.rbegin(); n != net_.removed.rend(); ++n) {
            auto& e = plan_.eliminated[index(*n)];
            double total = 0;
            int k = 0;
            for (const auto& [other, g] : net_.edges[index(*n)]) {
                e.rows[k] = plan_.row_of_node[index(other)], e.weights[k] = g, total += g;
                ++k;
            }
            if (k == 1) e.rows[1] = e.rows[0], e.weights[1] = 0;
            for (double& w : e.weights) w /= total;
        }
    }

    const painted_cell& painted_;
    const run_options& options_;
    const catalogue& catalogue_;
    network net_;
    std::vector<int> order_;
    std::vector<int> group_of_node_;               // [nodes]; empty: no groups
    std::vector<int> rank_;                        // [rows]
    cell_plan plan_;
};

}  // namespace

cell_plan arrange(const painted_cell& painted, const population& p, const std::set<int>& keep, const run_options& options,
                  const catalogue& mechanisms) {
    return arranger(painted, p, options, mechanisms).arrange(keep);
}

int region_plan::gates_of(std::size_t mechanism) const {
    return gates > 0 && mechanisms[mechanism].kernels->gates ? static_cast<int>(mechanisms[mechanism].schema.states.size()) : 0;
}

int region_plan::mechanism(std::string_view name) const {
    const auto found = std::ranges::find(mechanisms, name, [](const catalogue::entry& e) { return std::string_view(e.schema.name); });
    return found == mechanisms.end() ? -1 : static_cast<int>(found - mechanisms.begin());
}

std::string cell_plan::name_of_node(int node) const {
    const auto& n = tree.nodes[index(node)];
    return fmt::format("{}({:.6g})", shape->name(n.section), n.x);
}

const region_plan* cell_plan::region_of(int row) const {
    for (const auto& r : regions)
        if (row >= r.first_row && row < r.first_row + r.rows) return &r;
    return nullptr;
}

}  // namespace apical
