"""Writes gaussian_process_expected.h: what scikit-learn says of a small Gaussian process.

Made with scikit-learn 1.2.1 and NumPy 1.24.2 (Debian 12):
    python3 gaussian_process_expected.py > gaussian_process_expected.h

The linear mean is scikit-learn's by a kernel of its own: coefficients of [1, x] with normal priors of variance 1e4 add
1e4 (1 + x.y) to the covariance. What perfmodel keeps apart (coefficients, triangle of the mean) is computed here from
Rasmussen and Williams, equations 2.40 to 2.42.
"""
import numpy as np
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, DotProduct, Matern, WhiteKernel

ROWS = np.array([[-1.2, 0.3], [0.4, -0.9], [1.1, 1.3], [-0.3, 0.8], [0.7, -0.2], [-1.6, -1.1], [0.1, 0.2], [1.5, 0.6]])
TARGETS = np.array([0.9, -0.7, 1.4, 0.6, -0.1, -1.5, 0.2, 1.1])
QUERIES = np.array([[0.0, 0.0], [-1.2, 0.3], [2.5, -2.0], [40.0, 10.0]])
LENGTHS, SIGNAL, NOISE, PRIOR = np.array([0.8, 1.7]), 1.3, 0.05, 1e4


def numbers(values):
    return "{" + ", ".join(repr(float(v)) for v in np.ravel(values)) + "}"


def declare(name, values):
    print(f"inline const std::vector<double> {name} = {numbers(values)};")


def fit(kernel, rows, targets):
    return GaussianProcessRegressor(kernel=kernel, alpha=0, optimizer=None).fit(rows, targets)


def left_out(kernel):
    means, deviations = [], []
    for i in range(len(ROWS)):
        keep = np.arange(len(ROWS)) != i
        mean, deviation = fit(kernel, ROWS[keep], TARGETS[keep]).predict(ROWS[i:i + 1], return_std=True)
        means.append(mean[0])
        deviations.append(deviation[0])
    return means, deviations


def perfmodel_order(gradient, linear):
    """scikit-learn: signal, lengths, (prior), noise. perfmodel: lengths, signal, noise."""
    return [gradient[1], gradient[2], gradient[0], gradient[4 if linear else 3]]


def case(name, shape, linear):
    process = ConstantKernel(SIGNAL) * shape
    kernel = process + WhiteKernel(NOISE)
    if linear:
        kernel = process + ConstantKernel(PRIOR) * DotProduct(1.0, sigma_0_bounds="fixed") + WhiteKernel(NOISE)
    model = fit(kernel, ROWS, TARGETS)
    value, gradient = model.log_marginal_likelihood(model.kernel_.theta, eval_gradient=True)
    mean, deviation = model.predict(QUERIES, return_std=True)
    out_means, out_deviations = left_out(kernel)

    covariance = process(ROWS) + NOISE * np.eye(len(ROWS))
    basis = np.hstack([np.ones((len(ROWS), 1)), ROWS])
    inner = np.eye(3) / PRIOR + basis.T @ np.linalg.solve(covariance, basis)
    coefficients = np.linalg.solve(inner, basis.T @ np.linalg.solve(covariance, TARGETS)) if linear else np.zeros(3)
    print(f"\nnamespace {name} {{")
    print(f"inline constexpr double kLogLikelihood = {value!r};")
    declare("kGradient", perfmodel_order(gradient, linear))
    declare("kMeans", mean)
    declare("kDeviations", deviation)
    declare("kLeftOutMeans", out_means)
    declare("kLeftOutDeviations", out_deviations)
    declare("kWeights", np.linalg.solve(covariance, TARGETS - basis @ coefficients))
    declare("kCholesky", np.linalg.cholesky(covariance))
    if linear:
        declare("kMeanCoefficients", coefficients)
        declare("kMeanCholesky", np.linalg.cholesky(inner))
    print(f"}}  // namespace {name}")


print("#pragma once\n\n// Written by gaussian_process_expected.py.\n// clang-format off\n\n#include <vector>\n")
print("namespace perfmodel::expected {\n")
declare("kRows", ROWS)
declare("kTargets", TARGETS)
declare("kQueries", QUERIES)
declare("kLengthScales", LENGTHS)
print(f"inline constexpr double kSignalVariance = {SIGNAL}, kNoiseVariance = {NOISE};")
case("squared_exponential", RBF(LENGTHS), linear=False)
case("matern52", Matern(LENGTHS, nu=2.5), linear=False)
case("linear_mean", Matern(LENGTHS, nu=2.5), linear=True)
print("\n}  // namespace perfmodel::expected")
