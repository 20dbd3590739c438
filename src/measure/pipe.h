#pragma once

#include <string>

namespace perfmodel {

/// A pipe that programs which are started do not inherit.
class Pipe {
 public:
  /// @throws Error kIo.
  Pipe();
  ~Pipe();
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  void close_write() noexcept;
  int release_read() noexcept;  ///< the end that is read, now the caller's

  int read = -1, write = -1;
};

/// @throws Error kIo: `what` and the system's words for `number`.
[[noreturn]] void throw_system_error(const std::string& what, int number);

}  // namespace perfmodel
