#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "perfmodel/core/error.h"
#include "predict/evaluators.h"
#include "predict/row_blocks.h"

namespace perfmodel {
namespace {

const char* shape_name(ColumnTransform::Shape shape) noexcept {
  switch (shape) {
    case ColumnTransform::Shape::kIdentity:
      return "identity";
    case ColumnTransform::Shape::kLog:
      return "log";
    case ColumnTransform::Shape::kBoxCox:
      return "box_cox";
  }
  return "";
}

nlohmann::json column_json(const ColumnTransform& column) {
  return {{"shape", shape_name(column.shape)},
          {"lambda", column.lambda},
          {"mean", column.mean},
          {"deviation", column.deviation},
          {"used", column.used}};
}

nlohmann::json target_json(const TargetTransform& target) {
  if (target.kind == TargetTransform::Kind::kScale) return {{"kind", "scale"}, {"scale", target.scale}};
  return {{"kind", "log"},
          {"mean", target.mean},
          {"deviation", target.deviation},
          {"trend_bias", target.trend_bias},
          {"trend", target.trend},
          {"costs", target.costs}};
}

class Transformed final : public Evaluator {
 public:
  Transformed(FeatureTransform features, std::shared_ptr<const Evaluator> inner, TargetTransform target)
      : features_(std::move(features)), inner_(std::move(inner)), target_(std::move(target)) {}

  const char* kind() const noexcept override { return "transformed"; }
  std::size_t num_inputs() const noexcept override { return features_.num_inputs(); }

  std::size_t scratch_bytes(std::size_t num_rows) const noexcept override {
    const std::size_t block = std::min(num_rows, kBlockRows);
    return features_bytes(block) + inner_->scratch_bytes(block);
  }

  bool takes_missing_values() const noexcept override {
    return target_.trend.empty() && target_.costs.empty() && inner_->takes_missing_values();
  }
  bool has_deviation() const noexcept override { return inner_->has_deviation(); }

  void evaluate(MatrixView<const double> rows, Span<double> out, std::byte* scratch) const noexcept override {
    evaluate_with_deviation(rows, out, {}, scratch);
  }

  void evaluate_with_deviation(MatrixView<const double> rows, Span<double> out, Span<double> deviation,
                               std::byte* scratch) const noexcept override {
    const std::size_t width = features_.num_outputs();
    double* const values = reinterpret_cast<double*>(scratch);
    std::byte* const inner_scratch = scratch + features_bytes(std::min(rows.rows(), kBlockRows));
    for_each_block(rows.rows(), kBlockRows, [&](std::size_t first, std::size_t count) {
      for (std::size_t i = 0; i < count; ++i) {
        features_.apply(rows.row(first + i), Span<double>(values + i * width, width));
      }
      const MatrixView<const double> transformed(values, count, width);
      const Span<double> block_deviation = answer_slice(deviation, first, count);
      evaluate_part(*inner_, transformed, out.subspan(first, count), block_deviation, inner_scratch);
      for (std::size_t i = 0; i < count; ++i) {
        double& answer = out[first + i];
        answer = to_target(answer, transformed.row(i)) * costs_of(rows.row(first + i));
        if (!block_deviation.empty()) block_deviation[i] *= slope_at(answer);
      }
    });
  }

  std::vector<double> feature_importance() const override {
    const std::vector<double> inner = inner_->feature_importance();
    if (inner.empty()) return {};
    std::vector<double> importance;
    auto next = inner.begin();
    for (const ColumnTransform& column : features_.columns()) importance.push_back(column.used ? *next++ : 0);
    return importance;
  }

  nlohmann::json write(ArchiveWriter& archive, const std::string& path) const override {
    nlohmann::json columns = nlohmann::json::array();
    for (const ColumnTransform& column : features_.columns()) columns.push_back(column_json(column));
    return {{"kind", kind()},
            {"columns", std::move(columns)},
            {"target", target_json(target_)},
            {"inner", inner_->write(archive, path + "/inner")}};
  }

 private:
  std::size_t features_bytes(std::size_t block) const noexcept {
    return align64(block * features_.num_outputs() * sizeof(double));
  }

  double to_target(double answer, Span<const double> features) const noexcept {
    if (target_.kind == TargetTransform::Kind::kScale) return answer / target_.scale;
    double log_target = target_.mean + target_.deviation * answer + target_.trend_bias;
    for (std::size_t j = 0; j < target_.trend.size(); ++j) log_target += target_.trend[j] * features[j];
    return std::exp(log_target);
  }

  /// Change of the target per change of inner's answer, in size, where the target is `target`.
  double slope_at(double target) const noexcept {
    return target_.kind == TargetTransform::Kind::kScale ? 1 / std::abs(target_.scale)
                                                         : target * std::abs(target_.deviation);
  }

  double costs_of(Span<const double> row) const noexcept {
    if (target_.costs.empty()) return 1;
    double sum = 0;
    for (std::size_t j = 0; j < target_.costs.size(); ++j) sum += target_.costs[j] * row[j];
    return std::max(sum, TargetTransform::kSmallestCost);
  }

  FeatureTransform features_;
  std::shared_ptr<const Evaluator> inner_;
  TargetTransform target_;
};

void require_finite(double value, const char* what) {
  if (!std::isfinite(value)) {
    throw Error(ErrorCode::kCorrupt, fmt::format("transformed: {} is {}, it must be finite", what, value));
  }
}

}  // namespace

std::shared_ptr<const Evaluator> make_transformed(FeatureTransform features, std::shared_ptr<const Evaluator> inner,
                                                  TargetTransform target) {
  if (features.num_outputs() != inner->num_inputs()) {
    throw Error(ErrorCode::kCorrupt,
                fmt::format("transformed: {} of {} features are used, '{}' takes {}", features.num_outputs(),
                            features.num_inputs(), inner->kind(), inner->num_inputs()));
  }
  if (!target.trend.empty() && target.trend.size() != features.num_outputs()) {
    throw Error(ErrorCode::kCorrupt, fmt::format("transformed: the trend has {} coefficients for {} used features",
                                                 target.trend.size(), features.num_outputs()));
  }
  if (!target.costs.empty() && target.costs.size() != features.num_inputs()) {
    throw Error(ErrorCode::kCorrupt, fmt::format("transformed: there are {} costs for {} features", target.costs.size(),
                                                 features.num_inputs()));
  }
  for (const double cost : target.costs) {
    require_finite(cost, "a cost");
    if (cost < 0) throw Error(ErrorCode::kCorrupt, fmt::format("transformed: a cost is {}, it must be >= 0", cost));
  }
  require_finite(target.scale, "the target's scale");
  if (target.scale == 0) throw Error(ErrorCode::kCorrupt, "transformed: the target's scale is 0, it divides");
  require_finite(target.mean, "the target's mean");
  require_finite(target.deviation, "the target's deviation");
  require_finite(target.trend_bias, "the trend's bias");
  for (const double coefficient : target.trend) require_finite(coefficient, "a trend coefficient");
  return std::make_shared<Transformed>(std::move(features), std::move(inner), std::move(target));
}

}  // namespace perfmodel
