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

/// The shell below the membrane of Hay et al. (2011).
inline const char* const shell = R"(
NEURON { SUFFIX shell USEION ca READ ica WRITE cai RANGE gamma, decay, depth, cmin }
UNITS { (mM) = (milli/liter) (um) = (micron) (mA) = (milliamp) FARADAY = (faraday) (coulomb) }
PARAMETER { gamma = 0.05 decay = 80 (ms) depth = 0.1 (um) cmin = 1e-4 (mM) }
ASSIGNED { ica (mA/cm2) }
STATE { cai (mM) }
INITIAL { cai = 5e-5 }
BREAKPOINT { SOLVE states METHOD cnexp }
DERIVATIVE states { cai' = -(10000)*(ica*gamma/(2*FARADAY*depth)) - (cai - cmin)/decay }
)";

/// A synapse whose conductance falls exponentially.
inline const char* const falling = R"(
NEURON { POINT_PROCESS falling RANGE tau, e NONSPECIFIC_CURRENT i }
UNITS { (nA) = (nanoamp) (mV) = (millivolt) (uS) = (microsiemens) }
PARAMETER { tau = 2 (ms) e = 0 (mV) }
ASSIGNED { v (mV) i (nA) }
STATE { g (uS) }
INITIAL { g = 0 }
BREAKPOINT { SOLVE s METHOD cnexp i = g*(v - e) }
DERIVATIVE s { g' = -g/tau }
NET_RECEIVE(weight (uS)) { g = g + weight }
)";

}  // namespace apical::test
