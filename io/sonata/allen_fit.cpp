// SPDX-License-Identifier: BSD-3-Clause
#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "io/fields.hpp"
#include "io/output_file.hpp"
#include "io/sonata/allen_membrane.hpp"

namespace apical::sonata {
namespace {

using json::kind;
using json::node;

constexpr std::array all_types{section_type::soma, section_type::axon, section_type::basal, section_type::apical};

any_quantity in_unit(double value, std::string_view unit) {
    const auto one = parse_unit(unit);
    return {value*one.value, one.dimension};
}

class fit_reader {
public:
    fit_reader(fit_kind kind, mechanism_library& beside, allen_membranes& to, findings& found) : kind_(kind), beside_(beside), to_(to), found_(found) {}

    void read(const node& document) {
        if (!document.is(kind::object)) return;
        for (const auto type : all_types) to_[type].has_pas = true;
        if (const auto passive = first_of(document, "passive")) read_passive(*passive);
        if (const auto genome = member(document, "genome", true); genome && genome->is(kind::array))
            for (std::size_t i = 0; i < genome->at->items.size(); ++i) read_gene(genome->item(i));
        if (const auto conditions = first_of(document, "conditions")) read_conditions(*conditions);
    }

private:
    static std::optional<node> member(const node& n, std::string_view name, bool is_required) {
        if (const auto* v = n.at->find(name)) return n.member(name, *v);
        if (is_required) n.complain(fmt::format("needs a '{}'", name));
        return {};
    }
    /// These blocks are lists of one object.
    static std::optional<node> first_of(const node& document, std::string_view name) {
        const auto list = member(document, name, true);
        if (!list || !list->is(kind::array)) return {};
        if (list->at->items.empty()) {
            list->complain("is empty", "expected a list of one object");
            return {};
        }
        const auto first = list->item(0);
        return first.is(kind::object) ? std::optional(first) : std::nullopt;
    }
    /// A number, or a text that is one.
    static std::optional<double> number(const node& n) {
        if (n.at->type == kind::number) return n.at->number;
        double value = 0;
        const auto& text = n.at->text;
        const auto [rest, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (n.at->type == kind::text && failure == std::errc{} && rest == text.data() + text.size() && std::isfinite(value)) return value;
        n.complain(n.at->type == kind::text ? fmt::format("'{}' is not a number", text) : fmt::format("expected a number, got {}", json::name_of(n.at->type)));
        return {};
    }
    static std::optional<double> number(const node& of, std::string_view name, bool is_required) {
        const auto n = member(of, name, is_required);
        return n ? number(*n) : std::nullopt;
    }
    std::optional<std::string> text(const node& of, std::string_view name) const {
        const auto n = member(of, name, true);
        if (!n || !n->is(kind::text)) return {};
        return n->at->text;
    }
    allen_membrane* section(const node& of) {
        const auto name = text(of, "section");
        if (!name) return nullptr;
        if (const auto type = section_type_of(*name)) return &to_[*type];
        complain_of_section(*name, of.where() + "/section", found_);
        return nullptr;
    }

    void read_passive(const node& passive) {
        const bool all = kind_ == fit_kind::perisomatic;
        const auto ra = number(passive, "ra", all), e_pas = number(passive, "e_pas", all);
        for (auto& [type, m] : to_) {
            if (ra) m.ra = in_unit(*ra, "ohm cm");
            if (e_pas) m.e_pas = in_unit(*e_pas, "mV");
        }
        const auto list = member(passive, "cm", all);
        if (!list || !list->is(kind::array)) return;
        for (std::size_t i = 0; i < list->at->items.size(); ++i) {
            const auto entry = list->item(i);
            if (!entry.is(kind::object)) continue;
            auto* const m = section(entry);
            if (const auto cm = number(entry, "cm", true); m && cm) m->cm = in_unit(*cm, "uF/cm2");
        }
    }

    void read_gene(const node& gene) {
        if (!gene.is(kind::object)) return;
        auto* const m = section(gene);
        const auto name = text(gene, "name"), mechanism = text(gene, "mechanism");
        const auto value = number(gene, "value", true);
        if (!m || !name || !mechanism || !value) return;
        const auto where = gene.where() + "/name";
        if (mechanism->empty()) return set_property(*m, *name, *value, where);
        if (!name->ends_with("_" + *mechanism)) {
            found_.add(where, fmt::format("'{}' is no parameter of '{}'", *name, *mechanism), fmt::format("such as gbar_{}", *mechanism));
            return;
        }
        set_parameter(*m, {*mechanism, std::string_view(*name).substr(0, name->size() - mechanism->size() - 1), *value}, beside_, where, found_);
    }
    void set_property(allen_membrane& m, const std::string& name, double value, const std::string& where) {
        if (name == "g_pas") m.g_pas = in_unit(value, "S/cm2");
        else if (name == "e_pas") m.e_pas = in_unit(value, "mV");
        else if (name == "cm") m.cm = in_unit(value, "uF/cm2");
        else if (name == "Ra") m.ra = in_unit(value, "ohm cm");
        else found_.add(where, fmt::format("no property '{}'", name), suggestion(name, std::array<std::string, 4>{"g_pas", "e_pas", "cm", "Ra"}));
    }

    /// Temperature and starting voltage stand here too; those of the simulation go before them.
    void read_conditions(const node& conditions) {
        const auto list = member(conditions, "erev", true);
        if (!list || !list->is(kind::array)) return;
        for (std::size_t i = 0; i < list->at->items.size(); ++i) {
            const auto entry = list->item(i);
            if (!entry.is(kind::object)) continue;
            auto* const m = section(entry);
            const auto ena = number(entry, "ena", false), ek = number(entry, "ek", false);
            if (m && ena) m->ena = in_unit(*ena, "mV");
            if (m && ek) m->ek = in_unit(*ek, "mV");
        }
    }

    fit_kind kind_;
    mechanism_library& beside_;
    allen_membranes& to_;
    findings& found_;
};

}  // namespace

void read_fit(const std::filesystem::path& path, fit_kind kind, mechanism_library& beside, allen_membranes& to) {
    const auto file = path.string();
    const auto document = json::parse(read_text(path), file);
    findings found;
    fit_reader(kind, beside, to, found).read(node{&document, "", &file, &found});
    found.throw_if_any<invalid_input>();
}

}  // namespace apical::sonata
