#include "measure/look_period.h"

#include <algorithm>
#include <limits>

namespace perfmodel {
namespace {

constexpr double kMostLoad_fraction = 0.01;
constexpr int kTrialLooks = 3;  // the quickest of them tells what a look takes

}  // namespace

double look_period_s(double period_s, Clock& clock, const std::function<void()>& look) {
  double look_s = std::numeric_limits<double>::infinity();
  for (int i = 0; i < kTrialLooks; ++i) {
    const double begin_s = clock.now_s();
    look();
    look_s = std::min(look_s, clock.now_s() - begin_s);
  }
  return std::max(period_s, look_s / kMostLoad_fraction);
}

}  // namespace perfmodel
