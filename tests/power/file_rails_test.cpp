#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "expect_error.h"
#include "power/fake_files.h"
#include "power/rails.h"

namespace perfmodel {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr double kMilli = 1000, kMicro = 1e6;

class FileRails : public ::testing::Test {
 protected:
  std::vector<Rail> find(const RailTable& table) { return find_file_rails(table, files_, &why_not_); }

  std::shared_ptr<FakeFiles> files_ = std::make_shared<FakeFiles>();
  std::vector<std::string> why_not_;
};

std::vector<std::string> names_of(const std::vector<Rail>& rails) {
  std::vector<std::string> names;
  for (const Rail& rail : rails) names.push_back(rail.info.name);
  return names;
}

RailTable iio_table() {
  RailTable table;
  table.name = "ina3221:{label}";
  table.kind = RailKind::kPower;
  table.folders = {"/sys/nowhere/iio:device*", "/sys/ina3221x/6-0040/iio:device*"};
  table.value_file = "in_power*_input";
  table.label_file = "rail_name_*";
  table.file_units_per_unit = kMilli;
  table.update_period_s = 0.002;
  return table;
}

RailTable hwmon_table() {
  RailTable table;
  table.name = "ina3221:{label}";
  table.kind = RailKind::kVoltageCurrent;
  table.folders = {"/sys/ina3221/1-0040/hwmon/hwmon*"};
  table.chip = "ina3221";
  table.value_file = "in*_input";
  table.current_file = "curr*_input";
  table.label_file = "in*_label";
  table.file_units_per_unit = kMicro;
  return table;
}

RailTable powercap_table() {
  RailTable table;
  table.name = "powercap:{label}";
  table.kind = RailKind::kEnergy;
  table.folders = {"/sys/class/powercap/intel-rapl:*"};
  table.value_file = "energy_uj";
  table.label_file = "name";
  table.wraps_at_file = "max_energy_range_uj";
  table.file_units_per_unit = kMicro;
  table.update_period_s = 0.001;
  return table;
}

TEST_F(FileRails, MayBeWhereThisProcessMayNotLook) {
  RailTable table = iio_table();
  table.folders.insert(table.folders.begin(), "/secret/iio:device*");
  files_->forbid("/secret");
  EXPECT_TRUE(find(table).empty());
  EXPECT_THAT(why_not_, ElementsAre("ina3221:{label}: '/secret/iio:device*' may not be looked for"));
  why_not_.clear();
  files_->put("/sys/ina3221x/6-0040/iio:device0/in_power0_input", "4812");
  EXPECT_EQ(find(table).size(), 1u);
  EXPECT_EQ(why_not_.size(), 1u);
  files_->forbid("/sys/ina3221x/6-0040/iio:device0");
  why_not_.clear();
  EXPECT_TRUE(find(iio_table()).empty());
  EXPECT_THAT(why_not_, ElementsAre(HasSubstr("in_power*_input' may not be looked for")));
}

TEST_F(FileRails, OfAnIna3221UnderIio) {
  const std::string folder = "/sys/ina3221x/6-0040/iio:device0/";
  files_->put(folder + "in_power0_input", "4812");
  files_->put(folder + "rail_name_0", "POM_5V_IN");
  files_->put(folder + "in_power1_input", "1250");
  files_->put(folder + "rail_name_1", "POM_5V_GPU");
  const std::vector<Rail> rails = find(iio_table());
  ASSERT_THAT(names_of(rails), ElementsAre("ina3221:POM_5V_IN", "ina3221:POM_5V_GPU"));
  EXPECT_DOUBLE_EQ(rails[0].read(), 4.812);
  EXPECT_DOUBLE_EQ(rails[1].read(), 1.25);
  const PowerMeterInfo& info = rails[1].info;
  EXPECT_EQ(info.rail, "POM_5V_GPU");
  EXPECT_EQ(info.source, folder + "in_power1_input");
  EXPECT_FALSE(info.is_counter || info.is_sum);
  EXPECT_EQ(info.update_period_s, 0.002);
  EXPECT_DOUBLE_EQ(info.resolution_watts, 0.001);
  EXPECT_EQ(info.resolution_joules, 0);
  EXPECT_THAT(why_not_, IsEmpty());
}

TEST_F(FileRails, OfAnIna3221UnderHwmonAreVoltageTimesCurrent) {
  const std::string folder = "/sys/ina3221/1-0040/hwmon/hwmon3/";
  files_->put(folder + "name", "ina3221");
  for (const char* n : {"1", "2", "3"}) {
    files_->put(folder + "in" + n + "_input", "5000");
    files_->put(folder + "curr" + n + "_input", std::string(n) + "00");
  }
  files_->put(folder + "in1_label", "VDD_GPU_SOC");
  files_->put(folder + "in2_label", "NC");  // a channel that is not connected
  files_->put(folder + "in3_label", "VIN_SYS_5V0");
  // What the kernel's driver shows besides: voltages across the shunts, their sum, and the sum of the currents.
  files_->put(folder + "in4_input", "12");
  files_->put(folder + "curr4_input", "600");
  files_->put(folder + "in7_input", "30");
  files_->put(folder + "in7_label", "sum of shunt voltages");
  const std::vector<Rail> rails = find(hwmon_table());
  ASSERT_THAT(names_of(rails), ElementsAre("ina3221:VDD_GPU_SOC", "ina3221:VIN_SYS_5V0"));
  EXPECT_DOUBLE_EQ(rails[0].read(), 0.5);  // 5 V x 0.1 A
  EXPECT_DOUBLE_EQ(rails[1].read(), 1.5);
  EXPECT_EQ(rails[0].info.source, folder + "in1_input x curr1_input");
  EXPECT_DOUBLE_EQ(rails[0].info.resolution_watts, 5000 * 1e-6 + 100 * 1e-6);  // 1 mA at 5 V, 1 mV at 0.1 A
}

TEST_F(FileRails, AreThoseOfTheChipAlone) {
  for (const auto& [folder, chip] : {std::pair("hwmon0", "coretemp"), {"hwmon1", "ina3221x"}, {"hwmon2", "ina3221"}}) {
    const std::string path = std::string("/sys/ina3221/1-0040/hwmon/") + folder + "/";
    files_->put(path + "name", chip);
    files_->put(path + "in1_input", "1000");
    files_->put(path + "curr1_input", "1000");
    files_->put(path + "in1_label", folder);
  }
  EXPECT_THAT(names_of(find(hwmon_table())), ElementsAre("ina3221:hwmon2"));
}

TEST_F(FileRails, WithoutLabelsAreNamedByTheirFiles) {
  RailTable table = iio_table();
  table.name = "{folder}:{label}";
  table.folders = {"/sys/class/hwmon/hwmon*"};
  table.value_file = "power*_average";
  table.label_file = "power*_label";
  files_->put("/sys/class/hwmon/hwmon10/power1_average", "1000");
  files_->put("/sys/class/hwmon/hwmon2/power1_average", "1000");
  files_->put("/sys/class/hwmon/hwmon2/power2_average", "1000");
  files_->put("/sys/class/hwmon/hwmon2/power2_label", "PPT");
  EXPECT_THAT(names_of(find(table)), ElementsAre("hwmon2:power1", "hwmon2:PPT", "hwmon10:power1"));
}

TEST_F(FileRails, CalledSumAreSums) {
  const std::string folder = "/sys/ina3221x/6-0040/iio:device0/";
  for (const auto& [n, label] : {std::pair("0", "VDD_IN"), {"1", "Sum of rails"}}) {
    files_->put(folder + "in_power" + n + "_input", "1");
    files_->put(folder + "rail_name_" + n, label);
  }
  std::vector<Rail> rails = find(iio_table());
  ASSERT_EQ(rails.size(), 2u);
  EXPECT_FALSE(rails[0].info.is_sum);
  EXPECT_TRUE(rails[1].info.is_sum);
  RailTable table = iio_table();
  table.is_sum = true;
  rails = find(table);
  EXPECT_TRUE(rails[0].info.is_sum);
}

TEST_F(FileRails, WithALabelThatTheTableSaysAreSums) {
  const std::string folder = "/sys/ina3221x/6-0040/iio:device0/";
  for (const auto& [n, label] : {std::pair("0", "VDD_IN"), {"1", "VDD_IN_5V"}, {"2", "psys-1"}, {"3", "sum"}}) {
    files_->put(folder + "in_power" + n + "_input", "1");
    files_->put(folder + "rail_name_" + n, label);
  }
  RailTable table = iio_table();
  table.sum_labels = {"VDD_IN", "psys*"};
  const std::vector<Rail> rails = find(table);
  ASSERT_EQ(rails.size(), 4u);
  EXPECT_TRUE(rails[0].info.is_sum);
  EXPECT_FALSE(rails[1].info.is_sum);
  EXPECT_TRUE(rails[2].info.is_sum);
  EXPECT_TRUE(rails[3].info.is_sum);
}

TEST_F(FileRails, OfPowercapCountEnergy) {
  for (const auto& [zone, name] : {std::pair("intel-rapl:0", "package-0"), {"intel-rapl:0:0", "core"}}) {
    const std::string folder = std::string("/sys/class/powercap/") + zone + "/";
    files_->put(folder + "energy_uj", "65532610987");
    files_->put(folder + "name", name);
    files_->put(folder + "max_energy_range_uj", "262143328850");
  }
  const std::vector<Rail> rails = find(powercap_table());
  ASSERT_THAT(names_of(rails), ElementsAre("powercap:package-0", "powercap:core"));
  EXPECT_DOUBLE_EQ(rails[0].read(), 65532.610987);
  EXPECT_DOUBLE_EQ(rails[0].wraps_at_joules, 262143.32885);
  EXPECT_TRUE(rails[0].info.is_counter);
  EXPECT_DOUBLE_EQ(rails[0].info.resolution_joules, 1e-6);
  EXPECT_EQ(rails[0].info.resolution_watts, 0);
}

TEST_F(FileRails, OfPowercapDoWithoutAReadableRange) {
  const std::string folder = "/sys/class/powercap/intel-rapl:0/";
  files_->put(folder + "energy_uj", "1");
  files_->put(folder + "name", "package-0");
  EXPECT_EQ(find(powercap_table()).at(0).wraps_at_joules, 0);
  for (const char* range : {"x", "-5", "0", "nan"}) {
    files_->put(folder + "max_energy_range_uj", range);
    EXPECT_EQ(find(powercap_table()).at(0).wraps_at_joules, 0) << range;
  }
}

TEST_F(FileRails, AreInTheFirstAlternativeThatHasAny) {
  RailTable table = powercap_table();
  table.folders = {"/a", "/b/*", "/c"};
  files_->put("/a/other", "1");
  files_->put("/b/x/energy_uj", "1");
  files_->put("/c/energy_uj", "1");
  table.name = "{folder}";
  EXPECT_THAT(names_of(find(table)), ElementsAre("x"));
  EXPECT_THAT(why_not_, IsEmpty());
}

TEST_F(FileRails, MayHaveFilesElsewhere) {
  RailTable table = iio_table();
  table.name = "total";
  table.folders = {};
  table.value_file = "/sys/devices/power_uw";
  table.label_file = "";
  table.file_units_per_unit = kMicro;
  files_->put("/sys/devices/power_uw", "2500000");
  const std::vector<Rail> rails = find(table);
  ASSERT_THAT(names_of(rails), ElementsAre("total"));
  EXPECT_DOUBLE_EQ(rails[0].read(), 2.5);
  EXPECT_EQ(rails[0].info.rail, "power");
}

TEST_F(FileRails, ThatAreNotThereSayWhereTheyWouldBe) {
  EXPECT_THAT(find(iio_table()), IsEmpty());
  EXPECT_THAT(find(hwmon_table()), IsEmpty());
  EXPECT_THAT(why_not_,
              ElementsAre("ina3221:{label}: there is no /sys/nowhere/iio:device*/in_power*_input, nor "
                          "/sys/ina3221x/6-0040/iio:device*/in_power*_input",
                          "ina3221:{label}: there is no /sys/ina3221/1-0040/hwmon/hwmon*/in*_input of a chip named "
                          "ina3221"));
  EXPECT_THAT(find_file_rails(iio_table(), files_, nullptr), IsEmpty());
}

TEST_F(FileRails, DrawNoNegativePower) {
  const std::string file = "/sys/ina3221x/6-0040/iio:device0/in_power0_input";
  files_->put(file, "0");
  const Rail rail = find(iio_table()).at(0);
  EXPECT_EQ(rail.read(), 0);
  files_->put(file, "-300");  // the offset of a sensor whose rail is off
  EXPECT_EQ(rail.read(), 0);
  files_->put(file, "-501");
  EXPECT_PM_ERROR(rail.read(), ErrorCode::kIo, "in_power0_input' tells -0.501 W, allowed are 0 and more");
}

TEST_F(FileRails, CountNoNegativeEnergy) {
  files_->put("/sys/class/powercap/intel-rapl:0/energy_uj", "-2000000");
  const Rail rail = find(powercap_table()).at(0);
  EXPECT_PM_ERROR(rail.read(), ErrorCode::kIo, "energy_uj' counts -2 J, allowed are 0 and more");
}

}  // namespace
}  // namespace perfmodel
