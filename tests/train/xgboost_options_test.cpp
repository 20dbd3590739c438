#include <gtest/gtest.h>

#include <functional>

#include "expect_error.h"
#include "perfmodel/train/xgboost.h"

namespace perfmodel {
namespace {

TEST(XGBoostOptions, OutOfRangeNamesTheOptionItsValueAndWhatIsAllowed) {
  struct BadOption {
    const char* says;
    std::function<void(XGBoostOptions&)> spoil;
  };
  const BadOption kBadOptions[] = {
      {"option 'num_rounds' is 0, allowed is 1 to", [](auto& o) { o.num_rounds = 0; }},
      {"option 'early_stopping_rounds' is -1, allowed is 0 to", [](auto& o) { o.early_stopping_rounds = -1; }},
      {"option 'max_depth' is 25, allowed is 1 to 24", [](auto& o) { o.max_depth = 25; }},
      {"option 'learning_rate' is 0, more than 0 is allowed", [](auto& o) { o.learning_rate = 0; }},
      {"option 'learning_rate' is 1.5, allowed is 0 to 1", [](auto& o) { o.learning_rate = 1.5; }},
      {"option 'subsample' is 2, allowed is 0 to 1", [](auto& o) { o.subsample = 2; }},
      {"option 'column_sample' is 0, more than 0 is allowed", [](auto& o) { o.column_sample = 0; }},
      {"option 'min_child_weight' is -1, at least 0 is allowed", [](auto& o) { o.min_child_weight = -1; }},
      {"option 'l2' is -1, at least 0 is allowed", [](auto& o) { o.l2 = -1; }},
  };
  for (const BadOption& bad : kBadOptions) {
    SCOPED_TRACE(bad.says);
    XGBoostOptions options;
    bad.spoil(options);
    EXPECT_PM_ERROR(make_xgboost_learner(options), ErrorCode::kInvalidArgument, bad.says);
  }
}

}  // namespace
}  // namespace perfmodel
