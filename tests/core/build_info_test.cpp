#include "perfmodel/core/build_info.h"

#include <algorithm>

#include "expect_error.h"
#include "perfmodel/core/version.h"

namespace perfmodel {
namespace {

TEST(BuildInfo, VersionIsThatOfTheHeaders) {
  EXPECT_STREQ(version(), PERFMODEL_VERSION);
}

TEST(BuildInfo, FeaturesAgreeWithTheQuery) {
  const std::vector<std::string> present = features();
  for (const char* name : {"torch", "xgboost", "sqlite"}) {
    EXPECT_EQ(has_feature(name), std::count(present.begin(), present.end(), name) == 1) << name;
  }
}

TEST(BuildInfo, RefusesAnUnknownFeature) {
  EXPECT_PM_ERROR(has_feature("tourch"), ErrorCode::kInvalidArgument,
                  "'tourch' is not a feature (known: torch, xgboost, sqlite)");
}

}  // namespace
}  // namespace perfmodel
