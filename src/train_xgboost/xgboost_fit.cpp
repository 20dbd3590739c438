#include "train_xgboost/xgboost_fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "core/progress.h"
#include "learner/booster_reader.h"
#include "learner/cost_trend.h"
#include "learner/training_info.h"
#include "perfmodel/core/error.h"
#include "perfmodel/core/random.h"

namespace perfmodel {
namespace {

constexpr std::size_t kMinRows = 10;

enum RandomStream : std::uint64_t { kSplitStream, kBoosterStream };

/// A tree sees only the order of a feature's values. Logarithms keep it and, in float32, tell small values apart where
/// large ones are in the billions.
FeatureTransform fit_features(const Dataset& training, const std::vector<double>& costs) {
  const MatrixView<const double> rows = training.features();
  std::vector<ColumnTransform::Shape> shapes(rows.cols(), ColumnTransform::Shape::kLog);
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    for (std::size_t j = 0; j < rows.cols(); ++j) {
      if (rows(i, j) <= 0) shapes[j] = ColumnTransform::Shape::kIdentity;
    }
  }
  FeatureTransform transform = without_cost_terms(FeatureTransform::fit(rows, shapes), training.feature_names(), costs);
  if (transform.num_outputs() == 0) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("none of the {} features varies over the {} training rows, xgboost needs one that does",
                            rows.cols(), rows.rows()));
  }
  return transform;
}

std::shared_ptr<const DMatrix> to_matrix(const FeatureTransform& features, MatrixView<const double> rows,
                                         Span<const float> labels, Span<const float> weights) {
  const std::size_t width = features.num_outputs();
  std::vector<float> values(rows.rows() * width);
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    features.apply(rows.row(i), Span<float>(values).subspan(i * width, width));
  }
  return std::make_shared<DMatrix>(MatrixView<const float>(values.data(), rows.rows(), width), labels, weights);
}

std::vector<float> labels_of(const Dataset& data, const TargetTransform& target) {
  std::vector<float> labels;
  for (std::size_t i = 0; i < data.num_rows(); ++i) {
    const double value = data.targets()[i];
    const bool is_log = target.kind == TargetTransform::Kind::kLog;
    labels.push_back(
        static_cast<float>(is_log ? std::log(value / cost_of_row(target.costs, data.features().row(i))) : value));
  }
  return labels;
}

/// 1 / target, as shares of their mean over `training`: absolute errors so weighted are relative ones. None where rows
/// count alike.
std::vector<float> weights_of(const Dataset& data, const Dataset& training, const XGBoostOptions& options) {
  if (options.loss != XGBoostOptions::Loss::kAbsolutePercentage || options.log_target) return {};
  double mean = 0;
  for (const double target : training.targets()) mean += 1 / target / static_cast<double>(training.num_rows());
  std::vector<float> weights;
  for (const double target : data.targets()) weights.push_back(static_cast<float>(1 / target / mean));
  return weights;
}

/// The value at which the weights of the lesser ones reach half of all; of the labels alone without weights.
double weighted_median(const std::vector<float>& labels, const std::vector<float>& weights) {
  std::vector<std::pair<double, double>> rows;
  for (std::size_t i = 0; i < labels.size(); ++i) rows.push_back({labels[i], weights.empty() ? 1.0 : weights[i]});
  std::sort(rows.begin(), rows.end());
  double total = 0;
  for (const auto& [label, weight] : rows) total += weight;
  double reached = 0;
  for (const auto& [label, weight] : rows) {
    reached += weight;
    if (reached >= total / 2) return label;
  }
  return rows.back().first;
}

double mean_of(const std::vector<float>& labels) {
  double mean = 0;
  for (const float label : labels) mean += static_cast<double>(label) / static_cast<double>(labels.size());
  return mean;
}

/// XGBoost's threads meet several times per level of a tree: on a table of layers they only wait for each other.
int useful_threads(const Dataset& data, int num_threads) {
  constexpr std::size_t kValuesPerThread = 200000;
  const std::size_t useful = 1 + data.num_rows() * data.num_features() / kValuesPerThread;
  return static_cast<int>(std::min(useful, static_cast<std::size_t>(num_threads)));
}

/// From so many values on, histograms find splits several times faster than looking at each value, and as good ones.
constexpr std::size_t kHistogramValues = 200000;

