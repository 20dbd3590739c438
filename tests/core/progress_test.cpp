#include "core/progress.h"

#include <thread>
#include <vector>

#include "expect_error.h"

namespace perfmodel {
namespace {

TEST(ProgressReporter, ReportsFirstAndLastAndNotEachStep) {
  std::vector<Progress> reports;
  Callbacks callbacks;
  callbacks.progress = [&](const Progress& progress) { reports.push_back(progress); };
  ProgressReporter reporter(callbacks, "measuring layers", 10000);
  for (std::size_t done = 0; done <= 10000; ++done) reporter.update(done, "loss 0.1");
  ASSERT_GE(reports.size(), 2u);
  EXPECT_LT(reports.size(), 100u);
  EXPECT_EQ(reports.front().done, 0u);
  EXPECT_LT(reports.front().remaining_s, 0);
  EXPECT_EQ(reports.back().done, 10000u);
  EXPECT_EQ(reports.back().remaining_s, 0);
  EXPECT_EQ(reports.back().task, "measuring layers");
  EXPECT_EQ(reports.back().note, "loss 0.1");
}

TEST(ProgressReporter, EstimatesFromTheStepsOfThisRun) {
  Progress last;
  Callbacks callbacks;
  callbacks.progress = [&](const Progress& progress) { last = progress; };
  ProgressReporter reporter(callbacks, "x", 100, 80);
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  reporter.update(90);
  // 10 steps took the time elapsed, 10 are left: as long again.
  EXPECT_DOUBLE_EQ(last.remaining_s, last.elapsed_s);
  EXPECT_GE(last.elapsed_s, 0.02);
}

TEST(ProgressReporter, KnowsNoTimeLeftWithoutATotal) {
  Progress last;
  Callbacks callbacks;
  callbacks.progress = [&](const Progress& progress) { last = progress; };
  ProgressReporter(callbacks, "x", 0).update(5);
  EXPECT_EQ(last.done, 5u);
  EXPECT_LT(last.remaining_s, 0);
}

TEST(ProgressReporter, ThrowsWhenCancelled) {
  bool stop = false;
  Callbacks callbacks;
  callbacks.cancelled = [&] { return stop; };
  const ProgressReporter reporter(callbacks, "fitting", 3);
  EXPECT_NO_THROW(reporter.throw_if_cancelled());
  stop = true;
  EXPECT_PM_ERROR(reporter.throw_if_cancelled(), ErrorCode::kCancelled, "fitting was cancelled");
}

TEST(ProgressReporter, NeedsNoCallbacks) {
  const Callbacks none;
  ProgressReporter reporter(none, "x", 3);
  reporter.update(1);
  reporter.throw_if_cancelled();
  log_message(none, LogLevel::kWarning, "x");
}

}  // namespace
}  // namespace perfmodel
