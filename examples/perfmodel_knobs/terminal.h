#pragma once

#include <signal.h>
#include <sys/types.h>

namespace perfmodel::tools {

/// Blocks signals of this thread while it lives.
class BlockedSignals {
 public:
  explicit BlockedSignals(const sigset_t& signals) { ::pthread_sigmask(SIG_BLOCK, &signals, &before_); }
  ~BlockedSignals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  BlockedSignals(const BlockedSignals&) = delete;
  BlockedSignals& operator=(const BlockedSignals&) = delete;

 private:
  sigset_t before_;
};

/// The terminal of this tool, while that is its foreground job: a command in a group of its own is lent it, so that it
/// may read and gets the keyboard's signals.
class Terminal {
 public:
  Terminal();
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  /// Lends it to a group, if it is this tool's. Also from that group's new process, whichever of the two is first.
  void lend(pid_t group) noexcept;
  void take_back() noexcept;
  bool is_lent() const noexcept { return is_lent_; }

 private:
  int descriptor_;
  pid_t own_group_;
  bool is_lent_ = false;
};

}  // namespace perfmodel::tools
