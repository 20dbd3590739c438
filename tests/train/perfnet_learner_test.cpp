#include <gtest/gtest.h>

#include <cmath>

#include "expect_error.h"
#include "learner/training_info.h"
#include "synthetic_layers.h"
#include "train_torch/resperfnet_fit.h"

namespace perfmodel {
namespace {

TEST(PerfNetLayers, AreFourHiddenOnesAndAnOutput) {
  std::vector<std::size_t> widths;
  for (const NetworkLayer& layer : perfnet_layers(9, true)) {
    EXPECT_EQ(layer.kind, NetworkLayer::Kind::kDense);
    EXPECT_TRUE(layer.relu);
    widths.push_back(layer.outputs);
  }
  EXPECT_EQ(widths, (std::vector<std::size_t>{32, 64, 128, 256, 1}));
  EXPECT_FALSE(perfnet_layers(9, false).back().relu);
}

TEST(PerfNetLearner, PerfmodelAnswersWhatLibTorchDoes) {
  constexpr double kRelative = 1e-4;  // what the project promises: float32 sums in another order
  constexpr double kCutOffMs = 1e-6;  // where the last ReLU cuts at 0 in one of them
  const Dataset data = synthetic_layers(200, 1, 0.02), rows = synthetic_layers(500, 2, 0.02);
  for (const char* preset : {"paper", "default"}) {
    ResPerfNetOptions options = resperfnet_preset(preset);
    options.epochs = 3;
    const ResPerfNetFit fit = fit_networks(data, kPerfNet, options, {});
    const std::vector<double> torch = forward_in_torch(fit, rows.features());
    const Model model(training_info("perfnet", data), to_evaluator(fit));
    const std::vector<double> ours = predicted_means(model, rows.features());
    for (std::size_t i = 0; i < ours.size(); ++i) {
      const double tolerance = torch[i] == 0 || ours[i] == 0 ? kCutOffMs : kRelative * std::abs(torch[i]);
      EXPECT_NEAR(ours[i], torch[i], tolerance) << preset << ", row " << i;
    }
  }
}

// Five decades of times: the paper's training of 200 epochs brings them to about a quarter, the noise is 1.6 %.
TEST(PerfNetLearner, LearnsLayersAsThePaperTrains) {
  const Dataset data = synthetic_layers(1500, 1, 0.02), fresh = synthetic_layers(500, 2, 0.02);
  const Model model = make_perfnet_learner()->fit(data, {});
  EXPECT_EQ(model.info().kind, "perfnet");
  EXPECT_EQ(model.info().preset, "paper");
  const double error_pct = mape_of(model, fresh);
  RecordProperty("mape_pct", std::to_string(error_pct));
  EXPECT_LT(error_pct, 45);
  EXPECT_GT(error_pct, 3);
}

TEST(PerfNetLearner, NamesItselfInErrors) {
  EXPECT_PM_ERROR(make_perfnet_learner()->fit(synthetic_layers(9, 1, 0), {}), ErrorCode::kInvalidArgument,
                  "the data set has 9 rows, perfnet needs at least 10");
  PerfNetOptions options;
  options.epochs = 0;
  EXPECT_PM_ERROR(make_perfnet_learner(options), ErrorCode::kInvalidArgument, "option 'epochs' is 0");
}

}  // namespace
}  // namespace perfmodel
