#include <gtest/gtest.h>

#include "expect_error.h"
#include "perfmodel/train/register_learners.h"
#include "perfmodel/train/resperfnet.h"

namespace perfmodel {
namespace {

TEST(ResPerfNetUnsupported, SaysThatLibTorchIsMissing) {
  EXPECT_PM_ERROR(make_resperfnet_learner(resperfnet_preset("default")), ErrorCode::kUnsupported,
                  "resperfnet is fitted through LibTorch, which this build of perfmodel lacks");
}

TEST(TorchLearnersUnsupported, AreNamedButNotMade) {
  LearnerRegistry registry;
  add_torch_learners(registry);
  for (const std::string& name : registry.names()) {
    EXPECT_PM_ERROR(registry.make(name), ErrorCode::kUnsupported, name + " is fitted through LibTorch");
    EXPECT_PM_ERROR(registry.make(name, R"({"members": 0})"), ErrorCode::kInvalidArgument, "option 'members' is 0");
  }
}

}  // namespace
}  // namespace perfmodel
