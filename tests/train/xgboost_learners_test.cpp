#include <gtest/gtest.h>

#include "expect_error.h"
#include "perfmodel/train/register_learners.h"
#include "perfmodel/train/xgboost.h"
#include "synthetic_configurations.h"
#include "synthetic_layers.h"

namespace perfmodel {
namespace {

LearnerRegistry xgboost_learners() {
  LearnerRegistry registry;
  add_xgboost_learners(registry);
  return registry;
}

TEST(XGBoostLearners, ReadEveryNumberIntoItsField) {
  const LearnerRegistry registry = xgboost_learners();
  EXPECT_EQ(registry.make("xgboost")->name(), "xgboost");
  for (const char* key : {"num_rounds", "early_stopping_rounds", "max_depth", "learning_rate", "subsample",
                          "column_sample", "min_child_weight", "l2"}) {
    EXPECT_PM_ERROR(registry.make("xgboost", std::string("{\"") + key + "\": -1}"), ErrorCode::kInvalidArgument,
                    std::string("option '") + key + "' is -1");
  }
}

TEST(XGBoostLearners, RefuseWhatIsNoOption) {
  const LearnerRegistry registry = xgboost_learners();
  EXPECT_PM_ERROR(registry.make("xgboost", R"({"eta": 0.1})"), ErrorCode::kParse,
                  "options of learner 'xgboost': unknown key 'eta' (allowed: loss, num_rounds, ");
  EXPECT_PM_ERROR(registry.make("xgboost", R"({"loss": "mape"})"), ErrorCode::kInvalidArgument,
                  "'loss' is 'mape', allowed are squared_error, absolute_percentage");
}

TEST(XGBoostLearners, FitAsTheirOptionsInCppDo) {
  const Dataset data = synthetic_configurations(60, 1, 0.02);
  XGBoostOptions options;
  options.loss = XGBoostOptions::Loss::kAbsolutePercentage;
  options.log_target = options.cost_terms = false;
  options.num_rounds = 20;
  const auto learner = xgboost_learners().make("xgboost", R"({"loss": "absolute_percentage", "log_target": false,
                                                              "cost_terms": false, "num_rounds": 20})");
  EXPECT_EQ(predicted_means(learner->fit(data, {}), data.features()),
            predicted_means(make_xgboost_learner(options)->fit(data, {}), data.features()));
}

}  // namespace
}  // namespace perfmodel
