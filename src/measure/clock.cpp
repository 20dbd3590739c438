#include "measure/clock.h"

#include <algorithm>
#include <chrono>
#include <limits>

#include "perfmodel/measure/protocol.h"

namespace perfmodel {
namespace {

double smallest_step_ms() noexcept {
  constexpr int kSteps = 5000;
  double smallest_ms = std::numeric_limits<double>::infinity();
  auto last = std::chrono::steady_clock::now();
  for (int steps = 0; steps < kSteps;) {
    const auto now = std::chrono::steady_clock::now();
    if (now == last) continue;
    smallest_ms = std::min(smallest_ms, std::chrono::duration<double, std::milli>(now - last).count());
    last = now;
    ++steps;
  }
  return smallest_ms;
}

}  // namespace

double now_ms() noexcept {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double clock_tick_ms() {
  static const double tick_ms = smallest_step_ms();
  return tick_ms;
}

}  // namespace perfmodel
