// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace apical {

/// A list of types, to be expanded into template arguments.
template <class... T> struct type_list {
    static constexpr int size = sizeof...(T);
    /// Calls f.template operator()<T>() for each type.
    template <class F> static constexpr void for_each(F&& f) { (f.template operator()<T>(), ...); }
};

}  // namespace apical
