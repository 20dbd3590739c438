#include "learner/run_tasks.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

namespace perfmodel {
namespace {

TEST(RunTasks, RunsEachOnce) {
  for (const int num_threads : {1, 2, 9}) {
    std::vector<std::atomic<int>> runs(50);
    std::atomic<std::size_t> last{0};
    run_tasks(
        runs.size(), num_threads,
        [&](std::size_t task, std::size_t worker) {
          EXPECT_LT(worker, static_cast<std::size_t>(num_threads));
          ++runs[task];
        },
        [&](std::size_t num_done) { last = num_done; });
    for (const std::atomic<int>& count : runs) EXPECT_EQ(count, 1);
    EXPECT_LE(last, runs.size());
  }
}

TEST(RunTasks, CallsBetweenOnTheCallingThread) {
  const std::thread::id caller = std::this_thread::get_id();
  run_tasks(
      20, 3, [](std::size_t, std::size_t) {}, [&](std::size_t) { EXPECT_EQ(std::this_thread::get_id(), caller); });
}

TEST(RunTasks, ThrowsWhatATaskThrows) {
  for (const int num_threads : {1, 3}) {
    std::atomic<int> runs{0};
    const auto work = [&](std::size_t task, std::size_t) {
      ++runs;
      if (task == 2) throw std::runtime_error("task 2");
    };
    EXPECT_THROW(run_tasks(1000000, num_threads, work, [](std::size_t) {}), std::runtime_error);
    EXPECT_LT(runs, 1000000);
  }
}

TEST(RunTasks, DoesNothingForNoTasks) {
  run_tasks(
      0, 4, [](std::size_t, std::size_t) { FAIL(); }, [](std::size_t) { FAIL(); });
}

}  // namespace
}  // namespace perfmodel