void configure(Booster& booster, const XGBoostOptions& options, std::uint64_t seed, int num_threads, double base_score,
               std::size_t num_values) {
  constexpr std::int64_t kLargestSeed = std::numeric_limits<std::int32_t>::max();
  booster.set("verbosity", "0");
  booster.set("nthread", std::to_string(num_threads));
  booster.set("seed", std::to_string(Random(seed).fork(kBoosterStream).integer(0, kLargestSeed)));
  booster.set("booster", "gbtree");
  if (options.loss == XGBoostOptions::Loss::kAbsolutePercentage) {
    booster.set("objective", "reg:absoluteerror");
    booster.set("tree_method", "hist");  // "exact" does not tell rows by leaf, which the median needs
    booster.set("max_bin", "1024");
  } else {
    booster.set("objective", "reg:squarederror");
    booster.set("tree_method", num_values < kHistogramValues ? "exact" : "hist");
    booster.set("max_bin", "512");
  }
  booster.set("eval_metric", "mae");
  booster.set("base_score", fmt::format("{:.9g}", base_score));
  booster.set("max_depth", std::to_string(options.max_depth));
  booster.set("eta", fmt::format("{}", options.learning_rate));
  booster.set("subsample", fmt::format("{}", options.subsample));
  booster.set("colsample_bytree", fmt::format("{}", options.column_sample));
  booster.set("min_child_weight", fmt::format("{}", options.min_child_weight));
  booster.set("lambda", fmt::format("{}", options.l2));
}

/// Grows trees, with early stopping where there are rows for it, and returns how many to keep.
int grow_trees(Booster& booster, const DMatrix* validation, const XGBoostOptions& options, const Callbacks& callbacks) {
  ProgressReporter reporter(callbacks, "fitting xgboost", static_cast<std::size_t>(options.num_rounds));
  const bool stops_early = validation != nullptr && options.early_stopping_rounds > 0;
  double best = std::numeric_limits<double>::infinity();
  int best_trees = 0;
  for (int round = 0; round < options.num_rounds; ++round) {
    reporter.throw_if_cancelled();
    booster.grow(round);
    const std::size_t done = static_cast<std::size_t>(round) + 1;
    if (!stops_early) {
      best_trees = round + 1;
      reporter.update(done);
      continue;
    }
    const double error = booster.evaluate(round, *validation);
    if (error < best) {
      best = error;
      best_trees = round + 1;
    }
    const bool last = round + 1 - best_trees >= options.early_stopping_rounds;
    std::string note = fmt::format("validation error {:.4g}", error);
    if (last || round + 1 == options.num_rounds) note += fmt::format(", {} trees kept", best_trees);
    reporter.update(last ? static_cast<std::size_t>(options.num_rounds) : done, note);
    if (last) break;
  }
  return best_trees;
}

}  // namespace

XGBoostFit fit_trees(const Dataset& data, const XGBoostOptions& options, const FitOptions& fit) {
  require_rows(data, kMinRows, "xgboost");
  const bool absolute = options.loss == XGBoostOptions::Loss::kAbsolutePercentage;
  if (options.log_target || absolute) {
    require_positive_targets(data, options.log_target ? "xgboost with log_target" : "xgboost with absolute_percentage");
  }
  XGBoostFit out;
  Split split = random_split(data.num_rows(), fit.validation_fraction, Random(fit.seed).fork(kSplitStream).bits());
  if (split.first.empty()) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("validation_fraction {} leaves none of {} rows to train on",
                                                         fit.validation_fraction, data.num_rows()));
  }
  out.training_rows = std::move(split.first);
  out.validation_rows = std::move(split.second);
  const Dataset training = data.subset(out.training_rows), validation = data.subset(out.validation_rows);
  if (options.log_target) out.target.kind = TargetTransform::Kind::kLog;
  if (options.log_target && options.cost_terms) out.target.costs = fit_costs(training);
  out.features = fit_features(training, out.target.costs);

  const std::vector<float> labels = labels_of(training, out.target), weights = weights_of(training, training, options);
  const double base_score = absolute ? weighted_median(labels, weights) : mean_of(labels);
  out.training = to_matrix(out.features, training.features(), labels, weights);
  std::shared_ptr<const DMatrix> validation_matrix;
  if (!validation.empty()) {
    validation_matrix = to_matrix(out.features, validation.features(), labels_of(validation, out.target),
                                  weights_of(validation, training, options));
  }
  out.booster = std::make_shared<Booster>(out.training);
  configure(*out.booster, options, fit.seed, useful_threads(training, fit.num_threads), base_score,
            training.num_rows() * training.num_features());
  out.num_trees = grow_trees(*out.booster, validation_matrix.get(), options, fit.callbacks);
  return out;
}

std::vector<double> predict_in_xgboost(const XGBoostFit& fit, MatrixView<const double> rows) {
  const std::vector<float> labels(rows.rows(), 0.0f);
  std::vector<double> out;
  for (const float value : fit.booster->predict(*to_matrix(fit.features, rows, labels, {}), fit.num_trees)) {
    const auto answer = static_cast<double>(value);
    const double cost = cost_of_row(fit.target.costs, rows.row(out.size()));
    out.push_back(fit.target.kind == TargetTransform::Kind::kLog ? cost * std::exp(answer) : answer);
  }
  return out;
}

std::shared_ptr<const Evaluator> to_evaluator(const XGBoostFit& fit) {
  BoosterModel model = read_booster(fit.booster->to_json(), "XGBoost's model", static_cast<std::size_t>(fit.num_trees));
  return make_transformed(fit.features, make_tree_ensemble(std::move(model.trees)), fit.target);
}

}  // namespace perfmodel
