// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <vector>

namespace apical::sonata {

/// An assignment to a parameter of BBP's synapses or cells, from "synapse_configure", "mechanisms" or "section_configure".
struct synapse_assignment {
    std::string name = {};
    char by = '=';                           ///< '=', or '*', '/', '+', '-' of what it was
    double value = 0;
    std::string where = {};
};

/// BBP's modifications of the cells of a set.
struct cell_modification {
    /// Sodium channels closed; or numbers assigned to parameters in all sections that have every one of them, or in the lists that `lists` names.
    enum class kind { ttx, all_sections, section_lists } is = kind::ttx;
    std::string name = {}, node_set = {};
    std::vector<synapse_assignment> configure = {};
    std::vector<std::string> lists = {};          ///< "apical", "somatic", ...; one for each assignment
    std::string where = {};
};

}  // namespace apical::sonata
