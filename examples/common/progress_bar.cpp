#include "progress_bar.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace perfmodel::tools {
namespace {

constexpr double kWorthShowing_s = 2;
constexpr std::size_t kWidth = 30;

}  // namespace

std::string clock_text(double seconds) {
  const long total = std::lround(std::max(seconds, 0.0));
  char text[32];
  if (total >= 3600) {
    std::snprintf(text, sizeof text, "%ld:%02ld:%02ld", total / 3600, total / 60 % 60, total % 60);
  } else {
    std::snprintf(text, sizeof text, "%ld:%02ld", total / 60, total % 60);
  }
  return text;
}

ProgressBar::ProgressBar() : is_terminal_(isatty(STDERR_FILENO) == 1) {}

ProgressBar::~ProgressBar() {
  clear();
}

Callbacks ProgressBar::callbacks() {
  Callbacks callbacks;
  if (is_terminal_) callbacks.progress = [this](const Progress& progress) { draw(progress); };
  callbacks.log = [this](LogLevel level, const std::string& message) {
    clear();
    std::fprintf(stderr, "%s%s\n", level == LogLevel::kWarning ? "warning: " : "", message.c_str());
  };
  return callbacks;
}

void ProgressBar::draw(const Progress& progress) {
  if (progress.elapsed_s + std::max(progress.remaining_s, 0.0) < kWorthShowing_s) return;
  std::string line = progress.task;
  if (progress.total > 0) {
    const std::size_t filled = std::min(progress.done, progress.total) * kWidth / progress.total;
    line += " [" + std::string(filled, '=') + std::string(kWidth - filled, ' ') + "] " + std::to_string(progress.done) +
            "/" + std::to_string(progress.total);
  }
  if (progress.remaining_s >= 0) line += ", " + clock_text(progress.remaining_s) + " left";
  if (!progress.note.empty()) line += ", " + progress.note;
  std::fprintf(stderr, "\r%s\033[K", line.c_str());
  std::fflush(stderr);
  drawn_ = true;
}

void ProgressBar::clear() {
  if (drawn_) std::fprintf(stderr, "\r\033[K");
  drawn_ = false;
}

}  // namespace perfmodel::tools
