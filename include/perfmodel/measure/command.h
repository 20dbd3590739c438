#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "perfmodel/core/export.h"

namespace perfmodel {

/// A program that measures one configuration per call.
struct MeasuringCommand {
  std::string command;     ///< for /bin/sh; the configuration follows at its end as further arguments, "option=value"
                           ///< each, so that it must end with the program that takes them and not with ';' or '&'
  double timeout_s = 600;  ///< then it is killed, with everything it started in its process group
};

/// What a program is given besides its arguments. Applied in the new process before the program begins, so that this
/// process stays as it is: a nice value, for one, is not to be taken back without privilege.
struct ProcessSettings {
  int num_cpus = 0;         ///< it may run on that many CPUs, the first of those this process may; 0: on all of these
  std::optional<int> nice;  ///< -20 to 19
  std::vector<std::pair<std::string, std::string>> environment;  ///< variables to set, in place of inherited ones
};

/// Refuses what run_measuring_command() would refuse for every configuration.
/// @throws Error kInvalidArgument: a command that is empty or ends with ; & |, timeout_s not above 0.
PERFMODEL_EXPORT void check_measuring_command(const MeasuringCommand& command);

/// Calls `command` and reads its answer: the last line of its standard output that is not blank, "name=number" pairs
/// with blanks between them, or one number alone, whose name is "".
///
/// The program runs in a process group of its own with nothing on its standard input. However much it writes, only the
/// last 64 KiB are kept. What it leaves running in its group when it ends is killed, too. When this process is killed,
/// the system kills the shell, or the program in whose place the shell has put itself; where this process has a
/// GuardProcess, that kills the whole group.
/// @param configuration  option names and values as text
/// @param cancelled      asked some times a second; true kills the program
/// @param settings       of its process
/// @throws Error kTimeout; kInvalidArgument as check_measuring_command(); kNotFound, kPermission: the shell says (exit
///         codes 127 and 126) that the program is not there or not executable, and so it is, as far as `command` tells
///         which program that is; kIo: it cannot be started, ends with any exit code but 0 or by a signal (of all these
///         the last line it wrote to standard error is kept); kParse: no answer, text in place of a number, a number
///         that is not finite, a name twice; kCancelled; of settings: kInvalidArgument (out of range, no name of a
///         variable), kUnsupported (more CPUs than this process may run on), kPermission (a nice value that this
///         process may not give).
PERFMODEL_EXPORT std::map<std::string, double> run_measuring_command(
    const MeasuringCommand& command, const std::vector<std::pair<std::string, std::string>>& configuration,
    const std::function<bool()>& cancelled = {}, const ProcessSettings& settings = {});

}  // namespace perfmodel
