#include "knob/journal_owner.h"

#include <fmt/format.h>
#include <sys/random.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <mutex>

#include "core/file.h"

namespace perfmodel {
namespace {

std::string random_digits() {
  std::uint64_t numbers[2];
  ssize_t size;
  do size = ::getrandom(numbers, sizeof numbers, 0);
  while (size < 0 && errno == EINTR);
  if (size != static_cast<ssize_t>(sizeof numbers)) throw_errno("read", "random numbers", size < 0 ? errno : EIO);
  return fmt::format("{:016x}{:016x}", numbers[0], numbers[1]);
}

}  // namespace

std::string journal_owner() {
  static std::mutex mutex;
  static pid_t process = 0;
  static std::string owner;
  const std::lock_guard<std::mutex> lock(mutex);
  if (process != ::getpid()) {
    owner = random_digits();
    process = ::getpid();
  }
  return owner;
}

}  // namespace perfmodel
