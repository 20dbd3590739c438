#include "perfmodel/transfer/online_correction.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <vector>

#include "learner/calibration.h"
#include "learner/student_t.h"
#include "perfmodel/core/error.h"
#include "predict/evaluators.h"

namespace perfmodel {
namespace {

constexpr double kOffsetWeight = 0.01, kSlopeWeight = 0.11;  // R0
constexpr double kOutlierScales = 3;
constexpr std::size_t kChangeRun = 3;     // outliers in a row, on the same side, that are none
constexpr std::size_t kErrorWindow = 59;  // 3 of 60 ranks lie beyond either end of an interval at 0.9
constexpr double kUsualScale = 0.1;       // of errors of a model that does not say
constexpr double kLeastScale = 0.005, kLargestScale = 1;
constexpr std::size_t kScaleRows = 3;  // what the first scale counts as

/// A measurement as the line sees it.
struct Point {
  double x = 0;  ///< log predicted, from the centre
  double y = 0;  ///< log(measured / predicted)
};

/// y = offset + slope x by least squares with exponential forgetting.
class ForgettingLine {
 public:
  ForgettingLine(double forgetting, bool fit_slope) : forgetting_(forgetting), fit_slope_(fit_slope) {}

  double offset() const noexcept { return offset_; }
  double slope() const noexcept { return slope_; }
  double at(double x) const noexcept { return offset_ + slope_ * x; }

  void forget() noexcept { *this = ForgettingLine(forgetting_, fit_slope_); }

  void add(Point point) noexcept {
    const auto update = [this](double& sum, double term) { sum = forgetting_ * sum + term; };
    update(count_, 1);
    update(sum_x_, point.x);
    update(sum_xx_, point.x * point.x);
    update(sum_y_, point.y);
    update(sum_xy_, point.x * point.y);
    const double count = count_ + kOffsetWeight, square = sum_xx_ + kSlopeWeight;
    if (fit_slope_) slope_ = (count * sum_xy_ - sum_x_ * sum_y_) / (count * square - sum_x_ * sum_x_);
    offset_ = (sum_y_ - slope_ * sum_x_) / count;
  }

 private:
  double forgetting_;
  bool fit_slope_;
  double count_ = 0, sum_x_ = 0, sum_xx_ = 0, sum_y_ = 0, sum_xy_ = 0;
  double offset_ = 0, slope_ = 0;
};

const CorrectionOptions& checked(const CorrectionOptions& options) {
  if (!(options.half_life >= 1 && std::isfinite(options.half_life))) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("half_life is {}, at least 1 measurement is allowed", options.half_life));
  }
  if (!(options.interval_level > 0 && options.interval_level < 1)) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("interval_level is {}, allowed is (0, 1)", options.interval_level));
  }
  return options;
}

/// Scale of the logarithmic errors that a model expects of an answer.
double expected_scale(const Prediction& prediction, double level) {
  if (!(level > 0 && prediction.lower > 0)) return kUsualScale;
  constexpr double kNearlyNormal = 1e6;
  const double half_width = std::log(prediction.upper / prediction.lower) / 2;
  return std::clamp(half_width / student_t_quantile(level, kNearlyNormal), kLeastScale, kLargestScale);
}

/// log answer = log bias + power * log answer of `inner`.
std::shared_ptr<const Evaluator> make_line_of_logs(std::shared_ptr<const Evaluator> inner, double log_bias,
                                                   double power) {
  TargetTransform target;
  target.kind = TargetTransform::Kind::kLog;
  target.trend_bias = log_bias;
  target.trend = {power};
  auto line = make_transformed(FeatureTransform({ColumnTransform{}}), make_constant(1, 0), std::move(target));
  return make_stacked(std::move(inner), std::move(line), /*keep_row=*/false, /*log_inner=*/true);
}

}  // namespace

struct OnlineCorrection::Impl {
  Impl(Model uncorrected, const CorrectionOptions& given)
      : model(std::move(uncorrected)),
        options(checked(given)),
        forgetting(std::exp2(-1 / options.half_life)),
        line(forgetting, options.fit_slope),
        workspace(model.workspace_bytes(1)) {}

  Prediction predict(Span<const double> row) {
    Prediction prediction;
    model.predict({row.data(), 1, row.size()}, {&prediction, 1}, workspace).throw_if_error();
    return prediction;
  }

