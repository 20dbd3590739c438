#include "sysfs/file_system.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <memory>
#include <utility>

#include "core/file.h"
#include "perfmodel/core/error.h"
#include "sysfs/path_pattern.h"
#include "sysfs/synced_folder.h"

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
    const OpenFile file(resolve(path, "write"), O_WRONLY | O_TRUNC, "write", path);
    ssize_t count;
    do count = ::write(file.get(), text.data(), text.size());
    while (count < 0 && errno == EINTR);
    if (count < 0) throw_write_error(path, text, errno);
    if (static_cast<std::size_t>(count) != text.size()) {
      throw Error(ErrorCode::kIo, fmt::format("cannot write '{}': it took {} of {} bytes", path, count, text.size()));
    }
  }

  std::string read_all(const std::string& path) override { return read_file(resolve(path, "read")); }

  bool exists(const std::string& path) override { return ::access(resolve(path, "read").c_str(), F_OK) == 0; }
  bool is_writable(const std::string& path) override { return ::access(resolve(path, "write").c_str(), W_OK) == 0; }
  std::vector<std::string> match(const std::string& pattern) override { return match_paths(root_, pattern); }

  void append_synced(const std::string& path, std::string_view text) override {
    const std::string file_path = resolve(path, "write");
    make_folder_synced(folder_of(file_path));
    const bool is_new = ::access(file_path.c_str(), F_OK) != 0;
    const OpenFile file(file_path, O_WRONLY | O_APPEND | O_CREAT, "write", path);
    while (!text.empty()) {
      const ssize_t count = ::write(file.get(), text.data(), text.size());
      if (count >= 0) {
        text.remove_prefix(static_cast<std::size_t>(count));
      } else if (errno != EINTR) {
        throw_errno("write", path, errno);
      }
    }
    if (::fsync(file.get()) != 0) throw_errno("write", path, errno);
    if (is_new) sync_folder(folder_of(file_path));
  }

  void remove_synced(const std::string& path) override {
    const std::string file = resolve(path, "remove");
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
    using CString = std::unique_ptr<char, decltype(&std::free)>;
    const CString real_root(::realpath(root_.c_str(), nullptr), &std::free);
    const CString real(::realpath(file.c_str(), nullptr), &std::free);
    if (real_root == nullptr || real == nullptr) return file;  // not there yet
    const std::string inside = std::string(real_root.get()) + "/";
    if (std::string(real.get()).compare(0, inside.size(), inside) != 0) {
      throw Error(ErrorCode::kPermission,
                  fmt::format("cannot {} '{}': it is a link that leaves the root", action, path));
    }
    return file;
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
