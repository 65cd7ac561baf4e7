// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include <fmt/format.h>
#include <pugixml.hpp>

#include "io/output_file.hpp"
#include "io/sonata/allen_membrane.hpp"

namespace apical::sonata {
namespace {

/// "S_per_cm2" -> "S/cm2", "ohm_cm" -> "ohm cm": units as NeuroML writes them.
std::string customary(std::string text) {
    for (auto at = text.find("_per_"); at != std::string::npos; at = text.find("_per_")) text.replace(at, 5, "/");
    std::ranges::replace(text, '_', ' ');
    return text;
}

class nml_reader {
public:
    nml_reader(const std::string& file, const std::string& text, allen_membranes& to, findings& found)
        : file_(file), text_(text), to_(to), found_(found) {}

    void read(const pugi::xml_node& root) {
        if (std::string_view(root.name()) != "neuroml")
            found_.add(where(root), fmt::format("begins with <{}>", root.name()), "expected <neuroml>");
        visit(root);
    }

private:
    void visit(const pugi::xml_node& parent) {
        for (const auto& n : parent.children()) {
            const std::string_view name = n.name();
            if (name == "channelDensity" || name == "channelDensityNernst") read_channel(n);
            else if (name == "specificCapacitance") each(n, [&](auto& m) { m.cm = quantity(n, "value", "uF/cm2"); });
            else if (name == "resistivity") each(n, [&](auto& m) { m.ra = quantity(n, "value", "ohm cm"); });
            else if (name == "concentrationModel") read_pool(n);
            else if (name.starts_with("channel"))   // to leave one out would be another cell
                found_.add(where(n), "is not known here", "expected channelDensity or channelDensityNernst");
            else visit(n);
        }
    }

    std::string where(const pugi::xml_node& n) const {
        const auto offset = static_cast<std::ptrdiff_t>(std::max<std::ptrdiff_t>(n.offset_debug(), 0));
        const auto line = 1 + std::count(text_.begin(), text_.begin() + std::min<std::ptrdiff_t>(offset, std::ssize(text_)), '\n');
        const std::string_view id = n.attribute("id").value();
        return id.empty() ? fmt::format("{}:{} <{}>", file_, line, n.name()) : fmt::format("{}:{} <{} {}>", file_, line, n.name(), id);
    }
    std::string text(const pugi::xml_node& n, const char* name) {
        const auto a = n.attribute(name);
        if (!a) found_.add(where(n), fmt::format("needs a '{}'", name));
        return a.value();
    }
    /// An attribute as a number of this unit.
    double number(const pugi::xml_node& n, const char* name, std::string_view unit) {
        const auto written = text(n, name);
        if (written.empty()) return 0;
        try {
            const auto one = parse_unit(unit);
            return number_of({parse_as(customary(written), one.dimension, where(n) + "/@" + name), one.dimension}, one);
        } catch (const error& e) {
            for (const auto& p : e.problems()) found_.add(p.where, p.what, p.hint);
            return 0;
        }
    }
    any_quantity quantity(const pugi::xml_node& n, const char* name, std::string_view unit) {
        const auto one = parse_unit(unit);
        return {number(n, name, unit)*one.value, one.dimension};
    }

    /// The membranes of a segment group.
    template <class F> void each(const pugi::xml_node& n, F&& f) {
        const auto group = text(n, "segmentGroup");
        if (group.empty()) return;
        if (group == "all") {
            for (const auto type : {section_type::soma, section_type::axon, section_type::basal, section_type::apical}) f(to_[type]);
        } else if (const auto type = section_type_of(group)) {
            f(to_[*type]);
        } else {
            complain_of_section(group, where(n) + "/@segmentGroup", found_);
        }
    }

