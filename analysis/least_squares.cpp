// SPDX-License-Identifier: BSD-3-Clause
#include "analysis/least_squares.hpp"

#include <Eigen/Dense>
#include <unsupported/Eigen/NonLinearOptimization>
#include <unsupported/Eigen/NumericalDiff>

namespace apical {
namespace {

using Eigen::VectorXd;

/// The function as Eigen wants it.
struct residuals_of {
    using Scalar = double;
    using InputType = VectorXd;
    using ValueType = VectorXd;
    using JacobianType = Eigen::MatrixXd;
    enum { InputsAtCompileTime = Eigen::Dynamic, ValuesAtCompileTime = Eigen::Dynamic };

    const residual_function& f;
    int parameters, count;
    int inputs() const { return parameters; }
    int values() const { return count; }
    int operator()(const VectorXd& p, VectorXd& out) const {
        f({p.data(), static_cast<std::size_t>(p.size())}, {out.data(), static_cast<std::size_t>(out.size())});
        return 0;
    }
};

}  // namespace

least_squares_fit least_squares(const residual_function& f, std::size_t residuals, std::vector<double> start, double relative_step) {
    VectorXd p = Eigen::Map<const VectorXd>(start.data(), static_cast<Eigen::Index>(start.size()));
    const residuals_of r{f, static_cast<int>(start.size()), static_cast<int>(residuals)};
    Eigen::NumericalDiff<residuals_of> with_slopes(r, relative_step*relative_step);   // Eigen takes the root
    Eigen::LevenbergMarquardt<Eigen::NumericalDiff<residuals_of>> search(with_slopes);
    search.parameters.maxfev = 4000;
    search.minimize(p);
    return {{p.begin(), p.end()}, search.fnorm};
}

}  // namespace apical
