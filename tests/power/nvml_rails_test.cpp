#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "expect_error.h"
#include "power/fake_nvml.h"
#include "power/rails.h"

namespace perfmodel {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class NvmlRails : public ::testing::Test {
 protected:
  NvmlRails() {
    table_.name = "nvml";
    table_.kind = RailKind::kNvml;
    table_.update_period_s = 0.1;
  }
  std::vector<Rail> find() { return find_nvml_rails(table_, nvml_, &why_not_); }

  RailTable table_;
  std::shared_ptr<FakeNvml> nvml_ = std::make_shared<FakeNvml>();
  std::vector<std::string> why_not_;
};

TEST_F(NvmlRails, CountEnergyWhereTheGpuDoes) {
  nvml_->devices = {{"Board A", [] { return 1234.5; }, [] { return 99.0; }, {}}};
  const std::vector<Rail> rails = find();
  ASSERT_EQ(rails.size(), 1u);
  const PowerMeterInfo& info = rails[0].info;
  EXPECT_EQ(info.name, "nvml:0");
  EXPECT_EQ(info.rail, "Board A");
  EXPECT_EQ(info.source, "nvmlDeviceGetTotalEnergyConsumption of GPU 0");
  EXPECT_TRUE(info.is_counter);
  EXPECT_EQ(info.update_period_s, 0.1);
  EXPECT_EQ(info.resolution_joules, 0.001);
  EXPECT_EQ(rails[0].wraps_at_joules, 0);
  EXPECT_EQ(rails[0].read(), 1234.5);
  EXPECT_THAT(why_not_, IsEmpty());
}

TEST_F(NvmlRails, SamplePowerWhereItDoesNot) {
  nvml_->devices = {{"Board A", [] { return 1.0; }, {}, {}}, {"Board B", {}, [] { return 43.5; }, {}}};
  const std::vector<Rail> rails = find();
  ASSERT_EQ(rails.size(), 2u);
  const PowerMeterInfo& info = rails[1].info;
  EXPECT_EQ(info.name, "nvml:1");
  EXPECT_EQ(info.source, "nvmlDeviceGetPowerUsage of GPU 1");
  EXPECT_FALSE(info.is_counter);
  EXPECT_EQ(info.resolution_watts, 0.001);
  EXPECT_EQ(rails[1].read(), 43.5);
}

TEST_F(NvmlRails, DoNotTakeAnErrorForAMissingCounter) {
  nvml_->devices = {
      {"Board A", []() -> double { throw Error(ErrorCode::kIo, "GPU 0 is lost"); }, [] { return 1.0; }, {}},
      {"Board B", [] { return 1.0; }, {}, {}}};
  const std::vector<Rail> rails = find();
  ASSERT_EQ(rails.size(), 1u);
  EXPECT_EQ(rails[0].info.rail, "Board B");
  EXPECT_THAT(why_not_, ElementsAre("nvml: GPU 0 is lost"));
}

TEST_F(NvmlRails, SayWhenThereIsNoGpu) {
  EXPECT_THAT(find(), IsEmpty());
  EXPECT_THAT(why_not_, ElementsAre("nvml: NVML knows no GPU"));
}

TEST_F(NvmlRails, DrawNoNegativePower) {
  nvml_->devices = {{"Board A", {}, [] { return -5.0; }, {}}};
  EXPECT_PM_ERROR(find().at(0).read(), ErrorCode::kIo, "nvmlDeviceGetPowerUsage of GPU 0' tells -5 W");
}

}  // namespace
}  // namespace perfmodel
