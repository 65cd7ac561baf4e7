// SPDX-License-Identifier: BSD-3-Clause
#include "engine/plug_in.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "channels/nmodl/compiled.hpp"
#include "channels/nmodl/emit_channel.hpp"
#include "channels/nmodl/emit_mechanism.hpp"
#include "core/error.hpp"
#include "engine/kernels/exported.hpp"
#include "engine/plugged_channel.hpp"

namespace apical {
namespace {

using programs = std::vector<std::shared_ptr<const nmodl::program>>;
constexpr const char* no_compiler = "there is no C++ compiler: set CXX to one, or have c++, g++ or clang++ in PATH";

/// A function that hands `call` over.
std::string exported(const std::string& symbol, const char* what, const std::string& call) {
    return fmt::format("\nextern \"C\" [[gnu::visibility(\"default\")]] const apical::kernels::exported_{}* {}() {{\n"
                       "    using namespace apical;\n    return kernels::{};\n}}\n", what, symbol, call);
}

/// A mechanism as C++.
struct written {
    nmodl::emitted_channel channel;
    std::string symbol, text;
    double work = 1;   ///< about how long it compiles
};

std::vector<written> write(const programs& all, bool is_general) {
    std::vector<written> items;
    std::map<std::string, int> namesakes;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const int before = namesakes[all[i]->name]++;
        written w{.channel = nmodl::emit_channel(*all[i], before ? fmt::format("{}_of_file_{}", all[i]->name, i) : std::string()), .symbol = {}, .text = {}};
        if (is_general) w.channel.text.clear(), w.channel.why_not = "the general form was asked for";
        if (w.channel.text.empty()) {
            w.symbol = fmt::format("apical_mechanism_{}", i), w.work = 0.5;
            w.text = nmodl::emit_mechanism(*all[i], w.symbol);
        } else {
            w.symbol = fmt::format("apical_channel_{}", i);
            w.text = w.channel.text + exported(w.symbol, "mechanism", fmt::format("exported<channels::from_mod::{}>()", w.channel.name));
        }
        items.push_back(std::move(w));
    }
    return items;
}

/// A text beyond this is a unit of its own and compiled to be right rather than fast: passes of -O3 take time with the square of what stands in one block.
constexpr std::size_t largest = 100000;

/// Mechanisms dealt to as many units as there are compilers, so that each takes about as long: what they include is read once a unit. Where there
/// are many, to more units: what a compiler needs for one grows faster than the unit.
std::vector<unit_text> deal(const std::vector<written>& items, int jobs) {
    std::vector<const written*> order;
    std::vector<unit_text> large;
    for (const auto& item : items) {
        if (item.text.size() < largest) order.push_back(&item);
        else large.push_back({item.text, {"-O1"}});
    }
    std::ranges::stable_sort(order, std::greater{}, [](const written* w) { return w->work; });
    constexpr std::size_t most = 24;
    const auto n = std::min(order.size(), std::max((order.size() + most - 1)/most, static_cast<std::size_t>(jobs)));
    std::vector<double> loads(n, 0.0);
    std::vector<unit_text> units(n);
    for (const auto* item : order) {
        const auto to = static_cast<std::size_t>(std::ranges::min_element(loads) - loads.begin());
        loads[to] += item->work;
        units[to].text += item->text;
    }
    units.insert(units.begin(), large.begin(), large.end());   // they take longest
    for (auto& u : units)
        if (u.text.find("exported_mechanism") != std::string::npos) u.text.insert(0, "#include \"engine/kernels/exported.hpp\"\n");
    return units;
}

template <class T> const T* given_by(const cached_library& l, const std::string& symbol) {
    void* const f = l.find(symbol);
    return f ? reinterpret_cast<const T* (*)()>(f)() : nullptr;
}

bool fits(const cached_library& l, const std::vector<written>& items) {
    return std::ranges::all_of(items, [&](const written& w) {
        if (w.channel.text.empty()) return l.find(w.symbol) != nullptr;
        const auto* e = given_by<kernels::exported_mechanism>(l, w.symbol);
        return e && e->width == kernels::width && e->table_size == sizeof(kernels::mechanism_table);
    });
}

mechanism_schema schema_of(const kernels::exported_mechanism& e) {
    mechanism_schema s{.kind = e.kind, .name = e.name, .summary = e.summary, .source = e.source, .carries = e.carries, .reads = e.reads, .q10 = e.q10,
                       .q10_at = e.q10_at, .is_linear = e.is_linear, .parameters = {}, .states = {}};
    const auto fields = [](const kernels::exported_field* f, int n, std::vector<field>& to) {
        for (int i = 0; i < n; ++i) to.push_back({f[i].name, f[i].value, f[i].unit, f[i].meaning, f[i].low, f[i].high});
    };
    fields(e.parameters, e.parameter_count, s.parameters), fields(e.states, e.state_count, s.states);
    if (e.kind == mechanism_kind::pool) s.states = {{"c", 0, "mM", "concentration", 0, 1e3}};
    return s;
}

}  // namespace

