#include "perfmodel/measure/command.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>

#include "expect_error.h"
#include "temporary_folder.h"

namespace perfmodel {
namespace {

using Answer = std::map<std::string, double>;
using Configuration = std::vector<std::pair<std::string, std::string>>;

constexpr double kPatienceSeconds = 20;  // a busy machine starts a shell slowly; a hanging one takes for ever

Answer run(const std::string& command, const Configuration& configuration = {}) {
  return run_measuring_command({command, kPatienceSeconds}, configuration);
}

TEST(MeasuringCommand, AnswersWithNamedNumbers) {
  EXPECT_EQ(run("echo warming up; echo; echo 'time_s=0.25  power_watts=1e1'"),
            (Answer{{"time_s", 0.25}, {"power_watts", 10}}));
}

TEST(MeasuringCommand, AnswersWithOneNumber) {
  EXPECT_EQ(run("echo 42.5"), (Answer{{"", 42.5}}));
}

TEST(MeasuringCommand, GetsTheConfigurationAsArgumentsThatNoShellTakesApart) {
  EXPECT_EQ(run("f() { echo count=$# same=$([ \"$2\" = 'policy=a b; $(exit 1)' ] && echo 1 || echo 0); }; f",
                {{"num_cores", "4"}, {"policy", "a b; $(exit 1)"}}),
            (Answer{{"count", 2}, {"same", 1}}));
}

TEST(MeasuringCommand, PassesTheConfigurationAfterALineEnd) {
  EXPECT_EQ(run("f() { echo count=$#; }; f\n", {{"num_cores", "4"}}), (Answer{{"count", 1}}));
}

TEST(MeasuringCommand, KeepsTheEndOfALongOutput) {
  EXPECT_EQ(run("seq 1 100000; echo x=7"), (Answer{{"x", 7}}));
}

TEST(MeasuringCommand, SaysHowACommandDied) {
  EXPECT_PM_ERROR(run("echo noise >&2; echo no such GPU >&2; exit 3; true"), ErrorCode::kIo,
                  "the measuring command ended with exit code 3: no such GPU");
  EXPECT_PM_ERROR(run("kill -9 $$; true"), ErrorCode::kIo, "was killed by signal 9");
  EXPECT_PM_ERROR(run("/no/such/program"), ErrorCode::kNotFound, "ended with exit code 127");
  EXPECT_PM_ERROR(run("no_such_program of some name"), ErrorCode::kNotFound, "ended with exit code 127");
}

TEST(MeasuringCommand, IsThereWhenItEndsWithTheShellsCodesItself) {
  for (const char* code : {"126", "127"}) {
    EXPECT_PM_ERROR(run(std::string("f() { exit ") + code + "; }; f"), ErrorCode::kIo,
                    std::string("ended with exit code ") + code);
    const TemporaryFolder folder;
    const std::string program = folder.file("program");
    std::ofstream(program) << "#!/bin/sh\nexit " << code << "\n";
    EXPECT_PM_ERROR(run(program), ErrorCode::kPermission, "");
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
    EXPECT_PM_ERROR(run(program), ErrorCode::kIo, std::string("ended with exit code ") + code);
    for (const char* built_in : {"exec ", "eval ", ". ", "command "}) {
      EXPECT_PM_ERROR(run(built_in + program), ErrorCode::kIo, std::string("ended with exit code ") + code);
    }
  }
}

TEST(MeasuringCommand, RefusesRubbish) {
  EXPECT_PM_ERROR(run("true"), ErrorCode::kParse, "answered nothing");
  EXPECT_PM_ERROR(run("echo time_s=fast"), ErrorCode::kParse, "'fast' is not a finite number");
  EXPECT_PM_ERROR(run("echo time_s=nan"), ErrorCode::kParse, "'nan' is not a finite number");
  EXPECT_PM_ERROR(run("echo 'x=1 x=2'"), ErrorCode::kParse, "'x' is there twice");
  EXPECT_PM_ERROR(run("echo 1 2"), ErrorCode::kParse, "a number without a name is there twice");
}

TEST(MeasuringCommand, RefusesBadArguments) {
  EXPECT_PM_ERROR(run("  "), ErrorCode::kInvalidArgument, "empty");
  EXPECT_PM_ERROR(run("echo 1; "), ErrorCode::kInvalidArgument, "'echo 1; ' ends with ';'");
  EXPECT_PM_ERROR(run("echo 1 &"), ErrorCode::kInvalidArgument, "ends with '&'");
  EXPECT_PM_ERROR(run_measuring_command({"true", 0}, {}), ErrorCode::kInvalidArgument, "timeout_s is 0");
}

TEST(MeasuringCommand, KillsWhatHangs) {
  const auto start = std::chrono::steady_clock::now();
  EXPECT_PM_ERROR(run_measuring_command({"sleep 1000 & sleep 1000; true", 0.3}, {}), ErrorCode::kTimeout,
                  "did not end within 0.3 s and was killed");
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(30));
}

TEST(MeasuringCommand, DoesNotWaitForWhatItLeftRunning) {
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(run("sleep 1000 & echo 1; true"), (Answer{{"", 1}}));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(30));
}

TEST(MeasuringCommand, KillsWhatWritesForEver) {
  EXPECT_PM_ERROR(run_measuring_command({"yes; true", 0.3}, {}), ErrorCode::kTimeout, "did not end within 0.3 s");
  EXPECT_PM_ERROR(run("yes 1 & sleep 0.1; kill -9 $$; true"), ErrorCode::kIo, "was killed by signal 9");
}

TEST(MeasuringCommand, EndsWhenCancelled) {
  EXPECT_PM_ERROR(run_measuring_command({"sleep 1000; true", 1000}, {}, [] { return true; }), ErrorCode::kCancelled,
                  "cancelled");
}

}  // namespace
}  // namespace perfmodel
