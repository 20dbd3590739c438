#include "board/nvml.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "board/nvml_calls.h"
#include "perfmodel/core/csv.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

constexpr double kHzPerMhz = 1e6;
constexpr double kMilliPerOne = 1e3;
constexpr unsigned kMaxClocks = 65536;

std::vector<double> ascending_hz(const std::vector<unsigned>& clocks_mhz) {
  std::vector<double> levels;
  for (const unsigned mhz : clocks_mhz) levels.push_back(mhz * kHzPerMhz);
  std::sort(levels.begin(), levels.end());
  levels.erase(std::unique(levels.begin(), levels.end()), levels.end());
  return levels;
}

/// `value` in the library's unit.
unsigned to_unsigned(double value, double per_unit, const char* unit) {
  const double scaled = std::nearbyint(value * per_unit);
  if (!(scaled >= 1 && scaled <= std::numeric_limits<unsigned>::max())) {
    throw Error(
        ErrorCode::kInvalidArgument,
        fmt::format("NVML takes no {} {}, allowed is what is positive and fits 32 bits", format_number(value), unit));
  }
  return static_cast<unsigned>(scaled);
}

class LoadedNvml : public Nvml {
 public:
  explicit LoadedNvml(const std::string& library) : calls_(library) {
    if (calls_.error_text.function == nullptr) throw_missing_call(calls_, calls_.error_text.name);
    if (calls_.shutdown.function == nullptr) throw_missing_call(calls_, calls_.shutdown.name);
    ask(calls_.init);
  }
  ~LoadedNvml() override { calls_.shutdown.function(); }

  int num_devices() override {
    unsigned count = 0;
    ask(calls_.count, &count);
    return static_cast<int>(count);
  }

  std::string device_name(int device) override {
    char name[kNvmlMaxNameSize] = "";
    ask_device(device, calls_.device_name, name, kNvmlMaxNameSize);
    name[kNvmlMaxNameSize - 1] = '\0';
    return name;
  }

  std::vector<double> gpu_clock_levels_hz(int device) override {
    const std::vector<unsigned> memory_mhz = memory_clocks_mhz(device);
    if (memory_mhz.empty()) return {};
    const unsigned highest_mhz = *std::max_element(memory_mhz.begin(), memory_mhz.end());
    return ascending_hz(listed(device, calls_.gpu_clocks, highest_mhz));
  }

  std::vector<double> memory_clock_levels_hz(int device) override { return ascending_hz(memory_clocks_mhz(device)); }

  double gpu_clock_hz(int device) override { return number(device, calls_.clock, kNvmlGraphicsClock) * kHzPerMhz; }
  double memory_clock_hz(int device) override { return number(device, calls_.clock, kNvmlMemoryClock) * kHzPerMhz; }

  void lock_gpu_clock(int device, double hz) override {
    const unsigned mhz = to_unsigned(hz, 1 / kHzPerMhz, "Hz");
    ask_device(device, calls_.lock_gpu_clock, mhz, mhz);
  }
  void unlock_gpu_clock(int device) override { ask_device(device, calls_.unlock_gpu_clock); }
  void lock_memory_clock(int device, double hz) override {
    const unsigned mhz = to_unsigned(hz, 1 / kHzPerMhz, "Hz");
    ask_device(device, calls_.lock_memory_clock, mhz, mhz);
  }
  void unlock_memory_clock(int device) override { ask_device(device, calls_.unlock_memory_clock); }

  PowerLimits power_limits(int device) override {
    unsigned least_milliwatts = 0, greatest_milliwatts = 0;
    ask_device(device, calls_.power_limits, &least_milliwatts, &greatest_milliwatts);
    return {least_milliwatts / kMilliPerOne, greatest_milliwatts / kMilliPerOne};
  }
  double power_limit_watts(int device) override { return number(device, calls_.power_limit) / kMilliPerOne; }
  void set_power_limit(int device, double watts) override {
    ask_device(device, calls_.set_power_limit, to_unsigned(watts, kMilliPerOne, "W"));
  }

  bool keeps_settings(int device) override { return number(device, calls_.persistence_mode) != kNvmlDisabled; }

  double energy_joules(int device) override {
    unsigned long long millijoules = 0;
    ask_device(device, calls_.energy, &millijoules);
    return static_cast<double>(millijoules) / kMilliPerOne;
  }
  double power_watts(int device) override { return number(device, calls_.power) / kMilliPerOne; }
  double temperature_celsius(int device) override { return number(device, calls_.temperature, kNvmlGpuTemperature); }

  bool is_throttled(int device) override {
    unsigned long long reasons = 0;
    ask_device(device, calls_.throttle_reasons, &reasons);
    return (reasons & kNvmlThrottleReasons) != 0;
  }

 private:
  template <typename Call>
  void require(const Call& call) const {
    if (call.function == nullptr) throw_missing_call(calls_, call.name);
  }

  template <typename Call, typename... Arguments>
  void ask(const Call& call, Arguments... arguments) const {
    require(call);
    check_nvml(calls_, call.function(arguments...), call.name);
  }

  template <typename Call, typename... Arguments>
  void ask_device(int device, const Call& call, Arguments... arguments) const {
    require(call);
    check_nvml(calls_, call.function(handle_of(device), arguments...),
               fmt::format("NVML device {}: {}", device, call.name));
  }

  /// The last parameter of `call`.
  template <typename Call, typename... Arguments>
  double number(int device, const Call& call, Arguments... arguments) const {
    unsigned answer = 0;
    ask_device(device, call, arguments..., &answer);
    return answer;
  }

  /// A list as long as the library says.
  template <typename Call, typename... Arguments>
  std::vector<unsigned> listed(int device, const Call& call, Arguments... arguments) const {
    require(call);
    const NvmlDevice handle = handle_of(device);
    std::vector<unsigned> list(256);
    for (;;) {
      unsigned count = static_cast<unsigned>(list.size());
      const int code = call.function(handle, arguments..., &count, list.data());
      if (code != kNvmlInsufficientSize || count <= list.size() || count > kMaxClocks) {
        check_nvml(calls_, code, fmt::format("NVML device {}: {}", device, call.name));
        list.resize(std::min<std::size_t>(count, list.size()));
        return list;
      }
      list.resize(count);
    }
  }

  std::vector<unsigned> memory_clocks_mhz(int device) const { return listed(device, calls_.memory_clocks); }

  NvmlDevice handle_of(int device) const {
    require(calls_.handle);
    NvmlDevice handle = nullptr;
    const int code = device < 0 ? kNvmlInvalidArgument : calls_.handle.function(static_cast<unsigned>(device), &handle);
    if (code == kNvmlInvalidArgument) {  // what the library calls a number too high
      throw Error(ErrorCode::kUnsupported, fmt::format("NVML has no device {}", device));
    }
    check_nvml(calls_, code, fmt::format("NVML device {}: {}", device, calls_.handle.name));
    return handle;
  }

  NvmlCalls calls_;
};

}  // namespace

Nvml::~Nvml() = default;

std::shared_ptr<Nvml> open_nvml(const std::string& library) {
  return std::make_shared<LoadedNvml>(library);
}

}  // namespace perfmodel
