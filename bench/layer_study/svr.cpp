#include "svr.h"

#include <svm.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>

#include "perfmodel/core/csv.h"
#include "perfmodel/core/error.h"
#include "perfmodel/core/random.h"
#include "perfmodel/data/transform.h"

namespace perfmodel::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kChoosingRows = 3000, kJudgingRows = 1500, kRowStep = 500;
constexpr double kTimePower = 2.5;  // between the 2 and 3 that libsvm's authors name
constexpr std::uint64_t kOrderStream = 600;

struct SvrSettings {
  double c = 1, gamma = 0.1, epsilon = 0.1;

  std::string text() const {
    return "C " + format_number(c) + ", gamma " + format_number(gamma) + ", epsilon " + format_number(epsilon);
  }
};

/// Rows as libsvm takes them: each ends in a node of index -1.
struct SvmRows {
  SvmRows(const FeatureTransform& transform, MatrixView<const double> rows) {
    const std::size_t width = transform.num_outputs();
    nodes.resize(rows.rows() * (width + 1));
    std::vector<double> values(width);
    for (std::size_t i = 0; i < rows.rows(); ++i) {
      transform.apply(rows.row(i), Span<double>(values));
      svm_node* row = &nodes[i * (width + 1)];
      for (std::size_t j = 0; j < width; ++j) row[j] = {static_cast<int>(j) + 1, values[j]};
      row[width].index = -1;
      starts.push_back(row);
    }
  }

  std::vector<svm_node> nodes;
  std::vector<svm_node*> starts;
};

FeatureTransform standardised(MatrixView<const double> rows) {
  return FeatureTransform::fit(rows,
                               std::vector<ColumnTransform::Shape>(rows.cols(), ColumnTransform::Shape::kIdentity));
}

/// A machine with what it was fitted to, which libsvm's model points into.
class SupportVectors {
 public:
  SupportVectors(const Dataset& data, const SvrSettings& settings)
      : transform_(standardised(data.features())), rows_(transform_, data.features()) {
    const Span<const double> targets = data.targets();
    const double count = static_cast<double>(targets.size());
    mean_ = std::accumulate(targets.begin(), targets.end(), 0.0) / count;
    double squares = 0;
    for (const double target : targets) squares += (target - mean_) * (target - mean_);
    deviation_ = squares > 0 ? std::sqrt(squares / count) : 1;
    for (const double target : targets) targets_.push_back((target - mean_) / deviation_);

    svm_problem problem{static_cast<int>(targets_.size()), targets_.data(), rows_.starts.data()};
    svm_parameter parameter{};
    parameter.svm_type = EPSILON_SVR;
    parameter.kernel_type = RBF;
    parameter.C = settings.c;
    parameter.gamma = settings.gamma;
    parameter.p = settings.epsilon;
    parameter.eps = 1e-3;  // libsvm's own tolerance
    parameter.cache_size = 1000;
    parameter.shrinking = 1;
    if (const char* complaint = svm_check_parameter(&problem, &parameter)) {
      throw Error(ErrorCode::kInternal, std::string("libsvm: ") + complaint);
    }
    svm_set_print_string_function([](const char*) {});
    model_ = svm_train(&problem, &parameter);
  }
  ~SupportVectors() { svm_free_and_destroy_model(&model_); }
  SupportVectors(const SupportVectors&) = delete;
  SupportVectors& operator=(const SupportVectors&) = delete;

  std::vector<double> predict(MatrixView<const double> rows) const {
    std::vector<double> answers;
    for (const svm_node* row : SvmRows(transform_, rows).starts) {
      answers.push_back(mean_ + deviation_ * svm_predict(model_, row));
    }
    return answers;
  }

 private:
  FeatureTransform transform_;
  SvmRows rows_;
  std::vector<double> targets_;
  double mean_ = 0, deviation_ = 1;
  svm_model* model_ = nullptr;
};

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

std::vector<SvrSettings> all_settings() {
  std::vector<SvrSettings> settings;
  for (const double c : {1.0, 10.0, 100.0, 1000.0}) {
    for (const double gamma : {0.03, 0.1, 0.3, 1.0}) {
      for (const double epsilon : {0.001, 0.01, 0.1}) settings.push_back({c, gamma, epsilon});
    }
  }
  return settings;
}

SvrSettings choose_settings(const Dataset& fitted, const Dataset& judged, const Callbacks& callbacks) {
  const std::vector<SvrSettings> settings = all_settings();
  SvrSettings best;
  double least = std::numeric_limits<double>::infinity();
  Progress progress;
  progress.total = settings.size();
  const auto start = Clock::now();
  for (const SvrSettings& trial : settings) {
    if (callbacks.cancelled && callbacks.cancelled()) throw Error(ErrorCode::kCancelled, "the fit was cancelled");
    const double error = mape_pct(judged.targets(), SupportVectors(fitted, trial).predict(judged.features()));
    if (error < least) {
      least = error;
      best = trial;
    }
    ++progress.done;
    progress.elapsed_s = seconds_since(start);
    progress.note = trial.text();
    if (callbacks.progress) callbacks.progress(progress);
  }
  return best;
}

/// How many of `num_rows` can be fitted in the time, when `known_rows` took `known_s`.
std::size_t affordable_rows(std::size_t num_rows, std::size_t known_rows, double known_s, double minutes) {
  const double factor = std::pow(60 * minutes / std::max(known_s, 1e-3), 1 / kTimePower);
  const double rows = std::floor(static_cast<double>(known_rows) * factor / kRowStep) * kRowStep;
  return rows >= static_cast<double>(num_rows) ? num_rows : std::max(known_rows, static_cast<std::size_t>(rows));
}

}  // namespace

SvrFit fit_svr(const Dataset& training, double minutes, const FitOptions& fit) {
  std::vector<std::size_t> order(training.num_rows());
  std::iota(order.begin(), order.end(), std::size_t{0});
  Random(fit.seed).fork(kOrderStream).shuffle(Span<std::size_t>(order));
  const std::size_t num_judged = std::min(kJudgingRows, order.size() / 3);
  const std::size_t num_fitted = std::min(kChoosingRows, order.size() - num_judged);
  const Span<const std::size_t> drawn(order);
  const Dataset judged = training.subset(drawn.subspan(0, num_judged));
  const Dataset fitted = training.subset(drawn.subspan(num_judged, num_fitted));

  SvrFit out;
  const auto start_choosing = Clock::now();
  const SvrSettings settings = choose_settings(fitted, judged, fit.callbacks);
  out.choose_s = seconds_since(start_choosing);
  out.chosen = settings.text();

  const auto start_known = Clock::now();
  SupportVectors(fitted, settings);
  out.training_rows = affordable_rows(order.size(), num_fitted, seconds_since(start_known), minutes);
  const auto start = Clock::now();
  const auto machine = std::make_shared<SupportVectors>(training.subset(drawn.subspan(0, out.training_rows)), settings);
  out.fit_s = seconds_since(start);
  out.predict = [machine](MatrixView<const double> rows) { return machine->predict(rows); };
  return out;
}

}  // namespace perfmodel::bench
