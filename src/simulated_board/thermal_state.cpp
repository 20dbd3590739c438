#include "simulated_board/thermal_state.h"

#include <cmath>

namespace perfmodel {
namespace {

constexpr double kKelvinPerWatt = 4.5;
constexpr double kTimeConstant_s = 25;
constexpr double kThrottle_celsius = 85, kResume_celsius = 75;

}  // namespace

ThermalState::ThermalState(double ambient_celsius) noexcept
    : ambient_celsius_(ambient_celsius), temperature_celsius_(ambient_celsius) {}

void ThermalState::advance(double watts, double seconds) noexcept {
  if (seconds != decay_seconds_) {
    decay_seconds_ = seconds;
    decay_ = 1 - std::exp(-seconds / kTimeConstant_s);
  }
  const double settled_celsius = ambient_celsius_ + kKelvinPerWatt * watts;
  temperature_celsius_ += (settled_celsius - temperature_celsius_) * decay_;
  if (!throttled_ && temperature_celsius_ >= kThrottle_celsius) {
    throttled_ = true;
    ++num_throttled_;
  } else if (throttled_ && temperature_celsius_ <= kResume_celsius) {
    throttled_ = false;
  }
}

}  // namespace perfmodel
