#pragma once

#include <string>

namespace perfmodel {

/// The right to write to one campaign file, held by at most one open file among all processes.
///
/// An exclusive flock() on `<path>.lock`, so that the kernel frees it however the process ends, and that readers of the
/// campaign are never in its way. (A lock on the campaign file itself would not do: closing any descriptor of that file
/// drops the POSIX locks that SQLite holds there.) The lock file is removed on release; one left by a killed process is
/// harmless. Holds on local file systems and on those network file systems that support flock().
class WriterLock {
 public:
  /// @throws Error kBusy (another holds it; names it), kPermission, kNotFound (no such folder), kNoSpace, kIo.
  explicit WriterLock(const std::string& path);
  ~WriterLock();
  WriterLock(const WriterLock&) = delete;
  WriterLock& operator=(const WriterLock&) = delete;

 private:
  std::string lock_path_;
  int descriptor_ = -1;
};

}  // namespace perfmodel
