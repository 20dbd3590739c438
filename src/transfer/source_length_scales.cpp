#include "transfer/source_length_scales.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "learner/bounded_minimum.h"
#include "learner/marginal_likelihood.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

using Eigen::Index;

constexpr Index kMaxRows = 320;  // time grows with their cube
constexpr int kMaxIterations = 60;
constexpr double kUsualScale = 2, kScaleDeviation = 1.5;  // the prior; in standard deviations of an option; of the log
constexpr double kUsualNoise = 0.01;                      // of the answers' variance
constexpr double kMinScale = 0.1, kMaxScale = 100, kMinSignal = 1e-3, kMaxSignal = 1e3, kMinNoise = 1e-5, kMaxNoise = 1;

struct Sample {
  std::vector<double> options;  ///< n x width
  std::vector<double> answers;  ///< n, of mean 0 and deviation 1; empty: they do not vary
};

Sample draw(const Eigen::MatrixXd& features, Index num_options, Random random) {
  std::vector<Index> order(static_cast<std::size_t>(features.rows()));
  std::iota(order.begin(), order.end(), Index{0});
  random.shuffle(Span<Index>(order));
  order.resize(static_cast<std::size_t>(std::min(features.rows(), kMaxRows)));

  Sample sample;
  Eigen::VectorXd answers(static_cast<Index>(order.size()));
  for (std::size_t i = 0; i < order.size(); ++i) {
    for (Index j = 0; j < num_options; ++j) sample.options.push_back(features(order[i], j));
    answers[static_cast<Index>(i)] = features(order[i], features.cols() - 1);
  }
  answers.array() -= answers.mean();
  const double deviation = std::sqrt(answers.squaredNorm() / static_cast<double>(answers.size()));
  if (deviation > 0) {
    answers /= deviation;
    sample.answers.assign(answers.data(), answers.data() + answers.size());
  }
  return sample;
}

}  // namespace

std::vector<double> source_length_scales(const Eigen::MatrixXd& features, Index num_options, Random random,
                                         const Callbacks& callbacks) {
  const auto width = static_cast<std::size_t>(num_options);
  const Sample sample = draw(features, num_options, random);
  if (width == 0 || sample.answers.empty()) return std::vector<double>(width, kUsualScale);

  const MarginalLikelihood likelihood(GaussianProcess::Kernel::kMatern52,
                                      {sample.options.data(), sample.answers.size(), width}, sample.answers, false);
  const SmoothFunction minus_log_posterior = [&](const std::vector<double>& logarithms, std::vector<double>& gradient) {
    if (callbacks.cancelled && callbacks.cancelled()) throw Error(ErrorCode::kCancelled, "the transfer was cancelled");
    double value = -likelihood.value(ProcessParameters::from_logarithms(logarithms), gradient);
    for (double& slope : gradient) slope = -slope;
    for (std::size_t j = 0; j < width; ++j) {
      const double z = (logarithms[j] - std::log(kUsualScale)) / kScaleDeviation;
      value += 0.5 * z * z;
      gradient[j] += z / kScaleDeviation;
    }
    return value;
  };
  const auto point = [width](double scale, double signal, double noise) {
    return ProcessParameters{std::vector<double>(width, scale), signal, noise}.to_logarithms();
  };
  const Minimum minimum = minimise_within_bounds(minus_log_posterior, point(kUsualScale, 1, kUsualNoise),
                                                 point(kMinScale, kMinSignal, kMinNoise),
                                                 point(kMaxScale, kMaxSignal, kMaxNoise), kMaxIterations);
  return ProcessParameters::from_logarithms(minimum.point).length_scales;
}

}  // namespace perfmodel
