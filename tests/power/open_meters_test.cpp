#include "power/open_meters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "power/fake_files.h"
#include "power/fake_nvml.h"
#include "sysfs/manual_clock.h"

namespace perfmodel {
namespace {

using ::testing::ElementsAre;
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

TEST_F(OpenMeters, SamplesAllRailsInOneTick) {
  for (const char* n : {"0", "1", "2"}) {
    table_.rails.push_back(rail_table(n, RailKind::kPower, "/i2c", std::string("in_power") + n + "_input"));
    files_->put(std::string("/i2c/in_power") + n + "_input", std::string(n) + "000");
  }
  auto meters = open();
  ASSERT_EQ(meters.size(), 3u);
  EXPECT_EQ(clock_->num_tickers(), 1u);
  meters.erase(meters.begin());
  clock_->advance(1);
  EXPECT_NEAR(meters[0]->joules(), 1, 1e-9);
  EXPECT_NEAR(meters[1]->joules(), 2, 1e-9);
  meters.clear();
  EXPECT_EQ(clock_->num_tickers(), 0u);
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
  const auto meters = open();
  EXPECT_THAT(names_of(meters), ElementsAre("soc"));
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
  table_.rails = {rail_table("nvml", RailKind::kNvml, "", "")};
  const auto meters = open();
  ASSERT_THAT(names_of(meters), ElementsAre("nvml:0"));
  clock_->advance(4);
  EXPECT_NEAR(meters[0]->joules(), 1000, 1e-6);
  EXPECT_NEAR(meters[0]->watts(), 250, 1e-6);
}

TEST_F(OpenMeters, DoesWithoutNvml) {
  table_.rails = {rail_table("nvml", RailKind::kNvml, "", ""),
                  rail_table("gpu", RailKind::kPower, "/i2c", "in_power1_input")};
  files_->put("/i2c/in_power1_input", "12");
  EXPECT_THAT(names_of(open()), ElementsAre("gpu"));
  EXPECT_THAT(why_not_, ElementsAre("nvml: there is no library libnvidia-ml.so.1"));
}

}  // namespace
}  // namespace perfmodel
