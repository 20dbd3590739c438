#include "callbacks.h"

#include <fmt/format.h>

#include <limits>

#include "perfmodel/core/error.h"

namespace perfmodel::capi {

Callbacks callbacks_from_c(const CallbacksOfC& c) {
  Callbacks callbacks;
  void* const user_data = c.user_data;
  if (const auto call = c.progress) {
    callbacks.progress = [call, user_data](const Progress& progress) {
      const perfmodel_progress told{sizeof told,        progress.task.c_str(), progress.done,        progress.total,
                                    progress.elapsed_s, progress.remaining_s,  progress.note.c_str()};
      call(&told, user_data);
    };
  }
  if (const auto call = c.cancelled) {
    callbacks.cancelled = [call, user_data] { return call(user_data) != 0; };
  }
  if (const auto call = c.log) {
    callbacks.log = [call, user_data](LogLevel level, const std::string& message) {
      call(level == LogLevel::kWarning ? PERFMODEL_LOG_WARNING : PERFMODEL_LOG_INFO, message.c_str(), user_data);
    };
  }
  return callbacks;
}

int num_threads_from_c(std::int64_t num_threads) {
  if (num_threads >= 1 && num_threads <= std::numeric_limits<int>::max()) return static_cast<int>(num_threads);
  throw Error(ErrorCode::kInvalidArgument, fmt::format("num_threads is {}, it must be at least 1", num_threads));
}

}  // namespace perfmodel::capi
