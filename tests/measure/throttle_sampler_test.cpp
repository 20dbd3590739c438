#include "measure/throttle_sampler.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <cmath>

#include "measure/simulated_campaign.h"
#include "measure/slow_machine.h"

namespace perfmodel {
namespace {

/// A board whose GPU is one of the library that stands in for NVIDIA's, and a clock that the test moves.
class ThrottleSamplerTest : public ::testing::Test {
 protected:
  ~ThrottleSamplerTest() override { ::unsetenv("FAKE_NVML_REASONS"); }

  /// Why the GPU is slow from now on.
  static void slow_down(const char* reasons) { ::setenv("FAKE_NVML_REASONS", reasons, 1); }

  TemporaryFolder folder_;
  SimulatedCampaign simulated_{folder_.file("board")};
  Clock& clock_ = *simulated_.board.clock();
  const ThermalSensors gpu_{built_in_board("nvidia"), folder_.path().string(), FAKE_NVML};
};

TEST_F(ThrottleSamplerTest, TellsTheShareOfTheTime) {
  slow_down("0x4");  // its power is capped
  ThrottleSampler sampler(&gpu_, clock_, 0.01);
  clock_.sleep_s(0.25);
  slow_down("0x1");  // it is idle
  clock_.sleep_s(0.75);
  EXPECT_NEAR(sampler.finish({{0, 1}}), 0.25, 0.02);  // two looks of a hundred
}

TEST_F(ThrottleSamplerTest, TellsOfItsWindowsAlone) {
  slow_down("0x4");
  ThrottleSampler sampler(&gpu_, clock_, 0.01);
  clock_.sleep_s(0.25);
  slow_down("0x1");
  clock_.sleep_s(0.75);
  EXPECT_EQ(sampler.finish({{0.3, 0.5}, {0.6, 0.9}}), 0);
}

TEST_F(ThrottleSamplerTest, LooksLessOftenWhereALookTakesLong) {
  slow_down("0x4");
  SlowMachine quick(0.00005), slow(0.003);
  ThrottleSampler(&gpu_, quick, 0.01);
  EXPECT_EQ(quick.last_period_s, 0.01);
  ThrottleSampler(&gpu_, slow, 0.01);
  EXPECT_NEAR(slow.last_period_s, 0.3, 1e-9);
}

TEST_F(ThrottleSamplerTest, KnowsNothingWhereNothingTells) {
  ThrottleSampler nobody(nullptr, clock_, 0.01);
  ThrottleSampler no_gpu(&simulated_.thermal, clock_, 0.01);
  ThrottleSampler no_look(&gpu_, clock_, 10);
  clock_.sleep_s(1);
  const std::vector<TimeWindow> always = {{0, 1}};
  for (ThrottleSampler* sampler : {&nobody, &no_gpu, &no_look}) EXPECT_TRUE(std::isnan(sampler->finish(always)));
}

}  // namespace
}  // namespace perfmodel
