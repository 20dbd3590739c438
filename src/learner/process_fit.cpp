#include "learner/process_fit.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "learner/bounded_minimum.h"
#include "perfmodel/core/error.h"
#include "perfmodel/learner/workspace.h"

namespace perfmodel {
namespace {

/// Bounds of the parameters for features and targets of deviation 1. Noise of a thousandth of the targets' deviation
/// keeps the covariance positive definite; a length scale of 100 makes a feature count next to nothing.
constexpr double kMinLengthScale = 0.1, kMaxLengthScale = 100;
constexpr double kMinSignal = 1e-3, kMaxSignal = 1e3;
constexpr double kMinNoise = 1e-6, kMaxNoise = 10;
constexpr int kMaxIterations = 100;
constexpr std::size_t kLikelihoodRows = 500, kCrossValidatedRows = 80, kFolds = 10;

ProcessParameters first_start(std::size_t width) {
  ProcessParameters start;
  start.length_scales.assign(width, std::sqrt(static_cast<double>(std::max<std::size_t>(width, 1))));
  return start;
}

ProcessParameters random_start(std::size_t width, Random& random) {
  ProcessParameters start;
  for (std::size_t j = 0; j < width; ++j) start.length_scales.push_back(random.log_uniform(0.3, 10));
  start.signal_variance = random.log_uniform(0.1, 10);
  start.noise_variance = random.log_uniform(1e-4, 0.5);
  return start;
}

/// Rows whose position modulo kFolds is `fold`, and the others.
std::pair<ProcessProblem, ProcessProblem> split_fold(const ProcessProblem& problem, std::size_t fold) {
  std::pair<ProcessProblem, ProcessProblem> parts;
  for (ProcessProblem* part : {&parts.first, &parts.second}) {
    part->kernel = problem.kernel;
    part->linear_mean = problem.linear_mean;
    part->width = problem.width;
  }
  for (std::size_t i = 0; i < problem.num_rows(); ++i) {
    ProcessProblem& part = i % kFolds == fold ? parts.first : parts.second;
    const double* const row = problem.rows.data() + i * problem.width;
    part.rows.insert(part.rows.end(), row, row + problem.width);
    part.targets.push_back(problem.targets[i]);
  }
  return parts;
}

LeftOut predict(const GaussianProcess& process, const ProcessProblem& held_out) {
  const std::size_t n = held_out.num_rows();
  const auto evaluator = make_gaussian_process(process);
  LeftOut answers{std::vector<double>(n), std::vector<double>(n)};
  Workspace scratch(evaluator->scratch_bytes(n));
  evaluator->evaluate_with_deviation({held_out.rows.data(), n, held_out.width}, answers.means, answers.deviations,
                                     scratch.data());
  return answers;
}

LeftOut cross_validate(const ProcessProblem& problem, Random random, const Callbacks& callbacks) {
  const std::size_t n = problem.num_rows();
  LeftOut all{std::vector<double>(n), std::vector<double>(n)};
  for (std::size_t fold = 0; fold < std::min(kFolds, n); ++fold) {
    const auto [held_out, training] = split_fold(problem, fold);
    const ProcessParameters parameters = maximise_likelihood(training, random.fork(fold), callbacks);
    const LeftOut answers = predict(training.likelihood(training.num_rows()).condition(parameters), held_out);
    for (std::size_t k = 0; k < held_out.num_rows(); ++k) {
      all.means[fold + k * kFolds] = answers.means[k];
      all.deviations[fold + k * kFolds] = answers.deviations[k];
    }
  }
  return all;
}

}  // namespace

MarginalLikelihood ProcessProblem::likelihood(std::size_t count) const {
  return {kernel, {rows.data(), count, width}, {targets.data(), count}, linear_mean};
}

ProcessParameters maximise_likelihood(const ProcessProblem& problem, Random random, const Callbacks& callbacks) {
  const MarginalLikelihood likelihood = problem.likelihood(std::min(problem.num_rows(), kLikelihoodRows));
  const SmoothFunction minus_likelihood = [&](const std::vector<double>& logarithms, std::vector<double>& gradient) {
    if (callbacks.cancelled && callbacks.cancelled()) throw Error(ErrorCode::kCancelled, "the fit was cancelled");
    const double value = likelihood.value(ProcessParameters::from_logarithms(logarithms), gradient);
    for (double& slope : gradient) slope = -slope;
    return -value;
  };
  const auto bounds = [&problem](double scale, double signal, double noise) {
    return ProcessParameters{std::vector<double>(problem.width, scale), signal, noise}.to_logarithms();
  };
  Minimum best{{}, std::numeric_limits<double>::infinity()};
  for (int i = 0; i < problem.restarts; ++i) {
    const ProcessParameters start = i == 0 ? first_start(problem.width) : random_start(problem.width, random);
    Minimum found =
        minimise_within_bounds(minus_likelihood, start.to_logarithms(), bounds(kMinLengthScale, kMinSignal, kMinNoise),
                               bounds(kMaxLengthScale, kMaxSignal, kMaxNoise), kMaxIterations);
    if (i == 0 || found.value < best.value) best = std::move(found);
  }
  return ProcessParameters::from_logarithms(best.point);
}

LeftOut leave_out(const ProcessProblem& problem, const ProcessParameters& parameters, Random random,
                  const Callbacks& callbacks) {
  return problem.num_rows() <= kCrossValidatedRows ? cross_validate(problem, random, callbacks)
                                                   : problem.likelihood(problem.num_rows()).leave_one_out(parameters);
}

}  // namespace perfmodel
