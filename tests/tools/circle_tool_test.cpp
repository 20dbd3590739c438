// perfmodel-circle on a simulated board.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "perfmodel/core/csv.h"
#include "processes.h"
#include "run_tool.h"
#include "temporary_folder.h"

namespace perfmodel {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

const std::string kJournal = "board/var/lib/perfmodel/knobs.journal";

class CircleTool : public ::testing::Test {
 protected:
  std::vector<std::string> arguments(int num_source) const {
    return {"--source-count", std::to_string(num_source), "--budget", "10", "--checks", "5", "--json", "--output",
            output_};
  }
  json go_round(int num_source) const {
    const ToolRun run = run_tool(PERFMODEL_CIRCLE_TOOL, arguments(num_source));
    EXPECT_EQ(run.exit_code, 0) << run.err;
    return run.exit_code == 0 ? json::parse(last_line(run.out)) : json::object();
  }
  std::size_t num_failed_in(const std::string& campaign) const {
    const CsvTable rows = read_csv(output_ + "/" + campaign + ".csv");
    std::size_t num_failed = 0;
    for (std::size_t row = 0; row < rows.rows.size(); ++row) {
      num_failed += rows.text(row, rows.column_index("status")) == "failed" ? 1 : 0;
    }
    return num_failed;
  }
  bool has(const std::string& name) const { return std::filesystem::exists(output_ + "/" + name); }

  const TemporaryFolder folder_;
  const std::string output_ = folder_.file("circle");
};

TEST_F(CircleTool, GoesFromAModelToAMeasuredConfigurationOnce) {
  const json first = go_round(40);
  EXPECT_EQ(first["source_measured"], 40);
  EXPECT_EQ(first["checks"], 5);
  EXPECT_EQ(first["source_failed"], num_failed_in("source"));
  EXPECT_EQ(first["target_failed"], num_failed_in("target"));
  EXPECT_EQ(first["checks_failed"], num_failed_in("checks"));
  EXPECT_GT(first["source_failed"], 0) << "the board runs out of memory with some";
  EXPECT_EQ(first["model"], output_ + "/target.safetensors");
  EXPECT_EQ(has("circle.svg"), first["picture"] == output_ + "/circle.svg");
  EXPECT_GT(first["best_measured"], 0);
  EXPECT_LT(first["adapted_mape_pct"], first["source_mape_pct"]);
  EXPECT_TRUE(has("target.safetensors"));
  const CsvTable source = read_csv(output_ + "/source.csv");
  ASSERT_EQ(source.rows.size(), 40u);
  for (std::size_t row = 0; row < source.rows.size(); ++row) {  // their energy is told as well
    if (source.text(row, source.column_index("status")) != "ok") continue;
    EXPECT_GT(source.number(row, source.column_index("energy_joules_per_run")), 0);
  }
  EXPECT_FALSE(has(kJournal));
  EXPECT_EQ(go_round(40), first);  // measured again, noise would make it another
}

TEST_F(CircleTool, SaysInTextHowManyFailedAndWhereItsFilesAre) {
  std::vector<std::string> as_text = arguments(40);
  as_text.erase(std::find(as_text.begin(), as_text.end(), "--json"));
  const ToolRun run = run_tool(PERFMODEL_CIRCLE_TOOL, as_text);
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const auto ok_and_failed = [this](std::size_t num_rows, const std::string& campaign) {
    const std::size_t num_failed = num_failed_in(campaign);
    return std::to_string(num_rows - num_failed) + " ok, " + std::to_string(num_failed) + " failed";
  };
  EXPECT_THAT(run.out, HasSubstr("40 configurations of resnet50 (simulated): " + ok_and_failed(40, "source") + ";"));
  EXPECT_THAT(run.out, HasSubstr("10 of vgg16 (simulated): " + ok_and_failed(10, "target")));
  EXPECT_THAT(run.out, HasSubstr("5 others of vgg16 (simulated): " + ok_and_failed(5, "checks")));
  EXPECT_THAT(run.out, HasSubstr("model: " + output_ + "/target.safetensors\n"));
  EXPECT_THAT(run.out, HasSubstr(has("circle.svg") ? "picture: " + output_ + "/circle.svg" : "no picture, as gnuplot"));
}

TEST_F(CircleTool, SaysWhyNothingWasMeasured) {
  std::vector<std::string> simulated = arguments(20);
  simulated.insert(simulated.end(), {"--objective", "joules"});
  const ToolRun refused = run_tool(PERFMODEL_CIRCLE_TOOL, simulated);
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err,
              HasSubstr("objective 'joules' is not told by the simulated workloads, allowed are latency_ms"));
  EXPECT_FALSE(has("source.db")) << "nothing had to be measured for that";

  const std::string program = folder_.file("program");
  std::ofstream(program) << "#!/bin/sh\necho latency_ms=1 watts=2\n";
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  std::vector<std::string> on_this_machine = arguments(20);
  on_this_machine.insert(on_this_machine.end(), {"--program", program});
  const ToolRun failed = run_tool(PERFMODEL_CIRCLE_TOOL, on_this_machine);
  EXPECT_EQ(failed.exit_code, 1);
  EXPECT_THAT(failed.err,
              HasSubstr("all 20 configurations of squeezenet failed: 20 x parse error: the workload did not "
                        "answer 'latency_ms_per_image'; it answered (latency_ms, watts)"));
}

TEST_F(CircleTool, GoesOnWhereItWasStopped) {
  constexpr int kNumSource = 60;  // so that it is not done before it is stopped
  for (const int signal : {SIGINT, SIGKILL}) {
    SCOPED_TRACE(signal);
    std::filesystem::remove_all(output_);
    const ToolRun stopped =
        run_tool_until([this] { return has("source.db"); }, signal, PERFMODEL_CIRCLE_TOOL, arguments(kNumSource));
    EXPECT_EQ(stopped.signal, signal);
    if (signal == SIGKILL) {  // its guard may still be at the knobs
      EXPECT_TRUE(comes_true([this] { return !has(kJournal) && !has(kJournal + ".lock"); }));
    } else {
      EXPECT_NE(stopped.err.find("'" + output_ + "', the same command goes on"), std::string::npos) << stopped.err;
      EXPECT_FALSE(has(kJournal));
    }
    EXPECT_EQ(go_round(kNumSource)["source_measured"], kNumSource);
    EXPECT_FALSE(has(kJournal));
  }
}

TEST_F(CircleTool, LeavesNoProgramBehind) {
  const std::string program = folder_.file("program"), group = folder_.file("group");
  std::ofstream(program) << "#!/bin/sh\n" << tell_group_in(group) << "sleep 1000 & sleep 1000; true\n";
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  std::vector<std::string> on_this_machine = arguments(20);
  on_this_machine.insert(on_this_machine.end(), {"--program", program});
  for (const int signal : {SIGTERM, SIGKILL}) {
    SCOPED_TRACE(signal);
    std::filesystem::remove(group);
    const auto runs = [&] { return num_running_in_group(group_in(group), "sleep") == 2; };
    EXPECT_EQ(run_tool_until(runs, signal, PERFMODEL_CIRCLE_TOOL, on_this_machine).signal, signal);
    EXPECT_TRUE(comes_true([&] { return num_running_in_group(group_in(group)) == 0; }));
  }
}

}  // namespace
}  // namespace perfmodel
