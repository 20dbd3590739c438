#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "perfmodel/core/callbacks.h"
#include "perfmodel/core/export.h"

namespace perfmodel {

/// Tells a caller's callbacks how far a task has come, a few times a second at most, with an estimate of the time left.
class PERFMODEL_EXPORT ProgressReporter {
 public:
  /// @param callbacks  must outlive this object
  /// @param total      steps of the task, 0 when unknown
  /// @param done       steps that were done before, e.g. by a run that is resumed; they tell nothing about speed
  ProgressReporter(const Callbacks& callbacks, std::string task, std::size_t total, std::size_t done = 0);

  /// Reports `done` steps: the first, the last, and others when enough time has passed since the one before.
  void update(std::size_t done, const std::string& note = "");

  /// @throws Error kCancelled when the cancel callback says so.
  void throw_if_cancelled() const;

 private:
  const Callbacks& callbacks_;
  std::string task_;
  std::size_t total_, first_done_;
  std::chrono::steady_clock::time_point start_, last_report_;
  bool reported_ = false;
};

/// Passes a line to the log callback, if there is one.
PERFMODEL_EXPORT void log_message(const Callbacks& callbacks, LogLevel level, const std::string& message);

}  // namespace perfmodel
