// perfmodel-transfer with a measuring command.
#include <gmock/gmock.h>
#include <signal.h>

#include <filesystem>

#include "core/file.h"
#include "perfmodel/core/random.h"
#include "processes.h"
#include "transfer_board.h"

namespace perfmodel {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

class LiveTransfer : public TransferTool {
 protected:
  /// A program that measures the second board, and writes down each call. `extra` runs first.
  std::string write_measuring_program(const std::string& extra = "") const {
    const std::string path = folder_ + "measure.sh";
    std::ofstream(path)
        << "for a in \"$@\"; do case $a in num_cores=*) c=${a#*=};; clock_mhz=*) f=${a#*=};; esac; done\n"
        << "echo \"$c $f\" >> " << folder_ << "calls.txt\n"
        << extra << "\n"
        << "echo measuring; awk \"BEGIN { print \\\"time_ms=\\\" 3 * (2000 / $f + 8 / $c) }\"\n";
    return "sh " + path;
  }

  std::vector<std::string> calls() const {
    const std::string path = folder_ + "calls.txt";
    return std::filesystem::exists(path) ? lines_in(read_file(path)) : std::vector<std::string>();
  }

  std::vector<std::string> arguments(const std::string& command, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> all = {"--source", source_,       "--measure", command,          "--objective", "time_ms",
                                    "--ignore", "power_watts", "--output",  folder_ + "t.db", "--json"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  /// By "lms", unless `strategy` says otherwise.
  ToolRun measure(const std::string& command, const std::string& budget = "6",
                  const std::vector<std::string>& more = {}, const std::string& strategy = "lms") const {
    std::vector<std::string> all = arguments(command, {"--strategy", strategy, "--budget", budget});
    all.insert(all.end(), more.begin(), more.end());
    return run_transfer(all);
  }
};

json line_of(const ToolRun& result) {
  EXPECT_EQ(result.exit_code, 0) << result.err;
  return json::parse(last_line(result.out));
}

TEST_F(LiveTransfer, MeasuresByACommandAndKeepsTheModel) {
  const std::string command = write_measuring_program();
  const json line = line_of(measure(command, "6", {"--model", folder_ + "m.safetensors"}));
  EXPECT_EQ(calls().size(), 6U);
  EXPECT_EQ(line["source"], "source");
  EXPECT_EQ(line["target"], command);
  EXPECT_EQ(line["measured"], 6);
  EXPECT_EQ(line["candidates"], 16);
  EXPECT_EQ(line["best"], "num_cores=4 clock_mhz=800");
  EXPECT_EQ(line["best_configuration"], json({{"num_cores", 4}, {"clock_mhz", 800}}));
  constexpr double kFloatLeaves_ms = 1e-3;
  EXPECT_NEAR(line["best_value"].get<double>(), 3 * time_ms(4, 800), kFloatLeaves_ms);
  EXPECT_TRUE(std::filesystem::exists(folder_ + "m.safetensors"));
}

TEST_F(LiveTransfer, MeasuresNothingTwice) {
  const std::string command = write_measuring_program();
  ASSERT_EQ(measure(command).exit_code, 0);
  EXPECT_EQ(line_of(measure(command))["resumed"], 6);
  EXPECT_EQ(calls().size(), 6U);
}

TEST_F(LiveTransfer, TakesAllBudgets) {
  const std::string command = write_measuring_program();
  const ToolRun none = measure(command, "0");
  EXPECT_EQ(none.exit_code, 1);
  EXPECT_THAT(none.err, HasSubstr("lms needs at least 2 measurements, 0 were told"));
  EXPECT_EQ(line_of(measure(command, "0", {}, "dm"))["best"], "num_cores=4 clock_mhz=800");
  EXPECT_TRUE(calls().empty());
  EXPECT_EQ(measure(command, "1").exit_code, 1);
  EXPECT_EQ(line_of(measure(command, "1000"))["measured"], 16);
  EXPECT_EQ(calls().size(), 16U);
}

TEST_F(LiveTransfer, UsesRowsOfAnotherStrategySeedAndBudget) {
  const std::string command = write_measuring_program();
  EXPECT_EQ(line_of(measure(command, "8", {"--seed", "5"}))["resumed"], 0);
  const json other = line_of(measure(command, "10", {"--seed", "6"}, "residual"));
  EXPECT_EQ(other["resumed"], 8);
  EXPECT_EQ(other["measured"], 10);
  EXPECT_EQ(calls().size(), 10U);
  const json smaller = line_of(measure(command, "4"));
  EXPECT_EQ(smaller["resumed"], 10);
  EXPECT_EQ(smaller["measured"], 10);
  EXPECT_EQ(calls().size(), 10U);
}

TEST_F(LiveTransfer, KeepsAFailureAsAResult) {
  const ToolRun result = measure(write_measuring_program("[ $c = 1 ] && { echo too hot >&2; exit 7; }"), "16");
  EXPECT_THAT(result.err,
              HasSubstr("num_cores=1 clock_mhz=100: the measuring command ended with exit code 7: too hot"));
  const json line = line_of(result);
  EXPECT_EQ(line["failed"], 4);
  EXPECT_EQ(line["measured"], 12);
}

TEST_F(LiveTransfer, TriesFailuresAgainWhenAskedTo) {
  const std::string command =
      write_measuring_program("[ $c = 1 ] && [ ! -e " + folder_ + "cool ] && { echo too hot >&2; exit 7; }");
  EXPECT_EQ(line_of(measure(command, "16"))["failed"], 4);
  write_text(folder_ + "cool", "");
  EXPECT_EQ(line_of(measure(command, "16"))["failed"], 4) << "a failure is a result";
  EXPECT_EQ(calls().size(), 16U);
  const json again = line_of(measure(command, "16", {"--retry-failed"}));
  EXPECT_EQ(again["failed"], 0);
  EXPECT_EQ(again["resumed"], 12);
  EXPECT_EQ(again["measured"], 16);
  EXPECT_EQ(calls().size(), 20U);
  EXPECT_EQ(line_of(measure(command, "16"))["failed"], 0);
}

// "lms" can take a zero; "residual" takes the logarithm. What was measured stays either way.
TEST_F(LiveTransfer, LetsTheStrategyRefuseAValue) {
  const std::string command = write_measuring_program("[ $c = 1 ] && { echo time_ms=0; exit; }");
  const ToolRun refused = measure(command, "16", {}, "residual");
  EXPECT_THAT(refused.err, HasSubstr("num_cores=1 clock_mhz=100: "));
  EXPECT_EQ(line_of(refused)["failed"], 4);
  EXPECT_EQ(line_of(refused)["measured"], 12);
  EXPECT_EQ(line_of(refused)["best"], "num_cores=4 clock_mhz=800");
  const json taken = line_of(measure(command, "16"));
  EXPECT_EQ(taken["failed"], 0);
  EXPECT_EQ(taken["resumed"], 16);
  EXPECT_EQ(taken["best_value"], 0);
  EXPECT_EQ(taken["best_configuration"]["num_cores"], 1);
  EXPECT_EQ(calls().size(), 16U);
}

TEST_F(LiveTransfer, KillsAMeasurementThatHangs) {
  const ToolRun result =
      measure(write_measuring_program("[ $c = 4 ] && [ $f = 800 ] && sleep 1000"), "16", {"--timeout", "3"});
  EXPECT_THAT(result.err, HasSubstr("did not end within 3 s and was killed"));
  EXPECT_EQ(line_of(result)["failed"], 1);
}

TEST_F(LiveTransfer, SaysWhenTheAnswerIsRubbish) {
  const ToolRun result = measure(write_measuring_program("echo fast; exit 0"));
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("'fast' is not a finite number"));
  EXPECT_THAT(result.err, HasSubstr("lms needs at least 2 measurements, 0 were told and 6 failed; --retry-failed"));
}

TEST_F(LiveTransfer, StopsAtOnceWithoutAProgram) {
  const std::string text = write_text(folder_ + "text.sh", "echo 1\n");
  for (const std::string& command : {folder_ + "nosuch", text}) {
    const ToolRun result = measure(command);
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.err, HasSubstr("'" + command + "' cannot be run: "));
    std::filesystem::remove(folder_ + "t.db");
  }
  const std::string command = write_measuring_program("[ $c = 4 ] && [ $f = 800 ] && exit 127");
  EXPECT_EQ(line_of(measure(command, "16"))["failed"], 1) << "the program is there";
}

TEST_F(LiveTransfer, RefusesWhatCannotBeginBeforeItMeasures) {
  const std::string command = write_measuring_program();
  const auto says = [&](const ToolRun& result, const std::string& words) {
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.err, HasSubstr(words));
    EXPECT_TRUE(calls().empty());
  };
  says(measure(command + ";"), "ends with ';'");
  says(measure(command, "6", {"--model", "/nowhere/m.safetensors"}), "/nowhere");
  EXPECT_EQ(line_of(measure(command))["resumed"], 0) << "nothing was kept of these";
}

