#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <limits>

#include "expect_error.h"
#include "perfmodel/power/power_meter.h"
#include "sysfs/manual_clock.h"
#include "temporary_folder.h"

namespace perfmodel {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kPowercapBoard = R"({"version": 1, "name": "test", "title": "Test", "tested_on_hardware": false,
  "knobs": [], "rails": [{"name": "powercap:{label}", "folders": ["/sys/class/powercap/intel-rapl:*"],
    "energy_file": "energy_uj", "label_file": "name", "wraps_at_file": "max_energy_range_uj",
    "file_unit": "microjoules", "update_period_s": 0.001}]})";

std::vector<std::string> names_of(const std::vector<std::unique_ptr<PowerMeter>>& meters) {
  std::vector<std::string> names;
  for (const auto& meter : meters) names.push_back(meter->info().name);
  return names;
}

/// On files of a folder, through the public function.
class OpenPowerMeters : public ::testing::Test {
 protected:
  void put(const std::string& path, const std::string& text) {
    const std::filesystem::path file = folder_.path() / path;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text << "\n";
  }
  PowerMeterOptions options() const {
    PowerMeterOptions options;
    options.root = folder_.path().string();
    options.clock = clock_;
    return options;
  }
  const Board powercap_board_ = Board::from_json(kPowercapBoard);
  TemporaryFolder folder_;
  std::shared_ptr<ManualClock> clock_ = std::make_shared<ManualClock>();
};

TEST_F(OpenPowerMeters, FollowsWrapsOfFiles) {
  put("sys/class/powercap/intel-rapl:0/energy_uj", "900000");
  put("sys/class/powercap/intel-rapl:0/name", "package-0");
  put("sys/class/powercap/intel-rapl:0/max_energy_range_uj", "1000000");
  const auto meters = open_power_meters(powercap_board_, options());
  ASSERT_EQ(meters.size(), 1u);
  put("sys/class/powercap/intel-rapl:0/energy_uj", "100000");
  EXPECT_NEAR(meters[0]->joules(), 0.2, 1e-9);
  put("sys/class/powercap/intel-rapl:0/energy_uj", "50000");
  clock_->advance(0.01);  // read by itself in between
  put("sys/class/powercap/intel-rapl:0/energy_uj", "20000");
  EXPECT_NEAR(meters[0]->joules(), 0.2 + 0.95 + 0.97, 1e-9);
}

TEST_F(OpenPowerMeters, CannotFollowWrapsOfAnUnknownRange) {
  put("sys/class/powercap/intel-rapl:0/energy_uj", "900000");
  const auto meters = open_power_meters(powercap_board_, options());
  ASSERT_THAT(names_of(meters), ElementsAre("powercap:energy"));
  put("sys/class/powercap/intel-rapl:0/energy_uj", "950000");
  EXPECT_NEAR(meters[0]->joules(), 0.05, 1e-9);
  put("sys/class/powercap/intel-rapl:0/energy_uj", "10");
  EXPECT_PM_ERROR(meters[0]->joules(), ErrorCode::kIo, "power meter 'powercap:energy': the counter went back");
}

TEST_F(OpenPowerMeters, NamesAFileThatVanishes) {
  put("sys/class/powercap/intel-rapl:0/energy_uj", "900000");
  const auto meters = open_power_meters(powercap_board_, options());
  std::filesystem::remove_all(folder_.path() / "sys");
  EXPECT_PM_ERROR(
      meters.at(0)->joules(), ErrorCode::kIo,
      "power meter 'powercap:energy': cannot read '/sys/class/powercap/intel-rapl:0/energy_uj': No such file");
}

TEST_F(OpenPowerMeters, SaysWhichMayNotBeRead) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
  put("sys/class/powercap/intel-rapl:0/energy_uj", "900000");
  ::chmod(folder_.file("sys/class/powercap/intel-rapl:0/energy_uj").c_str(), 0);
  std::vector<std::string> why_not;
  EXPECT_THAT(open_power_meters(powercap_board_, options(), &why_not), IsEmpty());
  EXPECT_THAT(why_not,
              ElementsAre(HasSubstr("cannot read '/sys/class/powercap/intel-rapl:0/energy_uj': Permission denied")));
}

TEST_F(OpenPowerMeters, DoesWithoutALibraryOfNvidia) {
  const Board board = Board::from_json(R"({"version": 1, "name": "test", "title": "Test", "tested_on_hardware": false,
    "knobs": [], "rails": [{"name": "nvml", "nvml": true}]})");
  PowerMeterOptions with = options();
  with.nvml_library = "/nowhere/libnvidia-ml.so.1";
  std::vector<std::string> why_not;
  EXPECT_THAT(open_power_meters(board, with, &why_not), IsEmpty());
  EXPECT_THAT(why_not, ElementsAre(HasSubstr("nvml: ")));
}

TEST_F(OpenPowerMeters, ChecksItsOptions) {
  for (const double period_s : {-1.0, 1e-5, 11.0, std::numeric_limits<double>::quiet_NaN()}) {
    PowerMeterOptions bad = options();
    bad.sample_period_s = period_s;
    EXPECT_PM_ERROR(open_power_meters(powercap_board_, bad), ErrorCode::kInvalidArgument,
                    "allowed are 0 and 0.0001 to 10");
  }
  PowerMeterOptions bad = options();
  bad.root = "";
  EXPECT_PM_ERROR(open_power_meters(powercap_board_, bad), ErrorCode::kInvalidArgument, "root");
  bad = options();
  bad.nvml_library = "";
  EXPECT_PM_ERROR(open_power_meters(powercap_board_, bad), ErrorCode::kInvalidArgument, "nvml_library is empty");
}

// Reads only: a processor's energy counters, where there are some that this user may read.
TEST(Powercap, ReadsThisMachine) {
  std::vector<std::string> why_not;
  const double begin_s = system_clock()->now_s();
  const auto meters = open_power_meters(Board::from_json(kPowercapBoard), {}, &why_not);
  if (meters.empty()) GTEST_SKIP() << (why_not.empty() ? "no powercap" : why_not.front());
  system_clock()->sleep_s(0.2);
  for (const auto& meter : meters) {
    const double joules = meter->joules();
    const double seconds = system_clock()->now_s() - begin_s;
    EXPECT_GE(joules, 0) << meter->info().name;
    EXPECT_LT(joules / seconds, 2000) << meter->info().name;
  }
}

}  // namespace
}  // namespace perfmodel
