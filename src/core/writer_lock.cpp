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
  return ::fstat(descriptor, &open_file) == 0 && ::stat(path.c_str(), &named_file) == 0 &&
         open_file.st_dev == named_file.st_dev && open_file.st_ino == named_file.st_ino;
}

std::string holder_of(int descriptor) {
  char text[32] = {};
  const ssize_t size = ::pread(descriptor, text, sizeof text - 1, 0);
  return size > 0 ? fmt::format("process {}", text) : "another process";
}

void write_holder(int descriptor) {
  // For messages only, so a full disk does not matter here.
  const std::string text = fmt::format("{}", ::getpid());
  if (::ftruncate(descriptor, 0) != 0 || ::pwrite(descriptor, text.data(), text.size(), 0) < 0) return;
}

}  // namespace

WriterLock::WriterLock(const std::string& path, const std::string& rule) : lock_path_(path + ".lock") {
  for (;;) {
    descriptor_ = ::open(lock_path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (descriptor_ < 0) throw_errno("lock", path, errno);
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
