#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/file.h"
#include "expect_error.h"
#include "failure_summary.h"
#include "json_line.h"
#include "number_checks.h"
#include "plot.h"
#include "progress_bar.h"
#include "require_writable.h"
#include "stop_signal.h"
#include "temporary_folder.h"
#include "text_table.h"
#include "tool_main.h"

namespace perfmodel::tools {
namespace {

TEST(FailureSummary, CountsReasonsTheMostFrequentFirst) {
  EXPECT_TRUE(count_failures({}).empty());
  EXPECT_EQ(failure_text({}), "");
  const std::vector<FailureCount> failures = count_failures({"crash", "timeout", "no answer", "timeout"});
  ASSERT_EQ(failures.size(), 3u);
  EXPECT_EQ(failure_text(failures), "2 x timeout, 1 x crash, 1 x no answer");
  EXPECT_EQ(failure_text(count_failures({"a", "b", "c", "d", "e", "f", "g"})),
            "1 x a, 1 x b, 1 x c, 1 x d, 1 x e, and 2 others");
}

TEST(JsonLine, IsReadByAJsonParserAsWritten) {
  JsonObject object;
  object.add("text", "a \"quoted\" \\ line\nand \x01")
      .add("number", 1.25)
      .add("count", std::size_t{7})
      .add("yes", true);
  object.add("nothing", std::numeric_limits<double>::quiet_NaN()).add_json("list", json_array({"1", "{}"}));
  const nlohmann::json json = nlohmann::json::parse(object.text());
  EXPECT_EQ(json["text"], "a \"quoted\" \\ line\nand \x01");
  EXPECT_EQ(json["number"], 1.25);
  EXPECT_EQ(json["count"], 7);
  EXPECT_EQ(json["yes"], true);
  EXPECT_TRUE(json["nothing"].is_null());
  EXPECT_EQ(json["list"], nlohmann::json::array({1, nlohmann::json::object()}));
  EXPECT_EQ(JsonObject().text(), "{}");
  EXPECT_EQ(object.text().find('\n'), std::string::npos);
}

TEST(Rounding, KeepsDecimals) {
  EXPECT_EQ(rounded(1.23456), 1.235);
  EXPECT_EQ(rounded(-2.5, 0), -3);
  EXPECT_TRUE(std::isnan(rounded(std::numeric_limits<double>::quiet_NaN())));
}

/// The status of a process that did that.
int status_of(const std::function<int()>& act) {
  const pid_t process = ::fork();
  if (process == 0) ::_exit(act());
  int status = 0;
  ::waitpid(process, &status, 0);
  return status;
}

TEST(StopSignals, EndAToolThatFailedBecauseOfThem) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    const int status = status_of([signal] {
      ::signal(signal, SIG_DFL);
      take_stop_signals();
      const bool was_stopped = is_stopped();
      ::raise(signal);
      return was_stopped || stop_signal() != signal ? 77 : end_of_tool(kExitFailed);
    });
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == signal);
  }
}

TEST(StopSignals, DoNotEndAToolThatWasDoneAllTheSame) {
  const int status = status_of([] {
    take_stop_signals();
    ::raise(SIGTERM);
    return end_of_tool(kExitOk);
  });
  EXPECT_EQ(status, 0);
}

TEST(StopSignals, EndAToolAtOnceTheSecondTime) {
  const int status = status_of([] {
    take_stop_signals();
    ::raise(SIGTERM);
    ::raise(SIGTERM);
    return 0;
  });
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
}

TEST(StopSignals, StayIgnoredWhereTheyWere) {
  const int status = status_of([] {
    ::signal(SIGHUP, SIG_IGN);
    take_stop_signals();
    ::raise(SIGHUP);
    return is_stopped() ? 1 : 0;
  });
  EXPECT_EQ(status, 0);
}

TEST(TextTable, AlignsColumns) {
  TextTable table({"layer", "ms"});
  table.add_row({"a", "1.5"});
  table.add_row({"conv1_1", "12.25"});
  ::testing::internal::CaptureStdout();
  table.print();
  EXPECT_EQ(::testing::internal::GetCapturedStdout(), "layer       ms\na          1.5\nconv1_1  12.25\n");
}

