#include "perfmodel/layer_time/fit_predictor.h"

#include <algorithm>
#include <cmath>

#include "expect_error.h"
#include "perfmodel/network/layer_sampler.h"
#include "predictor_fixture.h"

namespace perfmodel {
namespace {

constexpr double kExactFit = 1e-3;  // percent: a model that knows the law is off by float32 rounding only

/// The execution time of the synthetic law: a thousandth of the sum of the paper's features.
double law_ms(const LayerSample& sample) {
  double row[kMaxLayerFeatures] = {};
  encode_layer(FeatureSet::kPaper, sample.layer, sample.context,
               {row, layer_feature_names(FeatureSet::kPaper, sample.layer.kind).size()});
  double sum = 0;
  for (const double value : row) sum += value;
  return sum / 1000;
}

LayerTable synthetic_table(std::size_t num_layers) {
  const LayerSampler sampler{SamplerOptions{}};
  LayerTable table;
  table.environment = test_environment();
  table.num_failed = 3;
  for (std::size_t i = 0; i < num_layers; ++i) {
    LayerRow row;
    row.sample = sampler.sample(i);
    row.phase_ms[1] = law_ms(row.sample);
    row.phase_ms[0] = 2 * row.phase_ms[1];
    row.phase_ms[2] = i % 10 == 0 ? 0.0002 : 0.0001;  // under a microsecond
    if (i % 20 == 0) row.repeat_execution_ms = row.phase_ms[1] * 1.04;
    table.rows.push_back(row);
  }
  return table;
}

/// Answers `factor` times the sum of the features, whatever the data; remembers on what it was asked to fit.
class LawLearner final : public Learner {
 public:
  explicit LawLearner(double factor) : factor_(factor) {}
  std::string name() const override { return "law"; }
  Model fit(const Dataset& data, const FitOptions& options) const override {
    hashes.push_back(data.hash());
    fitted_rows.push_back(data.num_rows());
    if (options.callbacks.progress) options.callbacks.progress(Progress{"learning", 1, 1, 0, 0, ""});
    const double scale = data.target_name() == "pre_ms" ? 2e-3 : 1e-3;
    ModelInfo info;
    info.kind = "law";
    info.target = data.target_name();
    info.interval_level = 0.9;
    info.interval_lower_factor = 0.9;
    info.interval_upper_factor = 1.1;
    for (const std::string& name : data.feature_names()) info.features.push_back({name, "", 0, 1e12, true});
    NetworkLayer layer;
    layer.inputs = data.num_features();
    layer.outputs = 1;
    layer.relu = false;
    layer.weights.assign(data.num_features(), static_cast<float>(factor_ * scale));
    return Model(std::move(info), make_sequence_network(data.num_features(), {layer}));
  }
  mutable std::vector<std::uint64_t> hashes;
  mutable std::vector<std::size_t> fitted_rows;

