#pragma once

#include <string>

namespace perfmodel {

/// What /bin/sh is to run so that its arguments follow `command`. A single program with plain arguments takes the
/// shell's place: what is sent to the process is sent to the program, and its end is told as it is.
std::string command_script(const std::string& command);

/// Whether `command` is to run a single program with plain arguments that is not there or may not be executed. Of what
/// the shell makes of other commands, or of those that are built into it, nothing is known.
bool lacks_program(const std::string& command);

}  // namespace perfmodel
