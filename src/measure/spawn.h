#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "perfmodel/measure/command.h"

namespace perfmodel {

/// Where a new program writes to: open descriptors, which stay the caller's.
struct ProgramOutputs {
  int output = -1, error = -1;
};

/// Starts a program in a process group of its own, nothing on its standard input, with `settings`. It gets signals as
/// any program does, whatever this process does with its own. It is killed when the calling thread ends, as it does
/// when this process is killed, so that the thread must outlive it. Guard processes of this process (GuardProcess) then
/// kill its group, too.
/// @param arguments  the program's path first.
/// @return           its process, for bury_program().
/// @throws Error kIo: it cannot be started; of settings as run_measuring_command().
pid_t spawn_program(const std::vector<std::string>& arguments, const ProcessSettings& settings,
                    const ProgramOutputs& outputs);

/// Kills a spawned program, if it has not ended, with all of its group, and waits for its end.
void bury_program(pid_t process) noexcept;

/// @throws Error kInvalidArgument: settings out of range.
void check_process_settings(const ProcessSettings& settings);

}  // namespace perfmodel
