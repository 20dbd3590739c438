#include "measure/pipe.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "perfmodel/core/error.h"

namespace perfmodel {

void throw_system_error(const std::string& what, int number) {
  throw Error(ErrorCode::kIo, fmt::format("{}: {}", what, std::generic_category().message(number)));
}

Pipe::Pipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw_system_error("a pipe to a program", errno);
  read = ends[0];
  write = ends[1];
}

Pipe::~Pipe() {
  if (read >= 0) close(read);
  close_write();
}

void Pipe::close_write() noexcept {
  if (write >= 0) close(write);
  write = -1;
}

int Pipe::release_read() noexcept {
  return std::exchange(read, -1);
}

}  // namespace perfmodel
