#include "core/writer_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "core/file.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

/// Whether `path` still names the open file: its holder may have removed it between our open() and flock().
bool still_named(int descriptor, const std::string& path) {
  struct stat open_file {};
  struct stat named_file {};
  return ::fstat(descriptor, &open_file) == 0 && ::lstat(path.c_str(), &named_file) == 0 &&
         open_file.st_dev == named_file.st_dev && open_file.st_ino == named_file.st_ino;
}

std::string text_in(int descriptor) {
  char text[32] = {};
  return ::pread(descriptor, text, sizeof text - 1, 0) > 0 ? text : "";
}

std::string holder_of(int descriptor) {
  const std::string text = text_in(descriptor);
  return text.empty() ? "another process" : fmt::format("process {}", text);
}

/// The file is written to and removed, so that it must be one that a lock has made.
void require_lock_file(int descriptor, const std::string& lock_path) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) throw_errno("lock", lock_path, errno);
  if (!S_ISREG(status.st_mode) || status.st_nlink > 1) {
    throw Error(ErrorCode::kPermission, fmt::format("'{}' is no lock: it is {}", lock_path,
                                                    S_ISREG(status.st_mode) ? "a file of several names" : "no file"));
  }
  if (text_in(descriptor).find_first_not_of("0123456789") != std::string::npos)
    throw Error(ErrorCode::kCorrupt, fmt::format("'{}' is no lock: it holds other text than a process", lock_path));
}

/// @throws Error kPermission (also: a link), kNotFound, kNoSpace, kIo.
int open_lock(const std::string& lock_path, const std::string& path) {
  const int flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
  const int descriptor = ::open(lock_path.c_str(), flags, 0600);  // who may open it may keep the lock for ever
  if (descriptor < 0 && errno == ELOOP)
    throw Error(ErrorCode::kPermission, fmt::format("'{}' is no lock: it is a link", lock_path));
  if (descriptor < 0) throw_errno("lock", path, errno);
  try {
    require_lock_file(descriptor, lock_path);
  } catch (...) {
    ::close(descriptor);
    throw;
  }
  return descriptor;
}

void write_holder(int descriptor) {
  // For messages only, so a full disk does not matter here.
  const std::string text = fmt::format("{}", ::getpid());
  if (::ftruncate(descriptor, 0) != 0 || ::pwrite(descriptor, text.data(), text.size(), 0) < 0) return;
}

}  // namespace

WriterLock::WriterLock(const std::string& path, const std::string& rule) : lock_path_(path + ".lock") {
  for (;;) {
    descriptor_ = open_lock(lock_path_, path);
    int result = 0;
    do {
      result = ::flock(descriptor_, LOCK_EX | LOCK_NB);
    } while (result != 0 && errno == EINTR);
    if (result == 0 && still_named(descriptor_, lock_path_)) break;
    const int error_number = errno;
    const std::string holder = result != 0 ? holder_of(descriptor_) : "";
    ::close(descriptor_);
    if (result == 0) continue;
    if (error_number == EWOULDBLOCK) {
      throw Error(ErrorCode::kBusy, fmt::format("'{}' is being written by {}; {}", path, holder, rule));
    }
    throw_errno("lock", path, error_number);
  }
  write_holder(descriptor_);
}

WriterLock::~WriterLock() {
  ::unlink(lock_path_.c_str());
  ::close(descriptor_);
}

}  // namespace perfmodel
