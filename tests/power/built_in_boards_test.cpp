#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <tuple>

#include "expect_error.h"
#include "perfmodel/power/power_meter.h"
#include "sysfs/manual_clock.h"
#include "temporary_folder.h"

namespace perfmodel {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// A tree of files as the kernel shows it, and the meters that a built-in board finds there.
class BuiltInBoardsMeters : public ::testing::Test {
 protected:
  void put(const std::string& folder, const std::map<std::string, std::string>& files) {
    const std::filesystem::path path = folder_.path() / folder;
    std::filesystem::create_directories(path);
    for (const auto& [name, text] : files) std::ofstream(path / name) << text << "\n";
  }
  /// Names and power over a second, the sums in brackets.
  std::vector<std::string> open(const std::string& board, const std::string& nvml_library = "/nowhere/nvml.so") {
    PowerMeterOptions options;
    options.root = folder_.path().string();
    options.nvml_library = nvml_library;
    options.clock = clock_;
    meters_ = open_power_meters(built_in_board(board), options, &why_not_);
    std::vector<std::string> names;
    for (const auto& meter : meters_) {
      names.push_back(meter->info().is_sum ? "(" + meter->info().name + ")" : meter->info().name);
    }
    return names;
  }
  /// What one comes to who adds up the rails.
  double watts_of_parts() const {
    double sum = 0;
    for (const auto& meter : meters_) sum += meter->info().is_sum ? 0 : meter->watts();
    return sum;
  }
  TemporaryFolder folder_;
  std::shared_ptr<ManualClock> clock_ = std::make_shared<ManualClock>();
  std::vector<std::unique_ptr<PowerMeter>> meters_;
  std::vector<std::string> why_not_;
};

TEST_F(BuiltInBoardsMeters, OfAJetsonTx2) {
  put("sys/devices/3160000.i2c/i2c-0/0-0040/iio:device0", {{"name", "ina3221x"},
                                                           {"in_power0_input", "612"},
                                                           {"rail_name_0", "VDD_SYS_GPU"},
                                                           {"in_power1_input", "305"},
                                                           {"rail_name_1", "VDD_SYS_SOC"}});
  put("sys/devices/3160000.i2c/i2c-0/0-0041/iio:device1", {{"in_power0_input", "4812"}, {"rail_name_0", "VDD_IN"}});
  EXPECT_THAT(open("jetson_tx2"), ElementsAre("VDD_SYS_GPU", "VDD_SYS_SOC", "(VDD_IN)"));
  EXPECT_DOUBLE_EQ(meters_[2]->watts(), 4.812);
  EXPECT_DOUBLE_EQ(watts_of_parts(), 0.917);
}

TEST_F(BuiltInBoardsMeters, OfAJetsonOrinNanoCountItsInputOnce) {
  std::map<std::string, std::string> files = {{"name", "ina3221"}};
  for (const auto& [n, label, milliamperes] :
       {std::tuple("1", "VDD_IN", "1000"), {"2", "VDD_CPU_GPU_CV", "200"}, {"3", "VDD_SOC", "300"}}) {
    files[std::string("in") + n + "_label"] = label;
    files[std::string("in") + n + "_input"] = "5000";
    files[std::string("curr") + n + "_input"] = milliamperes;
  }
  put("sys/bus/i2c/drivers/ina3221/1-0040/hwmon/hwmon1", files);
  EXPECT_THAT(open("jetson_orin"), ElementsAre("(VDD_IN)", "VDD_CPU_GPU_CV", "VDD_SOC"));
  EXPECT_DOUBLE_EQ(watts_of_parts(), 2.5);
  put("sys/class/hwmon/hwmon1", files);  // where a kernel without NVIDIA's patches has it
  EXPECT_THAT(open("linux"), ElementsAre("(ina3221:VDD_IN)", "ina3221:VDD_CPU_GPU_CV", "ina3221:VDD_SOC"));
}

// NVIDIA: POM_5V_IN is the whole board, POM_5V_GPU and POM_5V_CPU need not be added to it.
TEST_F(BuiltInBoardsMeters, OfAJetsonNanoCountItsInputOnce) {
  put("sys/bus/i2c/drivers/ina3221x/6-0040/iio:device0", {{"in_power0_input", "2500"},
                                                          {"rail_name_0", "POM_5V_IN"},
                                                          {"in_power1_input", "400"},
                                                          {"rail_name_1", "POM_5V_GPU"},
                                                          {"in_power2_input", "700"},
                                                          {"rail_name_2", "POM_5V_CPU"}});
  EXPECT_THAT(open("jetson_nano"), ElementsAre("(input)", "gpu", "cpu"));
  EXPECT_DOUBLE_EQ(watts_of_parts(), 1.1);
}

TEST_F(BuiltInBoardsMeters, OfAJetsonOrin) {
  put("sys/bus/i2c/drivers/ina3221/1-0040/hwmon/hwmon3", {{"name", "ina3221"},
                                                          {"in1_label", "VDD_GPU_SOC"},
                                                          {"in1_input", "19000"},
                                                          {"curr1_input", "104"},
                                                          {"in2_label", "NC"},
                                                          {"in2_input", "0"},
                                                          {"curr2_input", "0"},
                                                          {"in4_input", "1"},
                                                          {"curr4_input", "104"},
                                                          {"in7_label", "sum of shunt voltages"},
                                                          {"in7_input", "2"}});
  put("sys/bus/i2c/drivers/ina3221/1-0041/hwmon/hwmon4",
      {{"name", "ina3221"}, {"in1_label", "VDDQ_VDD2_1V8AO"}, {"in1_input", "5000"}, {"curr1_input", "-8"}});
  EXPECT_THAT(open("jetson_orin"), ElementsAre("VDD_GPU_SOC", "VDDQ_VDD2_1V8AO"));
  EXPECT_DOUBLE_EQ(meters_[0]->watts(), 1.976);  // 19 V x 104 mA
  EXPECT_EQ(meters_[1]->watts(), 0);
}

TEST_F(BuiltInBoardsMeters, OfAPcWithTwoProcessors) {
  for (const auto& [zone, name] : {std::pair("0", "package-0"), {"0:0", "core"}, {"1", "package-1"}, {"1:0", "core"}}) {
    put(std::string("sys/class/powercap/intel-rapl:") + zone,
        {{"name", name}, {"energy_uj", "5000000"}, {"max_energy_range_uj", "262143328850"}});
  }
  put("sys/class/powercap/intel-rapl", {{"enabled", "1"}});
  EXPECT_THAT(open("linux"), ElementsAre("powercap:package-0", "powercap:package-1", "(powercap:intel-rapl:0:0:core)",
                                         "(powercap:intel-rapl:1:0:core)"));
  put("sys/class/powercap/intel-rapl:1", {{"energy_uj", "47000000"}});
  clock_->advance(2);
  EXPECT_NEAR(meters_[1]->joules(), 42, 1e-6);
  EXPECT_NEAR(meters_[1]->watts(), 21, 1e-6);
  EXPECT_THAT(why_not_, Each(HasSubstr("there is no /sys/class/hwmon/")));
}

// A platform holds its packages, a package its cores; memory is beside the package.
TEST_F(BuiltInBoardsMeters, OfAPcCountEachJouleOnce) {
  for (const auto& [zone, name] : {std::pair("0", "package-0"),
                                   {"0:0", "core"},
                                   {"0:1", "uncore"},
                                   {"0:2", "dram"},
                                   {"1", "psys"},
                                   {"2", "psys-1"}}) {
    put(std::string("sys/class/powercap/intel-rapl:") + zone, {{"name", name}, {"energy_uj", "5000000"}});
  }
  EXPECT_THAT(open("linux"), ElementsAre("powercap:package-0", "(powercap:psys)", "(powercap:psys-1)",
                                         "(powercap:intel-rapl:0:0:core)", "(powercap:intel-rapl:0:1:uncore)",
                                         "powercap:intel-rapl:0:2:dram"));
}

TEST_F(BuiltInBoardsMeters, OfAPcWithAnNvidiaGpu) {
  EXPECT_THAT(open("nvidia", PERFMODEL_FAKE_NVML), ElementsAre("nvml:0", "nvml:1"));
  EXPECT_TRUE(meters_[0]->info().is_counter);
  EXPECT_EQ(meters_[0]->info().update_period_s, 0.1);
  EXPECT_EQ(meters_[0]->joules(), 0);
  EXPECT_EQ(
      ThermalSensors(built_in_board("nvidia"), folder_.path().string(), PERFMODEL_FAKE_NVML).temperature_celsius(), 41);
}

TEST_F(BuiltInBoardsMeters, OfAGpuWithoutACounterSampleItsPower) {
  constexpr const char* kFailure = "FAKE_NVML_FAIL";  // asks the stand-in for an error
  ::setenv(kFailure, "nvmlDeviceGetTotalEnergyConsumption=3", 1);
  EXPECT_THAT(open("nvidia", PERFMODEL_FAKE_NVML), ElementsAre("nvml:0", "nvml:1"));
  EXPECT_FALSE(meters_[0]->info().is_counter);
  EXPECT_EQ(meters_[0]->info().sample_period_s, 0.025);
  clock_->advance(2);
  EXPECT_NEAR(meters_[0]->joules(), 2 * 71.25, 1e-9);
  ::setenv(kFailure, "nvmlDeviceGetPowerUsage=15", 1);
  EXPECT_PM_ERROR(meters_[0]->joules(), ErrorCode::kIo, "GPU is lost");
  ::unsetenv(kFailure);
}

TEST_F(BuiltInBoardsMeters, OfTheSimulatedBoardAreCalledSimulated) {
  put("sys/bus/i2c/drivers/ina3221x/0-0040/iio:device0",
      {{"in_power0_input", "9000"}, {"in_power1_input", "4000"}, {"in_power2_input", "3000"}});
  put("sys/class/powercap/simulated:0", {{"energy_uj", "1"}, {"max_energy_range_uj", "1000000"}});
  EXPECT_THAT(open("simulated_jetson"), ElementsAre("(input)", "gpu", "cpu", "(energy)"));
  for (const auto& meter : meters_) EXPECT_TRUE(meter->info().simulated);
  EXPECT_EQ(meters_[0]->info().sample_period_s, 0.00025);
}

}  // namespace
}  // namespace perfmodel
