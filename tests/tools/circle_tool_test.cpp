// perfmodel-circle on a simulated board.
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <thread>

#include "run_tool.h"
#include "temporary_folder.h"

namespace perfmodel {
namespace {

using nlohmann::json;

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
  bool has(const std::string& name) const { return std::filesystem::exists(output_ + "/" + name); }

  const TemporaryFolder folder_;
  const std::string output_ = folder_.file("circle");
};

TEST_F(CircleTool, GoesFromAModelToAMeasuredConfigurationOnce) {
  const json first = go_round(40);
  EXPECT_EQ(first["source_measured"], 40);
  EXPECT_EQ(first["checks"], 5);
  EXPECT_GT(first["best_measured"], 0);
  EXPECT_LT(first["adapted_mape_pct"], first["source_mape_pct"]);
  EXPECT_TRUE(has("target.safetensors"));
  EXPECT_FALSE(has("board/var/lib/perfmodel/knobs.journal"));
  EXPECT_EQ(go_round(40), first);  // measured again, noise would make it another
}

TEST_F(CircleTool, GoesOnWhereItWasKilled) {
  constexpr int kNumSource = 60;  // so that it is not done before it is killed
  const ToolRun killed =
      run_tool_until([this] { return has("source.db"); }, SIGKILL, PERFMODEL_CIRCLE_TOOL, arguments(kNumSource));
  EXPECT_EQ(killed.exit_code, -1);
  // Its guard may still be at the knobs.
  constexpr int kTries = 600;
  ToolRun run = run_tool(PERFMODEL_CIRCLE_TOOL, arguments(kNumSource));
  for (int i = 0; i < kTries && run.exit_code != 0; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    run = run_tool(PERFMODEL_CIRCLE_TOOL, arguments(kNumSource));
  }
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(json::parse(last_line(run.out))["source_measured"], kNumSource);
  EXPECT_FALSE(has("board/var/lib/perfmodel/knobs.journal"));
}

}  // namespace
}  // namespace perfmodel
