#include "layer_time/roofline.h"

#include <gtest/gtest.h>

#include "perfmodel/learner/learner.h"

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

}  // namespace
}  // namespace perfmodel
