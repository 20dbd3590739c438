#include "perfmodel/learner/gaussian_process.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "learner/bounded_minimum.h"
#include "learner/builtin.h"
#include "learner/calibration.h"
#include "learner/marginal_likelihood.h"
#include "learner/option_json.h"
#include "learner/option_range.h"
#include "learner/training_info.h"
#include "perfmodel/core/random.h"
#include "perfmodel/data/transform.h"

namespace perfmodel {
namespace {

/// Bounds of the parameters for features and targets of deviation 1. Noise of a thousandth of the targets' deviation
/// keeps the covariance positive definite; a length scale of 100 makes a feature count next to nothing.
constexpr double kMinLengthScale = 0.1, kMaxLengthScale = 100;
constexpr double kMinSignal = 1e-3, kMaxSignal = 1e3;
constexpr double kMinNoise = 1e-6, kMaxNoise = 10;
constexpr int kMaxIterations = 100;
constexpr std::size_t kLikelihoodRows = 500;  ///< the parameters are chosen on so many rows: each step takes n^3
constexpr std::size_t kMinRows = 2;

/// Training rows as the process sees them: features and (log) targets with mean 0 and deviation 1.
struct Standardised {
  FeatureTransform transform;
  std::vector<double> rows;  ///< n x d
  std::vector<double> targets;
  double mean = 0, deviation = 1;  ///< of the (log) targets; deviation 0: they do not vary

  std::size_t width() const { return transform.num_outputs(); }
  /// The first `count` rows.
  MarginalLikelihood likelihood(GaussianProcess::Kernel kernel, bool linear_mean, std::size_t count) const {
    return {kernel, {rows.data(), count, width()}, {targets.data(), count}, linear_mean};
  }
};

Standardised standardise(const Dataset& data, bool log_target) {
  Standardised s;
  const std::vector<ColumnTransform::Shape> shapes(data.num_features(), ColumnTransform::Shape::kIdentity);
  s.transform = FeatureTransform::fit(data.features(), shapes);
  s.rows.resize(data.num_rows() * s.width());
  for (std::size_t i = 0; i < data.num_rows(); ++i) {
    s.transform.apply(data.features().row(i), Span<double>(s.rows.data() + i * s.width(), s.width()));
  }
  const auto n = static_cast<double>(data.num_rows());
  for (const double target : data.targets()) s.targets.push_back(log_target ? std::log(target) : target);
  const auto [low, high] = std::minmax_element(s.targets.begin(), s.targets.end());
  const bool varies = *low < *high;
  s.mean = varies ? std::accumulate(s.targets.begin(), s.targets.end(), 0.0) / n : *low;
  double sum_of_squares = 0;
  for (const double target : s.targets) sum_of_squares += (target - s.mean) * (target - s.mean);
  s.deviation = varies ? std::sqrt(sum_of_squares / n) : 0;
  if (varies) {
    for (double& target : s.targets) target = (target - s.mean) / s.deviation;
  }
  return s;
}

/// At most `max_rows` rows in random order, so that the first of them are a sample, too.
Dataset shuffled(const Dataset& data, std::size_t max_rows, Random random) {
  std::vector<std::size_t> order(data.num_rows());
  std::iota(order.begin(), order.end(), std::size_t{0});
  random.shuffle(Span<std::size_t>(order));
  order.resize(std::min(order.size(), max_rows));
  return data.subset(order);
}

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

ProcessParameters maximise(const MarginalLikelihood& likelihood, std::size_t width, int restarts, Random random,
                           const Callbacks& callbacks) {
  const auto bounds = [&](double scale, double signal, double noise) {
    return ProcessParameters{std::vector<double>(width, scale), signal, noise}.to_logarithms();
  };
  const SmoothFunction minus_likelihood = [&](const std::vector<double>& logarithms, std::vector<double>& gradient) {
    if (callbacks.cancelled && callbacks.cancelled()) throw Error(ErrorCode::kCancelled, "the fit was cancelled");
    const double value = likelihood.value(ProcessParameters::from_logarithms(logarithms), gradient);
    for (double& slope : gradient) slope = -slope;
    return -value;
  };
  Minimum best{{}, std::numeric_limits<double>::infinity()};
  for (int i = 0; i < restarts; ++i) {
    const ProcessParameters start = i == 0 ? first_start(width) : random_start(width, random);
    Minimum found =
        minimise_within_bounds(minus_likelihood, start.to_logarithms(), bounds(kMinLengthScale, kMinSignal, kMinNoise),
                               bounds(kMaxLengthScale, kMaxSignal, kMaxNoise), kMaxIterations);
    if (found.value < best.value) best = std::move(found);
  }
  return ProcessParameters::from_logarithms(best.point);
}

/// The process of targets mean + deviation x those that `process` is of.
GaussianProcess rescaled(GaussianProcess process, double mean, double deviation) {
  process.base = mean + deviation * process.base;
  process.signal_variance *= deviation * deviation;
  process.noise_variance *= deviation * deviation;
  for (double& slope : process.slopes) slope *= deviation;
  for (double& weight : process.weights) weight /= deviation;
  for (double& element : process.cholesky) element *= deviation;
  for (double& element : process.mean_cholesky) element /= deviation;
  return process;
}

class GaussianProcessLearner final : public Learner {
 public:
  explicit GaussianProcessLearner(const GaussianProcessOptions& options) : options_(options) {
    require_between("restarts", options.restarts, 1, 1000);
    require_between("max_rows", options.max_rows, 10, 10000);
  }