  void take_first(const Prediction& prediction, double measured) {
    centre = std::log(prediction.mean);
    scale = expected_scale(prediction, model.info().interval_level);
    line.add({0, std::log(measured) - centre});
  }

  void take(Point point) {
    const double error = point.y - line.at(point.x), limit = kOutlierScales * scale;
    const double cut = std::clamp(error, -limit, limit);
    errors.push_back(error);
    if (errors.size() > kErrorWindow) errors.pop_front();
    scale = std::max(kLeastScale, std::sqrt(forgetting * scale * scale + (1 - forgetting) * cut * cut));
    if (is_change(point, error, error != cut)) {
      line.forget();
      for (const Point& outlier : outliers) line.add(outlier);
      errors.resize(errors.size() - std::min(errors.size(), kChangeRun));
      num_outliers = 0;
    } else {
      line.add({point.x, line.at(point.x) + cut});
    }
  }

  /// Whether this is the last of kChangeRun outliers in a row on the same side.
  bool is_change(Point point, double error, bool is_outlier) {
    if (!is_outlier || (num_outliers > 0 && (error > 0) != outliers_above)) num_outliers = 0;
    if (!is_outlier) return false;
    outliers_above = error > 0;
    outliers[num_outliers++] = point;
    return num_outliers == kChangeRun;
  }

  ModelInfo info() const {
    ModelInfo info = model.info();
    info.kind = "corrected";
    info.held_out = {};
    std::vector<double> ratios, ones(errors.size(), 1);
    for (const double error : errors) ratios.push_back(std::exp(error));
    info = calibrate_interval(std::move(info), ratios, ones, {}, options.interval_level);
    if (info.interval_level > 0) return info;
    const double rows = static_cast<double>(errors.size() + kScaleRows);
    constexpr double kMostLog = 700;  // exp of it is finite
    const double half_width = std::min(kMostLog, scale * student_t_quantile(options.interval_level, rows));
    info.interval_level = options.interval_level;
    info.interval_lower_factor = std::exp(-half_width);
    info.interval_upper_factor = std::exp(half_width);
    return info;
  }

  Model model;
  CorrectionOptions options;
  double forgetting;  ///< what a measurement counts for, one measurement later
  ForgettingLine line;
  Workspace workspace;  ///< for one row
  std::size_t num_told = 0;
  double centre = 0;          ///< log of the first prediction
  double scale = 0;           ///< running root mean square of the cut errors
  std::deque<double> errors;  ///< the latest, log(measured / answer before), the first measurement's aside
  std::array<Point, kChangeRun> outliers;
  std::size_t num_outliers = 0;  ///< in a row, on the same side
  bool outliers_above = false;
};

OnlineCorrection::OnlineCorrection(Model model, const CorrectionOptions& options)
    : impl_(std::make_unique<Impl>(std::move(model), options)) {}
OnlineCorrection::~OnlineCorrection() = default;
OnlineCorrection::OnlineCorrection(OnlineCorrection&& other) noexcept = default;
OnlineCorrection& OnlineCorrection::operator=(OnlineCorrection&& other) noexcept = default;

void OnlineCorrection::tell(Span<const double> row, double measured) {
  if (!(measured > 0 && std::isfinite(measured))) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("the measured value is {}, a correction takes finite positive numbers", measured));
  }
  const Prediction prediction = impl_->predict(row);
  if (!(prediction.mean > 0)) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("the model's answer is {}, a correction takes positive ones", prediction.mean));
  }
  if (impl_->num_told == 0) {
    impl_->take_first(prediction, measured);
  } else {
    impl_->take({std::log(prediction.mean) - impl_->centre, std::log(measured) - std::log(prediction.mean)});
  }
  ++impl_->num_told;
}

std::size_t OnlineCorrection::num_told() const noexcept {
  return impl_->num_told;
}

Model OnlineCorrection::model() const {
  if (impl_->num_told == 0) return impl_->model;
  const ForgettingLine& line = impl_->line;
  const double log_bias = line.offset() - line.slope() * impl_->centre;
  return Model(impl_->info(), make_line_of_logs(impl_->model.shared_evaluator(), log_bias, 1 + line.slope()));
}

}  // namespace perfmodel
