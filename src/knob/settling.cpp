#include "knob/settling.h"

#include <algorithm>

namespace perfmodel {
namespace {

constexpr double kFirstStep_s = 0.001, kLongestStep_s = 0.1;

}  // namespace

bool wait_until_settled(Clock& clock, double max_s, const std::function<bool()>& is_settled) {
  const double end_s = clock.now_s() + max_s;
  for (double step_s = kFirstStep_s;; step_s = std::min(2 * step_s, kLongestStep_s)) {
    if (is_settled()) return true;
    const double left_s = end_s - clock.now_s();
    if (left_s <= 0) return false;
    clock.sleep_s(std::min(step_s, left_s));
  }
}

}  // namespace perfmodel
