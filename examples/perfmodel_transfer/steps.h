#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "perfmodel/core/callbacks.h"
#include "progress_bar.h"

namespace perfmodel::tools {

/// Shows on a progress bar how many steps of a task are done.
class Steps {
 public:
  Steps(std::string task, std::size_t total);
  Steps(const Steps&) = delete;
  Steps& operator=(const Steps&) = delete;

  /// So many steps are done now.
  void go_to(std::size_t done);
  /// The same for steps that took no time, such as rows that were there before: they tell nothing about speed.
  void skip_to(std::size_t done);
  /// Shows the time that has passed since, a few times a second at most.
  void refresh();
  /// Writes a line to standard error.
  void say(const std::string& line);

 private:
  using Clock = std::chrono::steady_clock;
  void show();

  std::string task_;
  std::size_t total_, skipped_ = 0, done_ = 0;
  Clock::time_point start_ = Clock::now(), shown_ = start_;
  ProgressBar bar_;
  Callbacks callbacks_;
};

}  // namespace perfmodel::tools
