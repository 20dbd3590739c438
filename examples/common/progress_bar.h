#pragma once

#include <string>

#include "perfmodel/core/callbacks.h"

namespace perfmodel::tools {

/// Shows progress with the time left on standard error, for work of more than two seconds and on a terminal only.
/// Warnings go to standard error in any case, a line each.
class ProgressBar {
 public:
  ProgressBar();
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  /// Callbacks that draw here; they must not outlive this object.
  Callbacks callbacks();

 private:
  void draw(const Progress& progress);
  void clear();

  const bool is_terminal_;
  bool drawn_ = false;
};

/// "1:05:02", "3:07"
std::string clock_text(double seconds);

}  // namespace perfmodel::tools
