#pragma once

#include <string>
#include <vector>

#include "perfmodel/knob/knob_guard.h"

namespace perfmodel::tools {

/// How a command ended.
struct CommandEnd {
  bool is_exit = false;
  int number = 0;  ///< its exit code, or the signal that ended it
};

/// Runs a command as a shell runs its foreground job: in a process group of its own, with the terminal when this tool
/// has it. Stop signals of this tool (take_stop_signals()) reach the group. When this tool is killed, so is the
/// command, and by `guard` all of its group; what it leaves running when it ends goes on.
/// An end by SIGINT from the terminal stops this tool, too.
/// @throws Error kIo: no process can be started; kCancelled: this tool was stopped before.
CommandEnd run_command(const std::vector<std::string>& command, const GuardProcess& guard);

}  // namespace perfmodel::tools
