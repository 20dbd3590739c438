#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

#include "measure/kill_campaign.h"
#include "measure/victim.h"
#include "perfmodel/core/random.h"
#include "temporary_folder.h"

namespace perfmodel {
namespace {

constexpr int kNumKills = 25;
constexpr std::int64_t kMinDelay_ms = 5;
constexpr std::int64_t kMaxDelay_ms = 80;
/// Repeats that the campaign adds to its candidates: 5 %.
constexpr std::size_t kNumRepeats = kNumVictimCandidates / 20;

using Key = std::tuple<std::uint64_t, int, int>;  // candidate, pass, attempt

std::set<Key> stored_keys(const std::string& path) {
  std::set<Key> keys;
  for (const CampaignRow& row : CampaignStore::open_existing(path).all_rows()) {
    keys.emplace(row.candidate, row.pass, row.attempt);
  }
  return keys;
}

void expect_whole_campaign(const std::string& path) {
  const CampaignStore store = CampaignStore::open_existing(path);
  std::map<std::pair<std::uint64_t, int>, int> count;
  for (const CampaignRow& row : store.all_rows()) {
    ++count[{row.candidate, row.pass}];
    EXPECT_TRUE(row.ok);
    EXPECT_EQ(row.attempt, 0);
    EXPECT_EQ(row.inputs[0], victim_size(row.candidate));
    EXPECT_EQ(row.outputs[0], victim_time_ms(row.candidate, row.pass));
  }
  EXPECT_EQ(count.size(), kNumVictimCandidates + kNumRepeats);
  for (const auto& [key, times] : count) EXPECT_EQ(times, 1) << key.first << ", pass " << key.second;
  for (std::uint64_t candidate = 0; candidate < kNumVictimCandidates; ++candidate) {
    EXPECT_EQ(count.count({candidate, 0}), 1u) << candidate;
  }
  const CsvTable table = store.to_csv_table();
  EXPECT_EQ(table.rows.size(), kNumVictimCandidates + kNumRepeats);
  std::set<std::pair<std::string, std::string>> exported;
  for (std::size_t i = 0; i < table.rows.size(); ++i) exported.insert({table.text(i, 0), table.text(i, 1)});
  EXPECT_EQ(exported.size(), table.rows.size());
}

TEST(KilledCampaign, LosesNothingAndDoublesNothing) {
  Random random(20240817);
  int num_kills = 0;
  // A campaign may be done before it was killed often enough; then another one takes the remaining kills.
  for (int campaign = 0; num_kills < kNumKills; ++campaign) {
    SCOPED_TRACE(campaign);
    const TemporaryFolder folder;
    const std::string path = folder.file("campaign.sqlite");
    std::set<Key> acknowledged;
    bool done = false;
    while (!done && num_kills < kNumKills) {
      Victim victim(PERFMODEL_VICTIM, path);
      std::this_thread::sleep_for(std::chrono::milliseconds(random.integer(kMinDelay_ms, kMaxDelay_ms)));
      done = !victim.kill_and_wait(SIGKILL);
      num_kills += done ? 0 : 1;
      for (const VictimAcknowledgement& row : victim.acknowledged<VictimAcknowledgement>()) {
        EXPECT_TRUE(acknowledged.emplace(row.candidate, row.pass, row.attempt).second)
            << "measured again: candidate " << row.candidate;
      }
      if (acknowledged.empty()) continue;
      const std::set<Key> stored = stored_keys(path);
      for (const Key& key : acknowledged) EXPECT_EQ(stored.count(key), 1u) << "lost: candidate " << std::get<0>(key);
    }
    Victim last(PERFMODEL_VICTIM, path);
    EXPECT_EQ(last.wait(), 0);
    expect_whole_campaign(path);
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace perfmodel
