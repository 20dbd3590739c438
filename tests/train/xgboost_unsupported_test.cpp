#include <gtest/gtest.h>

#include "expect_error.h"
#include "perfmodel/train/xgboost.h"

namespace perfmodel {
namespace {

TEST(XGBoostUnsupported, SaysThatXGBoostIsMissing) {
  EXPECT_PM_ERROR(make_xgboost_learner({}), ErrorCode::kUnsupported,
                  "xgboost is fitted through XGBoost, which this build of perfmodel lacks");
}

}  // namespace
}  // namespace perfmodel