 private:
  double factor_;
};

FitPredictorOptions paper_options() {
  FitPredictorOptions options;
  options.features = FeatureSet::kPaper;
  options.fit.seed = 5;
  return options;
}

const PhaseReport& report_of(const FittedPredictor& fitted, LayerKind kind, Phase phase) {
  for (const PhaseReport& report : fitted.reports) {
    if (report.kind == kind && report.phase == phase) return report;
  }
  throw Error(ErrorCode::kNotFound, "no such report");
}

std::size_t count_kind(const LayerTable& table, LayerKind kind) {
  std::size_t count = 0;
  for (const LayerRow& row : table.rows) count += row.sample.layer.kind == kind ? 1 : 0;
  return count;
}

TEST(FitPredictor, ReportsOnHeldOutLayersOfEveryKindAndPhase) {
  const LayerTable table = synthetic_table(400);
  const FittedPredictor fitted = fit_layer_time_predictor(table, LawLearner(1), paper_options());
  ASSERT_EQ(fitted.reports.size(), 9U);
  for (const LayerKind kind : {LayerKind::kConv2d, LayerKind::kPool2d, LayerKind::kDense}) {
    for (const Phase phase : {Phase::kPreprocess, Phase::kExecution}) {
      const PhaseReport& report = report_of(fitted, kind, phase);
      EXPECT_FALSE(report.constant);
      EXPECT_EQ(report.errors.rows,
                static_cast<std::size_t>(std::lround(0.2 * static_cast<double>(count_kind(table, kind)))));
      EXPECT_LT(report.errors.mape_pct, kExactFit);
      EXPECT_EQ(report.interval_coverage_pct, 100);
      EXPECT_EQ(fitted.predictor.model(kind, phase).info().held_out.rows, report.errors.rows);
    }
  }
  EXPECT_EQ(fitted.predictor.environment().device_name, "a processor");
  EXPECT_EQ(fitted.predictor.training().num_layers, 400U);
  EXPECT_EQ(fitted.predictor.training().num_failed, 3U);
  EXPECT_NEAR(fitted.predictor.training().noise_floor_pct, 4, kExactFit);
}

// A model that is always 25 % too high has a MAPE of 25 and leaves its interval of 10 % each way empty.
TEST(FitPredictor, ReportsTheErrorThatAModelHas) {
  const FittedPredictor fitted = fit_layer_time_predictor(synthetic_table(400), LawLearner(1.25), paper_options());
  const PhaseReport& report = report_of(fitted, LayerKind::kConv2d, Phase::kExecution);
  EXPECT_NEAR(report.errors.mape_pct, 25, kExactFit);
  EXPECT_EQ(report.interval_coverage_pct, 0);
}

/// Remembers the features that it was shown, and fits the median.
class WatchingLearner final : public Learner {
 public:
  std::string name() const override { return "watching"; }
  Model fit(const Dataset& data, const FitOptions& options) const override {
    last_features.push_back(data.feature_names().back());
    return ConstantLearner().fit(data, options);
  }
  mutable std::vector<std::string> last_features;
};

TEST(FitPredictor, ShowsTheLearnerWhatASourceAnswers) {
  const LayerTable table = synthetic_table(400);
  FitPredictorOptions options = paper_options();
  options.source = std::make_shared<const LayerTimePredictor>(
      test_environment(), std::vector<LayerTimePredictor::KindModels>{sum_models(LayerKind::kDense, 1)});
  const WatchingLearner learner;
  const LayerTimePredictor predictor = fit_layer_time_predictor(table, learner, options).predictor;
  // Convolutions, pooling and dense layers, preprocess and execution each; postprocess is below the clock.
  EXPECT_THAT(learner.last_features,
              ::testing::ElementsAre("activation", "activation", "strides", "strides", "cost_source", "cost_source"));
  EXPECT_EQ(predictor.model(LayerKind::kDense, Phase::kExecution).num_features(),
            layer_feature_names(FeatureSet::kPaper, LayerKind::kDense).size());
}

TEST(FitPredictor, RefusesASourceOfOtherTimesOrFeatures) {
  const LayerTable table = synthetic_table(400);
  FitPredictorOptions options = paper_options();
  Environment environment = test_environment();
  environment.timing = LayerTiming::kTotal;
  options.source = std::make_shared<const LayerTimePredictor>(
      environment, std::vector<LayerTimePredictor::KindModels>{sum_models(LayerKind::kDense, 1)});
  EXPECT_PM_ERROR(fit_layer_time_predictor(table, LawLearner(1), options), ErrorCode::kMismatch,
                  "the source's times are 'total', those of the table 'phases'");
  options.source = std::make_shared<const LayerTimePredictor>(
      test_environment(), std::vector<LayerTimePredictor::KindModels>{sum_models(LayerKind::kDense, 1)});
  options.features = FeatureSet::kPhysics;
  EXPECT_PM_ERROR(fit_layer_time_predictor(table, LawLearner(1), options), ErrorCode::kMismatch,
                  "that of the source's model 'batch_size'");
}

TEST(FitPredictor, RefusesASourceThatKnowsNoneOfTheKinds) {
  LayerTable table = synthetic_table(400);
  table.rows.erase(std::remove_if(table.rows.begin(), table.rows.end(),
                                  [](const LayerRow& row) { return row.sample.layer.kind != LayerKind::kConv2d; }),
                   table.rows.end());
  FitPredictorOptions options = paper_options();
  options.source = std::make_shared<const LayerTimePredictor>(
      test_environment(),
      std::vector<LayerTimePredictor::KindModels>{sum_models(LayerKind::kDense, 1), sum_models(LayerKind::kPool2d, 1)});
  EXPECT_PM_ERROR(fit_layer_time_predictor(table, LawLearner(1), options), ErrorCode::kInvalidArgument,
                  "the source knows none of the table's layer kinds; it knows: ");
}

TEST(FitPredictor, ModelsAPhaseBelowTheClockAsAConstant) {
  const LayerTable table = synthetic_table(400);
  const FittedPredictor fitted = fit_layer_time_predictor(table, LawLearner(1), paper_options());
  const PhaseReport& report = report_of(fitted, LayerKind::kDense, Phase::kPostprocess);
  EXPECT_TRUE(report.constant);
  EXPECT_EQ(report.errors.rows, 0U);
  EXPECT_EQ(report.num_below_clock, report_of(fitted, LayerKind::kDense, Phase::kExecution).errors.rows);
  EXPECT_EQ(fitted.predictor.model(LayerKind::kDense, Phase::kPostprocess).info().kind, "constant");
  const std::vector<LayerSpec> layers = {dense(1, 10, 10)};
  std::vector<LayerTime> times(1);
  Workspace workspace(fitted.predictor.workspace_bytes(1));
  fitted.predictor.predict(layers, {}, times, workspace).throw_if_error();
  EXPECT_DOUBLE_EQ(times[0].postprocess().mean_ms, 0.0001);
}

TEST(FitPredictor, LeavesRowsBelowTheClockOutOfTheErrors) {
  LayerTable table = synthetic_table(400);
  std::size_t num_short = 0;
  for (LayerRow& row : table.rows) {
    if (row.sample.layer.kind == LayerKind::kConv2d && ++num_short <= 40) row.phase_ms[1] = 0;
  }
  FitPredictorOptions options = paper_options();
  const FittedPredictor fitted = fit_layer_time_predictor(table, LawLearner(1), options);
  const PhaseReport& report = report_of(fitted, LayerKind::kConv2d, Phase::kExecution);
  EXPECT_GT(report.num_below_clock, 0U);
  EXPECT_LT(report.errors.mape_pct, kExactFit);
}

TEST(FitPredictor, FitsAllPhasesOnTheSameRowsAndNeverOnHeldOutOnes) {
  const LayerTable table = synthetic_table(400);
  const LawLearner learner(1);
  fit_layer_time_predictor(table, learner, paper_options());
  ASSERT_EQ(learner.fitted_rows.size(), 6U);
  const std::size_t num_conv = count_kind(table, LayerKind::kConv2d);
  EXPECT_EQ(learner.fitted_rows[0], learner.fitted_rows[1]);
  EXPECT_EQ(learner.fitted_rows[0],
            num_conv - static_cast<std::size_t>(std::lround(0.2 * static_cast<double>(num_conv))));
  const LawLearner again(1);
  fit_layer_time_predictor(table, again, paper_options());
  EXPECT_EQ(again.hashes, learner.hashes);
  FitPredictorOptions other = paper_options();
  other.fit.seed = 6;
  const LawLearner different(1);
  fit_layer_time_predictor(table, different, other);
  EXPECT_NE(different.hashes, learner.hashes);
}

TEST(FitPredictor, TellsWhichPhaseItFits) {
  std::vector<std::string> tasks;
  FitPredictorOptions options = paper_options();
  options.fit.callbacks.progress = [&](const Progress& progress) { tasks.push_back(progress.task); };
  fit_layer_time_predictor(synthetic_table(400), LawLearner(1), options);
  EXPECT_THAT(tasks, ::testing::IsSupersetOf({"fitting conv2d pre", "fitting dense exe"}));
}

TEST(FitPredictor, LeavesOutAKindThatWasNotMeasured) {
  LayerTable table = synthetic_table(400);
  table.rows.erase(std::remove_if(table.rows.begin(), table.rows.end(),
                                  [](const LayerRow& row) { return row.sample.layer.kind == LayerKind::kPool2d; }),
                   table.rows.end());
  const FittedPredictor fitted = fit_layer_time_predictor(table, LawLearner(1), paper_options());
  EXPECT_FALSE(fitted.predictor.knows(LayerKind::kPool2d));
  EXPECT_EQ(fitted.reports.size(), 6U);
}

// The law stands for the time of a whole call, in the place of the execution.
TEST(FitPredictor, FitsWholeCallsInThePlaceOfTheExecution) {
  LayerTable table = synthetic_table(400);
  table.environment.timing = LayerTiming::kTotal;
  for (LayerRow& row : table.rows) {
    row.phase_ms[0] = row.phase_ms[2] = 0;
    row.sample.context = {};
  }
  std::vector<std::string> tasks;
  FitPredictorOptions options = paper_options();
  options.fit.callbacks.progress = [&](const Progress& progress) { tasks.push_back(progress.task); };
  const FittedPredictor fitted = fit_layer_time_predictor(table, LawLearner(1), options);
  ASSERT_EQ(fitted.reports.size(), 3U);
  for (const PhaseReport& report : fitted.reports) {
    EXPECT_EQ(report.phase, Phase::kExecution);
    EXPECT_GT(report.errors.rows, 0U);
    EXPECT_LT(report.errors.mape_pct, kExactFit);
  }
  EXPECT_THAT(tasks, ::testing::ElementsAre("fitting conv2d total", "fitting pool2d total", "fitting dense total"));
  EXPECT_EQ(fitted.predictor.environment().timing, LayerTiming::kTotal);
  EXPECT_EQ(fitted.predictor.model(LayerKind::kConv2d, Phase::kExecution).info().target, "total_ms");

  const NetworkTime time = fitted.predictor.predict(builtin_network("lenet", 2));
  double sum_ms = 0;
  for (const LayerTime& layer : time.layers) {
    EXPECT_EQ(layer.preprocess().upper_ms, 0);
    EXPECT_EQ(layer.postprocess().upper_ms, 0);
    EXPECT_GT(layer.execution().mean_ms, 0);
    sum_ms += layer.execution().mean_ms;
  }
  EXPECT_DOUBLE_EQ(time.total.mean_ms, sum_ms);
}

TEST(FitPredictor, RejectsTooLittleData) {
  EXPECT_PM_ERROR(fit_layer_time_predictor(LayerTable{}, LawLearner(1), paper_options()), ErrorCode::kInvalidArgument,
                  "holds no rows");
  EXPECT_PM_ERROR(fit_layer_time_predictor(synthetic_table(30), LawLearner(1), paper_options()),
                  ErrorCode::kInvalidArgument, "measured layers, a fit takes 20 or more");
  FitPredictorOptions options = paper_options();
  options.held_out_fraction = 1;
  EXPECT_PM_ERROR(fit_layer_time_predictor(synthetic_table(400), LawLearner(1), options), ErrorCode::kInvalidArgument,
                  "held_out_fraction is 1");
}

TEST(LayerDataset, NamesWholeCalls) {
  const LayerTable table = synthetic_table(50);
  EXPECT_EQ(layer_dataset(table.rows, LayerKind::kDense, Phase::kExecution, FeatureSet::kPaper, LayerTiming::kTotal)
                .target_name(),
            "total_ms");
}

TEST(LayerDataset, HoldsTheRowsOfOneKindInOrder) {
  const LayerTable table = synthetic_table(50);
  const Dataset data = layer_dataset(table.rows, LayerKind::kDense, Phase::kExecution, FeatureSet::kPaper);
  EXPECT_EQ(data.num_rows(), count_kind(table, LayerKind::kDense));
  EXPECT_EQ(data.target_name(), "exe_ms");
  EXPECT_EQ(data.feature_names(), layer_feature_names(FeatureSet::kPaper, LayerKind::kDense));
  for (std::size_t i = 0, row = 0; i < table.rows.size(); ++i) {
    if (table.rows[i].sample.layer.kind != LayerKind::kDense) continue;
    EXPECT_EQ(data.features()(row, 1), static_cast<double>(table.rows[i].sample.layer.channels_in));
    EXPECT_EQ(data.targets()[row++], table.rows[i].phase_ms[1]);
  }
}

}  // namespace
}  // namespace perfmodel
