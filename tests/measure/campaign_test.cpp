#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <functional>
#include <map>
#include <new>
#include <thread>
#include <utility>
#include <vector>

#include "expect_error.h"
#include "measure/campaign_fixture.h"

namespace perfmodel {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class CampaignTest : public ::testing::Test {
 protected:
  CampaignStore open() { return CampaignStore::open(path_, small_schema()); }
  /// Fills a row as small_row() has it and notes that it was asked for.
  std::function<void(CampaignRow&)> measure() {
    return [this](CampaignRow& row) {
      asked_.push_back({row.candidate, row.pass, row.attempt});
      const CampaignRow known = small_row(row.candidate);
      row.inputs = known.inputs;
      row.outputs = known.outputs;
      if (spoil_) spoil_(row);
    };
  }
  CampaignReport run(CampaignStore& store) { return run_campaign(store, options_, measure()); }
  CampaignReport run() {
    CampaignStore store = open();
    return run(store);
  }
  void log_to(std::vector<std::string>& warnings) {
    options_.callbacks.log = [&warnings](LogLevel level, const std::string& message) {
      if (level == LogLevel::kWarning) warnings.push_back(message);
    };
  }

  struct Asked {
    std::uint64_t candidate;
    int pass;
    int attempt;
    bool operator==(const Asked& other) const {
      return candidate == other.candidate && pass == other.pass && attempt == other.attempt;
    }
  };
  TemporaryFolder folder_;
  const std::string path_ = folder_.file("campaign.sqlite");
  CampaignOptions options_;
  std::vector<Asked> asked_;
  std::function<void(CampaignRow&)> spoil_;
};

TEST_F(CampaignTest, IsCompleteWithoutCandidates) {
  const CampaignReport report = run();
  EXPECT_TRUE(report.complete);
  EXPECT_EQ(report.num_measured, 0u);
  EXPECT_TRUE(asked_.empty());
}

TEST_F(CampaignTest, MeasuresAllInOrderAndThenTheRepeats) {
  options_.num_candidates = 100;
  CampaignStore store = open();
  const CampaignReport report = run(store);
  ASSERT_EQ(asked_.size(), 105u);
  for (std::size_t i = 0; i < 100; ++i) EXPECT_EQ(asked_[i], (Asked{i, 0, 0}));
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(asked_[100 + i], (Asked{10 + 20 * i, 1, 0}));
  EXPECT_TRUE(report.complete);
  EXPECT_EQ(report.num_measured, 105u);
  EXPECT_EQ(report.num_resumed, 0u);
  EXPECT_EQ(report.num_failed, 0u);
  EXPECT_EQ(store.rows().size(), 105u);
  EXPECT_GT(store.rows()[0].started_unix_s, 1.6e9);  // some time after 2020
  EXPECT_GE(store.rows()[0].duration_s, 0);
}

TEST_F(CampaignTest, DoesNothingTwice) {
  options_.num_candidates = 20;
  run();
  asked_.clear();
  const CampaignReport report = run();
  EXPECT_TRUE(asked_.empty());
  EXPECT_TRUE(report.complete);
  EXPECT_EQ(report.num_resumed, 21u);
  EXPECT_EQ(report.num_measured, 0u);
}

TEST_F(CampaignTest, GoesOnAfterACancel) {
  options_.num_candidates = 40;
  options_.callbacks.cancelled = [&] { return asked_.size() >= 30; };
  EXPECT_PM_ERROR(run(), ErrorCode::kCancelled, "cancelled");
  EXPECT_EQ(CampaignStore::open_existing(path_).rows().size(), 30u);
  options_.callbacks.cancelled = nullptr;
  asked_.clear();
  const CampaignReport report = run();
  EXPECT_EQ(report.num_resumed, 30u);
  EXPECT_EQ(report.num_measured, 12u);
  EXPECT_EQ(asked_.front(), (Asked{30, 0, 0}));
}

TEST_F(CampaignTest, MakesARowOfAFailure) {
  options_.num_candidates = 4;
  options_.repeat_fraction = 1;
  spoil_ = [](CampaignRow& row) {
    if (row.candidate == 0) throw Error(ErrorCode::kOutOfMemory, "7 GB wanted");
    if (row.candidate == 1) throw std::bad_alloc();
    if (row.candidate == 2) row.ok = false;
  };
  CampaignStore store = open();
  const CampaignReport report = run(store);
  const std::vector<CampaignRow> rows = store.rows();
  ASSERT_EQ(rows.size(), 5u);  // what failed is not repeated
  EXPECT_EQ(report.num_failed, 3u);
  EXPECT_TRUE(report.complete);
  EXPECT_EQ(rows[0].reason, "out of memory: 7 GB wanted");
  EXPECT_EQ(rows[1].reason, "out of memory");
  EXPECT_EQ(rows[2].reason, "no reason was given");
  EXPECT_FALSE(rows[0].ok || rows[1].ok || rows[2].ok);
  EXPECT_TRUE(rows[3].ok);
  EXPECT_EQ(rows[0].inputs, small_row(0).inputs);
  EXPECT_TRUE(std::isnan(rows[0].outputs[0]));
  EXPECT_EQ(rows[2].outputs, small_row(2).outputs);  // what is known of it
  EXPECT_EQ(rows[4].pass, 1);
}

TEST_F(CampaignTest, EndsOnWhatIsNoFailureOfTheCandidate) {
  options_.num_candidates = 4;
  for (const ErrorCode code : {ErrorCode::kCancelled, ErrorCode::kInternal}) {
    spoil_ = [&](CampaignRow& row) {
      if (row.candidate == 2) throw Error(code, "stop here");
    };
    EXPECT_PM_ERROR(run(), code, "stop here");
    EXPECT_EQ(CampaignStore::open_existing(path_).rows().size(), 2u);
  }
  spoil_ = [](CampaignRow& row) { row.outputs.pop_back(); };
  EXPECT_PM_ERROR(run(), ErrorCode::kMismatch, "2 inputs and 1 outputs");
}

TEST_F(CampaignTest, EndsWithAllRowsWhenTheDiskIsFull) {
  options_.num_candidates = 100000;
  CampaignStore store = open();
  store.set_max_bytes(32 * 1024);
  EXPECT_PM_ERROR(run(store), ErrorCode::kNoSpace, path_);
  EXPECT_EQ(store.rows().size(), asked_.size() - 1);
}

TEST_F(CampaignTest, MeasuresTheWorstDisturbedAgainFirst) {
  options_.num_candidates = 5;
  options_.repeat_fraction = 0;
  const std::map<std::uint64_t, double> disturbed = {{1, 0.6}, {2, 0.5}, {3, 0.9}};
  spoil_ = [&](CampaignRow& row) {
    if (row.attempt == 0 && disturbed.count(row.candidate) != 0) {
      row.disturbed_fraction = disturbed.at(row.candidate);
      row.outputs[0] *= 2;
    }
  };
  CampaignStore store = open();
  const CampaignReport report = run(store);
  ASSERT_EQ(asked_.size(), 7u);
  EXPECT_EQ(asked_[5], (Asked{3, 0, 1}));
  EXPECT_EQ(asked_[6], (Asked{1, 0, 1}));
  EXPECT_EQ(report.num_retried, 2u);
  EXPECT_EQ(report.num_measured, 5u);
  const std::vector<CampaignRow> rows = store.rows();
  ASSERT_EQ(rows.size(), 5u);
  for (const CampaignRow& row : rows) {
    if (row.candidate == 2) continue;
    EXPECT_EQ(row.outputs, small_row(row.candidate).outputs);
  }
  EXPECT_EQ(store.to_csv_table().text(3, 2), "2");
}

TEST_F(CampaignTest, TriesThreeTimesAtMostInAllRuns) {
  options_.num_candidates = 2;
  options_.repeat_fraction = 0;
  spoil_ = [](CampaignRow& row) { row.disturbed_fraction = row.candidate == 0 ? 0.8 : 0; };
  EXPECT_EQ(run().num_retried, 2u);
  EXPECT_EQ(asked_.back(), (Asked{0, 0, 2}));
  EXPECT_EQ(run().num_retried, 0u);
  EXPECT_EQ(CampaignStore::open_existing(path_).all_rows().size(), 4u);
}

TEST_F(CampaignTest, MeasuresFailuresAgainWhereThatIsAskedFor) {
  options_.num_candidates = 4;
  options_.repeat_fraction = 0;
  spoil_ = [](CampaignRow& row) { row.ok = row.candidate % 2 == 0; };
  EXPECT_EQ(run().num_failed, 2u);
  EXPECT_EQ(run().num_measured, 0u) << "failures are kept";
  options_.retry_failed = true;
  asked_.clear();
  spoil_ = [](CampaignRow& row) { row.ok = row.candidate != 3; };
  const CampaignReport again = run();
  ASSERT_EQ(asked_.size(), 2u);
  EXPECT_EQ(asked_[0], (Asked{1, 0, 1}));
  EXPECT_EQ(asked_[1], (Asked{3, 0, 1}));
  EXPECT_EQ(again.num_measured, 2u);
  EXPECT_EQ(again.num_resumed, 2u);
  EXPECT_EQ(again.num_failed, 1u);
  EXPECT_TRUE(again.complete);
  spoil_ = nullptr;
  EXPECT_EQ(run().num_measured, 1u);
  EXPECT_EQ(asked_.back(), (Asked{3, 0, 2}));
  EXPECT_EQ(run().num_measured, 0u) << "nothing has failed";
}

TEST_F(CampaignTest, BoundsTheTimeForRetriesOverAllRuns) {
  options_.num_candidates = 3;
  options_.repeat_fraction = 0;
  spoil_ = [](CampaignRow& row) { row.disturbed_fraction = 0.8; };
  options_.max_retry_seconds = 0;
  EXPECT_EQ(run().num_retried, 0u);
  CampaignStore store = open();
  CampaignRow long_retry = small_row(0, 0, 1);
  long_retry.disturbed_fraction = 0.9;
  long_retry.duration_s = 60;
  store.append(long_retry);
  options_.max_retry_seconds = 60;
  EXPECT_EQ(run(store).num_retried, 0u);
  options_.max_retry_seconds = 1000;
  EXPECT_EQ(run(store).num_retried, 5u);
}

TEST_F(CampaignTest, StopsWhenTheTimeIsUpAndGoesOnNextTime) {
  options_.num_candidates = 100;
  options_.max_seconds = 0.02;
  spoil_ = [](CampaignRow&) { std::this_thread::sleep_for(std::chrono::milliseconds(5)); };
  const CampaignReport report = run();
  EXPECT_FALSE(report.complete);
  EXPECT_GE(report.num_measured, 1u);
  EXPECT_LE(report.num_measured, 5u);
  options_.max_seconds = 0;
  spoil_ = nullptr;
  const CampaignReport rest = run();
  EXPECT_TRUE(rest.complete);
  EXPECT_EQ(rest.num_resumed, report.num_measured);
  EXPECT_EQ(rest.num_resumed + rest.num_measured, 105u);
}

TEST_F(CampaignTest, ReportsTheNoiseFloorAndWarnsOfALargeOne) {
  // Repeats are 10 % and 20 % slower: the floor is 15 %.
  options_.num_candidates = 2;
  options_.repeat_fraction = 1;
  options_.noise_column = "exe_ms";
  std::vector<std::string> warnings;
  log_to(warnings);
  spoil_ = [](CampaignRow& row) {
    if (row.pass == 1) row.outputs[0] *= row.candidate == 0 ? 1.1 : 1.2;
  };
  EXPECT_NEAR(run().noise_floor_pct, 15, 1e-9);  // rounding only
  EXPECT_THAT(warnings, ElementsAre(HasSubstr("noise floor of exe_ms is 15.0 %, more than 6 %")));
  options_.max_noise_pct = 20;
  warnings.clear();
  EXPECT_NEAR(run().noise_floor_pct, 15, 1e-9);  // rounding only
  EXPECT_TRUE(warnings.empty());
}

TEST_F(CampaignTest, WarnsOfADisturbedMachine) {
  options_.num_candidates = 10;
  options_.max_retry_seconds = 0;
  std::vector<std::string> warnings;
  log_to(warnings);
  spoil_ = [](CampaignRow& row) { row.disturbed_fraction = row.candidate < 3 ? 0.8 : 0; };
  run();
  EXPECT_THAT(warnings, ElementsAre(HasSubstr("3 of 11 measurements were taken while")));
}

TEST_F(CampaignTest, TellsHowFarItIs) {
  options_.num_candidates = 20;
  options_.task = "measuring layers";
  std::vector<Progress> seen;
  options_.callbacks.progress = [&](const Progress& progress) { seen.push_back(progress); };
  run();
  ASSERT_FALSE(seen.empty());
  EXPECT_EQ(seen.front().task, "measuring layers");
  EXPECT_EQ(seen.back().done, 21u);
  EXPECT_EQ(seen.back().total, 21u);
  EXPECT_EQ(seen.back().remaining_s, 0);
}

TEST_F(CampaignTest, RejectsBadOptions) {
  struct Bad {
    std::function<void(CampaignOptions&)> spoil;
    ErrorCode code;
    const char* says;
  };
  const Bad bads[] = {
      {[](CampaignOptions& o) { o.repeat_fraction = 1.5; }, ErrorCode::kInvalidArgument,
       "repeat_fraction is 1.5, allowed is 0 .. 1"},
      {[](CampaignOptions& o) { o.repeat_fraction = std::nan(""); }, ErrorCode::kInvalidArgument, "repeat_fraction"},
      {[](CampaignOptions& o) { o.retry_above_disturbed = -1; }, ErrorCode::kInvalidArgument, "retry_above_disturbed"},
      {[](CampaignOptions& o) { o.max_retry_seconds = -1; }, ErrorCode::kInvalidArgument, "max_retry_seconds is -1"},
      {[](CampaignOptions& o) { o.max_seconds = -1; }, ErrorCode::kInvalidArgument, "max_seconds is -1"},
      {[](CampaignOptions& o) { o.noise_column = "exe"; }, ErrorCode::kNotFound,
       "noise_column 'exe' is not an output; those are exe_ms, spread_ms"},
  };
  for (const Bad& bad : bads) {
    SCOPED_TRACE(bad.says);
    options_ = CampaignOptions();
    options_.num_candidates = 1;
    bad.spoil(options_);
    EXPECT_PM_ERROR(run(), bad.code, bad.says);
    EXPECT_TRUE(asked_.empty());
  }
}

TEST(NoiseFloor, LeavesOutWhatCannotBeCompared) {
  EXPECT_TRUE(std::isnan(noise_floor_pct({}, 0)));
  std::vector<CampaignRow> rows = {small_row(0), small_row(0, 1), small_row(1),    small_row(1, 1),
                                   small_row(2), small_row(2, 1), small_row(3, 1), small_row(4)};
  rows[0].outputs[0] = 2;
  rows[1].outputs[0] = 1;             // 100 %: the smaller is the base
  rows[3].ok = false;                 // failed
  rows[5].outputs[0] = std::nan("");  // not measured
  EXPECT_DOUBLE_EQ(noise_floor_pct(rows, 0), 100);
  rows[2].outputs[0] = 1;
  rows[3].ok = true;
  rows[3].outputs[0] = 1.5;
  EXPECT_DOUBLE_EQ(noise_floor_pct(rows, 0), 75);
}

}  // namespace
}  // namespace perfmodel
