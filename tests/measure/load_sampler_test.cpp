#include "measure/load_sampler.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "measure/simulated_campaign.h"
#include "measure/slow_machine.h"

namespace perfmodel {
namespace {

constexpr double kLow_hz = 522750e3, kHigh_hz = 1236750e3;

class LoadSamplerTest : public ::testing::Test {
 protected:
  std::vector<TimeWindow> always() const { return {{0, simulated_.board.clock()->now_s()}}; }

  TemporaryFolder folder_;
  SimulatedCampaign simulated_{folder_.file("board")};
};

TEST_F(LoadSamplerTest, TellsWhatRanMostOfTheTime) {
  simulated_.driver.set({{"gpu_freq_hz", kHigh_hz}});
  LoadSampler sampler(simulated_.driver, {"gpu_freq_hz"}, *simulated_.board.clock(), 0.01);
  simulated_.board.clock()->sleep_s(1);
  const std::vector<LoadSampler::Level> levels = sampler.finish(always());
  ASSERT_EQ(levels.size(), 1u);
  EXPECT_EQ(levels[0].mean, kHigh_hz);
  EXPECT_EQ(levels[0].lowest, kHigh_hz);
}

TEST_F(LoadSamplerTest, TellsOfItsWindowsAlone) {
  Clock& clock = *simulated_.board.clock();
  simulated_.driver.set({{"gpu_freq_hz", kHigh_hz}});
  LoadSampler sampler(simulated_.driver, {"gpu_freq_hz"}, clock, 0.01);
  clock.sleep_s(1);
  simulated_.driver.set({{"gpu_freq_hz", kLow_hz}});
  const double lowered_s = clock.now_s();
  clock.sleep_s(0.105);
  const double raised_s = clock.now_s();
  simulated_.driver.set({{"gpu_freq_hz", kHigh_hz}});
  clock.sleep_s(1);
  EXPECT_EQ(sampler.finish({{lowered_s + 0.01, raised_s}}).front().mean, kLow_hz);
}

TEST_F(LoadSamplerTest, LooksLessOftenWhereALookTakesLong) {
  simulated_.driver.set({{"gpu_freq_hz", kHigh_hz}});
  SlowMachine quick(0.00005), slow(0.003);
  LoadSampler(simulated_.driver, {"gpu_freq_hz"}, quick, 0.01);
  EXPECT_EQ(quick.last_period_s, 0.01);
  LoadSampler(simulated_.driver, {"gpu_freq_hz"}, slow, 0.01);
  EXPECT_NEAR(slow.last_period_s, 0.3, 1e-9);
}

TEST_F(LoadSamplerTest, KnowsNothingOfAWindowBetweenLooks) {
  simulated_.driver.set({{"gpu_freq_hz", kHigh_hz}});
  LoadSampler sampler(simulated_.driver, {"gpu_freq_hz"}, *simulated_.board.clock(), 0.1);
  simulated_.board.clock()->sleep_s(1);
  EXPECT_TRUE(std::isnan(sampler.finish({{0.11, 0.19}, {0.31, 0.39}}).front().mean));
}

TEST_F(LoadSamplerTest, KnowsNothingWithoutALook) {
  simulated_.driver.set({{"gpu_freq_hz", kHigh_hz}});
  LoadSampler sampler(simulated_.driver, {"gpu_freq_hz", "cpu_freq_hz"}, *simulated_.board.clock(), 10);
  simulated_.board.clock()->sleep_s(1);
  const std::vector<LoadSampler::Level> levels = sampler.finish(always());
  ASSERT_EQ(levels.size(), 2u);
  for (const LoadSampler::Level& level : levels) EXPECT_TRUE(std::isnan(level.mean) && std::isnan(level.lowest));
}

TEST_F(LoadSamplerTest, PassesOverLooksThatFail) {
  simulated_.driver.set({{"gpu_freq_hz", kLow_hz}});
  LoadSampler sampler(simulated_.driver, {"gpu_freq_hz"}, *simulated_.board.clock(), 0.01);
  simulated_.board.clock()->sleep_s(0.1);
  const std::string folder = simulated_.board.root() + "/sys/devices/gpu.0/devfreq/gpu.0";
  std::filesystem::rename(folder, folder + ".away");
  EXPECT_NO_THROW(simulated_.board.clock()->sleep_s(0.03));
  std::filesystem::rename(folder + ".away", folder);
  EXPECT_EQ(sampler.finish(always()).front().mean, kLow_hz);
  simulated_.driver.restore();
}

}  // namespace
}  // namespace perfmodel
