#include "measure/told_window.h"

#include <gtest/gtest.h>

#include <limits>

#include "expect_error.h"

namespace perfmodel {
namespace {

using Answer = std::map<std::string, double>;

constexpr TimeWindow kCall{100, 110};
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::optional<ToldWindow> take(Answer answer) {
  return take_window(answer, kCall);
}

TEST(ToldWindow, IsTakenOutOfAnAnswer) {
  Answer answer = {{"latency_ms", 5}, {"window_begin_s", 104}, {"window_end_s", 109.5}, {"window_runs", 11}};
  const std::optional<ToldWindow> told = take_window(answer, kCall);
  ASSERT_TRUE(told.has_value());
  EXPECT_EQ(told->window.begin_s, 104);
  EXPECT_EQ(told->window.length_s(), 5.5);
  EXPECT_EQ(told->num_runs, 11);
  EXPECT_EQ(answer, (Answer{{"latency_ms", 5}}));
}

TEST(ToldWindow, NeedNotBeTold) {
  Answer answer = {{"latency_ms", 5}};
  EXPECT_FALSE(take_window(answer, kCall).has_value());
  EXPECT_EQ(answer.size(), 1u);
}

TEST(ToldWindow, NeedsNoNumberOfRuns) {
  EXPECT_FALSE(take({{"window_begin_s", 104}, {"window_end_s", 105}})->num_runs.has_value());
}

TEST(ToldWindow, MayBeTheWholeCall) {
  EXPECT_EQ(take({{"window_begin_s", 100}, {"window_end_s", 110}})->window.length_s(), 10);
}

TEST(ToldWindow, MayStickOutByWhatACoarseClockIsOff) {
  const TimeWindow window = take({{"window_begin_s", 99.99}, {"window_end_s", 110.01}})->window;
  EXPECT_EQ(window.begin_s, 100);
  EXPECT_EQ(window.end_s, 110);
}

TEST(ToldWindow, IsRefusedWhenItIsBad) {
  struct Bad {
    Answer answer;
    ErrorCode code;
    const char* says;
  };
  const ErrorCode parse = ErrorCode::kParse, invalid = ErrorCode::kInvalidArgument;
  const Bad all[] = {
      {{{"window_begin_s", 101}}, parse, "told window_begin_s without window_end_s, a window has both"},
      {{{"window_end_s", 101}}, parse, "told window_end_s without window_begin_s"},
      {{{"window_runs", 5}}, parse, "told window_runs without window_begin_s and window_end_s, a window"},
      {{{"window_begin_s", 105}, {"window_end_s", 104}},
       invalid,
       "the workload told a window from 105.000000 s to 104.000000 s, its end must be after its begin"},
      {{{"window_begin_s", 105}, {"window_end_s", 105}}, invalid, "its end must be after its begin"},
      {{{"window_begin_s", 99.9}, {"window_end_s", 105}},
       invalid,
       "a window from 99.900000 s to 105.000000 s, it was called from 100.000000 s to 110.000000 s"},
      {{{"window_begin_s", 105}, {"window_end_s", 110.1}}, invalid, "it was called from"},
      {{{"window_begin_s", 105}, {"window_end_s", 110.021}}, invalid, "it was called from"},
      {{{"window_begin_s", 99.985}, {"window_end_s", 99.995}}, invalid, "it was called from"},
      {{{"window_begin_s", 1.7e9}, {"window_end_s", 1.7e9 + 1}}, invalid, "(CLOCK_MONOTONIC for commands)"},
      {{{"window_begin_s", kNaN}, {"window_end_s", 105}}, invalid, "from nan s to 105.000000 s, allowed are finite"},
      {{{"window_begin_s", 105}, {"window_end_s", kInfinity}}, invalid, "allowed are finite numbers"},
      {{{"window_begin_s", 101}, {"window_end_s", 105}, {"window_runs", 0}},
       invalid,
       "the workload told 0 runs in its window, allowed are whole numbers from 1 on"},
      {{{"window_begin_s", 101}, {"window_end_s", 105}, {"window_runs", 2.5}}, invalid, "told 2.5 runs"},
      {{{"window_begin_s", 101}, {"window_end_s", 105}, {"window_runs", kInfinity}}, invalid, "told inf runs"},
      {{{"window_begin_s", 101}, {"window_end_s", 105}, {"window_runs", kNaN}}, invalid, "told nan runs"},
  };
  for (const Bad& bad : all) EXPECT_PM_ERROR(take(bad.answer), bad.code, bad.says);
}

TEST(ToldWindow, HasItsNames) {
  for (const char* name : {"window_begin_s", "window_end_s", "window_runs"}) EXPECT_TRUE(is_window_name(name));
  for (const char* name : {"", "window_s", "latency_ms"}) EXPECT_FALSE(is_window_name(name));
}

}  // namespace
}  // namespace perfmodel
