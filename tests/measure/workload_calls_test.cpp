#include "measure/workload_calls.h"

#include <gtest/gtest.h>

#include <cmath>

#include "expect_error.h"

namespace perfmodel {
namespace {

constexpr const char* kBegin = "window_begin_s";
constexpr const char* kEnd = "window_end_s";

class WorkloadCallsTest : public ::testing::Test {
 protected:
  const std::vector<std::string> objectives_ = {"latency_ms"};
  WorkloadCalls calls_{objectives_};
};

TEST_F(WorkloadCallsTest, WithoutWindowsAreOneAndARunEach) {
  EXPECT_FALSE(calls_.add({{"latency_ms", 5}}, {10, 12}).has_value());
  calls_.add({{"latency_ms", 7}}, {12.5, 14});
  EXPECT_EQ(calls_.num_calls(), 2);
  EXPECT_EQ(calls_.num_runs(), 2);
  EXPECT_FALSE(calls_.told_windows());
  ASSERT_EQ(calls_.windows().size(), 1u);
  EXPECT_EQ(calls_.windows()[0].begin_s, 10);
  EXPECT_EQ(calls_.windows()[0].end_s, 14);
  EXPECT_EQ(calls_.window_s(), 4);
  EXPECT_EQ(calls_.shortest_window_s(), 1.5);
  EXPECT_EQ(calls_.objectives()[0].median, 6);
}

TEST_F(WorkloadCallsTest, WithWindowsAreTheseAndTheirRuns) {
  EXPECT_EQ(calls_.add({{"latency_ms", 5}, {kBegin, 11}, {kEnd, 12}, {"window_runs", 9}}, {10, 12})->length_s(), 1);
  calls_.add({{"latency_ms", 7}, {kBegin, 13}, {kEnd, 13.5}, {"window_runs", 4}}, {12.5, 14});
  EXPECT_TRUE(calls_.told_windows());
  EXPECT_EQ(calls_.num_calls(), 2);
  EXPECT_EQ(calls_.num_runs(), 13);
  EXPECT_EQ(calls_.windows().size(), 2u);
  EXPECT_EQ(calls_.window_s(), 1.5);
  EXPECT_EQ(calls_.shortest_window_s(), 0.5);
}

TEST_F(WorkloadCallsTest, WithoutANumberOfRunsCountCalls) {
  calls_.add({{"latency_ms", 5}, {kBegin, 11}, {kEnd, 12}}, {10, 12});
  EXPECT_EQ(calls_.num_runs(), 1);
}

TEST_F(WorkloadCallsTest, TakeANumberWithoutANameBesideAWindow) {
  calls_.add({{"", 5}, {kBegin, 11}, {kEnd, 12}}, {10, 12});
  EXPECT_EQ(calls_.objectives()[0].median, 5);
  EXPECT_TRUE(std::isnan(calls_.objectives()[0].spread));
}

TEST_F(WorkloadCallsTest, TellWindowsAllOrNone) {
  calls_.add({{"latency_ms", 5}}, {10, 12});
  EXPECT_PM_ERROR(calls_.add({{"latency_ms", 5}, {kBegin, 12}, {kEnd, 13}}, {12, 14}), ErrorCode::kParse,
                  "told a window of its runs in some calls and none in others");
  WorkloadCalls other(objectives_);
  other.add({{"latency_ms", 5}, {kBegin, 12}, {kEnd, 13}}, {12, 14});
  EXPECT_PM_ERROR(other.add({{"latency_ms", 5}}, {14, 16}), ErrorCode::kParse, "in some calls and none in others");
}

}  // namespace
}  // namespace perfmodel