    void read_channel(const pugi::xml_node& n) {
        const auto channel = text(n, "ionChannel"), ion = text(n, "ion");
        if (channel.empty()) return;
        if (channel == "hh") return read_hh(n, ion);
        const bool has_reversal = std::string_view(n.name()) == "channelDensity";
        const double density = number(n, "condDensity", "S/cm2");
        each(n, [&](allen_membrane& m) {
            if (channel == "pas") {
                m.has_pas = true, m.g_pas = any_quantity{density*parse_unit("S/cm2").value, dimensions::conductance_density};
                m.e_pas = quantity(n, "erev", "mV");
                return;
            }
            set_parameter(m, {channel, "gbar", density}, beside_, where(n) + "/@ionChannel", found_);
            if (!has_reversal) return;
            if (ion == "na") m.ena = quantity(n, "erev", "mV");
            else if (ion == "k") m.ek = quantity(n, "erev", "mV");
            else if (channel == "Ih") m.mechanisms["ih"]["e_rev"] = quantity(n, "erev", "mV");
            else found_.add(where(n) + "/@ion", fmt::format("'{}' is no ion with a reversal potential of its own", ion), "expected na or k");
        });
    }

    /// NEURON's mechanism hh is three channels in one; the id says which of its parameters the density is.
    void read_hh(const pugi::xml_node& n, const std::string& ion) {
        struct parameter { std::string_view id, channel, name, unit; };
        constexpr std::array known{parameter{"gnabar_hh", "hh_na", "g_max", "S/cm2"}, parameter{"gkbar_hh", "hh_k", "g_max", "S/cm2"},
                                   parameter{"gl_hh", "hh_leak", "g", "S/cm2"}, parameter{"el_hh", "hh_leak", "e_rev", "mV"}};
        const auto p = std::ranges::find(known, std::string_view(n.attribute("id").value()), &parameter::id);
        if (p == known.end()) return found_.add(where(n), "is no parameter of hh", "gnabar_hh, gkbar_hh, gl_hh and el_hh are known");
        auto value = text(n, "condDensity");
        if (p->unit == "mV" && value.find(' ') == value.npos) value += " mV";   // where such files have no unit
        any_quantity q{0, parse_unit(p->unit).dimension};
        try {
            q.value = parse_as(customary(value), q.dimension, where(n) + "/@condDensity");
        } catch (const error& e) {
            for (const auto& problem : e.problems()) found_.add(problem.where, problem.what, problem.hint);
        }
        each(n, [&](allen_membrane& m) {
            for (const auto& one : known) m.mechanisms[std::string(one.channel)];
            m.mechanisms[std::string(p->channel)][std::string(p->name)] = q;
            if (ion == "na") m.ena = quantity(n, "erev", "mV");
            if (ion == "k") m.ek = quantity(n, "erev", "mV");
        });
    }

    void read_pool(const pugi::xml_node& n) {
        const auto type = text(n, "type");
        each(n, [&](allen_membrane& m) {
            for (const char* name : {"gamma", "decay", "depth", "minCai"})
                if (n.attribute(name)) set_parameter(m, {type, name, number(n, name, unit_of(name))}, beside_, where(n), found_);
        });
    }

    const std::string &file_, &text_;
    allen_membranes& to_;
    findings& found_;
    mechanism_library beside_{};   // such files name the package's channels only
};

}  // namespace

void read_cell_nml(const std::filesystem::path& path, allen_membranes& to) {
    const auto file = path.string();
    const auto text = read_text(path);
    pugi::xml_document document;
    const auto result = document.load_buffer(text.data(), text.size());
    if (!result) {
        const auto line = 1 + std::count(text.begin(), text.begin() + std::min<std::ptrdiff_t>(result.offset, std::ssize(text)), '\n');
        throw invalid_input(fmt::format("{}:{}", file, line), fmt::format("is not XML: {}", result.description()));
    }
    findings found;
    nml_reader(file, text, to, found).read(document.document_element());
    found.throw_if_any<invalid_input>();
}

}  // namespace apical::sonata