TEST_F(LiveTransfer, TakesOneStrategyWhichIsAutoUnlessSaid) {
  const std::string command = write_measuring_program();
  for (const char* strategies : {"lms,dm", "all", "magic"}) {
    EXPECT_EQ(measure(command, "6", {}, strategies).exit_code, 2) << strategies;
  }
  EXPECT_TRUE(calls().empty());
  EXPECT_EQ(line_of(run_transfer(arguments(command, {"--budget", "6"})))["strategy"], "auto");
}

TEST_F(LiveTransfer, SaysFindingsWhenAskedTo) {
  const std::string command = write_measuring_program();
  EXPECT_EQ(measure(command, "8", {}, "gs").err, "");
  EXPECT_THAT(measure(command, "8", {"--explain"}, "gs").err, HasSubstr("1. clock_mhz"));
}

TEST_F(LiveTransfer, HasNoIntervalForWhatWasMeasured) {
  const json line = line_of(measure(write_measuring_program(), "16"));
  EXPECT_EQ(line["best_is_measured"], true);
  EXPECT_TRUE(line["lower"].is_null());
  EXPECT_TRUE(line["upper"].is_null());
}

TEST_F(LiveTransfer, GoesOnWhereItWasStopped) {
  const std::string hang = folder_ + "hang";
  const std::string group_file = folder_ + "group";
  const std::string command =
      write_measuring_program("if [ -e " + hang + " ] && [ $(wc -l < " + folder_ + "calls.txt) -ge 3 ]; then " +
                              tell_group_in(group_file) + "sleep 1000; fi");
  for (const char* strategy : {"lms", "residual"}) {
    const std::vector<std::string> all = arguments(command, {"--strategy", strategy, "--budget", "6"});
    ASSERT_EQ(run_transfer(all).exit_code, 0);
    const std::vector<std::string> undisturbed = calls();
    for (const int signal : {SIGINT, SIGHUP, SIGKILL}) {
      SCOPED_TRACE(std::string(strategy) + ", signal " + std::to_string(signal));
      for (const char* name : {"t.db", "t.db-wal", "t.db-shm", "calls.txt", "group"})
        std::filesystem::remove(folder_ + name);
      write_text(hang, "");
      const ToolRun stopped =
          run_tool_until([&] { return group_in(group_file) > 0; }, signal, PERFMODEL_TRANSFER_TOOL, all);
      EXPECT_EQ(stopped.signal, signal) << stopped.err;
      EXPECT_TRUE(comes_true([&] { return num_running_in_group(group_in(group_file)) == 0; }));
      if (signal != SIGKILL) {
        EXPECT_THAT(stopped.err, HasSubstr("what was measured is in '" + folder_ + "t.db', and the same command"));
      }
      EXPECT_EQ(stopped.out, "");
      std::filesystem::remove(hang);
      const json line = line_of(run_transfer(all));
      EXPECT_EQ(line["resumed"], 2);
      EXPECT_EQ(line["measured"], 6);
      std::vector<std::string> resumed = calls();
      ASSERT_EQ(resumed.size(), 7U);
      EXPECT_EQ(resumed[2], resumed[3]) << "what was under way is measured again";
      resumed.erase(resumed.begin() + 2);
      EXPECT_EQ(resumed, undisturbed);
    }
    for (const char* name : {"t.db", "calls.txt"}) std::filesystem::remove(folder_ + name);
  }
}

