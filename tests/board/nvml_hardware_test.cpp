// The library of the machine that the test runs on: what is read is plausible. Nothing is set.

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
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

TEST(NvmlHardware, TellsPlausibleNumbers) {
  std::shared_ptr<Nvml> nvml;
  try {
    nvml = open_nvml("libnvidia-ml.so.1");
  } catch (const Error& error) {
    GTEST_SKIP() << error.what();
  }
  ASSERT_GT(nvml->num_devices(), 0);
  EXPECT_FALSE(nvml->device_name(0).empty());
  for (const std::vector<double>& levels : {nvml->gpu_clock_levels_hz(0), nvml->memory_clock_levels_hz(0)}) {
    ASSERT_FALSE(levels.empty());
    EXPECT_GT(levels.front(), kLowest_hz);
    EXPECT_LT(levels.back(), kHighest_hz);
  }
  EXPECT_LE(nvml->gpu_clock_hz(0), nvml->gpu_clock_levels_hz(0).back());
  EXPECT_LE(nvml->memory_clock_hz(0), nvml->memory_clock_levels_hz(0).back());
  const Nvml::PowerLimits limits = nvml->power_limits(0);
  EXPECT_LT(limits.least_watts, limits.greatest_watts);
  EXPECT_LE(nvml->power_limit_watts(0), limits.greatest_watts);
  EXPECT_GT(nvml->temperature_celsius(0), 0);
  EXPECT_LT(nvml->temperature_celsius(0), 120);
  nvml->is_throttled(0);
}

TEST(NvmlHardware, CountsAboutAsMuchEnergyAsThePowerItTells) {
  std::shared_ptr<Nvml> nvml;
  try {
    nvml = open_nvml("libnvidia-ml.so.1");
  } catch (const Error& error) {
    GTEST_SKIP() << error.what();
  }
  const auto begin = std::chrono::steady_clock::now();
  const std::optional<double> joules_before = answer_of([&] { return nvml->energy_joules(0); });
  const std::optional<double> watts = answer_of([&] { return nvml->power_watts(0); });
  if (!joules_before || !watts) GTEST_SKIP() << "this GPU has no counter of energy, or no sensor of power";
  std::this_thread::sleep_for(std::chrono::seconds(2));
  const double joules = nvml->energy_joules(0) - *joules_before;
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  constexpr double kFactor = 2;  // power is a mean over a second before, and may have changed; a wrong unit is 1000 off
  EXPECT_GT(joules / seconds, *watts / kFactor);
  EXPECT_LT(joules / seconds, *watts * kFactor);
}

}  // namespace
}  // namespace perfmodel