TEST(Numbers, AreShortForPeople) {
  EXPECT_EQ(ms_text(12.3456), "12.35");
  EXPECT_EQ(ms_text(0.000123), "0.0001230");
  EXPECT_EQ(pct_text(7.04), "7.0");
  EXPECT_EQ(pct_text(std::numeric_limits<double>::quiet_NaN()), "-");
  EXPECT_EQ(clock_text(187.4), "3:07");
  EXPECT_EQ(clock_text(3902), "1:05:02");
  EXPECT_EQ(clock_text(-1), "0:00");
}

// Standard error is no terminal here, whatever runs the tests captures it.
TEST(ProgressBar, IsSilentWithoutATerminalButForWarnings) {
  ::testing::internal::CaptureStderr();
  {
    ProgressBar bar;
    const Callbacks callbacks = bar.callbacks();
    EXPECT_FALSE(callbacks.progress);
    callbacks.log(LogLevel::kWarning, "the machine is busy");
  }
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "warning: the machine is busy\n");
}

TEST(Plot, WritesSvg) {
  if (!can_plot()) GTEST_SKIP() << "gnuplot is not installed";
  const std::string path = temporary_path("plot's.svg");
  plot_scatter(path, {{"conv, 'a' _b", {1, 10, 100}, {1.1, 9, 120}}, {"pool", {0.01, 2}, {0.02, 2}}});
  EXPECT_THAT(read_file(path), ::testing::HasSubstr("</svg>"));
  plot_bars(path, "networks", {{"lenet, 1", 0.5, 0.6}, {"vgg16, 8", 2000, 1900}});
  EXPECT_THAT(read_file(path), ::testing::HasSubstr("predicted"));
  std::filesystem::remove(path);
}

TEST(Plot, FailsWithoutAWordOfGnuplot) {
  if (!can_plot()) GTEST_SKIP() << "gnuplot is not installed";
  ::testing::internal::CaptureStdout();
  ::testing::internal::CaptureStderr();
  EXPECT_PM_ERROR(plot_bars("/nowhere/p.svg", "networks", {{"lenet, 1", 0.5, 0.6}}), ErrorCode::kIo,
                  "gnuplot could not draw '/nowhere/p.svg'");
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
  EXPECT_EQ(::testing::internal::GetCapturedStdout(), "");
}

TEST(RequireWritable, RefusesWhatCannotBeWritten) {
  EXPECT_PM_ERROR(require_writable("/nowhere/a.csv"), ErrorCode::kNotFound,
                  "cannot write '/nowhere/a.csv': there is no folder '/nowhere'");
  EXPECT_PM_ERROR(require_writable(temporary_path("")), ErrorCode::kIo, "it is a folder");
  const std::string path = temporary_path("writable.csv");
  write_file_atomically(path, "mine");
  require_writable(path);
  EXPECT_EQ(read_file(path), "mine");
  EXPECT_PM_ERROR(require_writable(path + "/a.csv"), ErrorCode::kNotFound, "there is no folder");
  std::filesystem::remove(path);
}

TEST(RequireWritable, AllowsNewFilesDevicesAndNothing) {
  const std::string path = temporary_path("writable_new.csv");
  require_writable(path);
  EXPECT_FALSE(std::filesystem::exists(path));
  require_writable("/dev/null");
  require_writable("");
}

TEST(NumberChecks, SayWhatWasGivenAndWhatIsAllowed) {
  const auto check = [](const CLI::Validator& validator, std::string text) { return validator(text); };
  EXPECT_EQ(check(at_least(1), "1"), "");
  EXPECT_EQ(check(at_least(1), "1e7"), "");
  EXPECT_EQ(check(at_least(1), "0"), "0 is below 1");
  EXPECT_EQ(check(at_least(1), "nan"), "'nan' is not a finite number");
  EXPECT_EQ(check(at_least(1), "4x"), "'4x' is not a finite number");
  EXPECT_EQ(check(above(0), "0"), "0 is not above 0");
  EXPECT_EQ(check(above(0), "1e-9"), "");
  EXPECT_EQ(check(between(0, 1), "1"), "");
  EXPECT_EQ(check(between(0, 1), "2"), "2 is outside 0 to 1");
}

}  // namespace
}  // namespace perfmodel::tools
