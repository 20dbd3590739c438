#include "layer_learners.h"

#include <gtest/gtest.h>

#include "perfmodel/core/build_info.h"
#include "perfmodel/core/error.h"
#include "perfmodel/learner/registry.h"
#include "perfmodel/train/register_learners.h"

namespace perfmodel::tools {
namespace {

LearnerRegistry single_learners() {
  LearnerRegistry registry = builtin_learners();
  add_torch_learners(registry);
  add_xgboost_learners(registry);
  return registry;
}

/// Null where the learner has no such option, or is not in this build.
std::unique_ptr<Learner> with_log_target(const std::string& name, bool log_target) {
  try {
    return single_learners().make(name, log_target ? R"({"log_target": true})" : R"({"log_target": false})");
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kParse || error.code() == ErrorCode::kUnsupported) return nullptr;
    throw;
  }
}

// Times from 0.01 to 640 ms.
Dataset times() {
  Dataset data({"size"}, "exe_ms");
  for (double size = 1; size <= 40; ++size) data.add_row(std::vector<double>{size}, 0.01 * size * size * size);
  return data;
}

double answer(const Learner& learner) {
  const Model model = learner.fit(times(), {});
  const double row = 7.5;
  Prediction prediction;
  Workspace workspace(model.workspace_bytes(1));
  model.predict({&row, 1, 1}, {&prediction, 1}, workspace).throw_if_error();
  return prediction.mean;
}

TEST(LayerLearners, FitLogarithmsWhereTheyCan) {
  int num_with_log_target = 0;
  for (const std::string& name : single_learners().names()) {
    SCOPED_TRACE(name);
    const auto of_logarithms = with_log_target(name, true);
    if (of_logarithms == nullptr) continue;
    ++num_with_log_target;
    const double expected = answer(*of_logarithms);
    EXPECT_NE(answer(*with_log_target(name, false)), expected);
    EXPECT_EQ(answer(*make_layer_learner(name)), expected);
  }
  EXPECT_EQ(num_with_log_target, 5 + (has_feature("torch") ? 1 : 0) + (has_feature("xgboost") ? 1 : 0));
}

TEST(LayerLearners, AreMadeByEachOfTheirNames) {
  if (!has_feature("torch") || !has_feature("xgboost")) GTEST_SKIP() << "this build lacks LibTorch or XGBoost";
  for (const std::string& name : layer_learner_names()) EXPECT_EQ(make_layer_learner(name, "paper")->name(), name);
}

}  // namespace
}  // namespace perfmodel::tools
