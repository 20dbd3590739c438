#pragma once

#include <cstdint>

#include "perfmodel/core/callbacks.h"
#include "perfmodel_c.h"

namespace perfmodel::capi {

/// What a caller of long-running work listens to; each may be NULL.
struct CallbacksOfC {
  void (*progress)(const perfmodel_progress* progress, void* user_data);
  std::int32_t (*cancelled)(void* user_data);
  void (*log)(std::int32_t level, const char* message, void* user_data);
  void* user_data;
};
Callbacks callbacks_from_c(const CallbacksOfC& c);

/// Those of an options struct.
template <typename Options>
Callbacks callbacks_of(const Options& options) {
  return callbacks_from_c({options.progress, options.cancelled, options.log, options.user_data});
}

/// @throws Error kInvalidArgument: below 1 or beyond an int.
int num_threads_from_c(std::int64_t num_threads);

}  // namespace perfmodel::capi
