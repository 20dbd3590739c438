#pragma once

#include <functional>

#include "perfmodel/knob/clock.h"

namespace perfmodel {

/// Asks at once and then ever less often until the answer is yes or `max_s` seconds of the clock have passed; at least
/// once. What `is_settled` throws ends it.
bool wait_until_settled(Clock& clock, double max_s, const std::function<bool()>& is_settled);

}  // namespace perfmodel
