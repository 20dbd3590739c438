#pragma once

#include <memory>
#include <string>
#include <vector>

#include "perfmodel/core/export.h"

namespace perfmodel {

/// The calls of NVIDIA's management library that knobs and meters use, in our units. Errors are of these codes and say
/// which call on which device, with NVML's own words: kUnsupported (no such device or sensor, a call that this device
/// or this version of the library has not, no driver), kInvalidArgument (a value that the device does not take),
/// kPermission, kBusy (in use, not ready), kTimeout, kOutOfMemory, kIo (GPU lost, anything else). Safe from any number
/// of threads.
class PERFMODEL_EXPORT Nvml {
 public:
  virtual ~Nvml();

  virtual int num_devices() = 0;
  virtual std::string device_name(int device) = 0;

  virtual std::vector<double> gpu_clock_levels_hz(int device) = 0;     ///< ascending; at the highest memory clock
  virtual std::vector<double> memory_clock_levels_hz(int device) = 0;  ///< ascending
  virtual double gpu_clock_hz(int device) = 0;                         ///< now
  virtual double memory_clock_hz(int device) = 0;
  /// Accepted does not mean obeyed: see the clock under load. Whether clocks are locked cannot be read, only undone.
  virtual void lock_gpu_clock(int device, double hz) = 0;
  virtual void unlock_gpu_clock(int device) = 0;
  virtual void lock_memory_clock(int device, double hz) = 0;
  virtual void unlock_memory_clock(int device) = 0;

  struct PowerLimits {
    double least_watts = 0, greatest_watts = 0;
  };
  virtual PowerLimits power_limits(int device) = 0;
  virtual double power_limit_watts(int device) = 0;
  virtual void set_power_limit(int device, double watts) = 0;
  /// Whether the GPU's driver keeps what is set when no program uses the GPU any longer (persistence mode). Else it
  /// forgets locked clocks and power limits with the last one that does.
  virtual bool keeps_settings(int device) = 0;

  virtual double energy_joules(int device) = 0;  ///< since the driver was loaded
  virtual double power_watts(int device) = 0;
  virtual double temperature_celsius(int device) = 0;
  /// Slowed down by power, heat or a brake; being idle and locked clocks do not count.
  virtual bool is_throttled(int device) = 0;
};

/// Loads the library by name or path and starts it; it is shut down and closed with the last owner.
/// @throws Error kUnsupported: there is no such library, it is another one (names the call it lacks), or no NVIDIA
///         driver is loaded; what else starting it may answer, see above.
PERFMODEL_EXPORT std::shared_ptr<Nvml> open_nvml(const std::string& library);

}  // namespace perfmodel
