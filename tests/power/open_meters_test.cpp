#include "power/open_meters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>

#include "expect_error.h"
#include "power/fake_files.h"
#include "power/fake_nvml.h"
#include "power/test_board.h"
#include "sysfs/manual_clock.h"
#include "temporary_folder.h"

namespace perfmodel {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

RailTable rail_table(const std::string& name, RailKind kind, const std::string& folder, const std::string& file) {
  RailTable table;
  table.name = name;
  table.kind = kind;
  table.folders = {folder};
  table.value_file = file;
  table.file_units_per_unit = kind == RailKind::kPower ? 1e3 : 1e6;
  return table;
}

std::vector<std::string> names_of(const std::vector<std::unique_ptr<PowerMeter>>& meters) {
  std::vector<std::string> names;
  for (const auto& meter : meters) names.push_back(meter->info().name);
  return names;
}

class OpenMeters : public ::testing::Test {
 protected:
  std::vector<std::unique_ptr<PowerMeter>> open() {
    const MeterSources sources = {files_, [this] { return open_nvml_(); }, clock_, 0.001};
    return open_meters(table_, sources, &why_not_);
  }
  BoardTable table_;
  std::shared_ptr<FakeFiles> files_ = std::make_shared<FakeFiles>();
  std::shared_ptr<ManualClock> clock_ = std::make_shared<ManualClock>();
  std::function<std::shared_ptr<Nvml>()> open_nvml_ = []() -> std::shared_ptr<Nvml> {
    throw Error(ErrorCode::kUnsupported, "there is no library libnvidia-ml.so.1");
  };
  std::vector<std::string> why_not_;
};

TEST_F(OpenMeters, FindsNoneOnABoardWithoutRails) {
  EXPECT_THAT(open(), IsEmpty());
  EXPECT_THAT(why_not_, IsEmpty());
}

TEST_F(OpenMeters, MeasuresTwoRailsAtOnce) {
  table_.rails = {rail_table("gpu", RailKind::kPower, "/i2c", "in_power1_input"),
                  rail_table("total", RailKind::kEnergy, "/powercap/intel-rapl:0", "energy_uj")};
  table_.simulated = true;
  files_->put_number("/i2c/in_power1_input", [&] { return 3000 + 1000 * clock_->now_s(); });
  files_->put_number("/powercap/intel-rapl:0/energy_uj", [&] { return 77e6 + 9e6 * clock_->now_s(); });
  const auto meters = open();
  ASSERT_THAT(names_of(meters), ElementsAre("gpu", "total"));
  EXPECT_TRUE(meters[0]->info().simulated && meters[1]->info().simulated);
  EXPECT_EQ(meters[0]->info().sample_period_s, 0.001);
  clock_->advance(2);
  EXPECT_NEAR(meters[0]->joules(), 3 * 2 + 2, meters[0]->error_joules(2, 4));  // the integral of 3 + t
  EXPECT_NEAR(meters[1]->joules(), 18, 1e-6);
}

TEST_F(OpenMeters, NumbersNamesThatComeTwice) {
  table_.rails = {rail_table("powercap:{label}", RailKind::kEnergy, "/powercap/intel-rapl:*", "energy_uj")};
  table_.rails[0].label_file = "name";
  for (const auto& [zone, name] : {std::pair("intel-rapl:0", "package-0"),
                                   {"intel-rapl:0:0", "core"},
                                   {"intel-rapl:1", "package-1"},
                                   {"intel-rapl:1:0", "core"}}) {
    files_->put(std::string("/powercap/") + zone + "/energy_uj", "1");
    files_->put(std::string("/powercap/") + zone + "/name", name);
  }
  EXPECT_THAT(names_of(open()),
              ElementsAre("powercap:package-0", "powercap:core", "powercap:package-1", "powercap:core-2"));
}

TEST_F(OpenMeters, SaysWhatItCannotRead) {
  table_.rails = {rail_table("gpu", RailKind::kPower, "/i2c", "in_power1_input"),
                  rail_table("cpu", RailKind::kPower, "/i2c", "in_power2_input"),
                  rail_table("soc", RailKind::kPower, "/i2c", "in_power3_input"),
                  rail_table("total", RailKind::kEnergy, "/powercap/*", "energy_uj")};
  files_->put("/i2c/in_power1_input", "nonsense");
  files_->put("/i2c/in_power2_input", "-9000");
  files_->put("/i2c/in_power3_input", "12");
  files_->put("/powercap/intel-rapl:0/energy_uj", []() -> std::string {
    throw Error(ErrorCode::kPermission, "cannot read '/powercap/intel-rapl:0/energy_uj': Permission denied");
  });
  EXPECT_THAT(names_of(open()), ElementsAre("soc"));
  EXPECT_THAT(why_not_, ElementsAre("gpu: '/i2c/in_power1_input' holds 'nonsense', allowed is one number",
                                    "cpu: '/i2c/in_power2_input' tells -9 W, allowed are 0 and more",
                                    "total: cannot read '/powercap/intel-rapl:0/energy_uj': Permission denied"));
  EXPECT_EQ(clock_->num_tickers(), 1u);
}

TEST_F(OpenMeters, AsksNvmlOnlyWhereTheBoardHasIt) {
  int opened = 0;
  auto nvml = std::make_shared<FakeNvml>();
  nvml->devices = {{"Board A", [&] { return 1e5 + 250 * clock_->now_s(); }, {}, {}}};
  open_nvml_ = [&] { return ++opened, nvml; };
  open();
  EXPECT_EQ(opened, 0);
  table_.rails = {rail_table("nvml:{folder}", RailKind::kNvml, "", "")};
  const auto meters = open();
  ASSERT_THAT(names_of(meters), ElementsAre("nvml:0"));
  clock_->advance(4);
  EXPECT_NEAR(meters[0]->joules(), 1000, 1e-6);
  EXPECT_NEAR(meters[0]->watts(), 250, 1e-6);
}

TEST_F(OpenMeters, DoesWithoutNvml) {
  table_.rails = {rail_table("nvml:{folder}", RailKind::kNvml, "", ""),
                  rail_table("gpu", RailKind::kPower, "/i2c", "in_power1_input")};
  files_->put("/i2c/in_power1_input", "12");
  EXPECT_THAT(names_of(open()), ElementsAre("gpu"));
  EXPECT_THAT(why_not_, ElementsAre("nvml:{folder}: there is no library libnvidia-ml.so.1"));
}

/// On files of a folder, through the public function.
class OpenPowerMeters : public ::testing::Test {
 protected:
  void put(const std::string& path, const std::string& text) {
    const std::filesystem::path file = folder_.path() / path;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text << "\n";
  }
  Board powercap_board() const {
    BoardTable table;
    table.name = "test";
    table.rails = {rail_table("powercap:{label}", RailKind::kEnergy, "/powercap/intel-rapl:*", "energy_uj")};
    table.rails[0].label_file = "name";
    table.rails[0].wraps_at_file = "max_energy_range_uj";
    return make_board(std::move(table));
  }
  PowerMeterOptions options() const {
    PowerMeterOptions options;
    options.root = folder_.path().string();
    options.clock = clock_;
    return options;
  }
  TemporaryFolder folder_;
  std::shared_ptr<ManualClock> clock_ = std::make_shared<ManualClock>();
};

TEST_F(OpenPowerMeters, FollowsWrapsOfFiles) {
  put("powercap/intel-rapl:0/energy_uj", "900000");
  put("powercap/intel-rapl:0/name", "package-0");
  put("powercap/intel-rapl:0/max_energy_range_uj", "1000000");
  const auto meters = open_power_meters(powercap_board(), options());
  ASSERT_EQ(meters.size(), 1u);
  put("powercap/intel-rapl:0/energy_uj", "100000");
  EXPECT_NEAR(meters[0]->joules(), 0.2, 1e-9);
  put("powercap/intel-rapl:0/energy_uj", "50000");
  clock_->advance(0.01);  // read by itself in between
  put("powercap/intel-rapl:0/energy_uj", "20000");
  EXPECT_NEAR(meters[0]->joules(), 0.2 + 0.95 + 0.97, 1e-9);
}

TEST_F(OpenPowerMeters, CannotFollowWrapsOfAnUnknownRange) {
  put("powercap/intel-rapl:0/energy_uj", "900000");
  const auto meters = open_power_meters(powercap_board(), options());
  ASSERT_THAT(names_of(meters), ElementsAre("powercap:energy"));
  put("powercap/intel-rapl:0/energy_uj", "950000");
  EXPECT_NEAR(meters[0]->joules(), 0.05, 1e-9);
  put("powercap/intel-rapl:0/energy_uj", "10");
  EXPECT_PM_ERROR(meters[0]->joules(), ErrorCode::kIo, "power meter 'powercap:energy': the counter went back");
}

TEST_F(OpenPowerMeters, NamesAFileThatVanishes) {
  put("powercap/intel-rapl:0/energy_uj", "900000");
  const auto meters = open_power_meters(powercap_board(), options());
  std::filesystem::remove_all(folder_.path() / "powercap");
  EXPECT_PM_ERROR(meters.at(0)->joules(), ErrorCode::kIo,
                  "power meter 'powercap:energy': cannot read '/powercap/intel-rapl:0/energy_uj': No such file");
}

TEST_F(OpenPowerMeters, SaysWhichMayNotBeRead) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
  put("powercap/intel-rapl:0/energy_uj", "900000");
  ::chmod(folder_.file("powercap/intel-rapl:0/energy_uj").c_str(), 0);
  std::vector<std::string> why_not;
  EXPECT_THAT(open_power_meters(powercap_board(), options(), &why_not), IsEmpty());
  EXPECT_THAT(why_not, ElementsAre(HasSubstr("cannot read '/powercap/intel-rapl:0/energy_uj': Permission denied")));
}

