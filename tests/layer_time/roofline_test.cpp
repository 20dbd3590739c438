#include "layer_time/roofline.h"

#include <gtest/gtest.h>

#include <cstdio>

#include "perfmodel/layer_time/fit_predictor.h"
#include "perfmodel/learner/learner.h"
#include "predictor_fixture.h"
#include "temporary_folder.h"

namespace perfmodel {
namespace {

Dataset layers(const std::vector<std::string>& names) {
  Dataset data(names, "exe_ms");
  data.add_row(std::vector<double>{1e9, 1e6}, 10);  // 1e8 flops and 1e5 bytes a millisecond
  data.add_row(std::vector<double>{1e8, 4e6}, 2);   // 5e7 and 2e6
  return data;
}

double answer(const Model& model, const std::vector<double>& row) {
  Prediction prediction;
  Workspace workspace(model.workspace_bytes(1));
  model.predict({row.data(), 1, row.size()}, {&prediction, 1}, workspace).throw_if_error();
  return prediction.mean;
}

TEST(Roofline, AllowsNoLayerToBeMuchFasterThanTheFastestSeen) {
  const Dataset data = layers({"flops", "output_bytes"});
  const Model median = ConstantLearner().fit(data, {});  // 6 ms
  const Model model = with_roofline(median, data);
  EXPECT_EQ(answer(model, {1e8, 1e5}), answer(median, {1e8, 1e5}));
  EXPECT_DOUBLE_EQ(answer(model, {1e12, 1e5}), 1e4 / 1.5);
  EXPECT_DOUBLE_EQ(answer(model, {1e8, 2e9}), 1e3 / 1.5);
}

TEST(Roofline, IsNoneWithoutFlopsAndBytes) {
  const Dataset data = layers({"batch_size", "channels"});
  EXPECT_EQ(answer(with_roofline(ConstantLearner().fit(data, {}), data), {1e12, 1e12}), 6);
}

TEST(Roofline, TakesOneRowInAThousandForAMistake) {
  Dataset data({"flops", "channels"}, "exe_ms");
  for (int i = 0; i < 1000; ++i) data.add_row(std::vector<double>{1e6, 1}, i == 500 ? 1e-9 : 1);
  const Model model = with_roofline(ConstantLearner().fit(data, {}), data);
  EXPECT_DOUBLE_EQ(answer(model, {1e9, 1}), 1000 / 1.5);
}

double execution_ms(const LayerTimePredictor& predictor, const LayerSpec& layer, TimeEstimate* estimate = nullptr) {
  LayerTime time;
  Workspace workspace(predictor.workspace_bytes(1));
  predictor.predict({&layer, 1}, {}, {&time, 1}, workspace).throw_if_error();
  if (estimate != nullptr) *estimate = time.execution();
  return time.execution().mean_ms;
}

// Each layer takes 1 ms for 1e6 operations, and one of 2e9 would take the median, 0.4 ms, without a floor. Its mean
// stays above the floor when it is saved; its interval, factors of the mean, need not.
TEST(Roofline, StaysUnderAPredictorThatIsSaved) {
  LayerTable table;
  table.environment = test_environment();
  for (std::int64_t i = 0; i < 400; ++i) {
    LayerRow row;
    row.sample.layer = dense(1, 10 + i, 1000);
    for (double& ms : row.phase_ms) ms = row.sample.layer.flops() / 1e6;
    table.rows.push_back(row);
  }
  FitPredictorOptions options;
  const LayerTimePredictor predictor = fit_layer_time_predictor(table, ConstantLearner(), options).predictor;
  const LayerSpec large = dense(1000, 100, 10000);
  const double floor_ms = large.flops() / 1e6 / 1.5;
  TimeEstimate estimate;
  EXPECT_NEAR(execution_ms(predictor, large, &estimate), floor_ms, 1e-6 * floor_ms);
  EXPECT_LT(estimate.lower_ms, floor_ms);
  EXPECT_LT(execution_ms(predictor, dense(1, 10, 1000)), 1);

  const std::string path = temporary_path("roofline_test.safetensors");
  predictor.save(path);
  const LayerTimePredictor loaded = LayerTimePredictor::load(path);
  std::remove(path.c_str());
  EXPECT_EQ(execution_ms(loaded, large), execution_ms(predictor, large));
}

}  // namespace
}  // namespace perfmodel
