#include "stop_signal.h"

#include <cerrno>

#include "perfmodel/core/error.h"
#include "tool_main.h"

namespace perfmodel::tools {
namespace {

volatile sig_atomic_t g_signal = 0, g_group = 0;

void stop(int signal) {
  const int error_number = errno;
  if (g_signal != 0) {  // comes when this returns, as it is blocked until then
    ::signal(signal, SIG_DFL);
    ::raise(signal);
    return;
  }
  g_signal = signal;
  if (g_group > 0) ::kill(-g_group, signal);
  errno = error_number;
}

}  // namespace

void take_stop_signals() {
  for (const int signal : kStopSignals) {
    struct sigaction action {};
    ::sigaction(signal, nullptr, &action);
    if (action.sa_handler == SIG_IGN) continue;
    action = {};
    action.sa_handler = stop;
    action.sa_flags = SA_RESTART;
    ::sigaction(signal, &action, nullptr);
  }
}

int stop_signal() noexcept {
  return g_signal;
}

bool is_stopped() noexcept {
  return g_signal != 0;
}

void throw_if_stopped(const std::string& state) {
  if (!is_stopped()) return;
  throw Error(ErrorCode::kCancelled, "stopped by signal " + std::to_string(g_signal) + "; " + state);
}

void pass_stop_signals_to(int group) noexcept {
  g_group = group;
}

int end_of_tool(int exit_code) {
  if (!is_stopped() || exit_code != kExitFailed) return exit_code;
  ::signal(g_signal, SIG_DFL);
  ::raise(g_signal);
  return exit_code;
}

}  // namespace perfmodel::tools