TEST_F(OpenPowerMeters, DoesWithoutALibraryOfNvidia) {
  BoardTable table;
  table.rails = {rail_table("nvml", RailKind::kNvml, "", "")};
  PowerMeterOptions with = options();
  with.nvml_library = "/nowhere/libnvidia-ml.so.1";
  std::vector<std::string> why_not;
  EXPECT_THAT(open_power_meters(make_board(std::move(table)), with, &why_not), IsEmpty());
  EXPECT_THAT(why_not, ElementsAre(HasSubstr("nvml: ")));
}

TEST_F(OpenPowerMeters, ChecksItsOptions) {
  for (const double period_s : {0.0, -1.0, 1e-5, 11.0, std::numeric_limits<double>::quiet_NaN()}) {
    PowerMeterOptions bad = options();
    bad.sample_period_s = period_s;
    EXPECT_PM_ERROR(open_power_meters(powercap_board(), bad), ErrorCode::kInvalidArgument, "allowed are 0.0001 to 10");
  }
  PowerMeterOptions bad = options();
  bad.root = "";
  EXPECT_PM_ERROR(open_power_meters(powercap_board(), bad), ErrorCode::kInvalidArgument, "root");
  bad = options();
  bad.nvml_library = "";
  EXPECT_PM_ERROR(open_power_meters(powercap_board(), bad), ErrorCode::kInvalidArgument, "nvml_library is empty");
}

// Reads only: a processor's energy counters, where there are some that this user may read.
TEST(Powercap, ReadsThisMachine) {
  BoardTable table;
  table.rails = {rail_table("powercap:{label}", RailKind::kEnergy, "/sys/class/powercap/intel-rapl:*", "energy_uj")};
  table.rails[0].label_file = "name";
  table.rails[0].wraps_at_file = "max_energy_range_uj";
  std::vector<std::string> why_not;
  const auto meters = open_power_meters(make_board(std::move(table)), {}, &why_not);
  if (meters.empty()) GTEST_SKIP() << (why_not.empty() ? "no powercap" : why_not.front());
  const double begin_s = system_clock()->now_s();
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
