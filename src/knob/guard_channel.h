#pragma once

#include <sys/types.h>

#include <optional>
#include <vector>

namespace perfmodel {

/// What a tool tells its guard process through their socket (SOCK_SEQPACKET, so that messages stay whole).
struct GuardMessage {
  enum class Kind : int { kDone, kGroupBegins, kGroupEnds };
  Kind kind = Kind::kDone;
  pid_t group = 0;
};

/// Does nothing when the guard is gone. Safe in signal handlers and after fork().
void tell_guard(int socket, const GuardMessage& message) noexcept;
/// Waits for the next one.  @return nullopt: the tool is gone.
std::optional<GuardMessage> hear_tool(int socket) noexcept;

/// The sockets of this process's guards. Any thread may call these.
std::vector<int> guard_sockets();
void add_guard_socket(int socket);
void remove_guard_socket(int socket) noexcept;
/// Tells all of them.
void tell_guards(const GuardMessage& message) noexcept;

}  // namespace perfmodel
