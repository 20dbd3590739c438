#include "terminal.h"

#include <fcntl.h>
#include <unistd.h>

namespace perfmodel::tools {
namespace {

/// Who changes the foreground from outside of it is stopped by SIGTTOU, unless that is blocked.
void set_foreground(int terminal, pid_t group) {
  sigset_t output;
  ::sigemptyset(&output);
  ::sigaddset(&output, SIGTTOU);
  const BlockedSignals blocked(output);
  ::tcsetpgrp(terminal, group);
}

}  // namespace

Terminal::Terminal() : descriptor_(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)), own_group_(::getpgrp()) {}

Terminal::~Terminal() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void Terminal::lend(pid_t group) noexcept {
  const pid_t foreground = descriptor_ < 0 ? -1 : ::tcgetpgrp(descriptor_);
  if (foreground == own_group_) set_foreground(descriptor_, group);
  is_lent_ = foreground == own_group_ || foreground == group;
}

void Terminal::take_back() noexcept {
  if (is_lent_) set_foreground(descriptor_, own_group_);
  is_lent_ = false;
}

}  // namespace perfmodel::tools
