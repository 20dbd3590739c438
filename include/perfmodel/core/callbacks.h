#pragma once

#include <cstddef>
#include <functional>
#include <string>

namespace perfmodel {

/// How far a long task has come.
struct Progress {
  std::string task;            ///< what is being done, e.g. "measuring layers"
  std::size_t done = 0;        ///< of `total` steps
  std::size_t total = 0;       ///< 0 when unknown
  double elapsed_s = 0;        ///< since the task began
  double remaining_s = -1;     ///< estimate; < 0 when unknown
  std::string note;            ///< what is worth seeing besides, e.g. "loss 0.071"; may be empty
};

enum class LogLevel { kInfo, kWarning };

/// What a caller of long-running work may listen to. Each may be empty. They are called from the thread that called
/// perfmodel, at most a few times a second, and must not throw.
struct Callbacks {
  std::function<void(const Progress&)> progress;
  std::function<bool()> cancelled;  ///< true ends the work with ErrorCode::kCancelled; what was measured stays
  std::function<void(LogLevel, const std::string&)> log;
};

}  // namespace perfmodel
