#include "sysfs/trusted_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "core/file.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

using FileStatus = struct stat;

[[noreturn]] void throw_not_followed(const std::string& what, const std::string& why) {
  throw Error(ErrorCode::kPermission, fmt::format("{} is not followed: {}", what, why));
}

void require_owner(const FileStatus& status, const std::string& what) {
  if (status.st_uid == 0 || status.st_uid == ::geteuid()) return;
  throw_not_followed(what,
                     fmt::format("it belongs to user {}, allowed are root and user {}", status.st_uid, ::geteuid()));
}

void require_trusted_file(const FileStatus& status, const std::string& what) {
  if (!S_ISREG(status.st_mode)) throw_not_followed(what, "it is no plain file");
  if (status.st_nlink > 1) throw_not_followed(what, fmt::format("it has {} names", status.st_nlink));
  require_owner(status, what);
  if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0) throw_not_followed(what, "others may write to it");
}

void require_trusted_folder(const FileStatus& status, const std::string& what) {
  require_owner(status, what);
  const bool is_for_everybody = (status.st_mode & S_IWOTH) != 0 && (status.st_mode & S_ISVTX) == 0;
  if (is_for_everybody) throw_not_followed(what, "everybody may replace files in it");
}

/// A descriptor that is closed at the end of its scope.
struct Descriptor {
  int number;
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
};

}  // namespace

TrustedFile::TrustedFile(const std::string& file, int flags, const std::string& action, const std::string& path)
    : action_(action), path_(path) {
  const std::size_t slash = file.rfind('/');
  const std::string folder_path = slash == std::string::npos ? "." : file.substr(0, slash + 1);
  const Descriptor folder{::open(folder_path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)};
  FileStatus status{};
  if (folder.number < 0 || ::fstat(folder.number, &status) != 0) throw_errno(action, path, errno);
  const FileStatus folder_status = status;

  // Opening a pipe would wait for its other end.
  const int all_flags = flags | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
  Descriptor opened{::openat(folder.number, file.substr(slash + 1).c_str(), all_flags, 0644)};
  if (opened.number < 0 && errno == ELOOP) throw_not_followed("'" + path + "'", "it is a link");
  if (opened.number < 0 || ::fstat(opened.number, &status) != 0) throw_errno(action, path, errno);
  require_trusted_file(status, "'" + path + "'");
  require_trusted_folder(folder_status, "the folder of '" + path + "'");
  descriptor_ = opened.number;
  opened.number = -1;
}

TrustedFile::~TrustedFile() {
  ::close(descriptor_);
}

bool TrustedFile::is_empty() const {
  FileStatus status{};
  return ::fstat(descriptor_, &status) == 0 && status.st_size == 0;
}

std::string TrustedFile::read_all() const {
  std::string text;
  char part[64 * 1024];
  for (;;) {
    const ssize_t count = ::read(descriptor_, part, sizeof part);
    if (count == 0) return text;
    if (count < 0) {
      if (errno == EINTR) continue;
      throw_errno(action_, path_, errno);
    }
    text.append(part, static_cast<std::size_t>(count));
    if (text.size() > kMaxFileBytes)
      throw Error(ErrorCode::kCorrupt, fmt::format("'{}' has more than {} bytes", path_, kMaxFileBytes));
  }
}

void TrustedFile::append_synced(std::string_view text) const {
  while (!text.empty()) {
    const ssize_t count = ::write(descriptor_, text.data(), text.size());
    if (count >= 0) {
      text.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno != EINTR) {
      throw_errno(action_, path_, errno);
    }
  }
  if (::fsync(descriptor_) != 0) throw_errno(action_, path_, errno);
}

}  // namespace perfmodel
