// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

#include <gtest/gtest.h>

#include "core/error.hpp"

namespace apical::testing {

/// What the error of type E thrown by f says; fails the test if f throws another one or none.
template <class E, class F> std::string message_of(const F& f) {
    try {
        f();
    } catch (const E& e) {
        return e.what();
    } catch (const std::exception& e) {
        ADD_FAILURE() << "another exception: " << e.what();
        return {};
    }
    ADD_FAILURE() << "nothing was thrown";
    return {};
}

inline bool says(const std::string& message, const std::string& part) {
    if (message.find(part) != std::string::npos) return true;
    ADD_FAILURE() << "expected \"" << part << "\" in:\n" << message;
    return false;
}

}  // namespace apical::testing
