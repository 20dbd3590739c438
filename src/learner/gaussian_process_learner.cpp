#include "perfmodel/learner/gaussian_process.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "learner/builtin.h"
#include "learner/calibration.h"
#include "learner/option_json.h"
#include "learner/option_range.h"
#include "learner/process_fit.h"
#include "learner/training_info.h"
#include "perfmodel/core/error.h"
#include "perfmodel/data/transform.h"

namespace perfmodel {
namespace {

constexpr std::size_t kMinRows = 2;
constexpr double kLargestTarget = 1e150;  // variances are finite

void require_finite_variance(const Dataset& data) {
  for (std::size_t i = 0; i < data.num_rows(); ++i) {
    if (std::abs(data.targets()[i]) <= kLargestTarget) continue;
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("row {}: {} is {}, learner 'gp' takes targets up to {} in size", i, data.target_name(),
                            data.targets()[i], kLargestTarget));
  }
}

/// Logarithms where a feature is positive and spans more than options say.
std::vector<ColumnTransform::Shape> feature_shapes(MatrixView<const double> rows, double log_ratio_above) {
  std::vector<ColumnTransform::Shape> shapes(rows.cols(), ColumnTransform::Shape::kIdentity);
  if (log_ratio_above == 0) return shapes;
  for (std::size_t j = 0; j < rows.cols(); ++j) {
    double least = rows(0, j), greatest = least;
    for (std::size_t i = 1; i < rows.rows(); ++i) {
      least = std::min(least, rows(i, j));
      greatest = std::max(greatest, rows(i, j));
    }
    if (least > 0 && greatest > log_ratio_above * least) shapes[j] = ColumnTransform::Shape::kLog;
  }
  return shapes;
}

/// Training rows as the process sees them: features and (log) targets with mean 0 and deviation 1.
struct Standardised {
  FeatureTransform transform;
  ProcessProblem problem;
  double mean = 0, deviation = 1;  ///< of the (log) targets; deviation 0: they do not vary
};

Standardised standardise(const Dataset& data, const GaussianProcessOptions& options) {
  Standardised s;
  s.problem.kernel = options.kernel == GaussianProcessOptions::Kernel::kMatern52
                         ? GaussianProcess::Kernel::kMatern52
                         : GaussianProcess::Kernel::kSquaredExponential;
  s.problem.linear_mean = options.linear_mean;
  s.problem.restarts = options.restarts;

  s.transform = FeatureTransform::fit(data.features(), feature_shapes(data.features(), options.log_ratio_above));
  s.problem.width = s.transform.num_outputs();
  s.problem.rows.resize(data.num_rows() * s.problem.width);
  for (std::size_t i = 0; i < data.num_rows(); ++i) {
    s.transform.apply(data.features().row(i),
                      Span<double>(s.problem.rows.data() + i * s.problem.width, s.problem.width));
  }

  std::vector<double>& targets = s.problem.targets;
  for (const double target : data.targets()) targets.push_back(options.log_target ? std::log(target) : target);
  const auto [low, high] = std::minmax_element(targets.begin(), targets.end());
  if (*low == *high) {
    s.deviation = 0;
    return s;
  }
  const auto n = static_cast<double>(targets.size());
  s.mean = std::accumulate(targets.begin(), targets.end(), 0.0) / n;
  double sum_of_squares = 0;
  for (const double target : targets) sum_of_squares += (target - s.mean) * (target - s.mean);
  s.deviation = std::sqrt(sum_of_squares / n);
  for (double& target : targets) target = (target - s.mean) / s.deviation;
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
    require_between("log_ratio_above", options.log_ratio_above, 0, 1e300);
    require_between("restarts", options.restarts, 1, 1000);
    require_between("max_rows", options.max_rows, 10, 10000);
  }

  std::string name() const override { return "gp"; }

  Model fit(const Dataset& data, const FitOptions& options) const override {
    check_fit(data, options);
    require_rows(data, kMinRows, "learner 'gp'");
    if (options_.log_target) require_positive_targets(data, "learner 'gp' with log_target");
    if (!options_.log_target) require_finite_variance(data);

    const Split split = random_split(data.num_rows(), options.validation_fraction, options.seed);
    const bool sets_aside = split.second.size() >= kMinCalibrationRows;
    const Random random(options.seed);
    const Dataset training = shuffled(sets_aside ? data.subset(split.first) : data,
                                      static_cast<std::size_t>(options_.max_rows), random.fork(0));
    const Standardised standardised = standardise(training, options_);
    ModelInfo info = training_info(name(), training);
    if (standardised.deviation == 0) {
      return Model(std::move(info), make_constant(data.num_features(), training.targets()[0]));
    }

    const ProcessProblem& problem = standardised.problem;
    const ProcessParameters parameters = maximise_likelihood(problem, random.fork(1), options.callbacks);
    const Model model(std::move(info),
                      evaluator(standardised, problem.likelihood(problem.num_rows()).condition(parameters)));
    if (options.interval_level == 0) return model;
    if (sets_aside) {
      return model.with_info(calibrate_interval(model, data.subset(split.second), options.interval_level));
    }
    const LeftOut left_out = leave_out(problem, parameters, random.fork(2), options.callbacks);
    return model.with_info(calibrate_left_out(model.info(), training, standardised, left_out, options.interval_level));
  }

 private:
  std::shared_ptr<const Evaluator> evaluator(const Standardised& standardised, GaussianProcess process) const {
    TargetTransform target;
    if (options_.log_target) target.kind = TargetTransform::Kind::kLog;
    auto inner = make_gaussian_process(rescaled(std::move(process), standardised.mean, standardised.deviation));
    return make_transformed(standardised.transform, std::move(inner), std::move(target));
  }

  /// Calibrates on what the process says of each of its own rows without it.
  ModelInfo calibrate_left_out(ModelInfo info, const Dataset& training, const Standardised& standardised,
                               const LeftOut& left_out, double level) const {
    std::vector<double> predicted, deviations, errors;
    for (std::size_t i = 0; i < training.num_rows(); ++i) {
      const double mean = standardised.mean + standardised.deviation * left_out.means[i];
      const double deviation = standardised.deviation * left_out.deviations[i];
      predicted.push_back(options_.log_target ? std::exp(mean) : mean);
      deviations.push_back(options_.log_target ? predicted.back() * deviation : deviation);
      errors.push_back((standardised.problem.targets[i] - left_out.means[i]) / left_out.deviations[i]);
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
  const OptionReader reader("gp", json,
                            {"kernel", "log_target", "linear_mean", "log_ratio_above", "restarts", "max_rows"});
  using Kernel = GaussianProcessOptions::Kernel;
  reader.read("kernel", options.kernel,
              {{"matern52", Kernel::kMatern52}, {"squared_exponential", Kernel::kSquaredExponential}});
  reader.read("log_target", options.log_target);
  reader.read("linear_mean", options.linear_mean);
  reader.read("log_ratio_above", options.log_ratio_above);
  reader.read("restarts", options.restarts);
  reader.read("max_rows", options.max_rows);
  return make_gaussian_process_learner(options);
}

}  // namespace perfmodel
