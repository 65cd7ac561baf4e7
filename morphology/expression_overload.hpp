// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace apical::expression {

/// A visitor made of lambdas, one for each alternative of a variant.
template <class... Fs> struct overload : Fs... { using Fs::operator()...; };
template <class... Fs> overload(Fs...) -> overload<Fs...>;

}  // namespace apical::expression
