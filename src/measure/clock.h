#pragma once

namespace perfmodel {

/// Milliseconds of the monotonic clock, since some fixed moment.
double now_ms() noexcept;

}  // namespace perfmodel
