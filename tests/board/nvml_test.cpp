#include "board/nvml.h"

#include <dlfcn.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <limits>

#include "expect_error.h"

namespace perfmodel {
namespace {

constexpr const char* kLibrary = FAKE_NVML;
constexpr const char* kOldLibrary = FAKE_NVML_OLD;
constexpr const char* kOtherLibrary = FAKE_NVML_OTHER;

/// A variable of the environment for as long as this lives.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) { ::setenv(name, value.c_str(), 1); }
  ~Variable() { ::unsetenv(name_); }

 private:
  const char* name_;
};

struct Call {
  const char* name;
  void (*make)(Nvml& nvml);
};

const Call kCalls[] = {
    {"nvmlDeviceGetCount_v2", [](Nvml& nvml) { nvml.num_devices(); }},
    {"nvmlDeviceGetHandleByIndex_v2", [](Nvml& nvml) { nvml.power_watts(0); }},
    {"nvmlDeviceGetHandleByIndex_v2", [](Nvml& nvml) { nvml.memory_clock_levels_hz(0); }},
    {"nvmlDeviceGetName", [](Nvml& nvml) { nvml.device_name(0); }},
    {"nvmlDeviceGetSupportedMemoryClocks", [](Nvml& nvml) { nvml.memory_clock_levels_hz(0); }},
    {"nvmlDeviceGetSupportedMemoryClocks", [](Nvml& nvml) { nvml.gpu_clock_levels_hz(0); }},
    {"nvmlDeviceGetSupportedGraphicsClocks", [](Nvml& nvml) { nvml.gpu_clock_levels_hz(0); }},
    {"nvmlDeviceGetClockInfo", [](Nvml& nvml) { nvml.gpu_clock_hz(0); }},
    {"nvmlDeviceGetClockInfo", [](Nvml& nvml) { nvml.memory_clock_hz(0); }},
    {"nvmlDeviceSetGpuLockedClocks", [](Nvml& nvml) { nvml.lock_gpu_clock(0, 1.2e9); }},
    {"nvmlDeviceResetGpuLockedClocks", [](Nvml& nvml) { nvml.unlock_gpu_clock(0); }},
    {"nvmlDeviceSetMemoryLockedClocks", [](Nvml& nvml) { nvml.lock_memory_clock(0, 1.593e9); }},
    {"nvmlDeviceResetMemoryLockedClocks", [](Nvml& nvml) { nvml.unlock_memory_clock(0); }},
    {"nvmlDeviceGetPowerManagementLimitConstraints", [](Nvml& nvml) { nvml.power_limits(0); }},
    {"nvmlDeviceGetPowerManagementLimit", [](Nvml& nvml) { nvml.power_limit_watts(0); }},
    {"nvmlDeviceSetPowerManagementLimit", [](Nvml& nvml) { nvml.set_power_limit(0, 300); }},
    {"nvmlDeviceGetPersistenceMode", [](Nvml& nvml) { nvml.keeps_settings(0); }},
    {"nvmlDeviceGetTotalEnergyConsumption", [](Nvml& nvml) { nvml.energy_joules(0); }},
    {"nvmlDeviceGetPowerUsage", [](Nvml& nvml) { nvml.power_watts(0); }},
    {"nvmlDeviceGetTemperature", [](Nvml& nvml) { nvml.temperature_celsius(0); }},
    {"nvmlDeviceGetCurrentClocksThrottleReasons", [](Nvml& nvml) { nvml.is_throttled(0); }},
};

/// Codes of nvmlReturn_t in NVIDIA's reference manual.
struct Code {
  int number;
  ErrorCode means;
};
constexpr Code kCodes[] = {
    {1, ErrorCode::kIo},                // uninitialized
    {3, ErrorCode::kUnsupported},       // not supported
    {4, ErrorCode::kPermission},        // no permission
    {6, ErrorCode::kUnsupported},       // not found
    {9, ErrorCode::kUnsupported},       // driver not loaded
    {10, ErrorCode::kTimeout},          // timeout
    {12, ErrorCode::kUnsupported},      // library not found
    {13, ErrorCode::kUnsupported},      // function not found
    {15, ErrorCode::kIo},               // GPU is lost
    {16, ErrorCode::kIo},               // reset required
    {18, ErrorCode::kUnsupported},      // library and driver of different versions
    {19, ErrorCode::kBusy},             // in use
    {20, ErrorCode::kOutOfMemory},      // memory
    {21, ErrorCode::kIo},               // no data
    {23, ErrorCode::kOutOfMemory},      // insufficient resources
    {24, ErrorCode::kInvalidArgument},  // frequency not supported
    {26, ErrorCode::kUnsupported},      // deprecated
    {27, ErrorCode::kBusy},             // not ready
    {28, ErrorCode::kUnsupported},      // GPU not found
    {999, ErrorCode::kIo},              // unknown
};

TEST(Nvml, TellsNumbersInOurUnits) {
  const std::shared_ptr<Nvml> nvml = open_nvml(kLibrary);
  EXPECT_EQ(nvml->num_devices(), 2);
  EXPECT_EQ(nvml->device_name(0), "Fake GPU");
  EXPECT_EQ(nvml->device_name(1), "Another Fake GPU");
  EXPECT_EQ(nvml->memory_clock_levels_hz(0), (std::vector<double>{1.593e9, 2.619e9}));
  EXPECT_EQ(nvml->gpu_clock_hz(1), 345e6);
  EXPECT_EQ(nvml->memory_clock_hz(1), 1.593e9);
  EXPECT_EQ(nvml->power_limits(0).least_watts, 200);
  EXPECT_EQ(nvml->power_limits(0).greatest_watts, 700.5);
  EXPECT_EQ(nvml->power_limit_watts(1), 310);
  EXPECT_EQ(nvml->energy_joules(0), 5000000001.25);
  EXPECT_EQ(nvml->power_watts(0), 71.25);
  EXPECT_EQ(nvml->temperature_celsius(0), 41);
}

TEST(Nvml, ListsGpuClocksOfTheHighestMemoryClockInAscendingOrder) {
  const std::vector<double> levels = open_nvml(kLibrary)->gpu_clock_levels_hz(0);
  ASSERT_EQ(levels.size(), 300u);  // more than the call has room for at first
  EXPECT_EQ(levels.front(), 485e6);
  EXPECT_EQ(levels[1], 490e6);
  EXPECT_EQ(levels.back(), 1980e6);
}

TEST(Nvml, ListsNothingForADeviceWithoutLevels) {
  const std::shared_ptr<Nvml> nvml = open_nvml(kLibrary);
  EXPECT_TRUE(nvml->memory_clock_levels_hz(1).empty());
  EXPECT_TRUE(nvml->gpu_clock_levels_hz(1).empty());
}

TEST(Nvml, SetsWhatIsThenTold) {
  const std::shared_ptr<Nvml> nvml = open_nvml(kLibrary);
  nvml->lock_gpu_clock(0, 1.2e9);
  EXPECT_EQ(nvml->gpu_clock_hz(0), 1.2e9);
  nvml->unlock_gpu_clock(0);
  EXPECT_EQ(nvml->gpu_clock_hz(0), 1.98e9);
  nvml->lock_memory_clock(0, 1.593e9);
  EXPECT_EQ(nvml->memory_clock_hz(0), 1.593e9);
  nvml->unlock_memory_clock(0);
  EXPECT_EQ(nvml->memory_clock_hz(0), 2.619e9);
  nvml->set_power_limit(0, 299.9);
  EXPECT_EQ(nvml->power_limit_watts(0), 299.9);
}

TEST(Nvml, TellsWhetherPowerHeatOrABrakeSlowsItDown) {
  const std::shared_ptr<Nvml> nvml = open_nvml(kLibrary);
  EXPECT_FALSE(nvml->is_throttled(0));
  for (const char* reason : {"0x4", "0x8", "0x20", "0x40", "0x80", "0x45"}) {
    const Variable variable("FAKE_NVML_REASONS", reason);
    EXPECT_TRUE(nvml->is_throttled(0)) << reason;
  }
  for (const char* reason : {"0x1", "0x2", "0x10", "0x100", "0x103"}) {  // idle, clocks that were asked for, sync boost
    const Variable variable("FAKE_NVML_REASONS", reason);
    EXPECT_FALSE(nvml->is_throttled(0)) << reason;
  }
}

TEST(Nvml, TellsWhetherTheDriverKeepsWhatIsSet) {
  const std::shared_ptr<Nvml> nvml = open_nvml(kLibrary);
  EXPECT_FALSE(nvml->keeps_settings(0));
  const Variable variable("FAKE_NVML_PERSISTENCE", "1");
  EXPECT_TRUE(nvml->keeps_settings(1));
}

TEST(Nvml, TurnsEachErrorOfEachCallIntoOurs) {
  const std::shared_ptr<Nvml> nvml = open_nvml(kLibrary);
  for (const Call& call : kCalls) {
    for (const Code& code : kCodes) {
      SCOPED_TRACE(std::string(call.name) + "=" + std::to_string(code.number));
      const Variable failure("FAKE_NVML_FAIL", call.name + ("=" + std::to_string(code.number)));
      EXPECT_PM_ERROR(call.make(*nvml), code.means, call.name);
      EXPECT_PM_ERROR(call.make(*nvml), code.means, "(NVML error " + std::to_string(code.number) + ")");
    }
  }
}

TEST(Nvml, SaysWhichCallOnWhichDeviceFailedInItsOwnWords) {
  const std::shared_ptr<Nvml> nvml = open_nvml(kLibrary);
  const Variable failure("FAKE_NVML_FAIL", "nvmlDeviceSetGpuLockedClocks=4");
  EXPECT_PM_ERROR(nvml->lock_gpu_clock(1, 1.2e9), ErrorCode::kPermission,
                  "NVML device 1: nvmlDeviceSetGpuLockedClocks: 'Insufficient Permissions' (NVML error 4)");
}

TEST(Nvml, RefusesADeviceThatIsNotThere) {
  const std::shared_ptr<Nvml> nvml = open_nvml(kLibrary);
  EXPECT_PM_ERROR(nvml->power_watts(2), ErrorCode::kUnsupported, "NVML has no device 2");
  EXPECT_PM_ERROR(nvml->power_watts(-1), ErrorCode::kUnsupported, "NVML has no device -1");
}

TEST(Nvml, RefusesValuesThatItsNumbersCannotHold) {
  const std::shared_ptr<Nvml> nvml = open_nvml(kLibrary);
  for (const double value : {0.0, -1e9, 1e30, std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_PM_ERROR(nvml->lock_gpu_clock(0, value), ErrorCode::kInvalidArgument, "Hz, allowed is");
    EXPECT_PM_ERROR(nvml->lock_memory_clock(0, value), ErrorCode::kInvalidArgument, "Hz, allowed is");
    EXPECT_PM_ERROR(nvml->set_power_limit(0, value), ErrorCode::kInvalidArgument, "W, allowed is");
  }
}

TEST(Nvml, SaysThatThereIsNoLibrary) {
  EXPECT_PM_ERROR(open_nvml("libno-such-nvml.so.1"), ErrorCode::kUnsupported, "libno-such-nvml.so.1");
}

TEST(Nvml, SaysThatNoDriverIsLoaded) {
  const Variable failure("FAKE_NVML_FAIL", "nvmlInit_v2=9");
  EXPECT_PM_ERROR(open_nvml(kLibrary), ErrorCode::kUnsupported, "nvmlInit_v2: 'some error' (NVML error 9)");
}

TEST(Nvml, RefusesALibraryThatIsAnother) {
  EXPECT_PM_ERROR(open_nvml(kOtherLibrary), ErrorCode::kUnsupported, "has no nvmlErrorString");
}

TEST(Nvml, DoesWithoutWhatAnOldLibraryLacks) {
  const std::shared_ptr<Nvml> nvml = open_nvml(kOldLibrary);
  EXPECT_EQ(nvml->power_watts(0), 71.25);
  EXPECT_PM_ERROR(nvml->lock_memory_clock(0, 1.593e9), ErrorCode::kUnsupported,
                  "has no nvmlDeviceSetMemoryLockedClocks");
  EXPECT_PM_ERROR(nvml->unlock_memory_clock(0), ErrorCode::kUnsupported, "has no nvmlDeviceResetMemoryLockedClocks");
}

TEST(Nvml, IsShutDownWithItsLastOwner) {
  void* const library = ::dlopen(kLibrary, RTLD_NOW);  // stays loaded
  ASSERT_NE(library, nullptr);
  const int* const num_users = static_cast<int*>(::dlsym(library, "fake_nvml_num_users"));
  ASSERT_NE(num_users, nullptr);
  const int before = *num_users;
  std::shared_ptr<Nvml> nvml = open_nvml(kLibrary);
  std::shared_ptr<Nvml> other = nvml;
  nvml.reset();
  EXPECT_EQ(*num_users, before + 1);
  {
    const Variable failure("FAKE_NVML_FAIL", "nvmlInit_v2=15");
    EXPECT_PM_ERROR(open_nvml(kLibrary), ErrorCode::kIo, "GPU is lost");
  }
  EXPECT_EQ(*num_users, before + 1);  // what did not start is not shut down
  EXPECT_EQ(other->num_devices(), 2);
  other.reset();
  EXPECT_EQ(*num_users, before);
  ::dlclose(library);
}

}  // namespace
}  // namespace perfmodel
