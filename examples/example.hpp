// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "core/quantity_text.hpp"

/// What the examples share: options of the form `--name value`, and results printed beside the numbers they should be.
namespace example {

/// The command line. Quantities are written with their units: --diameter "500 um".
class arguments {
public:
    /// Throws invalid_input if an option is not one of those known, or has no value.
    arguments(int argc, char** argv, const std::vector<std::string>& known) {
        for (int i = 1; i < argc; i += 2) {
            if (std::find(known.begin(), known.end(), argv[i]) == known.end()) {
                throw apical::invalid_input(argv[i], "unknown option", apical::suggestion(argv[i], known));
            }
            if (i + 1 == argc) throw apical::invalid_input(argv[i], "has no value");
            values_[argv[i]] = argv[i + 1];
        }
    }

    std::string operator()(const std::string& name, const char* fallback) const {
        const auto found = values_.find(name);
        return found == values_.end() ? fallback : found->second;
    }
    template <apical::dimension D>
    apical::quantity<D> operator()(const std::string& name, apical::quantity<D> fallback) const {
        const auto found = values_.find(name);
        return found == values_.end() ? fallback : apical::quantity<D>::coherent(apical::parse_as(found->second, D, name));
    }

private:
    std::map<std::string, std::string> values_;
};

/// Prints results; the exit code tells whether all were as expected.
class report {
public:
    void value(const std::string& what, double number, const char* unit) {
        std::printf("%-44s %12.6g %s\n", what.c_str(), number, unit);
    }
    void near(const std::string& what, double number, double expected, double tolerance, const char* unit) {
        const bool good = std::abs(number - expected) <= tolerance;
        std::printf("%-44s %12.6g %s, expected %.6g within %.2g%s\n", what.c_str(), number, unit, expected, tolerance,
                    good ? "" : "  <-- WRONG");
        is_good_ = is_good_ && good;
    }
    void that(bool holds, const std::string& claim) {
        std::printf("%s: %s\n", claim.c_str(), holds ? "yes" : "NO  <-- WRONG");
        is_good_ = is_good_ && holds;
    }
    int exit_code() const { return is_good_ ? 0 : 1; }

private:
    bool is_good_ = true;
};

/// Runs an example; an error of Apical becomes a message and an exit code.
template <class F> int run(F&& body) {
    try {
        return body();
    } catch (const apical::error& e) {
        std::fprintf(stderr, "%s\n", e.what());
        return 2;
    }
}

}  // namespace example
