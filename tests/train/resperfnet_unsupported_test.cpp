#include <gtest/gtest.h>

#include "expect_error.h"
#include "perfmodel/train/resperfnet.h"

namespace perfmodel {
namespace {

TEST(ResPerfNetUnsupported, SaysThatLibTorchIsMissing) {
  EXPECT_PM_ERROR(make_resperfnet_learner(resperfnet_preset("default")), ErrorCode::kUnsupported,
                  "resperfnet is fitted through LibTorch, which this build of perfmodel lacks");
}

}  // namespace
}  // namespace perfmodel
