#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "expect_error.h"
#include "perfmodel/train/resperfnet.h"
#include "train_torch/check_options.h"

namespace perfmodel {
namespace {

// Expected values: Algorithm 1 and section 5 of the paper, the authors' code for epsilon and the penalty.
TEST(ResPerfNetPreset, PaperIsAlgorithm1) {
  const ResPerfNetOptions options = resperfnet_preset("paper");
  EXPECT_EQ(options.preset, "paper");
  EXPECT_EQ(options.loss, ResPerfNetOptions::Loss::kMaple);
  EXPECT_EQ(options.target_scale, 10);
  EXPECT_EQ(options.epochs, 200);
  EXPECT_EQ(options.batch_size, 128);
  EXPECT_EQ(options.learning_rate, 0.1);
  EXPECT_EQ(options.adam_epsilon, 0.1);
  EXPECT_EQ(options.schedule, ResPerfNetOptions::Schedule::kStep);
  EXPECT_EQ(options.decay_every_epochs, 40);
  EXPECT_EQ(options.decay_factor, 0.5);
  EXPECT_DOUBLE_EQ(options.l2, 1e-6);
  EXPECT_EQ(options.weight_decay, 0);
  EXPECT_EQ(options.dropout, 0.2);
  EXPECT_EQ(options.members, 1);
  EXPECT_EQ(options.box_cox_features, (std::vector<std::string>{"matrix_size_squared", "kernel_size_squared"}));
}

TEST(ResPerfNetPreset, DefaultLearnsLogarithms) {
  const ResPerfNetOptions options = resperfnet_preset("default");
  EXPECT_EQ(options.preset, "default");
  EXPECT_EQ(options.loss, ResPerfNetOptions::Loss::kLogL1);
  EXPECT_NO_THROW(check_options(options));
}

TEST(ResPerfNetPreset, RejectsAnUnknownName) {
  EXPECT_PM_ERROR(resperfnet_preset("fast"), ErrorCode::kInvalidArgument,
                  "'fast' is not a preset of resperfnet (default, paper)");
}

TEST(ResPerfNetOptions, OutOfRangeNamesTheOptionItsValueAndWhatIsAllowed) {
  struct BadOption {
    const char* says;
    std::function<void(ResPerfNetOptions&)> spoil;
  };
  const BadOption kBadOptions[] = {
      {"option 'target_scale' is 0, more than 0 is allowed", [](auto& o) { o.target_scale = 0; }},
      {"option 'trend_ridge' is -1, at least 0 is allowed", [](auto& o) { o.trend_ridge = -1; }},
      {"option 'log_ratio_above' is -2, at least 0 is allowed", [](auto& o) { o.log_ratio_above = -2; }},
      {"option 'outlier_deviations' is nan, at least 0", [](auto& o) { o.outlier_deviations = std::nan(""); }},
      {"option 'epochs' is 0, allowed is 1 to 100000", [](auto& o) { o.epochs = 0; }},
      {"option 'batch_size' is 0, allowed is 1 to", [](auto& o) { o.batch_size = 0; }},
      {"option 'learning_rate' is inf, more than 0", [](auto& o) { o.learning_rate = HUGE_VAL; }},
      {"option 'adam_epsilon' is 0, more than 0", [](auto& o) { o.adam_epsilon = 0; }},
      {"option 'decay_every_epochs' is 0, allowed is 1 to", [](auto& o) { o.decay_every_epochs = 0; }},
      {"option 'decay_factor' is -0.5, more than 0", [](auto& o) { o.decay_factor = -0.5; }},
      {"option 'l2' is -1, at least 0 is allowed", [](auto& o) { o.l2 = -1; }},
      {"option 'weight_decay' is -1, at least 0 is allowed", [](auto& o) { o.weight_decay = -1; }},
      {"option 'dropout' is 1, allowed is 0 to 0.99", [](auto& o) { o.dropout = 1; }},
      {"option 'members' is 0, allowed is 1 to 100", [](auto& o) { o.members = 0; }},
      {"option 'patience_epochs' is -1, allowed is 0 to", [](auto& o) { o.patience_epochs = -1; }},
  };
  for (const BadOption& bad : kBadOptions) {
    SCOPED_TRACE(bad.says);
    ResPerfNetOptions options;
    bad.spoil(options);
    EXPECT_PM_ERROR(make_resperfnet_learner(options), ErrorCode::kInvalidArgument, bad.says);
  }
}

}  // namespace
}  // namespace perfmodel
