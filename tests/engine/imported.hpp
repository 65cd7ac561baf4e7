// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gtest/gtest.h>

#include "channels/nmodl/translate.hpp"
#include "channels/nmodl/mechanism.hpp"

namespace apical::test {

/// The mechanism of a text of NMODL.
inline std::shared_ptr<const nmodl::mechanism> imported(const char* text) {
    const auto t = nmodl::translate_text(text, "test.mod");
    for (const auto& d : t.found.all())
        if (d.is == nmodl::severity::error) ADD_FAILURE() << d.text();
    return nmodl::interpret(t.program);
}

}  // namespace apical::test
