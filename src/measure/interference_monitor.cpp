#include <algorithm>

#include "measure/clock.h"
#include "measure/quiet_baseline.h"
#include "measure/reference_loop.h"
#include "perfmodel/measure/protocol.h"

namespace perfmodel {

double QuietBaseline::slowdown(double loop_ms) {
  if (history_ms_.size() < kHistory) {
    history_ms_.push_back(loop_ms);
  } else {
    history_ms_[num_seen_ % kHistory] = loop_ms;
  }
  ++num_seen_;
  if (num_seen_ < kRefreshInterval) {
    quiet_ms_ = num_seen_ == 1 ? loop_ms : std::min(quiet_ms_, loop_ms);
  } else if (num_seen_ % kRefreshInterval == 0) {
    std::vector<double> sorted_ms = history_ms_;
    const auto rank = static_cast<std::ptrdiff_t>(kQuantile * static_cast<double>(sorted_ms.size()));
    std::nth_element(sorted_ms.begin(), sorted_ms.begin() + rank, sorted_ms.end());
    quiet_ms_ = sorted_ms[static_cast<std::size_t>(rank)];
  }
  return loop_ms / quiet_ms_;
}

struct InterferenceMonitor::Impl {
  QuietBaseline baseline;
};

InterferenceMonitor::InterferenceMonitor() : impl_(std::make_unique<Impl>()) {
  constexpr double kWarmup_ms = 200;
  const double start_ms = now_ms();
  while (now_ms() - start_ms < kWarmup_ms) slowdown();
}

InterferenceMonitor::~InterferenceMonitor() = default;

double InterferenceMonitor::slowdown() {
  return impl_->baseline.slowdown(reference_loop_ms());
}

}  // namespace perfmodel
