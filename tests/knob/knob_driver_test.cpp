#include "perfmodel/knob/knob_driver.h"

#include <gmock/gmock.h>

#include <cmath>
#include <filesystem>

#include "expect_error.h"
#include "knob/driver_fixture.h"

namespace perfmodel {
namespace {

using ::testing::ElementsAre;

class KnobDrivers : public DriverFixture {};

TEST_F(KnobDrivers, ListWhatThereIs) {
  const std::vector<KnobStatus> all = driver().list();
  ASSERT_EQ(all.size(), 6u);
  const KnobStatus &cores = all[0], &cpu = all[1], &memory = all[3], &pages = all[4], &batch = all[5];
  EXPECT_EQ(cores.option->num_levels(), 4u);
  EXPECT_EQ(cores.current, 4);
  EXPECT_TRUE(cores.writable);
  EXPECT_EQ(cpu.unit, "hz");
  EXPECT_EQ(cpu.option->value(1), 518.4e6);
  EXPECT_TRUE(std::isnan(cpu.current));
  EXPECT_EQ(cpu.current_low, 102e6);
  EXPECT_EQ(cpu.current_high, 1479e6);
  EXPECT_EQ(cpu.effective, 518.4e6);
  EXPECT_EQ(memory.current, 1600e6);
  EXPECT_EQ(memory.option->default_level(), 2u);
  EXPECT_EQ(pages.current, 1);
  EXPECT_EQ(pages.option->text(1), "madvise");
  EXPECT_TRUE(std::isnan(batch.current));
  EXPECT_TRUE(batch.writable);
}

TEST_F(KnobDrivers, ListWithoutWriting) {
  driver().list();
  EXPECT_TRUE(kernel_->writes.empty());
  expect_original();
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
}

TEST_F(KnobDrivers, TellWhyAKnobCannotBeSet) {
  kernel_->read_only = {in(kGpu, "max_freq")};
  kernel_->nodes.erase(in(kEmc, "mrq_rate_locked"));
  kernel_->nodes[kHugePages] = "madvise";
  kernel_->nodes.erase("/sys/devices/system/cpu/cpu1/online");
  const std::vector<KnobStatus> all = driver().list();
  EXPECT_TRUE(all[0].writable);
  EXPECT_EQ(all[0].current, 3);
  EXPECT_FALSE(all[2].writable);
  EXPECT_EQ(all[2].why_not, "no permission to write '" + in(kGpu, "max_freq") + "'");
  EXPECT_EQ(all[3].why_not, "'" + in(kEmc, "mrq_rate_locked") + "' is not there");
  EXPECT_EQ(all[4].why_not, "");
}

TEST_F(KnobDrivers, ListBoardsThatAreNotThere) {
  kernel_->nodes = {{"/proc/sys/kernel/random/boot_id", "boot-1"}};
  for (const KnobStatus& status : driver().list()) {
    if (status.name == "batch") continue;
    EXPECT_FALSE(status.writable) << status.name;
    EXPECT_FALSE(status.why_not.empty()) << status.name;
    EXPECT_TRUE(std::isnan(status.current)) << status.name;
  }
  EXPECT_EQ(driver().get("huge_pages").why_not,
            "cannot read '" + std::string(kHugePages) + "': No such file or directory");
  EXPECT_EQ(
      driver().get("num_cores").why_not,
      "no core can be taken offline: '/sys/devices/system/cpu/cpu{core}/online' is not there for any other than the "
      "first");
  EXPECT_EQ(driver().get("gpu_freq_hz").why_not,
            "none of '/sys/devices/17000000.gp10b/devfreq/17000000.gp10b', '" + std::string(kGpu) + "' is there");
}

TEST_F(KnobDrivers, KnowTheirKnobsByName) {
  EXPECT_EQ(driver().get("gpu_freq_hz").current_high, 1300.5e6);
  EXPECT_PM_ERROR(driver().get("gpu"), ErrorCode::kNotFound,
                  "board 'test' has no knob 'gpu', but num_cores, cpu_freq_hz, gpu_freq_hz");
}

TEST_F(KnobDrivers, MakeASpaceOfWhatIsFoundHere) {
  const ConfigSpace space = driver().space({"memory_freq_hz", "batch"});
  EXPECT_EQ(space.num_points(), 9u);
  EXPECT_EQ(space.options()[0].value(2), 1600e6);
  EXPECT_PM_ERROR(driver().space({"nothing"}), ErrorCode::kNotFound, "has no knob 'nothing'");
  kernel_->nodes.erase("/sys/kernel/debug/bpmp/debug/emc/possible_rates");
  EXPECT_PM_ERROR(driver().space({"memory_freq_hz"}), ErrorCode::kUnsupported, "knob 'memory_freq_hz': cannot read");
}

TEST_F(KnobDrivers, SetAllAndReadBack) {
  KnobDriver knobs = driver();
  const std::vector<KnobReading> readings = knobs.set(all_changed());
  ASSERT_EQ(readings.size(), 6u);
  for (const KnobReading& reading : readings) EXPECT_EQ(reading.read_back, reading.requested) << reading.name;
  EXPECT_EQ(readings[0].name, "num_cores");
  EXPECT_EQ(readings[0].num_writes, 1);
  EXPECT_EQ(readings[1].num_writes, 5);  // two policies, and what comes before
  EXPECT_EQ(readings[1].effective, 518.4e6);
  EXPECT_EQ(readings[3].effective, 1600e6);  // the files of this fake do not follow
  EXPECT_EQ(text("/sys/devices/system/cpu/cpu3/online"), "0");
  EXPECT_EQ(text(in(kPolicy2, "scaling_max_freq")), "518400");
  EXPECT_EQ(text("/sys/module/qos/parameters/enable"), "0");
  EXPECT_EQ(text(in(kEmc, "rate")), "665600000");
  EXPECT_EQ(text(in(kEmc, "mrq_rate_locked")), "1");
  EXPECT_EQ(text(kHugePages), "never");
  EXPECT_TRUE(knobs.changed());
  ASSERT_EQ(knobs.handed().size(), 1u);
  EXPECT_EQ(knobs.handed()[0].value, 2);
  EXPECT_TRUE(knobs.restore().complete());
  expect_original();
  EXPECT_FALSE(knobs.changed());
}

TEST_F(KnobDrivers, WriteEachFileOnceAndCoresFirst) {
  KnobDriver knobs = driver();
  knobs.set(all_changed());
  std::vector<std::string> files;
  for (const auto& write : kernel_->writes) files.push_back(write.first);
  EXPECT_THAT(files, ElementsAre("/sys/devices/system/cpu/cpu3/online", "/sys/module/qos/parameters/enable",
                                 in(kPolicy0, "scaling_min_freq"), in(kPolicy0, "scaling_max_freq"),
                                 in(kPolicy2, "scaling_min_freq"), in(kPolicy2, "scaling_max_freq"),
                                 "/sys/devices/gpu.0/railgate_enable", in(kGpu, "min_freq"), in(kGpu, "max_freq"),
                                 in(kEmc, "rate"), in(kEmc, "mrq_rate_locked"), kHugePages));
}

TEST_F(KnobDrivers, WriteNothingThatIsThereAlready) {
  KnobDriver knobs = driver();
  knobs.set(all_changed());
  kernel_->writes.clear();
  const std::string journal = text(journal_);
  for (const KnobReading& reading : knobs.set(all_changed())) EXPECT_EQ(reading.num_writes, 0) << reading.name;
  EXPECT_TRUE(kernel_->writes.empty());
  EXPECT_EQ(text(journal_), journal);
}

TEST_F(KnobDrivers, ReadAgainWhatWasSet) {
  KnobDriver knobs = driver();
  EXPECT_TRUE(knobs.read().empty());
  knobs.set({{"gpu_freq_hz", 420750000}, {"batch", 4}});
  kernel_->nodes[in(kGpu, "cur_freq")] = "114750000";
  kernel_->nodes[in(kGpu, "max_freq")] = "1300500000";
  const std::vector<KnobReading> readings = knobs.read();
  ASSERT_EQ(readings.size(), 2u);
  EXPECT_EQ(readings[0].effective, 114750000);
  EXPECT_EQ(readings[0].read_back, 1300500000);  // somebody else's doing; the end that is farther off
  EXPECT_EQ(readings[0].num_writes, 3);
  EXPECT_EQ(readings[1].read_back, 4);
}

TEST_F(KnobDrivers, RefuseBeforeAnythingIsWritten) {
  struct BadValues {
    std::vector<KnobValue> values;
    ErrorCode code;
    const char* says;
  };
  const BadValues all_bad[] = {
      {{{"num_cores", 2}, {"gpu", 1}}, ErrorCode::kNotFound, "no knob 'gpu'"},
      {{{"num_cores", 2}, {"num_cores", 3}}, ErrorCode::kInvalidArgument, "knob 'num_cores' is given twice"},
      {{{"num_cores", 5}}, ErrorCode::kInvalidArgument, "option 'num_cores'"},
      {{{"num_cores", 2}, {"gpu_freq_hz", 1300}}, ErrorCode::kInvalidArgument, "1300 is not an allowed level"},
      {{{"num_cores", 2}, {"batch", 3}}, ErrorCode::kInvalidArgument, "option 'batch'"},
      {{{"num_cores", 2}, {"memory_freq_hz", std::nan("")}}, ErrorCode::kInvalidArgument, "'memory_freq_hz'"},
  };
  KnobDriver knobs = driver();
  for (const BadValues& bad : all_bad) {
    SCOPED_TRACE(bad.says);
    EXPECT_PM_ERROR(knobs.set(bad.values), bad.code, bad.says);
  }
  EXPECT_TRUE(kernel_->writes.empty());
  EXPECT_TRUE(knobs.handed().empty());
  expect_original();
}

TEST_F(KnobDrivers, HandWithoutLockOrJournal) {
  KnobDriverOptions options;
  KnobMachine here = machine();
  here.journal_path = "/proc/no folder can be here/journal";
  KnobDriver knobs = make_knob_driver(test_board(), options, here);
  EXPECT_EQ(knobs.set({{"batch", 4}})[0].read_back, 4);
  EXPECT_EQ(knobs.get("batch").current, 4);
  EXPECT_FALSE(knobs.changed());
  EXPECT_TRUE(knobs.restore().complete());
  EXPECT_PM_ERROR(knobs.set({{"num_cores", 2}}), ErrorCode::kNotFound, "/proc/no folder can be here");
  expect_original();
}

TEST_F(KnobDrivers, StayUsableAfterARestore) {
  KnobDriver knobs = driver();
  for (int i = 0; i < 2; ++i) {
    knobs.set({{"num_cores", 1}});
    EXPECT_TRUE(knobs.restore().complete());
    expect_original();
    EXPECT_TRUE(knobs.restore().complete());
  }
}

/// Reads what this machine has, and writes nothing.
TEST(BuiltInBoards, AreListedOnAnyMachine) {
  const TemporaryFolder folder;
  KnobDriverOptions options;
  options.journal_path = folder.file("knobs.journal");
  for (const std::string& name : built_in_board_names()) {
    SCOPED_TRACE(name);
    const Board board = built_in_board(name);
    const std::vector<KnobStatus> all = KnobDriver(board, options).list();
    ASSERT_EQ(all.size(), board.knob_names().size());
    for (const KnobStatus& status : all) {
      EXPECT_EQ(status.writable, status.why_not.empty()) << status.name;
      if (status.writable) {
        EXPECT_TRUE(status.option) << status.name;
      }
    }
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(BuiltInBoards, HandKnobsOfProcessesToTheWorkload) {
  KnobDriver knobs(built_in_board("process"));
  EXPECT_EQ(knobs.set({{"memory_format", 1}, {"num_threads", 1}})[0].name, "num_threads");
  EXPECT_EQ(knobs.handed().size(), 2u);
  EXPECT_FALSE(knobs.changed());
}

TEST(KnobDriverOptionsTest, AreInRange) {
  const Board board = test_board();
  KnobDriverOptions options;
  options.root = "";
  EXPECT_PM_ERROR(KnobDriver(board, options), ErrorCode::kInvalidArgument, "the root of the file system is empty");
  options.root = "/";
  for (const double settle_s : {-1.0, 4000.0, std::nan("")}) {
    options.max_settle_s = settle_s;
    EXPECT_PM_ERROR(KnobDriver(board, options), ErrorCode::kInvalidArgument, "max_settle_s");
  }
}

}  // namespace
}  // namespace perfmodel
