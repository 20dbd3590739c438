#include <gtest/gtest.h>

#include "expect_error.h"
#include "perfmodel/measure/campaign.h"

namespace perfmodel {
namespace {

TEST(CampaignStoreWithoutSqlite, SaysSo) {
  EXPECT_PM_ERROR(CampaignStore::open("x", {}), ErrorCode::kUnsupported, "need SQLite");
  EXPECT_PM_ERROR(CampaignStore::open_existing("x"), ErrorCode::kUnsupported, "need SQLite");
}

}  // namespace
}  // namespace perfmodel
