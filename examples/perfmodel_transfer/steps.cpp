#include "steps.h"

#include <algorithm>
#include <utility>

namespace perfmodel::tools {
namespace {

constexpr std::chrono::milliseconds kShowEvery(250);

}  // namespace

Steps::Steps(std::string task, std::size_t total)
    : task_(std::move(task)), total_(total), callbacks_(bar_.callbacks()) {}

void Steps::go_to(std::size_t done) {
  done_ = done;
  show();
}

void Steps::skip_to(std::size_t done) {
  skipped_ += done - done_;
  go_to(done);
}

void Steps::refresh() {
  if (Clock::now() - shown_ >= kShowEvery) show();
}

void Steps::say(const std::string& line) {
  callbacks_.log(LogLevel::kInfo, line);
}

void Steps::show() {
  shown_ = Clock::now();
  if (!callbacks_.progress) return;
  const double elapsed_s = std::chrono::duration<double>(shown_ - start_).count();
  const auto taken = static_cast<double>(done_ - skipped_);
  const auto left = static_cast<double>(total_ - std::min(done_, total_));
  callbacks_.progress({task_, done_, total_, elapsed_s, taken > 0 ? elapsed_s * left / taken : -1, ""});
}

}  // namespace perfmodel::tools
