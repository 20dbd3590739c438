#include <gmock/gmock.h>

#include <cmath>

#include "expect_error.h"
#include "knob/driver_fixture.h"
#include "knob/fake_nvml.h"
#include "knob/journal_text.h"

namespace perfmodel {
namespace {

constexpr const char* kNvidiaJson = R"({
  "version": 1, "name": "gpu", "title": "GPU", "tested_on_hardware": false,
  "knobs": [
    {"name": "power_limit_watts", "unit": "watts", "kind": "ordinal", "nvml": {"setting": "power_limit", "step": 50}},
    {"name": "memory_freq_hz", "unit": "hz", "kind": "ordinal", "nvml": {"setting": "memory_clock"}},
    {"name": "gpu_freq_hz", "unit": "hz", "kind": "ordinal", "nvml": {"setting": "gpu_clock"}}
  ]
})";

class NvmlKnobs : public DriverFixture {
 protected:
  KnobMachine gpu_machine() {
    KnobMachine with_gpu = machine();
    with_gpu.open_nvml = [this] { return nvml_; };
    return with_gpu;
  }
  /// One that may unlock clocks that somebody else may have locked.
  KnobDriver gpu_driver(bool accept_pinned = true) {
    KnobDriverOptions options;
    options.accept_pinned = accept_pinned;
    return make_knob_driver(Board::from_json(kNvidiaJson), options, gpu_machine());
  }

  std::shared_ptr<FakeNvml> nvml_ = std::make_shared<FakeNvml>();
  const std::vector<KnobValue> low_ = {{"power_limit_watts", 150}, {"memory_freq_hz", 405e6}, {"gpu_freq_hz", 900e6}};
};

TEST_F(NvmlKnobs, ListWhatTheDeviceSays) {
  const std::vector<KnobStatus> all = gpu_driver().list();
  EXPECT_EQ(all[0].current, 300);
  EXPECT_EQ(all[0].option->value(0), 100);  // the first whole step from 99.5 W on
  EXPECT_EQ(all[0].option->value(all[0].option->num_levels() - 1), 350);
  EXPECT_TRUE(std::isnan(all[2].current));  // locked clocks cannot be read
  EXPECT_EQ(all[2].effective, 1500e6);
  EXPECT_TRUE(all[2].writable);
}

TEST_F(NvmlKnobs, OfClocksAreRefusedAsNobodyKnowsWhetherTheyWereLocked) {
  KnobDriver knobs = gpu_driver(false);
  constexpr const char* kWhy =
      "NVML does not tell whether this clock is locked already, which some tool may have left behind; accept_pinned "
      "(--accept-pinned) takes an unlocked clock for the state to return to";
  for (const char* name : {"gpu_freq_hz", "memory_freq_hz"}) {
    const KnobStatus clock = knobs.get(name);
    EXPECT_FALSE(clock.writable);
    EXPECT_EQ(clock.why_not, kWhy);
    EXPECT_EQ(clock.why_not_code, ErrorCode::kMismatch);
    EXPECT_PM_ERROR(knobs.set({{name, clock.option->value(0)}}), ErrorCode::kMismatch,
                    "knob '" + std::string(name) + "': " + kWhy);
  }
  EXPECT_FALSE(nvml_->locked_gpu_hz || nvml_->locked_memory_hz);
  EXPECT_TRUE(knobs.get("power_limit_watts").writable);  // which can be read
  knobs.set({{"power_limit_watts", 150}});
  EXPECT_TRUE(knobs.restore().complete());
  EXPECT_EQ(nvml_->limit_watts, 300);
}

TEST_F(NvmlKnobs, OfOneLevelAreNot) {
  nvml_->gpu_levels_hz = {900e6};
  EXPECT_EQ(gpu_driver(false).set({{"gpu_freq_hz", 900e6}})[0].num_writes, 1);
}

TEST_F(NvmlKnobs, MayNotOutlastWhoSetsThem) {
  for (const KnobStatus& knob : gpu_driver().list()) {
    EXPECT_NE(knob.why_not_kept.find("persistence mode is off"), std::string::npos) << knob.name;
  }
  nvml_->unread_mode = Error(ErrorCode::kIo, "GPU is lost");
  EXPECT_EQ(gpu_driver().get("gpu_freq_hz").why_not_kept, "GPU is lost");
  nvml_->unread_mode = Error(ErrorCode::kUnsupported, "no such call");  // nobody knows
  EXPECT_EQ(gpu_driver().get("gpu_freq_hz").why_not_kept, "");
  nvml_->unread_mode.reset();
  nvml_->is_persistent = true;
  EXPECT_EQ(gpu_driver().get("gpu_freq_hz").why_not_kept, "");
}

