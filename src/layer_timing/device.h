#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace perfmodel {

enum class DeviceKind { kCpu, kCuda };

/// Names of the devices of this machine that LibTorch can use: "cpu", and "cuda" where there is one.
std::vector<std::string> available_devices();
/// @throws Error kUnsupported: no such device here; lists those there are.
DeviceKind parse_device(const std::string& name);
/// What the maker calls it, e.g. the processor's model name.
std::string device_name(DeviceKind device);
/// Waits until the device has done everything it was given.
void synchronize(DeviceKind device);

class CudaEvents;

/// Times what was given to a device between start() and stop_ms(): on a GPU by CUDA's events where the process has
/// them, else by the host's clock around a synchronisation. Work that is issued more slowly than the device does it
/// takes as long as issuing it, by either clock, as it does in a network.
class DeviceStopwatch {
 public:
  explicit DeviceStopwatch(DeviceKind device);
  ~DeviceStopwatch();
  void start();
  double stop_ms();

 private:
  DeviceKind device_;
  std::chrono::steady_clock::time_point start_;
  std::unique_ptr<CudaEvents> events_;
};

/// Times calls on one device; every result is for all `repeats` calls together, in milliseconds.
class PhaseClock {
 public:
  explicit PhaseClock(DeviceKind device) : device_(device) {}

  /// Until the device is done with them, as the caller sees it.
  template <typename Call>
  double wall_ms(int repeats, Call&& call) const {
    synchronize(device_);
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < repeats; ++i) call();
    synchronize(device_);
    return since_ms(start);
  }

  /// As the device sees it.
  template <typename Call>
  double device_ms(int repeats, Call&& call) const {
    if (device_ == DeviceKind::kCpu) return wall_ms(repeats, call);
    DeviceStopwatch stopwatch(device_);
    stopwatch.start();
    for (int i = 0; i < repeats; ++i) call();
    return stopwatch.stop_ms();
  }

  /// Until the calls have returned, which on a GPU is before the work is done. 0, without a call, on the CPU, where a
  /// call does the work itself.
  template <typename Call>
  double issue_ms(int repeats, Call&& call) const {
    if (device_ == DeviceKind::kCpu) return 0;
    synchronize(device_);
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < repeats; ++i) call();
    const double ms = since_ms(start);
    synchronize(device_);
    return ms;
  }

 private:
  static double since_ms(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  }

  DeviceKind device_;
};

}  // namespace perfmodel
