// The library of the machine that the test runs on: what is read is plausible. Nothing is set. Off unless
// PERFMODEL_TEST_HARDWARE is 1.

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <optional>
#include <string>
#include <thread>

#include "board/nvml.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

constexpr double kLowest_hz = 1e7, kHighest_hz = 2e10;  // far beyond any GPU's or memory's clock

/// What a call answers; nothing where this GPU has no such sensor.
template <typename Ask>
std::optional<double> answer_of(const Ask& ask) {
  try {
    return ask();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUnsupported) << error.what();
    return std::nullopt;
  }
}

class NvmlHardware : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* const wanted = std::getenv("PERFMODEL_TEST_HARDWARE");
    if (wanted == nullptr || std::string(wanted) != "1") {
      GTEST_SKIP() << "asks this machine's GPU: only with PERFMODEL_TEST_HARDWARE=1";
    }
    try {
      nvml_ = open_nvml("libnvidia-ml.so.1");
    } catch (const Error& error) {
      GTEST_SKIP() << error.what();
    }
  }

  std::shared_ptr<Nvml> nvml_;
};

TEST_F(NvmlHardware, TellsPlausibleNumbers) {
  ASSERT_GT(nvml_->num_devices(), 0);
  EXPECT_FALSE(nvml_->device_name(0).empty());
  for (const std::vector<double>& levels : {nvml_->gpu_clock_levels_hz(0), nvml_->memory_clock_levels_hz(0)}) {
    ASSERT_FALSE(levels.empty());
    EXPECT_GT(levels.front(), kLowest_hz);
    EXPECT_LT(levels.back(), kHighest_hz);
  }
  EXPECT_LE(nvml_->gpu_clock_hz(0), nvml_->gpu_clock_levels_hz(0).back());
  EXPECT_LE(nvml_->memory_clock_hz(0), nvml_->memory_clock_levels_hz(0).back());
  const Nvml::PowerLimits limits = nvml_->power_limits(0);
  EXPECT_LT(limits.least_watts, limits.greatest_watts);
  EXPECT_LE(nvml_->power_limit_watts(0), limits.greatest_watts);
  EXPECT_GT(nvml_->temperature_celsius(0), 0);
  EXPECT_LT(nvml_->temperature_celsius(0), 120);
  EXPECT_NO_THROW(nvml_->is_throttled(0));
  EXPECT_NO_THROW(nvml_->keeps_settings(0));
}

TEST_F(NvmlHardware, CountsAboutAsMuchEnergyAsThePowerItTells) {
  const auto begin = std::chrono::steady_clock::now();
  const std::optional<double> joules_before = answer_of([&] { return nvml_->energy_joules(0); });
  const std::optional<double> watts = answer_of([&] { return nvml_->power_watts(0); });
  if (!joules_before || !watts) GTEST_SKIP() << "this GPU has no counter of energy, or no sensor of power";
  std::this_thread::sleep_for(std::chrono::seconds(2));
  const double joules = nvml_->energy_joules(0) - *joules_before;
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  constexpr double kFactor = 2;  // power is a mean over a second before, and may have changed; a wrong unit is 1000 off
  EXPECT_GT(joules / seconds, *watts / kFactor);
  EXPECT_LT(joules / seconds, *watts * kFactor);
}

}  // namespace
}  // namespace perfmodel
