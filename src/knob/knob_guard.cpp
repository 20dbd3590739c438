#include "perfmodel/knob/knob_guard.h"

#include <fmt/format.h>
#include <unistd.h>

#include <utility>

#include "knob/restorer.h"

namespace perfmodel {
namespace {

void write_to_standard_error(const RestoreReport& report) {
  try {
    const std::string line = fmt::format("knobs are not as they were found: {}\n", failure_text(report));
    if (::write(STDERR_FILENO, line.data(), line.size()) < 0) return;
  } catch (const std::exception&) {  // no memory for it
  }
}

}  // namespace

KnobGuard::KnobGuard(KnobDriver& driver, std::function<void(const RestoreReport&)> on_failure)
    : driver_(&driver), on_failure_(on_failure ? std::move(on_failure) : write_to_standard_error) {}

KnobGuard::~KnobGuard() {
  const RestoreReport report = restore();
  if (!report.complete()) on_failure_(report);
}

RestoreReport KnobGuard::restore() noexcept {
  return driver_ != nullptr ? driver_->roll_back() : RestoreReport();
}

void KnobGuard::keep() noexcept {
  driver_ = nullptr;
}

}  // namespace perfmodel