TEST_F(NvmlKnobs, ListWithoutALibrary) {
  KnobMachine bare = machine();
  bare.open_nvml = []() -> std::shared_ptr<Nvml> { throw Error(ErrorCode::kUnsupported, "no libnvidia-ml"); };
  KnobDriver knobs = make_knob_driver(Board::from_json(kNvidiaJson), {}, bare);
  for (const KnobStatus& status : knobs.list()) EXPECT_EQ(status.why_not, "no libnvidia-ml");
  EXPECT_PM_ERROR(knobs.set(low_), ErrorCode::kUnsupported, "knob 'power_limit_watts': no libnvidia-ml");
}

TEST_F(NvmlKnobs, ListForWhomItIsNot) {
  KnobMachine user = gpu_machine();
  user.is_privileged = false;
  KnobDriver knobs = make_knob_driver(Board::from_json(kNvidiaJson), {}, user);
  EXPECT_EQ(knobs.get("gpu_freq_hz").why_not, "only root may set it");
  EXPECT_EQ(knobs.get("gpu_freq_hz").why_not_code, ErrorCode::kPermission);
}

TEST_F(NvmlKnobs, AreSetAndUndone) {
  KnobDriver knobs = gpu_driver();
  const std::vector<KnobReading> readings = knobs.set(low_);
  EXPECT_EQ(readings[0].read_back, 150);
  EXPECT_TRUE(std::isnan(readings[2].read_back));
  EXPECT_EQ(readings[2].effective, 900e6);
  EXPECT_EQ(nvml_->locked_memory_hz, 405e6);
  EXPECT_TRUE(knobs.restore().complete());
  EXPECT_EQ(nvml_->limit_watts, 300);
  EXPECT_FALSE(nvml_->locked_gpu_hz || nvml_->locked_memory_hz);
}

TEST_F(NvmlKnobs, AcceptedIsNotObeyed) {
  nvml_->cap_hz = 600e6;
  EXPECT_EQ(gpu_driver().set(low_)[2].effective, 600e6);
}

TEST_F(NvmlKnobs, AreUndoneFromTheJournal) {
  gpu_driver().set(low_);
  const RestoreReport report = restore_journal(gpu_machine(), 0);
  EXPECT_TRUE(report.complete());
  EXPECT_EQ(report.num_restored, 3u);
  EXPECT_FALSE(nvml_->locked_gpu_hz);
}

TEST_F(NvmlKnobs, OfAnEarlierStartOnlyThePowerLimitCanStillHold) {
  gpu_driver().set(low_);
  kernel_->nodes["/proc/sys/kernel/random/boot_id"] = "boot-2";
  nvml_->locked_gpu_hz = 1500e6;  // somebody else's
  const RestoreReport report = restore_journal(gpu_machine(), 0);
  EXPECT_EQ(report.num_restored, 1u);
  EXPECT_EQ(nvml_->limit_watts, 300);
  EXPECT_EQ(nvml_->locked_gpu_hz, 1500e6);
}

TEST_F(NvmlKnobs, KeepTheReasonOfEachError) {
  for (const ErrorCode code :
       {ErrorCode::kUnsupported, ErrorCode::kPermission, ErrorCode::kBusy, ErrorCode::kTimeout, ErrorCode::kIo}) {
    KnobDriver knobs = gpu_driver();
    nvml_->error = Error(code, "the GPU says so");
    EXPECT_PM_ERROR(knobs.set({{"gpu_freq_hz", 900e6}}), code, "knob 'gpu_freq_hz': the GPU says so");
    const RestoreReport report = knobs.restore();
    ASSERT_EQ(report.failures.size(), 1u);
    EXPECT_EQ(report.failures[0].what, "nvml:0:gpu_clock");
    EXPECT_EQ(report.failures[0].reason, "the GPU says so");
    nvml_->error.reset();
    EXPECT_TRUE(knobs.restore().complete());
  }
}

TEST_F(NvmlKnobs, ASettingThatIsNoneIsAFailure) {
  kernel_->nodes[journal_] = journal_line(JournalHeader{"boot-1", "gpu", 1}) +
                             journal_line({"nvml:0:fan", "1", "2", SettingRole::kPlain, ""}) +
                             journal_line({"nvml:0:power_limit", "much", "2", SettingRole::kPlain, ""});
  const RestoreReport report = restore_journal(gpu_machine(), 0);
  ASSERT_EQ(report.failures.size(), 2u);
  EXPECT_EQ(report.failures[0].reason, "'much' is no number for 'nvml:0:power_limit'");
  EXPECT_EQ(report.failures[1].reason, "'nvml:0:fan' is neither a file nor a setting of NVML");
}

}  // namespace
}  // namespace perfmodel
