#include "knob/guard_channel.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <mutex>

namespace perfmodel {
namespace {

std::mutex g_mutex;
std::vector<int> g_sockets;

}  // namespace

void tell_guard(int socket, const GuardMessage& message) noexcept {
  ssize_t size;
  do size = ::send(socket, &message, sizeof message, MSG_NOSIGNAL);
  while (size < 0 && errno == EINTR);
}

std::optional<GuardMessage> hear_tool(int socket) noexcept {
  GuardMessage message;
  ssize_t size;
  do size = ::recv(socket, &message, sizeof message, 0);
  while (size < 0 && errno == EINTR);
  if (size != static_cast<ssize_t>(sizeof message)) return std::nullopt;
  return message;
}

std::vector<int> guard_sockets() {
  const std::lock_guard<std::mutex> lock(g_mutex);
  return g_sockets;
}

void add_guard_socket(int socket) {
  const std::lock_guard<std::mutex> lock(g_mutex);
  g_sockets.push_back(socket);
}

void remove_guard_socket(int socket) noexcept {
  const std::lock_guard<std::mutex> lock(g_mutex);
  g_sockets.erase(std::remove(g_sockets.begin(), g_sockets.end(), socket), g_sockets.end());
}

void tell_guards(const GuardMessage& message) noexcept {
  const std::lock_guard<std::mutex> lock(g_mutex);
  for (const int socket : g_sockets) tell_guard(socket, message);
}

}  // namespace perfmodel