plugged_channel::plugged_channel(std::shared_ptr<const nmodl::program> source, mechanism_schema schema, std::shared_ptr<const kernels::mechanism_table> kernels,
                                 std::string name, std::string text, plug_in_options options)
    : evaluated_(nmodl::interpret(std::move(source))), schema_(std::move(schema)), kernels_(std::move(kernels)), name_(std::move(name)), text_(std::move(text)),
      options_(std::move(options)) {}

plug_in build_plug_in(const programs& all, const plug_in_options& o) {
    plug_in made;
    if (all.empty()) return made;
    const auto items = write(all, o.is_general);
    std::string content = fmt::format("{}\n", nmodl::emitter_version);
    for (const auto& item : items) content += item.text;
    const auto library = library_for({content, [&](int jobs) { return deal(items, jobs); }, [&](const cached_library& l) { return fits(l, items); }}, o);
    if (library) made.library = library->path, made.was_cached = library->was_there;
    else made.why_evaluated = no_compiler;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto& w = items[i];
        made.why_general.push_back(library ? w.channel.why_not : no_compiler);
        if (!library) {
            made.mechanisms.push_back(nmodl::interpret(all[i]));
        } else if (w.channel.text.empty()) {
            made.mechanisms.push_back(nmodl::compiled_mechanism(all[i], given_by<nmodl::compiled::table>(*library, w.symbol), nullptr));
        } else {
            const auto* e = given_by<kernels::exported_mechanism>(*library, w.symbol);
            std::shared_ptr<const kernels::mechanism_table> table(std::shared_ptr<void>(), e->table);   // the library stays
            made.mechanisms.push_back(std::make_shared<plugged_channel>(all[i], schema_of(*e), table, w.channel.name, w.channel.text, o));
        }
    }
    return made;
}

std::shared_ptr<const kernels::fused_table> fuse(const std::vector<catalogue::entry>& mechanisms) {
    std::string head = "#include \"engine/kernels/exported.hpp\"\n", types;
    auto table = std::make_shared<kernels::fused_table>();
    const plugged_channel* any = nullptr;
    for (const auto& e : mechanisms) {
        if (!e.kernels) return nullptr;
        table->mechanisms.push_back(e.schema.name);
        const auto* own = dynamic_cast<const plugged_channel*>(e.imported.get());
        if (own) any = own;
        head += own ? own->text() : fmt::format("#include \"channels/{}.hpp\"\n", e.schema.name);
        types += fmt::format("{}channels::{}{}", types.empty() ? "" : ", ", own ? "from_mod::" : "", own ? own->struct_name() : e.schema.name);
    }
    if (!any) return nullptr;
    const auto symbol = [](int layout) { return fmt::format("apical_together_{}", layout); };
    const auto text = [&](int layout) {
        return head + exported(symbol(layout), "set", fmt::format("exported_fused<kernels::{}, {}>()", layout == kernels::along_rows ? "along_rows" : "across_cells", types));
    };
    const std::vector<unit_text> units{{text(kernels::along_rows)}, {text(kernels::across_cells)}};
    const auto set = [&](const cached_library& l, int layout) { return given_by<kernels::exported_set>(l, symbol(layout)); };
    const auto has_both = [&](const cached_library& l) {
        return std::ranges::all_of(std::array{0, 1}, [&](int layout) { const auto* s = set(l, layout); return s && s->width == kernels::width; });
    };
    std::optional<cached_library> library;
    try {
        library = library_for({units[0].text + units[1].text, [&](int) { return units; }, has_both}, any->options());
    } catch (const invalid_input&) {}   // as where a cache can only be read: one by one they give the same bits
    if (!library) return nullptr;
    for (const int layout : {0, 1}) std::ranges::copy(set(*library, layout)->run, table->run[layout]);
    return table;
}

}  // namespace apical
