// perfmodel-knobs on a GPU, through the library that stands in for NVIDIA's.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "run_tool.h"
#include "temporary_folder.h"

namespace perfmodel {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class KnobsNvmlTool : public ::testing::Test {
 protected:
  KnobsNvmlTool() {
    std::filesystem::create_symlink(FAKE_NVML, folder_.file("libnvidia-ml.so.1"));
    ::setenv("LD_LIBRARY_PATH", folder_.path().c_str(), 1);  // of the tools that are run
  }
  ~KnobsNvmlTool() override {
    for (const char* name : {"LD_LIBRARY_PATH", "FAKE_NVML_PERSISTENCE"}) ::unsetenv(name);
  }
  ToolRun run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin() + 1, {"--root", folder_.path().string(), "--board", "nvidia"});
    return run_tool(PERFMODEL_KNOBS_TOOL, arguments);
  }

  const TemporaryFolder folder_;
};

TEST_F(KnobsNvmlTool, RefusesClocksThatMayBeLockedAlready) {
  const ToolRun set = run({"set", "gpu_freq_hz=1980000000"});
  EXPECT_EQ(set.exit_code, 1);
  EXPECT_THAT(set.err, HasSubstr("NVML does not tell whether this clock is locked already"));
  EXPECT_THAT(set.err, HasSubstr("--accept-pinned"));
}

TEST_F(KnobsNvmlTool, WarnsWhereTheDriverForgetsWhatIsSet) {
  const ToolRun set = run({"set", "--accept-pinned", "gpu_freq_hz=1980000000"});
  EXPECT_EQ(set.exit_code, 0) << set.err;
  EXPECT_THAT(set.err, HasSubstr("gpu_freq_hz may not stay set: "));
  EXPECT_THAT(set.err, HasSubstr("persistence mode is off"));
  EXPECT_EQ(run({"restore"}).exit_code, 0);
  ::setenv("FAKE_NVML_PERSISTENCE", "1", 1);
  EXPECT_EQ(run({"set", "--accept-pinned", "gpu_freq_hz=1980000000"}).err, "");
  EXPECT_EQ(run({"restore"}).exit_code, 0);
}

TEST_F(KnobsNvmlTool, DoesNotWarnOfWhatIsUndoneAnyway) {
  const ToolRun set = run({"set", "--accept-pinned", "gpu_freq_hz=1980000000", "--", "true"});
  EXPECT_EQ(set.exit_code, 0) << set.err;
  EXPECT_THAT(set.err, Not(HasSubstr("persistence mode")));
}

TEST_F(KnobsNvmlTool, ListsWhatMayBeForgotten) {
  const ToolRun got = run({"get", "--json", "power_limit_watts"});
  ASSERT_EQ(got.exit_code, 0) << got.err;
  EXPECT_THAT(nlohmann::json::parse(got.out)["why_not_kept"].get<std::string>(), HasSubstr("persistence mode is off"));
}

}  // namespace
}  // namespace perfmodel
