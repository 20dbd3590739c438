#include <gmock/gmock.h>

#include <cmath>

#include "expect_error.h"
#include "knob/driver_fixture.h"
#include "knob/fake_nvml.h"

namespace perfmodel {
namespace {

using ::testing::ElementsAre;

constexpr const char* kPolicies[] = {"/sys/devices/system/cpu/cpufreq/policy0",
                                     "/sys/devices/system/cpu/cpufreq/policy2"};

class EffectiveValues : public DriverFixture {
 protected:
  void runs_at(int policy, const std::string& khz) { kernel_->nodes[in(kPolicies[policy], "scaling_cur_freq")] = khz; }
};

TEST_F(EffectiveValues, AreNotKnownBeforeASet) {
  EXPECT_TRUE(driver().effective().empty());
}

TEST_F(EffectiveValues, AreThoseOfKnobsOnHardwareInTheBoardsOrder) {
  KnobDriver knobs = driver();
  knobs.set(all_changed());
  std::vector<std::string> names;
  for (const EffectiveValue& value : knobs.effective()) names.push_back(value.name);
  EXPECT_THAT(names, ElementsAre("num_cores", "cpu_freq_hz", "gpu_freq_hz", "memory_freq_hz", "huge_pages"));
  EXPECT_TRUE(std::isnan(knobs.effective()[0].mean));  // nothing tells
  EXPECT_EQ(knobs.effective()[2].mean, 420750000);
  EXPECT_EQ(knobs.effective()[2].lowest, 420750000);
}

// A cluster with nothing to do says little of the one that works.
TEST_F(EffectiveValues, OfSeveralPoliciesAreTheirMeanAndTheLowest) {
  KnobDriver knobs = driver();
  knobs.set({{"cpu_freq_hz", 1036800000}});
  runs_at(0, "1036800");
  runs_at(1, "102000");
  const EffectiveValue value = knobs.effective().front();
  EXPECT_EQ(value.mean, 569400000);
  EXPECT_EQ(value.lowest, 102000000);
  EXPECT_EQ(knobs.read().front().effective, 569400000);
  EXPECT_EQ(knobs.get("cpu_freq_hz").effective, 569400000);
}

TEST_F(EffectiveValues, ReadWhatTellsThemAndNothingElse) {
  KnobDriver knobs = driver();
  knobs.set(all_changed());
  std::vector<std::string> read;
  hook_->before = [&read](const FileOperation& operation) {
    EXPECT_EQ(operation.kind, FileOperation::Kind::kRead);
    read.push_back(operation.path);
  };
  knobs.effective();
  EXPECT_THAT(read, ElementsAre(in(kPolicies[0], "scaling_cur_freq"), in(kPolicies[1], "scaling_cur_freq"),
                                in(kGpu, "cur_freq"), "/sys/kernel/debug/clk/emc/clk_rate"));
  hook_->before = {};
}

TEST_F(EffectiveValues, AreNotThoseOfPoliciesThatWentOffline) {
  KnobDriver knobs = driver();
  runs_at(1, "102000");
  knobs.set({{"num_cores", 2}, {"cpu_freq_hz", 518400000}});  // of the second policy no core is left
  EXPECT_EQ(knobs.effective()[1].lowest, 518400000);
}

TEST_F(EffectiveValues, AreUnknownWhereAFileVanishes) {
  KnobDriver knobs = driver();
  knobs.set({{"cpu_freq_hz", 518400000}, {"gpu_freq_hz", 420750000}});
  kernel_->nodes.erase(in(kPolicies[1], "scaling_cur_freq"));
  const std::vector<EffectiveValue> values = knobs.effective();
  EXPECT_TRUE(std::isnan(values[0].mean) && std::isnan(values[0].lowest));
  EXPECT_EQ(values[1].mean, 420750000);
}

TEST_F(EffectiveValues, AreThoseOfTheLastSetAlone) {
  KnobDriver knobs = driver();
  knobs.set({{"cpu_freq_hz", 518400000}});
  knobs.set({{"gpu_freq_hz", 420750000}});
  ASSERT_EQ(knobs.effective().size(), 1u);
  EXPECT_EQ(knobs.effective()[0].name, "gpu_freq_hz");
  EXPECT_PM_ERROR(knobs.set({{"gpu_freq_hz", 114750000}, {"cpu_freq_hz", 7}}), ErrorCode::kInvalidArgument, "");
  EXPECT_EQ(knobs.effective().size(), 1u);  // nothing was set
}

TEST_F(EffectiveValues, OfAGpuAreAskedOfIt) {
  const auto nvml = std::make_shared<FakeNvml>();
  KnobMachine with_gpu = machine();
  with_gpu.open_nvml = [nvml] { return nvml; };
  KnobDriverOptions options;
  options.accept_pinned = true;
  KnobDriver knobs = make_knob_driver(Board::from_json(R"({
      "version": 1, "name": "gpu", "title": "GPU", "tested_on_hardware": false, "knobs": [
      {"name": "gpu_freq_hz", "unit": "hz", "kind": "ordinal", "nvml": {"setting": "gpu_clock"}}]})"),
                                      options, with_gpu);
  knobs.set({{"gpu_freq_hz", 900e6}});
  nvml->cap_hz = 600e6;
  EXPECT_EQ(knobs.effective().front().mean, 600e6);
  EXPECT_EQ(knobs.effective().front().lowest, 600e6);
}

}  // namespace
}  // namespace perfmodel
