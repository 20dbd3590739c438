// Which learner fits the kinds that networks with branches and attention have.
#include <cmath>

#include "expect_error.h"
#include "perfmodel/core/random.h"
#include "perfmodel/layer_time/fit_predictor.h"
#include "perfmodel/network/layer_sampler.h"
#include "predictor_fixture.h"

namespace perfmodel {
namespace {

constexpr double kNoise = 0.05;

/// Layers of `kinds` whose execution takes 2 microseconds and 0.2 ms per megabyte, whose copies 0.1 ms per megabyte.
LayerTable table_of(std::vector<LayerKind> kinds, std::size_t num_layers) {
  SamplerOptions options;
  options.kinds = std::move(kinds);
  const LayerSampler sampler(options);
  Random random(7);
  LayerTable table;
  table.environment = test_environment();
  for (std::size_t i = 0; i < num_layers; ++i) {
    LayerRow row;
    row.sample = sampler.sample(i);
    const LayerSpec& layer = row.sample.layer;
    row.phase_ms[0] = 0.002 + 0.1e-6 * layer.input_bytes() * std::exp(kNoise * random.normal());
    row.phase_ms[1] =
        (0.002 + 0.2e-6 * (layer.input_bytes() + layer.output_bytes())) * std::exp(kNoise * random.normal());
    row.phase_ms[2] = 0.002 + 0.1e-6 * layer.output_bytes() * std::exp(kNoise * random.normal());
    table.rows.push_back(row);
  }
  return table;
}

std::string learner_of(const FittedPredictor& fitted, LayerKind kind) {
  return fitted.predictor.model(kind, Phase::kExecution).info().kind;
}

TEST(BranchedFit, GivesWhatMemoryBoundsToAdditiveCosts) {
  const LayerTable table = table_of({LayerKind::kAdd, LayerKind::kSoftmax, LayerKind::kMatMul, LayerKind::kDense}, 400);
  const FittedPredictor fitted = fit_layer_time_predictor(table, ConstantLearner(), {});
  EXPECT_EQ(learner_of(fitted, LayerKind::kAdd), "additive_cost");
  EXPECT_EQ(learner_of(fitted, LayerKind::kSoftmax), "additive_cost");
  EXPECT_EQ(learner_of(fitted, LayerKind::kMatMul), "constant");
  EXPECT_EQ(learner_of(fitted, LayerKind::kDense), "constant");
}

TEST(BranchedFit, GivesThemToTheLearnerWhereAskedTo) {
  FitPredictorOptions options;
  options.memory_bound_by_cost = false;
  const FittedPredictor fitted = fit_layer_time_predictor(table_of({LayerKind::kAdd}, 40), ConstantLearner(), options);
  EXPECT_EQ(learner_of(fitted, LayerKind::kAdd), "constant");
}

// The mean absolute error of 5 % noise is 4 %; 50 rows leave little more.
TEST(BranchedFit, LearnsEachKindFromSomeDozenLayers) {
  std::vector<LayerKind> kinds;
  for (int kind = 0; kind < kNumLayerKinds; ++kind) {
    if (is_memory_bound(static_cast<LayerKind>(kind))) kinds.push_back(static_cast<LayerKind>(kind));
  }
  const FittedPredictor fitted = fit_layer_time_predictor(table_of(kinds, 60 * kinds.size()), ConstantLearner(), {});
  for (const PhaseReport& report : fitted.reports) {
    SCOPED_TRACE(std::string(layer_kind_name(report.kind)) + " " + phase_name(report.phase));
    EXPECT_GT(report.errors.mape_pct, 1);
    EXPECT_LT(report.errors.mape_pct, 8);
    EXPECT_EQ(fitted.predictor.model(report.kind, report.phase).info().interval_level, 0.9);
  }
}

TEST(BranchedFit, TakesTwentyLayersOfAKindAndNoFewer) {
  EXPECT_NO_THROW(fit_layer_time_predictor(table_of({LayerKind::kConcat}, 20), ConstantLearner(), {}));
  EXPECT_PM_ERROR(fit_layer_time_predictor(table_of({LayerKind::kConcat}, 19), ConstantLearner(), {}),
                  ErrorCode::kInvalidArgument, "layer kind 'concat' has 19 measured layers, a fit takes 20 or more");
}

}  // namespace
}  // namespace perfmodel
