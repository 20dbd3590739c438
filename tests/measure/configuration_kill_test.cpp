#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <set>
#include <string>
#include <thread>

#include "measure/kill_configurations.h"
#include "measure/victim.h"
#include "perfmodel/core/random.h"
#include "perfmodel/knob/knob_guard.h"

namespace perfmodel {
namespace {

constexpr int kNumKills = 20;
constexpr std::int64_t kMinDelay_ms = 20, kMaxDelay_ms = 150;

std::set<std::uint64_t> stored_configurations(const std::string& path, const ConfigSpace& space) {
  std::set<std::uint64_t> stored;
  if (!std::filesystem::exists(path)) return stored;
  for (const CampaignRow& row : CampaignStore::open_existing(path).all_rows()) {
    EXPECT_TRUE(row.ok) << row.reason;
    EXPECT_TRUE(stored.insert(space.index_of(space.from_values(row.inputs))).second);
  }
  return stored;
}

/// What a person would do after a crash.
void restore(const std::string& root) {
  KnobDriverOptions options;
  options.root = root;
  const RestoreReport report = restore_from_journal(options);
  for (const RestoreReport::Failure& failure : report.failures) ADD_FAILURE() << failure.what << ": " << failure.reason;
}

TEST(KilledConfigurationCampaign, LosesNothingAndDoublesNothingAndLeavesTheBoardToBeRestored) {
  Random random(20250919);
  const ConfigSpace space = victim_space();
  int num_kills = 0;
  // A campaign may be done before it was killed often enough; then another one takes the remaining kills.
  for (int campaign = 0; num_kills < kNumKills; ++campaign) {
    SCOPED_TRACE(campaign);
    const TemporaryFolder folder;
    const std::string path = folder.file("campaign.sqlite"), root = folder.file("board");
    { const SimulatedBoard made(root); }
    const auto original = knobs_of(root);
    std::set<std::uint64_t> acknowledged;
    bool done = false;
    while (!done && num_kills < kNumKills) {
      Victim victim(PERFMODEL_VICTIM, folder.path().string());
      std::this_thread::sleep_for(std::chrono::milliseconds(random.integer(kMinDelay_ms, kMaxDelay_ms)));
      done = !victim.kill_and_wait(SIGKILL);
      num_kills += done ? 0 : 1;
      for (const DurableConfiguration& durable : victim.acknowledged<DurableConfiguration>()) {
        EXPECT_TRUE(acknowledged.insert(durable.index).second) << "measured again: " << durable.index;
      }
      const std::set<std::uint64_t> stored = stored_configurations(path, space);
      for (const std::uint64_t index : acknowledged) EXPECT_EQ(stored.count(index), 1u) << "lost: " << index;
      if (num_kills % 2 == 0) {  // else the next victim does it
        restore(root);
        EXPECT_EQ(knobs_of(root), original);
      }
    }
    Victim last(PERFMODEL_VICTIM, folder.path().string());
    EXPECT_EQ(last.wait(), 0);
    EXPECT_EQ(stored_configurations(path, space).size(), space.num_points());
    EXPECT_EQ(knobs_of(root), original);
    if (::testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace perfmodel
