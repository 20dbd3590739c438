#pragma once

#include <dlfcn.h>

#include <string>

namespace perfmodel {

/// Prototypes of NVIDIA's management library as its reference manual gives them, so that no header of NVIDIA's is
/// needed to build. Every call but the text of an error answers a code, 0 for success.
using NvmlDevice = struct NvmlDeviceHandle*;

constexpr int kNvmlSuccess = 0, kNvmlInvalidArgument = 2, kNvmlInsufficientSize = 7;
constexpr unsigned kNvmlGraphicsClock = 0, kNvmlMemoryClock = 2;
constexpr unsigned kNvmlGpuTemperature = 0;
constexpr unsigned kNvmlMaxNameSize = 96;
constexpr unsigned kNvmlDisabled = 0;
/// Reasons for a clock below the one asked for: software power cap, hardware slowdown, software and hardware thermal
/// slowdown, power brake.
constexpr unsigned long long kNvmlThrottleReasons = 0x4 | 0x8 | 0x20 | 0x40 | 0x80;

/// A library loaded at run time, closed with its owner.
class SharedLibrary {
 public:
  /// @throws Error kUnsupported: there is none, or it cannot be loaded.
  explicit SharedLibrary(const std::string& name);
  ~SharedLibrary();
  SharedLibrary(const SharedLibrary&) = delete;
  SharedLibrary& operator=(const SharedLibrary&) = delete;

  const std::string& name() const noexcept { return name_; }
  void* find(const char* symbol) const noexcept { return ::dlsym(handle_, symbol); }  ///< nullptr: it has none

 private:
  std::string name_;
  void* handle_;
};

/// One function of the library, which older versions may lack.
template <typename Function>
struct NvmlCall {
  NvmlCall(const SharedLibrary& library, const char* symbol)
      : name(symbol), function(reinterpret_cast<Function*>(library.find(symbol))) {}

  const char* name;
  Function* function;  ///< nullptr: it is not there
};

struct NvmlCalls {
  using ReadNumber = int(NvmlDevice, unsigned*);

  explicit NvmlCalls(const std::string& library_name) : library(library_name) {}

  SharedLibrary library;
  NvmlCall<int()> init{library, "nvmlInit_v2"};
  NvmlCall<int()> shutdown{library, "nvmlShutdown"};
  NvmlCall<const char*(int)> error_text{library, "nvmlErrorString"};
  NvmlCall<int(unsigned*)> count{library, "nvmlDeviceGetCount_v2"};
  NvmlCall<int(unsigned, NvmlDevice*)> handle{library, "nvmlDeviceGetHandleByIndex_v2"};
  NvmlCall<int(NvmlDevice, char*, unsigned)> device_name{library, "nvmlDeviceGetName"};
  NvmlCall<int(NvmlDevice, unsigned*, unsigned*)> memory_clocks{library, "nvmlDeviceGetSupportedMemoryClocks"};
  NvmlCall<int(NvmlDevice, unsigned, unsigned*, unsigned*)> gpu_clocks{library, "nvmlDeviceGetSupportedGraphicsClocks"};
  NvmlCall<int(NvmlDevice, unsigned, unsigned*)> clock{library, "nvmlDeviceGetClockInfo"};
  NvmlCall<int(NvmlDevice, unsigned, unsigned)> lock_gpu_clock{library, "nvmlDeviceSetGpuLockedClocks"};
  NvmlCall<int(NvmlDevice)> unlock_gpu_clock{library, "nvmlDeviceResetGpuLockedClocks"};
  NvmlCall<int(NvmlDevice, unsigned, unsigned)> lock_memory_clock{library, "nvmlDeviceSetMemoryLockedClocks"};
  NvmlCall<int(NvmlDevice)> unlock_memory_clock{library, "nvmlDeviceResetMemoryLockedClocks"};
  NvmlCall<int(NvmlDevice, unsigned*, unsigned*)> power_limits{library, "nvmlDeviceGetPowerManagementLimitConstraints"};
  NvmlCall<ReadNumber> power_limit{library, "nvmlDeviceGetPowerManagementLimit"};
  NvmlCall<int(NvmlDevice, unsigned)> set_power_limit{library, "nvmlDeviceSetPowerManagementLimit"};
  NvmlCall<int(NvmlDevice, unsigned long long*)> energy{library, "nvmlDeviceGetTotalEnergyConsumption"};
  NvmlCall<ReadNumber> power{library, "nvmlDeviceGetPowerUsage"};
  NvmlCall<int(NvmlDevice, unsigned, unsigned*)> temperature{library, "nvmlDeviceGetTemperature"};
  NvmlCall<ReadNumber> persistence_mode{library, "nvmlDeviceGetPersistenceMode"};
  NvmlCall<int(NvmlDevice, unsigned long long*)> throttle_reasons{library, "nvmlDeviceGetCurrentClocksThrottleReasons"};
};

/// Throws what `code` means, unless it is success. `what` is the call, and the device it was for.
/// @throws Error as Nvml says.
void check_nvml(const NvmlCalls& calls, int code, const std::string& what);
[[noreturn]] void throw_missing_call(const NvmlCalls& calls, const char* name);  ///< kUnsupported

}  // namespace perfmodel
