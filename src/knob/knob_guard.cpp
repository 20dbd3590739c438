#include "perfmodel/knob/knob_guard.h"

#include <utility>

namespace perfmodel {

KnobGuard::KnobGuard(KnobDriver& driver, std::function<void(const RestoreReport&)> on_failure)
    : driver_(&driver), on_failure_(std::move(on_failure)) {}

KnobGuard::~KnobGuard() {
  const RestoreReport report = restore();
  if (!report.complete() && on_failure_) on_failure_(report);
}

RestoreReport KnobGuard::restore() noexcept {
  return driver_ != nullptr ? driver_->restore() : RestoreReport();
}

void KnobGuard::keep() noexcept {
  driver_ = nullptr;
}

}  // namespace perfmodel
