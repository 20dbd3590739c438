#pragma once

#include <string>
#include <vector>

#include "perfmodel/knob/knob_guard.h"

namespace perfmodel::tools {

/// Runs a command as a shell runs its foreground job: in a process group of its own, with the terminal when this tool
/// has it. Stop signals of this tool (take_stop_signals()) reach the group. When this tool is killed, so is the
/// command, and by `guard` all of its group; what it leaves running when it ends goes on.
/// @return as a shell tells it: the exit code, or 128 and the signal. An end by SIGINT from the terminal stops this
///         tool, too.
/// @throws Error kIo: no process can be started; kCancelled: this tool was stopped before.
int run_command(const std::vector<std::string>& command, const GuardProcess& guard);

}  // namespace perfmodel::tools
