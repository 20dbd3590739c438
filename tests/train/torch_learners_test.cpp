#include <gtest/gtest.h>

#include "expect_error.h"
#include "perfmodel/train/mlp.h"
#include "perfmodel/train/register_learners.h"
#include "synthetic_configurations.h"
#include "synthetic_layers.h"

namespace perfmodel {
namespace {

LearnerRegistry torch_learners() {
  LearnerRegistry registry;
  add_torch_learners(registry);
  return registry;
}

TEST(TorchLearners, AreMadeByName) {
  const LearnerRegistry registry = torch_learners();
  EXPECT_EQ(registry.names(), (std::vector<std::string>{"mlp", "perfnet", "resperfnet"}));
  for (const std::string& name : registry.names()) EXPECT_EQ(registry.make(name)->name(), name);
}

// A value that is out of range in the field that the key stands for proves that it gets there.
TEST(TorchLearners, ReadEveryNumberIntoItsField) {
  const LearnerRegistry registry = torch_learners();
  for (const char* name : {"perfnet", "resperfnet"}) {
    for (const char* key : {"target_scale", "trend_ridge", "log_ratio_above", "outlier_deviations", "epochs",
                            "batch_size", "learning_rate", "adam_epsilon", "decay_every_epochs", "decay_factor", "l2",
                            "weight_decay", "dropout", "members", "patience_epochs"}) {
      EXPECT_PM_ERROR(registry.make(name, std::string("{\"") + key + "\": -1}"), ErrorCode::kInvalidArgument,
                      std::string("option '") + key + "' is -1");
    }
  }
  for (const char* key : {"l2", "max_iterations", "members"}) {
    EXPECT_PM_ERROR(registry.make("mlp", std::string("{\"") + key + "\": -1}"), ErrorCode::kInvalidArgument,
                    std::string("option '") + key + "' is -1");
  }
  EXPECT_PM_ERROR(registry.make("mlp", R"({"hidden_units": [8, 5000]})"), ErrorCode::kInvalidArgument,
                  "option 'hidden_units' is 5000, allowed is 1 to 4096");
}

TEST(TorchLearners, RefuseWhatIsNoOption) {
  const LearnerRegistry registry = torch_learners();
  EXPECT_PM_ERROR(registry.make("mlp", R"({"units": [8]})"), ErrorCode::kParse,
                  "options of learner 'mlp': unknown key 'units' (allowed: hidden_units, activation, ");
  EXPECT_PM_ERROR(registry.make("mlp", R"({"activation": "sine"})"), ErrorCode::kInvalidArgument,
                  "'activation' is 'sine', allowed are tanh, relu");
  EXPECT_PM_ERROR(registry.make("perfnet", R"({"preset": "fast"})"), ErrorCode::kInvalidArgument,
                  "'fast' is not a preset of resperfnet (default, paper)");
  EXPECT_PM_ERROR(registry.make("resperfnet", R"({"loss": "l2"})"), ErrorCode::kInvalidArgument,
                  "'loss' is 'l2', allowed are maple, log_l1");
  EXPECT_PM_ERROR(registry.make("resperfnet", R"({"schedule": "linear"})"), ErrorCode::kInvalidArgument,
                  "'schedule' is 'linear', allowed are step, cosine");
}

TEST(TorchLearners, FitAsTheirOptionsInCppDo) {
  const Dataset data = synthetic_configurations(60, 1, 0.02), layers = synthetic_layers(60, 1, 0.02);
  const LearnerRegistry registry = torch_learners();
  MlpOptions mlp;
  mlp.hidden_units = {5, 3};
  mlp.activation = MlpOptions::Activation::kRelu;
  mlp.log_target = true;
  mlp.l2 = 0.5;
  mlp.max_iterations = 20;
  mlp.members = 2;
  const auto by_name = registry.make("mlp", R"({"hidden_units": [5, 3], "activation": "relu", "log_target": true,
                                                "l2": 0.5, "max_iterations": 20, "members": 2})");
  EXPECT_EQ(predicted_means(by_name->fit(data, {}), data.features()),
            predicted_means(make_mlp_learner(mlp)->fit(data, {}), data.features()));

  ResPerfNetOptions perfnet = resperfnet_preset("default");
  perfnet.epochs = 2;
  perfnet.loss = ResPerfNetOptions::Loss::kMaple;
  perfnet.schedule = ResPerfNetOptions::Schedule::kStep;
  perfnet.box_cox_features = {"channels_in"};
  const auto perfnet_by_name =
      registry.make("perfnet", R"({"preset": "default", "epochs": 2, "loss": "maple", "schedule": "step",
                     "box_cox_features": ["channels_in"]})");
  const Model model = perfnet_by_name->fit(layers, {});
  EXPECT_EQ(model.info().preset, "default");
  EXPECT_EQ(predicted_means(model, layers.features()),
            predicted_means(make_perfnet_learner(perfnet)->fit(layers, {}), layers.features()));
}

}  // namespace
}  // namespace perfmodel
