// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "channels/nmodl/program.hpp"

/// Programs built by hand, as the lowering of a file would leave them.
namespace apical::nmodl::by_hand {

inline expression number(double x) { return {.is = expression::kind::number, .value = x}; }
inline expression of(int variable) { return {.is = expression::kind::variable, .variable = variable}; }
inline expression element_of(int variable, expression index) { return {.is = expression::kind::variable, .variable = variable, .operands = {std::move(index)}}; }
inline expression made(expression::kind k, std::vector<expression> operands) { return {.is = k, .operands = std::move(operands)}; }
inline expression call(builtin f, std::vector<expression> operands) { return {.is = expression::kind::call, .function = f, .operands = std::move(operands)}; }
inline expression operator+(expression a, expression b) { return made(expression::kind::add, {std::move(a), std::move(b)}); }
inline expression operator-(expression a, expression b) { return made(expression::kind::subtract, {std::move(a), std::move(b)}); }
inline expression operator*(expression a, expression b) { return made(expression::kind::multiply, {std::move(a), std::move(b)}); }
inline expression operator/(expression a, expression b) { return made(expression::kind::divide, {std::move(a), std::move(b)}); }
inline expression operator-(expression a) { return made(expression::kind::negate, {std::move(a)}); }
inline expression operator<(expression a, expression b) { return made(expression::kind::less, {std::move(a), std::move(b)}); }
inline expression operator>(expression a, expression b) { return made(expression::kind::greater, {std::move(a), std::move(b)}); }
inline expression power(expression a, expression b) { return made(expression::kind::power, {std::move(a), std::move(b)}); }
inline expression exp(expression a) { return call(builtin::exp, {std::move(a)}); }

inline statement let(int variable, expression value) { return {.is = statement::kind::assign, .to = {.variable = variable}, .value = std::move(value)}; }
inline statement when(expression test, block body, block other = {}) {
    return {.is = statement::kind::branch, .value = std::move(test), .body = std::move(body), .other = std::move(other)};
}
inline statement while_(expression test, block body) { return {.is = statement::kind::repeat, .value = std::move(test), .body = std::move(body)}; }
inline statement relax(int variable, expression constant_term, expression slope) {
    return {.is = statement::kind::relax, .to = {.variable = variable}, .constant_term = std::move(constant_term), .slope = std::move(slope)};
}

/// Adds variables and gives them their places.
class builder {
public:
    explicit builder(std::string name, program::kind is = program::kind::density) {
        made_.name = std::move(name), made_.is = is, made_.file = made_.name + ".mod";
    }
    int add(std::string name, storage kept, role is = role::assigned, double value = 0, int length = 1) {
        auto& size = kept == storage::instance ? made_.instance_size : kept == storage::shared ? made_.shared_size
                   : kept == storage::connection ? made_.connection_size : made_.local_size;
        made_.variables.push_back({.name = std::move(name), .kept = kept, .is = is, .length = length, .is_array = length > 1, .value = value, .offset = size});
        size += length;
        return static_cast<int>(made_.variables.size()) - 1;
    }
    program& made() { return made_; }

private:
    program made_;
};

}  // namespace apical::nmodl::by_hand
