#pragma once

#include <string>

namespace perfmodel {

/// What tells this process from all others that ever wrote a journal of this machine: 32 random hexadecimal digits. A
/// process's number does not, as it is given again. The same until the process ends; one that is forked has its own.
/// @throws Error kIo: the system gives no random numbers.
std::string journal_owner();

}  // namespace perfmodel
