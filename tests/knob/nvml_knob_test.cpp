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
  KnobDriver gpu_driver() { return make_knob_driver(Board::from_json(kNvidiaJson), {}, gpu_machine()); }

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
