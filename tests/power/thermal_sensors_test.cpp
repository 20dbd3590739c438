#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "expect_error.h"
#include "perfmodel/power/power_meter.h"
#include "power/fake_files.h"
#include "power/fake_nvml.h"
#include "power/thermometers.h"
#include "temporary_folder.h"

namespace perfmodel {
namespace {

class ThermometersTest : public ::testing::Test {
 protected:
  ThermometersTest() {
    table_.temperature_files = {"/thermal/thermal_zone*/temp"};
    table_.ignored_zone_types = {"PMIC-Die"};
    table_.throttle_count_files = {"/cpu/cpu*/core_throttle_count", "/cpu/cpu0/package_throttle_count"};
  }
  Thermometers thermometers() const { return {table_, files_, nvml_}; }

  BoardTable table_;
  std::shared_ptr<FakeFiles> files_ = std::make_shared<FakeFiles>();
  std::shared_ptr<FakeNvml> nvml_;
};

TEST_F(ThermometersTest, KnowNothingWhereThereAreNone) {
  EXPECT_TRUE(std::isnan(thermometers().temperature_celsius()));
  EXPECT_TRUE(std::isnan(thermometers().throttle_count()));
}

TEST_F(ThermometersTest, TellTheHottestZone) {
  files_->put("/thermal/thermal_zone0/temp", "41500");
  files_->put("/thermal/thermal_zone1/temp", "57250");
  files_->put("/thermal/thermal_zone10/temp", "39000");
  EXPECT_DOUBLE_EQ(thermometers().temperature_celsius(), 57.25);
}

TEST_F(ThermometersTest, LeaveOutWhatIsNoTemperature) {
  files_->put("/thermal/thermal_zone0/temp", "-5000");
  files_->put("/thermal/thermal_zone1/temp", "hot");
  files_->put("/thermal/thermal_zone2/temp", "nan");
  files_->put("/thermal/thermal_zone3/temp", "999999999");
  files_->put("/thermal/thermal_zone4/temp", "-256000");  // a zone that is off
  files_->put("/thermal/thermal_zone5/temp",
              []() -> std::string { throw Error(ErrorCode::kBusy, "Resource temporarily unavailable"); });
  EXPECT_DOUBLE_EQ(thermometers().temperature_celsius(), -5);
  files_->erase("/thermal/thermal_zone0/temp");
  EXPECT_TRUE(std::isnan(thermometers().temperature_celsius()));
}

TEST_F(ThermometersTest, LeaveOutZonesThatTheTableIgnores) {
  files_->put("/thermal/thermal_zone0/temp", "41500");
  files_->put("/thermal/thermal_zone0/type", "CPU-therm");
  files_->put("/thermal/thermal_zone1/temp", "100000");
  files_->put("/thermal/thermal_zone1/type", "PMIC-Die");
  EXPECT_DOUBLE_EQ(thermometers().temperature_celsius(), 41.5);
}

TEST_F(ThermometersTest, AskGpusToo) {
  nvml_ = std::make_shared<FakeNvml>();
  nvml_->devices.resize(2);
  nvml_->devices[1].temperature_celsius = [] { return 71.0; };
  files_->put("/thermal/thermal_zone0/temp", "41500");
  EXPECT_EQ(thermometers().temperature_celsius(), 71);
}

TEST_F(ThermometersTest, LeaveOutWhatMayNotBeLookedFor) {
  table_.temperature_files.insert(table_.temperature_files.begin(), "/secret/temp");
  table_.throttle_count_files.insert(table_.throttle_count_files.begin(), "/secret/count");
  files_->forbid("/secret");
  files_->put("/thermal/thermal_zone0/temp", "41500");
  files_->put("/cpu/cpu0/core_throttle_count", "3");
  EXPECT_EQ(thermometers().temperature_celsius(), 41.5);
  EXPECT_EQ(thermometers().throttle_count(), 3);
}

TEST_F(ThermometersTest, TellWhetherAGpuIsSlowedDown) {
  EXPECT_TRUE(std::isnan(thermometers().throttled()));
  nvml_ = std::make_shared<FakeNvml>();
  nvml_->devices.resize(2);
  EXPECT_TRUE(std::isnan(thermometers().throttled()));  // neither tells
  nvml_->devices[0].is_throttled = [] { return 0.0; };
  EXPECT_EQ(thermometers().throttled(), 0);
  nvml_->devices[1].is_throttled = [] { return 1.0; };
  EXPECT_EQ(thermometers().throttled(), 1);
}

TEST_F(ThermometersTest, AskGpusWhoseKnobsTheBoardHas) {
  nvml_ = std::make_shared<FakeNvml>();
  nvml_->devices.resize(2);
  nvml_->devices[0].is_throttled = [] { return 0.0; };
  nvml_->devices[1].is_throttled = [] { return 1.0; };  // somebody else's work
  KnobTable knob;
  knob.mechanism = KnobMechanism::kNvml;
  knob.nvml_device = 0;
  table_.knobs = {knob};
  EXPECT_EQ(thermometers().throttled(), 0);
  nvml_->devices[0].is_throttled = [] { return 1.0; };
  EXPECT_EQ(thermometers().throttled(), 1);
  nvml_->devices[0].is_throttled = nullptr;
  EXPECT_TRUE(std::isnan(thermometers().throttled()));
  nvml_.reset();
  EXPECT_TRUE(std::isnan(thermometers().throttled()));
}

TEST_F(ThermometersTest, AddUpThrottleCounters) {
  files_->put("/cpu/cpu0/core_throttle_count", "3");
  files_->put("/cpu/cpu1/core_throttle_count", "4");
  files_->put("/cpu/cpu0/package_throttle_count", "10");
  EXPECT_EQ(thermometers().throttle_count(), 17);
}

TEST_F(ThermometersTest, KeepTheCountsOfCoresThatGoOffline) {
  const Thermometers thermometers{table_, files_, nullptr};
  files_->put("/cpu/cpu0/core_throttle_count", "3");
  files_->put("/cpu/cpu1/core_throttle_count", "4");
  EXPECT_EQ(thermometers.throttle_count(), 7);
  files_->erase("/cpu/cpu1/core_throttle_count");
  files_->put("/cpu/cpu0/core_throttle_count", "5");
  EXPECT_EQ(thermometers.throttle_count(), 9);
  files_->put("/cpu/cpu1/core_throttle_count", "6");
  EXPECT_EQ(thermometers.throttle_count(), 11);
}

TEST_F(ThermometersTest, LeaveOutWhatIsNoCount) {
  files_->put("/cpu/cpu0/core_throttle_count", "-3");
  files_->put("/cpu/cpu1/core_throttle_count", "many");
  EXPECT_TRUE(std::isnan(thermometers().throttle_count()));
}

Board board_with(const std::string& keys) {
  return Board::from_json(
      R"({"version": 1, "name": "test", "title": "Test", "tested_on_hardware": false, "knobs": [])" + keys + "}");
}

TEST(ThermalSensors, ReadFilesUnderTheirRoot) {
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder.path() / "thermal");
  std::ofstream(folder.file("thermal/temp")) << "41500\n";
  std::ofstream(folder.file("thermal/count")) << "2\n";
  ThermalSensors sensors(
      board_with(R"(, "temperature_files": ["/thermal/temp"], "throttle_count_files": ["/thermal/count"])"),
      folder.path().string());
  EXPECT_DOUBLE_EQ(sensors.temperature_celsius(), 41.5);
  const ThermalSensors moved = std::move(sensors);
  EXPECT_EQ(moved.throttle_count(), 2);
}

TEST(ThermalSensors, DoWithoutALibraryOfNvidia) {
  const ThermalSensors sensors(board_with(R"(, "rails": [{"name": "nvml", "nvml": true}])"), "/",
                               "/nowhere/libnvidia-ml.so.1");
  EXPECT_TRUE(std::isnan(sensors.temperature_celsius()));
}

TEST(ThermalSensors, CheckTheirArguments) {
  EXPECT_PM_ERROR(ThermalSensors(board_with(""), ""), ErrorCode::kInvalidArgument, "root");
  EXPECT_PM_ERROR(ThermalSensors(board_with(""), "/", ""), ErrorCode::kInvalidArgument, "nvml_library is empty");
}

}  // namespace
}  // namespace perfmodel
