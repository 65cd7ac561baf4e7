// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "channels/nmodl/program.hpp"
#include "channels/nmodl/syntax.hpp"

/// What the names of a file stand for, before any statement of it is read.
namespace apical::nmodl {

/// What one name stands for.
struct symbol {
    enum class kind {
        variable,   ///< of program::variables
        number,     ///< value: a factor of UNITS
        function_table   ///< index into program::function_tables
    };
    kind is = kind::variable;
    int index = -1;
    double value = 0;
    place at;
};

/// The names of a file, and of what is supplied to every file.
class symbols {
public:
    /// Declares everything that stands outside of blocks of statements: variables with their roles, ions, currents. `kept` of what the file
    /// may write is instance here; where values live is decided at the end, see decide_storage.
    symbols(const syntax::file&, program&, diagnostics&);

    /// Null if the file has no such name. Supplied names (v, t, dt, celsius, area, diam, secondorder) are declared when they are first asked for.
    const symbol* find(std::string_view name);

    /// Whether a STATE block declares it; concentrations of ions may be states too.
    bool is_state(std::string_view name) const;

    /// The block of statements of this name that can be called or solved; null if there is none.
    const syntax::routine* routine(std::string_view name) const;

    /// The SOLVE of BREAKPOINT that this block is integrated exactly by, METHOD cnexp; null if there is none.
    const syntax::statement* solve_of(std::string_view name) const;

    /// A variable of storage `local` with a name that nothing else has: `name`, or `name_2` and so on.
    int fresh(std::string_view name, std::string_view unit, const place&, int length = 1, bool is_array = false);

    /// The variable `name`0 of a state, or the number it has in its stead.
    expression start_of(const variable& state, const place&);

    /// "did you mean ...", from all names there are.
    std::string suggestion_for(std::string_view name) const;

    /// The stream that scop_random and its kin draw from.
    int anonymous_stream(const place&);

private:
    void declare_neuron_block();
    void declare_ions();
    void declare_ion_variable(ion_use&, int ion, const syntax::expression&, bool writes);
    void declare_factors();
    void declare_all(const std::vector<syntax::declaration>&, role);
    int declare(const syntax::declaration&, role);
    void add_currents();
    void add_current(const syntax::expression&, bool is_electrode);
    bool supply(std::string_view name);

    const syntax::file& file_;
    program& program_;
    diagnostics& found_;
    std::map<std::string, symbol, std::less<>> names_;
    std::map<std::string, const syntax::routine*, std::less<>> routines_;
    std::map<std::string, double, std::less<>> starts_;   // START of states
    std::set<std::string, std::less<>> taken_, range_, global_, pointers_, randoms_;
    std::map<std::string, int> next_;   // number that the next copy of a name may have
    std::size_t known_ = 0;            // variables whose names are among those taken
    int anonymous_stream_ = -1;
};

}  // namespace apical::nmodl
