#include "perfmodel/learner/workspace.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <utility>

#include "expect_error.h"

namespace perfmodel {
namespace {

TEST(Workspace, IsEmptyAtFirst) {
  Workspace workspace;
  EXPECT_EQ(workspace.size(), 0U);
  EXPECT_EQ(workspace.data(), nullptr);
}

TEST(Workspace, IsAlignedTo64Bytes) {
  for (const std::size_t bytes : {1, 63, 64, 65, 100000}) {
    Workspace workspace(bytes);
    EXPECT_GE(workspace.size(), bytes);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(workspace.data()) % 64, 0U);
  }
}

TEST(Workspace, GrowsAndNeverShrinks) {
  Workspace workspace(100);
  std::byte* const before = workspace.data();
  workspace.reserve(50);
  EXPECT_EQ(workspace.data(), before);
  EXPECT_EQ(workspace.size(), 100U);
  workspace.reserve(1000);
  EXPECT_EQ(workspace.size(), 1000U);
  workspace.data()[999] = std::byte{1};
}

TEST(Workspace, Moves) {
  Workspace a(100);
  std::byte* const data = a.data();
  Workspace b(std::move(a));
  EXPECT_EQ(b.data(), data);
  EXPECT_EQ(b.size(), 100U);
  Workspace c(10);
  c = std::move(b);
  EXPECT_EQ(c.data(), data);
}

TEST(Workspace, SaysWhenMemoryIsShort) {
  Workspace workspace(10);
  EXPECT_PM_ERROR(workspace.reserve(std::numeric_limits<std::size_t>::max()), ErrorCode::kOutOfMemory,
                  "a workspace of 18446744073709551615 bytes does not fit in memory");
  EXPECT_EQ(workspace.size(), 10U);
}

}  // namespace
}  // namespace perfmodel
