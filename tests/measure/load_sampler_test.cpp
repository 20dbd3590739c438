#include "measure/load_sampler.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "measure/simulated_campaign.h"

namespace perfmodel {
namespace {

class LoadSamplerTest : public ::testing::Test {
 protected:
  TemporaryFolder folder_;
  SimulatedCampaign simulated_{folder_.file("board")};
};

TEST_F(LoadSamplerTest, TellsWhatRanMostOfTheTime) {
  simulated_.driver.set({{"gpu_freq_hz", 1236750e3}});
  LoadSampler sampler(simulated_.driver, {"gpu_freq_hz"}, *simulated_.board.clock(), 0.01);
  simulated_.board.clock()->sleep_s(1);
  EXPECT_EQ(sampler.finish(), (std::vector<double>{1236750e3}));
}

TEST_F(LoadSamplerTest, KnowsNothingWithoutALook) {
  simulated_.driver.set({{"gpu_freq_hz", 1236750e3}});
  LoadSampler sampler(simulated_.driver, {"gpu_freq_hz", "cpu_freq_hz"}, *simulated_.board.clock(), 10);
  simulated_.board.clock()->sleep_s(1);
  const std::vector<double> medians = sampler.finish();
  ASSERT_EQ(medians.size(), 2u);
  EXPECT_TRUE(std::isnan(medians[0]) && std::isnan(medians[1]));
}

TEST_F(LoadSamplerTest, PassesOverLooksThatFail) {
  simulated_.driver.set({{"gpu_freq_hz", 522750e3}});
  LoadSampler sampler(simulated_.driver, {"gpu_freq_hz"}, *simulated_.board.clock(), 0.01);
  simulated_.board.clock()->sleep_s(0.1);
  const std::string folder = simulated_.board.root() + "/sys/devices/gpu.0/devfreq/gpu.0";
  std::filesystem::rename(folder, folder + ".away");
  EXPECT_NO_THROW(simulated_.board.clock()->sleep_s(0.03));
  std::filesystem::rename(folder + ".away", folder);
  EXPECT_EQ(sampler.finish(), (std::vector<double>{522750e3}));
  simulated_.driver.restore();
}

}  // namespace
}  // namespace perfmodel
