#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "perfmodel/core/csv.h"
#include "run_tool.h"

namespace perfmodel {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

constexpr double kClocks_mhz[] = {100, 200, 400, 800};
constexpr int kMostCores = 4;

/// What the imaginary boards take; the second is three times as slow.
double time_ms(double cores, double clock_mhz) {
  return 2000 / clock_mhz + 8 / cores;
}

std::string write_board(const std::string& path, double factor) {
  CsvTable table;
  table.columns = {"num_cores", "clock_mhz", "power_watts", "time_ms"};
  for (int cores = 1; cores <= kMostCores; ++cores) {
    for (const double clock : kClocks_mhz) {
      table.rows.push_back(
          {std::to_string(cores), format_number(clock), "5", format_number(factor * time_ms(cores, clock))});
    }
  }
  write_csv(table, path);
  return path;
}

/// A program that measures such a board, and writes down each call. `extra` runs first.
std::string write_measuring_program(const std::string& folder, const std::string& extra = "") {
  const std::string path = folder + "measure.sh";
  std::ofstream(path) << "for a in \"$@\"; do case $a in num_cores=*) c=${a#*=};; clock_mhz=*) f=${a#*=};; esac; done\n"
                      << "echo \"$c $f\" >> " << folder << "calls.txt\n"
                      << extra << "\n"
                      << "echo measuring; awk \"BEGIN { print \\\"time_ms=\\\" 3 * (2000 / $f + 8 / $c) }\"\n";
  return "sh " + path;
}

std::vector<std::string> calls_in(const std::string& folder) {
  std::ifstream file(folder + "calls.txt");
  std::vector<std::string> calls;
  for (std::string line; std::getline(file, line);) calls.push_back(line);
  return calls;
}

ToolRun run(std::vector<std::string> arguments) {
  return run_tool(PERFMODEL_TRANSFER_TOOL, arguments);
}

class TransferTool : public ::testing::Test {
 protected:
  ToolRun measure(const std::string& command, const std::string& budget = "6",
                  const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = {"--source", source_,    "--measure",   command,          "--objective",
                                          "time_ms",  "--ignore", "power_watts", "--strategy",     "lms",
                                          "--budget", budget,     "--output",    folder_ + "t.db", "--json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }

  std::string folder_ = test_folder();
  std::string source_ = write_board(folder_ + "source.csv", 1), target_ = write_board(folder_ + "target.csv", 3);
};

TEST_F(TransferTool, ComparesStrategiesOnTables) {
  const ToolRun result =
      run({"--source", source_, "--target", target_, "--objective", "time_ms", "--ignore", "power_watts,time_ms",
           "--strategy", "dm,lms", "--learner", "tree,forest", "--budget", "5", "--repeats", "3", "--json"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  std::istringstream lines(result.out);
  std::vector<json> rows;
  for (std::string line; std::getline(lines, line);) rows.push_back(json::parse(line));
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(rows[0]["source"], "source");
  EXPECT_EQ(rows[0]["target"], "target");
  EXPECT_EQ(rows[0]["objective"], "time_ms");
  EXPECT_EQ(rows[0]["strategy"], "dm");
  EXPECT_EQ(rows[0]["learner"], "tree");
  EXPECT_EQ(rows[0]["measured"], 0);
  constexpr double kAThirdInsteadOfOne_pct = 66.667, kFloatLeaves_pct = 0.01;
  EXPECT_NEAR(rows[0]["mape_pct"].get<double>(), kAThirdInsteadOfOne_pct, kFloatLeaves_pct);
  EXPECT_EQ(rows[2]["strategy"], "lms");
  EXPECT_EQ(rows[2]["budget"], 5);
  EXPECT_EQ(rows[2]["measured"], 5);
  EXPECT_EQ(rows[2]["repeats"], 3);
  EXPECT_LT(rows[2]["mape_pct"].get<double>(), kFloatLeaves_pct) << "the target is a multiple of the source";
  EXPECT_TRUE(rows[2].contains("mape_pct_std"));
  EXPECT_TRUE(rows[2].contains("coverage_90_pct"));
}

TEST_F(TransferTool, MeasuresByACommandAndKeepsTheModel) {
  const ToolRun result = measure(write_measuring_program(folder_), "6", {"--model", folder_ + "m.safetensors"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(calls_in(folder_).size(), 6U);
  const json line = json::parse(last_line(result.out));
  EXPECT_EQ(line["measured"], 6);
  EXPECT_EQ(line["best"], "num_cores=4 clock_mhz=800");
  constexpr double kFloatLeaves_ms = 1e-3;
  EXPECT_NEAR(line["best_value"].get<double>(), 3 * time_ms(4, 800), kFloatLeaves_ms);
  EXPECT_TRUE(std::ifstream(folder_ + "m.safetensors").good());
}

TEST_F(TransferTool, MeasuresNothingTwice) {
  const std::string command = write_measuring_program(folder_);
  ASSERT_EQ(measure(command).exit_code, 0);
  const ToolRun again = measure(command);
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(calls_in(folder_).size(), 6U);
  EXPECT_EQ(json::parse(last_line(again.out))["resumed"], 6);
}

TEST_F(TransferTool, KeepsAFailureAsAResult) {
  const ToolRun result = measure(write_measuring_program(folder_, "[ $c = 1 ] && { echo too hot >&2; exit 7; }"), "16");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("ended with exit code 7: too hot"));
  const json line = json::parse(last_line(result.out));
  EXPECT_EQ(line["failed"], 4);
  EXPECT_EQ(line["measured"], 12);
}

TEST_F(TransferTool, GoesOnPastFailuresAndValuesThatCannotBe) {
  const std::string command = write_measuring_program(folder_, "[ $c = 1 ] && { echo time_ms=0; exit; }");
  for (const char* run_name : {"first", "resumed"}) {
    SCOPED_TRACE(run_name);
    const ToolRun result = measure(command, "16");
    EXPECT_EQ(result.exit_code, 0) << result.err;
    const json line = json::parse(last_line(result.out));
    EXPECT_EQ(line["failed"], 4);
    EXPECT_EQ(line["measured"], 12);
    EXPECT_EQ(line["best"], "num_cores=4 clock_mhz=800");
    EXPECT_EQ(line["best_is_measured"], true);
  }
  EXPECT_EQ(calls_in(folder_).size(), 16U);
}

TEST_F(TransferTool, KillsAMeasurementThatHangs) {
  const ToolRun result =
      measure(write_measuring_program(folder_, "[ $c = 4 ] && [ $f = 800 ] && sleep 1000"), "16", {"--timeout", "3"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("did not end within 3 s and was killed"));
  EXPECT_EQ(json::parse(last_line(result.out))["failed"], 1);
}

TEST_F(TransferTool, SaysWhenTheAnswerIsRubbish) {
  const ToolRun result = measure(write_measuring_program(folder_, "echo fast; exit 0"));
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("'fast' is not a finite number"));
  EXPECT_THAT(result.err, HasSubstr("lms needs at least 2 measurements, 0 were told"));
}

TEST_F(TransferTool, RefusesBadTablesAndUsage) {
  const auto compare = [&](const std::string& source, const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"--source", source, "--target", target_};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  };
  EXPECT_EQ(run({"--source", source_, "--objective", "time_ms"}).exit_code, 2);
  const auto says = [](const ToolRun& result, const std::string& words) {
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.err, HasSubstr(words));
  };
  says(compare(source_, {"--objective", "speed"}), "speed");
  says(compare(source_, {"--objective", "time_ms", "--ignore", "fan"}), "fan");
  says(compare(source_, {"--objective", "time_ms", "--strategy", "magic"}), "strategy 'magic' does not exist");
  says(compare(source_, {"--objective", "time_ms", "--learner", "oracle"}), "oracle");
  std::ofstream(folder_ + "bad.csv") << "num_cores,clock_mhz,time_ms\n1,100,nan\n";
  says(compare(folder_ + "bad.csv", {"--objective", "time_ms", "--ignore", "num_cores"}),
       "bad.csv:2: column 'time_ms'");
  std::ofstream(folder_ + "other.csv") << "num_cores,fan,time_ms\n1,3,5\n2,3,4\n";
  says(compare(folder_ + "other.csv", {"--objective", "time_ms"}), "option");
}

}  // namespace
}  // namespace perfmodel
