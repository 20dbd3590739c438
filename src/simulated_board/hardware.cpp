#include "simulated_board/hardware.h"

#include <algorithm>
#include <array>

namespace perfmodel {
namespace {

constexpr std::array<double, 12> kCpuLevels_hz = {345600e3,  499200e3,  652800e3,  806400e3,  960000e3,  1113600e3,
                                                  1267200e3, 1420800e3, 1574400e3, 1728000e3, 1881600e3, 2035200e3};
constexpr std::array<double, 12> kGpuLevels_hz = {114750e3, 216750e3, 318750e3, 420750e3,  522750e3,  624750e3,
                                                  726750e3, 828750e3, 930750e3, 1032750e3, 1134750e3, 1236750e3};
constexpr std::array<double, 8> kMemoryLevels_hz = {204000e3,  408000e3,  665600e3,  800000e3,
                                                    1062400e3, 1331200e3, 1600000e3, 1866000e3};
constexpr double kThrottledCpu_hz = 960000e3, kThrottledGpu_hz = 522750e3;

/// The highest level that is not above `hz`; the lowest, where all are.
double level_of(Span<const double> levels_hz, double hz) noexcept {
  const double* above = std::upper_bound(levels_hz.begin(), levels_hz.end(), hz);
  return above == levels_hz.begin() ? levels_hz[0] : above[-1];
}

}  // namespace

Span<const double> cpu_levels_hz() noexcept {
  return kCpuLevels_hz;
}

Span<const double> gpu_levels_hz() noexcept {
  return kGpuLevels_hz;
}

Span<const double> memory_levels_hz() noexcept {
  return kMemoryLevels_hz;
}

BoardClocks clocks_of(const KnobSettings& knobs, bool loaded, bool throttled) noexcept {
  double cpu_hz = loaded ? knobs.cpu_max_hz : std::min(knobs.cpu_min_hz, knobs.cpu_max_hz);
  double gpu_hz = loaded ? knobs.gpu_max_hz : std::min(knobs.gpu_min_hz, knobs.gpu_max_hz);
  if (throttled) {
    cpu_hz = std::min(cpu_hz, kThrottledCpu_hz);
    gpu_hz = std::min(gpu_hz, kThrottledGpu_hz);
  }
  const Span<const double> memory_hz = memory_levels_hz();
  const double free_memory_hz = loaded ? memory_hz[memory_hz.size() - 1] : memory_hz[0];
  return {knobs.num_cores, level_of(cpu_levels_hz(), cpu_hz), level_of(gpu_levels_hz(), gpu_hz),
          knobs.memory_locked ? level_of(memory_hz, knobs.memory_hz) : free_memory_hz};
}

}  // namespace perfmodel
