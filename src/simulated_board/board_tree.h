#pragma once

#include <cstdint>
#include <string>

namespace perfmodel {

/// The files of the simulated board: what the kernel of a real one would show. The board table "simulated_jetson" names
/// the same, from the other side.
namespace board_path {

constexpr const char* kModel = "/proc/device-tree/model";
constexpr const char* kBootId = "/proc/sys/kernel/random/boot_id";
constexpr const char* kCpuMin = "/sys/devices/system/cpu/cpufreq/policy0/scaling_min_freq";  // kHz
constexpr const char* kCpuMax = "/sys/devices/system/cpu/cpufreq/policy0/scaling_max_freq";
constexpr const char* kCpuCurrent = "/sys/devices/system/cpu/cpufreq/policy0/scaling_cur_freq";
constexpr const char* kCpuLevels = "/sys/devices/system/cpu/cpufreq/policy0/scaling_available_frequencies";
constexpr const char* kGpuMin = "/sys/devices/gpu.0/devfreq/gpu.0/min_freq";  // Hz
constexpr const char* kGpuMax = "/sys/devices/gpu.0/devfreq/gpu.0/max_freq";
constexpr const char* kGpuCurrent = "/sys/devices/gpu.0/devfreq/gpu.0/cur_freq";
constexpr const char* kGpuLevels = "/sys/devices/gpu.0/devfreq/gpu.0/available_frequencies";
constexpr const char* kMemoryRate = "/sys/kernel/debug/bpmp/debug/clk/emc/rate";  // Hz
constexpr const char* kMemoryLocked = "/sys/kernel/debug/bpmp/debug/clk/emc/mrq_rate_locked";
constexpr const char* kMemoryLevels = "/sys/kernel/debug/bpmp/debug/emc/possible_rates";                 // kHz
constexpr const char* kMemoryCurrent = "/sys/kernel/debug/clk/emc/clk_rate";                             // Hz
constexpr const char* kInputPower = "/sys/bus/i2c/drivers/ina3221x/0-0040/iio:device0/in_power0_input";  // mW
constexpr const char* kGpuPower = "/sys/bus/i2c/drivers/ina3221x/0-0040/iio:device0/in_power1_input";
constexpr const char* kCpuPower = "/sys/bus/i2c/drivers/ina3221x/0-0040/iio:device0/in_power2_input";
constexpr const char* kEnergyName = "/sys/class/powercap/simulated:0/name";
constexpr const char* kEnergy = "/sys/class/powercap/simulated:0/energy_uj";
constexpr const char* kEnergyRange = "/sys/class/powercap/simulated:0/max_energy_range_uj";
constexpr const char* kThermalZones[] = {"/sys/class/thermal/thermal_zone0", "/sys/class/thermal/thermal_zone1"};
constexpr const char* kThrottleCount = "/sys/class/thermal/throttle_count";

/// "online" of core 1, 2 or 3; core 0 has none.
std::string core_online(int core);

}  // namespace board_path

constexpr double kEnergyRange_uj = 4294967295.0;  ///< the counter starts again at 0 there

/// Makes the tree in `folder`, all at once: one that is there is whole. A tree that is there already is kept.
/// @param seed  of the boot's name
/// @throws Error kNotFound (no parent folder), kPermission, kNoSpace, kIo; kInvalidArgument: the folder holds other
///         things.
void make_board_tree(const std::string& folder, std::uint64_t seed);

}  // namespace perfmodel
