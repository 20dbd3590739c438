#pragma once

#include <string>

#include "perfmodel/core/export.h"

namespace perfmodel {

/// The right to write to one file, held by at most one owner among all processes.
///
/// An exclusive flock() on `<path>.lock`, so that the kernel frees it however the process ends, and that readers of the
/// file are never in its way. (A lock on the file itself would not do: closing any descriptor of a file drops the POSIX
/// locks that SQLite holds there.) The lock file is removed on release; one left by a killed process is harmless. Holds
/// on local file systems and on those network file systems that support flock().
class PERFMODEL_EXPORT WriterLock {
 public:
  /// @param rule  ends the message of kBusy, e.g. "a campaign has one writer at a time".
  /// @throws Error kBusy (another holds it; names it), kPermission, kNotFound (no such folder), kNoSpace, kIo.
  WriterLock(const std::string& path, const std::string& rule);
  ~WriterLock();
  WriterLock(const WriterLock&) = delete;
  WriterLock& operator=(const WriterLock&) = delete;

 private:
  std::string lock_path_;
  int descriptor_ = -1;
};

}  // namespace perfmodel