  std::string name() const override { return "gp"; }

  Model fit(const Dataset& data, const FitOptions& options) const override {
    check_fit(data, options);
    require_rows(data, kMinRows, "learner 'gp'");
    if (options_.log_target) require_positive_targets(data, "learner 'gp' with log_target");

    const Split split = random_split(data.num_rows(), options.validation_fraction, options.seed);
    const bool sets_aside = split.second.size() >= kMinCalibrationRows;
    const Random random(options.seed);
    const Dataset training = shuffled(sets_aside ? data.subset(split.first) : data,
                                      static_cast<std::size_t>(options_.max_rows), random.fork(0));
    const Standardised standardised = standardise(training, options_.log_target);
    ModelInfo info = training_info(name(), training);
    if (standardised.deviation == 0) {
      return Model(std::move(info), make_constant(data.num_features(), training.targets()[0]));
    }

    const ProcessParameters parameters =
        maximise(likelihood(standardised, std::min(training.num_rows(), kLikelihoodRows)), standardised.width(),
                 options_.restarts, random.fork(1), options.callbacks);
    const MarginalLikelihood all = likelihood(standardised, training.num_rows());
    const Model model(std::move(info), evaluator(standardised, all.condition(parameters)));
    return model.with_info(sets_aside ? calibrate_interval(model, data.subset(split.second), options.interval_level)
                                      : calibrate_left_out(model.info(), training, standardised,
                                                           all.leave_one_out(parameters), options.interval_level));
  }

 private:
  MarginalLikelihood likelihood(const Standardised& standardised, std::size_t count) const {
    const auto kernel = options_.kernel == GaussianProcessOptions::Kernel::kMatern52
                            ? GaussianProcess::Kernel::kMatern52
                            : GaussianProcess::Kernel::kSquaredExponential;
    return standardised.likelihood(kernel, options_.linear_mean, count);
  }

  std::shared_ptr<const Evaluator> evaluator(const Standardised& standardised, GaussianProcess process) const {
    TargetTransform target;
    if (options_.log_target) target.kind = TargetTransform::Kind::kLog;
    auto inner = make_gaussian_process(rescaled(std::move(process), standardised.mean, standardised.deviation));
    return make_transformed(standardised.transform, std::move(inner), std::move(target));
  }

  /// Calibrates on what the process says of each of its own rows without that row.
  ModelInfo calibrate_left_out(ModelInfo info, const Dataset& training, const Standardised& standardised,
                               const LeftOut& left_out, double level) const {
    std::vector<double> predicted, deviations, errors;
    for (std::size_t i = 0; i < training.num_rows(); ++i) {
      const double mean = standardised.mean + standardised.deviation * left_out.means[i];
      const double deviation = standardised.deviation * left_out.deviations[i];
      predicted.push_back(options_.log_target ? std::exp(mean) : mean);
      deviations.push_back(options_.log_target ? predicted.back() * deviation : deviation);
      errors.push_back((standardised.targets[i] - left_out.means[i]) / left_out.deviations[i]);
    }
    ModelInfo calibrated = calibrate_interval(info, training.targets(), predicted, deviations, level);
    if (calibrated.interval_level > 0) return calibrated;
    return assume_normal_interval(std::move(info), errors, level);
  }

  GaussianProcessOptions options_;
};

}  // namespace

std::unique_ptr<Learner> make_gaussian_process_learner(const GaussianProcessOptions& options) {
  return std::make_unique<GaussianProcessLearner>(options);
}

std::unique_ptr<Learner> gp_learner_from_json(const std::string& json) {
  GaussianProcessOptions options;
  const OptionReader reader("gp", json, {"kernel", "log_target", "linear_mean", "restarts", "max_rows"});
  using Kernel = GaussianProcessOptions::Kernel;
  reader.read("kernel", options.kernel,
              {{"matern52", Kernel::kMatern52}, {"squared_exponential", Kernel::kSquaredExponential}});
  reader.read("log_target", options.log_target);
  reader.read("linear_mean", options.linear_mean);
  reader.read("restarts", options.restarts);
  reader.read("max_rows", options.max_rows);
  return make_gaussian_process_learner(options);
}

}  // namespace perfmodel
