#include "sysfs/file_system.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <utility>

#include "core/file.h"
#include "perfmodel/core/error.h"
#include "sysfs/path_pattern.h"
#include "sysfs/presence.h"
#include "sysfs/synced_folder.h"
#include "sysfs/trusted_file.h"

namespace perfmodel {
namespace {

constexpr std::size_t kMaxFileSize_bytes = 64 * 1024;

/// An open file. Paths in messages are those the caller gave, without the root.
class OpenFile {
 public:
  OpenFile(const std::string& file, int flags, const char* action, const std::string& path)
      : descriptor_(::open(file.c_str(), flags | O_CLOEXEC | O_NOCTTY, 0644)) {
    if (descriptor_ < 0) throw_errno(action, path, errno);
  }
  ~OpenFile() { ::close(descriptor_); }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  int get() const noexcept { return descriptor_; }

 private:
  int descriptor_;
};

[[noreturn]] void throw_write_error(const std::string& path, std::string_view text, int error_number) {
  if (error_number == EINVAL || error_number == ERANGE) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("'{}' does not take '{}'", path, text));
  }
  throw_errno("write", path, error_number == EAGAIN ? EBUSY : error_number);
}

/// How many bytes a plain file has that stands in for one of the kernel's; 0: it is the kernel's own, or something
/// else.
std::size_t size_of_stand_in(int descriptor) {
  struct stat status {};
  struct statfs system {};
  const bool is_plain = ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
  // Files of sysfs say that they have a page; those of proc and debugfs say that they have nothing.
  const bool is_of_kernel = ::fstatfs(descriptor, &system) != 0 || system.f_type == SYSFS_MAGIC;
  return is_plain && !is_of_kernel ? static_cast<std::size_t>(status.st_size) : 0;
}

std::string folder_of(const std::string& file) {
  return file.substr(0, file.rfind('/') + 1);
}

class RootedFileSystem : public FileSystem {
 public:
  explicit RootedFileSystem(std::string root) : root_(std::move(root)) {
    while (!root_.empty() && root_.back() == '/') root_.pop_back();
  }

  std::string read(const std::string& path) override {
    const OpenFile file(resolve(path, "read"), O_RDONLY, "read", path);
    std::string text(kMaxFileSize_bytes + 1, '\0');
    std::size_t size = 0;
    while (size < text.size()) {
      const ssize_t count = ::read(file.get(), text.data() + size, text.size() - size);
      if (count == 0) break;
      if (count > 0) {
        size += static_cast<std::size_t>(count);
      } else if (errno != EINTR) {
        throw_errno("read", path, errno == EAGAIN ? EBUSY : errno);
      }
    }
    if (size > kMaxFileSize_bytes) {
      throw Error(ErrorCode::kCorrupt,
                  fmt::format("cannot read '{}': it has more than {} bytes", path, kMaxFileSize_bytes));
    }
    while (size > 0 && (text[size - 1] == '\n' || text[size - 1] == ' ' || text[size - 1] == '\0')) --size;
    text.resize(size);
    return text;
  }

  void write(const std::string& path, std::string_view text) override {
    const OpenFile file(resolve(path, "write"), O_WRONLY, "write", path);
    // A file that stands in for one of the kernel's is never empty and never a mixture, whenever this process is
    // killed: the text is written over what is there, with blanks up to its end, which are cut off then.
    const std::size_t old_size = size_of_stand_in(file.get());
    std::string whole(text);
    whole.resize(std::max(text.size(), old_size), ' ');
    ssize_t count;
    do count = ::write(file.get(), whole.data(), whole.size());
    while (count < 0 && errno == EINTR);
    if (count < 0) throw_write_error(path, text, errno);
    if (static_cast<std::size_t>(count) != whole.size()) {
      throw Error(ErrorCode::kIo, fmt::format("cannot write '{}': it took {} of {} bytes", path, count, whole.size()));
    }
    if (old_size > text.size() && ::ftruncate(file.get(), static_cast<off_t>(text.size())) != 0)
      throw_errno("write", path, errno);
  }

  std::string read_all(const std::string& path) override {
    return TrustedFile(resolve_folder(path, "read"), O_RDONLY, "read", path).read_all();
  }

  bool exists(const std::string& path) override { return is_there(resolve(path, "read"), path); }
  bool is_writable(const std::string& path) override {
    const std::string file = resolve(path, "write");
    struct stat status {};
    // The kernel lets root write to any file, but one that nobody is to write to has no way to take a value.
    return ::faccessat(AT_FDCWD, file.c_str(), W_OK, AT_EACCESS) == 0 && ::stat(file.c_str(), &status) == 0 &&
           (status.st_mode & (S_IWUSR | S_IWGRP | S_IWOTH)) != 0;
  }
  std::vector<std::string> match(const std::string& pattern) override { return match_paths(root_, pattern); }

  void append_synced(const std::string& path, std::string_view text) override {
    const std::string file_path = resolve_folder(path, "write");
    make_folder_synced(folder_of(file_path));
    const TrustedFile file(file_path, O_WRONLY | O_APPEND | O_CREAT, "write", path);
    const bool may_be_new = file.is_empty();
    file.append_synced(text);
    if (may_be_new) sync_folder(folder_of(file_path));
  }

  void remove_synced(const std::string& path) override {
    const std::string file = resolve_folder(path, "remove");
    if (::unlink(file.c_str()) != 0) {
      if (errno == ENOENT) return;
      throw_errno("remove", path, errno);
    }
    sync_folder(folder_of(file));
  }

 private:
  /// The file that `path` means.
  /// @throws Error kInvalidArgument, kPermission: it lies outside the root.
  std::string resolve(const std::string& path, const char* action) const {
    require_plain_path(path);
    std::string file = root_ + path;
    if (root_.empty()) return file;
    const std::string real = real_path(file);
    if (!real.empty()) require_inside(real, path, action);  // else it is not there
    return file;
  }

  /// The file that `path` means, when that is no link itself; it and its folder may not be there yet.
  /// @throws Error kInvalidArgument, kPermission: it would lie outside the root.
  std::string resolve_folder(const std::string& path, const char* action) const {
    require_plain_path(path);
    const std::string file = root_ + path;
    if (root_.empty()) return file;
    std::string real, folder = file;
    while (real.empty() && folder.size() > root_.size()) {
      folder.resize(folder.rfind('/'));
      real = real_path(folder.empty() ? "/" : folder);
    }
    if (!real.empty()) require_inside(real, path, action);
    return file;
  }

  /// Without links; empty: it is not there.
  static std::string real_path(const std::string& file) {
    const std::unique_ptr<char, decltype(&std::free)> real(::realpath(file.c_str(), nullptr), &std::free);
    return real ? real.get() : "";
  }

  void require_inside(const std::string& real, const std::string& path, const char* action) const {
    const std::string root = real_path(root_);
    const std::string inside = root == "/" ? root : root + "/";
    if (root.empty() || (real + "/").compare(0, inside.size(), inside) == 0) return;
    throw Error(ErrorCode::kPermission, fmt::format("cannot {} '{}': it is a link that leaves the root", action, path));
  }

  std::string root_;  ///< without a slash at its end: "" for "/"
};

}  // namespace

FileSystem::~FileSystem() = default;

std::string FileSystem::read_all(const std::string& path) {
  return read(path);
}

std::shared_ptr<FileSystem> rooted_file_system(const std::string& root) {
  if (root.empty())
    throw Error(ErrorCode::kInvalidArgument, "the root of the file system is empty, allowed is a folder");
  return std::make_shared<RootedFileSystem>(root);
}

}  // namespace perfmodel