constexpr int kNumOptions = 12, kNumLevels = 10;

/// A target of 10^12 configurations, twice as slow as the source, whose time_ms = 100 + 12 x0 + 11 x1 + ... + 1 x11 +
/// x0 x1 is least where all options are at 0.
class LargeSpace : public LiveTransfer {
 protected:
  void SetUp() override {
    std::string space = R"({"options": [)";
    CsvTable table;
    for (int i = 0; i < kNumOptions; ++i) {
      const std::string name = "x" + std::to_string(i);
      space +=
          std::string(i == 0 ? "" : ", ") + R"({"name": ")" + name + R"(", "kind": "integer", "low": 0, "high": 9})";
      table.columns.push_back(name);
    }
    space_ = write_text(folder_ + "space.json", space + "]}");
    table.columns.emplace_back("time_ms");
    Random random(1);
    constexpr int kNumRows = 400;
    for (int row = 0; row < kNumRows; ++row) {
      std::vector<std::string> cells;
      std::vector<double> x;
      for (int i = 0; i < kNumOptions; ++i) {
        x.push_back(static_cast<double>(random.integer(0, kNumLevels - 1)));
        cells.push_back(format_number(x.back()));
      }
      double time_ms = 100 + x[0] * x[1];
      for (int i = 0; i < kNumOptions; ++i) time_ms += (kNumOptions - i) * x[static_cast<std::size_t>(i)];
      cells.push_back(format_number(time_ms));
      table.rows.push_back(cells);
    }
    write_csv(table, source_);
    std::string sum = "100 + x0 * x1";
    for (int i = 0; i < kNumOptions; ++i) sum += " + " + std::to_string(kNumOptions - i) + " * x" + std::to_string(i);
    const std::string path =
        write_text(folder_ + "measure.sh", "echo \"$*\" >> " + folder_ +
                                               "calls.txt\n"
                                               "for a in \"$@\"; do eval \"$a\"; done\necho $((2 * (" +
                                               sum + ")))\n");
    command_ = "sh " + path;
  }

