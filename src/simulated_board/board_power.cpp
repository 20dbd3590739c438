#include "simulated_board/board_power.h"

namespace perfmodel {
namespace {

/// What a processor draws: per core, or as a whole.
struct Domain {
  double leakage_watts_per_volt;  ///< at 25 degrees
  double capacitance_farads;      ///< that switches with each cycle at full use
  double lowest_volts, highest_volts;
};

constexpr Domain kCpuCore = {0.08, 0.75e-9, 0.72, 1.12};
constexpr Domain kGpu = {0.15, 6.0e-9, 0.70, 1.10};
constexpr double kIdleFraction = 0.06;  ///< of the switching goes on when there is nothing to do
constexpr double kLeakageRisePerKelvin = 0.008;
constexpr double kMemory_watts = 0.1, kMemoryWattsPerHz = 0.35e-9, kMemoryJoulesPerByte = 55e-12;
constexpr double kBase_watts = 1.0;

double domain_watts(const Domain& domain, Span<const double> levels_hz, double hz, double busy_fraction,
                    double temperature_celsius) noexcept {
  const double lowest_hz = levels_hz[0], highest_hz = levels_hz[levels_hz.size() - 1];
  const double volts =
      domain.lowest_volts + (domain.highest_volts - domain.lowest_volts) * (hz - lowest_hz) / (highest_hz - lowest_hz);
  const double leakage_watts =
      domain.leakage_watts_per_volt * volts * (1 + kLeakageRisePerKelvin * (temperature_celsius - 25));
  return leakage_watts +
         domain.capacitance_farads * volts * volts * hz * (kIdleFraction + (1 - kIdleFraction) * busy_fraction);
}

}  // namespace

BoardPower board_power(const BoardClocks& clocks, const BoardActivity& activity, double temperature_celsius) noexcept {
  BoardPower power;
  power.cpu_watts = clocks.num_cores *
                    domain_watts(kCpuCore, cpu_levels_hz(), clocks.cpu_hz, activity.cpu_fraction, temperature_celsius);
  power.gpu_watts = domain_watts(kGpu, gpu_levels_hz(), clocks.gpu_hz, activity.gpu_fraction, temperature_celsius);
  power.memory_watts =
      kMemory_watts + kMemoryWattsPerHz * clocks.memory_hz + kMemoryJoulesPerByte * activity.memory_bytes_per_s;
  power.base_watts = kBase_watts;
  return power;
}

}  // namespace perfmodel
