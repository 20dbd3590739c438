#pragma once

#include <signal.h>

#include <string>

namespace perfmodel::tools {

inline constexpr int kStopSignals[] = {SIGINT, SIGTERM, SIGHUP};

/// From now on stop signals ask the tool to come to its end in good order. A second one, of whatever kind,
/// ends it at once. What was ignored (nohup) stays ignored.
void take_stop_signals();

/// The signal that asked for the end; 0: none did.
int stop_signal() noexcept;
bool is_stopped() noexcept;

/// Where one did.  @throws Error kCancelled: "stopped by signal 15; " and `state`.
void throw_if_stopped(const std::string& state);

/// Passes further stop signals on to a process group; 0: to none.
void pass_stop_signals_to(int group) noexcept;

/// The end of main(): a tool that was stopped and therefore failed ends by that signal, as whoever started it expects
/// (a shell makes 128 and the signal's number of it, and ends its loop); else `exit_code`.
int end_of_tool(int exit_code);

}  // namespace perfmodel::tools
