// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/lower.hpp"

#include "channels/nmodl/callables.hpp"
#include "channels/nmodl/effects.hpp"
#include "channels/nmodl/flow.hpp"
#include "channels/nmodl/own_copies.hpp"
#include "channels/nmodl/resolver.hpp"
#include "channels/nmodl/schedule.hpp"
#include "channels/nmodl/storage.hpp"
#include "channels/nmodl/symbols.hpp"

namespace apical::nmodl {

program lower(const syntax::file& file, diagnostics& found) {
    program p;
    symbols names(file, p, found);
    resolver r(names, p, found);
    schedule(file, names, r, p, found);
    if (found.has_errors()) return p;
    add_callables(file, names, p, found);
    give_own_copies(p, found);
    warn_of_effects(p, found);
    decide_storage(file, p);
    drop_unread(p);
    lay_out(p);
    return p;
}

}  // namespace apical::nmodl
