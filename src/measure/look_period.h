#pragma once

#include <functional>

#include "perfmodel/knob/clock.h"

namespace perfmodel {

/// How often `look` may be called beside a load: every `period_s`, but less often where that would take more than a
/// hundredth of a CPU, which may be one that the load runs on. Looks some times to learn what a look takes.
double look_period_s(double period_s, Clock& clock, const std::function<void()>& look);

}  // namespace perfmodel
