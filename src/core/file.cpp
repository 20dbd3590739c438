#include "core/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>
#include <utility>

#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

ErrorCode code_of(int error_number) {
  switch (error_number) {
    case ENOENT:
    case ENOTDIR:
      return ErrorCode::kNotFound;
    case EACCES:
    case EPERM:
    case EROFS:
      return ErrorCode::kPermission;
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return ErrorCode::kNoSpace;
    case EBUSY:
    case ETXTBSY:
      return ErrorCode::kBusy;
    case ENOMEM:
      return ErrorCode::kOutOfMemory;
    default:
      return ErrorCode::kIo;
  }
}

/// A file descriptor that closes itself.
class Descriptor {
 public:
  Descriptor(const std::string& path, int flags, const char* action)
      : fd_(::open(path.c_str(), flags | O_CLOEXEC, 0666)) {
    if (fd_ < 0) throw_errno(action, path, errno);
  }
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int get() const noexcept { return fd_; }

  /// Closes now; a network file system may report here that the disk is full.
  bool close() noexcept {
    const int result = ::close(fd_);
    fd_ = -1;
    return result == 0;
  }

 private:
  int fd_;
};

void write_all(int fd, std::string_view contents, const std::string& path) {
  while (!contents.empty()) {
    const ssize_t written = ::write(fd, contents.data(), contents.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      throw_errno("write", path, errno);
    }
    contents.remove_prefix(static_cast<std::size_t>(written));
  }
}

void write_synced(const std::string& file, std::string_view contents, const std::string& path) {
  Descriptor descriptor(file, O_WRONLY | O_CREAT | O_EXCL, "write");
  write_all(descriptor.get(), contents, path);
  if (::fsync(descriptor.get()) != 0 || !descriptor.close()) throw_errno("write", path, errno);
}

[[noreturn]] void throw_too_long(const std::string& path, std::uint64_t size) {
  throw Error(ErrorCode::kCorrupt, fmt::format("cannot read '{}': it has {} bytes or more, allowed are at most {}",
                                               path, size, kMaxFileBytes));
}

void sync_folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const Descriptor descriptor(folder, O_RDONLY | O_DIRECTORY, "sync");
  // Some file systems cannot sync a folder and say EINVAL; the file's own contents are safe already.
  if (::fsync(descriptor.get()) != 0 && errno != EINVAL) throw_errno("sync", folder, errno);
}

}  // namespace

void throw_errno(const std::string& action, const std::string& path, int error_number) {
  throw Error(code_of(error_number),
              fmt::format("cannot {} '{}': {}", action, path, std::generic_category().message(error_number)));
}

RawArray<char> read_file_bytes(const std::string& path) {
  const Descriptor descriptor(path, O_RDONLY, "read");
  struct stat info {};
  if (::fstat(descriptor.get(), &info) != 0) throw_errno("read", path, errno);
  const auto announced_bytes = static_cast<std::uint64_t>(info.st_size);
  if (announced_bytes > kMaxFileBytes) throw_too_long(path, announced_bytes);
  constexpr std::uint64_t kMinChunkBytes = 1 << 16;
  RawArray<char> contents(static_cast<std::size_t>(announced_bytes + kMinChunkBytes));
  std::size_t size = 0;
  for (;;) {
    if (size == contents.size()) {
      if (size > kMaxFileBytes) throw_too_long(path, size);  // a pipe or device, which does not tell its size
      RawArray<char> longer(static_cast<std::size_t>(std::min(std::uint64_t{2} * size, kMaxFileBytes + 1)));
      std::memcpy(longer.data(), contents.data(), size);
      contents = std::move(longer);
    }
    const ssize_t count = ::read(descriptor.get(), contents.data() + size, contents.size() - size);
    if (count == 0) break;
    if (count > 0) {
      size += static_cast<std::size_t>(count);
    } else if (errno != EINTR) {
      throw_errno("read", path, errno);
    }
  }
  contents.truncate(size);
  return contents;
}

std::string read_file(const std::string& path) {
  const RawArray<char> contents = read_file_bytes(path);
  return {contents.data(), contents.size()};
}

void write_file_atomically(const std::string& path, std::string_view contents) {
  struct stat info {};
  if (::stat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode)) {
    const Descriptor descriptor(path, O_WRONLY, "write");
    write_all(descriptor.get(), contents, path);
    return;
  }
  static std::atomic<unsigned> counter{0};
  const std::string temporary = fmt::format("{}.{}-{}.tmp", path, ::getpid(), counter++);
  try {
    write_synced(temporary, contents, path);
    if (::rename(temporary.c_str(), path.c_str()) != 0) throw_errno("write", path, errno);
  } catch (...) {
    ::unlink(temporary.c_str());
    throw;
  }
  sync_folder_of(path);
}

}  // namespace perfmodel
