#include "core/progress.h"

#include <fmt/format.h>

#include <utility>

#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

constexpr std::chrono::milliseconds kReportInterval{200};

}  // namespace

ProgressReporter::ProgressReporter(const Callbacks& callbacks, std::string task, std::size_t total, std::size_t done)
    : callbacks_(callbacks),
      task_(std::move(task)),
      total_(total),
      first_done_(done),
      start_(std::chrono::steady_clock::now()),
      last_report_(start_) {}

void ProgressReporter::update(std::size_t done, const std::string& note) {
  if (!callbacks_.progress) return;
  const auto now = std::chrono::steady_clock::now();
  const bool last = total_ > 0 && done >= total_;
  if (reported_ && !last && now - last_report_ < kReportInterval) return;
  reported_ = true;
  last_report_ = now;

  Progress progress;
  progress.task = task_;
  progress.done = done;
  progress.total = total_;
  progress.elapsed_s = std::chrono::duration<double>(now - start_).count();
  if (last) {
    progress.remaining_s = 0;
  } else if (total_ > 0 && done > first_done_) {
    progress.remaining_s =
        progress.elapsed_s * static_cast<double>(total_ - done) / static_cast<double>(done - first_done_);
  }
  progress.note = note;
  callbacks_.progress(progress);
}

void ProgressReporter::throw_if_cancelled() const {
  if (callbacks_.cancelled && callbacks_.cancelled()) {
    throw Error(ErrorCode::kCancelled, fmt::format("{} was cancelled", task_));
  }
}

void log_message(const Callbacks& callbacks, LogLevel level, const std::string& message) {
  if (callbacks.log) callbacks.log(level, message);
}

}  // namespace perfmodel
