// perfmodel-torch-workload as the program of a campaign by perfmodel-knobs, with process knobs.
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "perfmodel/core/csv.h"
#include "run_tool.h"
#include "temporary_folder.h"

namespace perfmodel {
namespace {

#ifdef PERFMODEL_TORCH_WORKLOAD

using nlohmann::json;

class TorchCampaign : public ::testing::Test {
 protected:
  TorchCampaign() {
    std::ofstream(space_) << R"({"options": [
      {"name": "num_threads", "kind": "integer", "low": 1, "high": 1},
      {"name": "cpu_affinity", "kind": "integer", "low": 1, "high": 1},
      {"name": "nice", "kind": "ordinal", "levels": [19]},
      {"name": "batch_size", "kind": "ordinal", "levels": [1, 4]},
      {"name": "memory_format", "kind": "categorical", "levels": ["contiguous", "channels_last"]}]})";
  }

  std::vector<std::string> arguments() const {
    return {"measure",
            "--board",
            "process",
            "--root",
            folder_.path().string(),
            "--space",
            space_,
            "--count",
            "3",
            "--command",
            command_,
            "--objective",
            "latency_ms_per_image,cpu_ms_per_image",
            "--warmup",
            "0",
            "--repeats",
            "1",
            "--output",
            file_,
            "--csv",
            csv_,
            "--json"};
  }
  json measure() const {
    const ToolRun done = run_tool(PERFMODEL_KNOBS_TOOL, arguments());
    EXPECT_EQ(done.exit_code, 0) << done.err;
    return done.exit_code == 0 ? json::parse(last_line(done.out)) : json::object();
  }

  const TemporaryFolder folder_;
  const std::string space_ = folder_.file("space.json"), file_ = folder_.file("rows.db"),
                    csv_ = folder_.file("rows.csv");
  const std::string command_ = "'" PERFMODEL_TORCH_WORKLOAD "' --seconds 0 network=lenet";
};

TEST_F(TorchCampaign, HasLatencyAndCpuTimeOfEachConfigurationAndResumes) {
  const ToolRun killed =
      run_tool_until([this] { return std::filesystem::exists(file_); }, SIGKILL, PERFMODEL_KNOBS_TOOL, arguments());
  EXPECT_EQ(killed.signal, SIGKILL);
  const json report = measure();
  EXPECT_EQ(report["measured"].get<int>() + report["resumed"].get<int>(), 3);
  EXPECT_EQ(report["failed"], 0);
  const CsvTable rows = read_csv(csv_);
  ASSERT_EQ(rows.rows.size(), 3u);
  for (std::size_t row = 0; row < rows.rows.size(); ++row) {
    const auto number = [&](const char* column) { return rows.number(row, rows.column_index(column)); };
    EXPECT_GT(number("latency_ms_per_image"), 0);
    EXPECT_GT(number("cpu_ms_per_image"), 0);
    EXPECT_EQ(number("window_told"), 1);
    EXPECT_EQ(number("num_runs"), 5);
    EXPECT_LE(number("started_unix_s"), number("window_begin_unix_s"));
    EXPECT_LT(number("window_begin_unix_s") + number("window_s"), number("started_unix_s") + number("duration_s"));
    EXPECT_LT(number("window_s"), number("duration_s"));
  }
  EXPECT_EQ(measure()["resumed"], 3);  // which measures none again
}

#else

TEST(TorchCampaign, HasLatencyAndCpuTimeOfEachConfigurationAndResumes) {
  GTEST_SKIP() << "built without LibTorch, so there is no perfmodel-torch-workload to measure";
}

#endif

}  // namespace
}  // namespace perfmodel