  json measure_by(const std::string& strategy) const {
    return line_of(run_transfer({"--source", source_, "--space", space_, "--measure", command_, "--objective",
                                 "time_ms", "--strategy", strategy, "--learner", "stepwise", "--budget", "12",
                                 "--output", folder_ + "t.db", "--json"}));
  }

  std::string space_, command_;
};

TEST_F(LargeSpace, FindsTheBestByItsNeighbours) {
  const json line = measure_by("lms");
  EXPECT_EQ(line["candidates"], 20000);
  ASSERT_EQ(line["best_configuration"].size(), 12U);
  for (const auto& [name, level] : line["best_configuration"].items()) EXPECT_EQ(level, 0) << name;
  constexpr double kExact_ms = 200, kTolerance_ms = 0.01;  // model files keep float32
  EXPECT_NEAR(line["best_value"].get<double>(), kExact_ms, kTolerance_ms);
}

// Guided sampling sweeps terms of at most two options, all others at their defaults: the highest level.
TEST_F(LargeSpace, SweepsWhatGuidedSamplingNames) {
  EXPECT_EQ(measure_by("gs")["measured"], 12);
  ASSERT_EQ(calls().size(), 12U);
  for (const std::string& call : calls()) {
    std::istringstream words(call);
    int num_away = 0;
    for (std::string word; words >> word;) num_away += word.substr(word.find('=') + 1) == "9" ? 0 : 1;
    EXPECT_LE(num_away, 2) << call;
  }
}

}  // namespace
}  // namespace perfmodel
