#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "perfmodel/core/error.h"
#include "sysfs/file_system.h"

namespace perfmodel {

/// An operation on files that is about to happen.
struct FileOperation {
  enum class Kind { kRead, kWrite, kExists, kIsWritable, kMatch, kAppend, kRemove };
  int number = 0;  ///< from 0, of all that the hook has seen
  Kind kind = Kind::kRead;
  std::string path;
  std::string text;             ///< of writes and appends
  FileSystem* files = nullptr;  ///< that would do it
};

/// Sees every operation before it happens. What it throws happens instead; where operations ask what is there (exists,
/// is_writable, match), kNotFound means that it is not, and nothing is writable that is asked for in vain.
class FileHook {
 public:
  std::function<void(const FileOperation&)> before;  ///< none: nothing happens
  int num_operations = 0;

  void enter(FileOperation operation) {
    operation.number = num_operations++;
    if (before) before(operation);
  }
};

/// Files of another file system, seen by a hook.
class FaultyFileSystem : public FileSystem {
 public:
  using Kind = FileOperation::Kind;

  FaultyFileSystem(std::shared_ptr<FileSystem> files, std::shared_ptr<FileHook> hook)
      : files_(std::move(files)), hook_(std::move(hook)) {}

  std::string read(const std::string& path) override {
    enter(Kind::kRead, path);
    return files_->read(path);
  }
  std::string read_all(const std::string& path) override {
    enter(Kind::kRead, path);
    return files_->read_all(path);
  }
  void write(const std::string& path, std::string_view text) override {
    enter(Kind::kWrite, path, text);
    files_->write(path, text);
  }
  bool exists(const std::string& path) override { return is_found(Kind::kExists, path) && files_->exists(path); }
  bool is_writable(const std::string& path) override {
    try {
      return is_found(Kind::kIsWritable, path) && files_->is_writable(path);
    } catch (const Error&) {
      return false;
    }
  }
  std::vector<std::string> match(const std::string& pattern) override {
    return is_found(Kind::kMatch, pattern) ? files_->match(pattern) : std::vector<std::string>();
  }
  void append_synced(const std::string& path, std::string_view text) override {
    enter(Kind::kAppend, path, text);
    files_->append_synced(path, text);
  }
  void remove_synced(const std::string& path) override {
    enter(Kind::kRemove, path);
    files_->remove_synced(path);
  }

 private:
  void enter(Kind kind, const std::string& path, std::string_view text = {}) {
    hook_->enter({0, kind, path, std::string(text), files_.get()});
  }
  bool is_found(Kind kind, const std::string& path) {
    try {
      enter(kind, path);
      return true;
    } catch (const Error& error) {
      if (error.code() == ErrorCode::kNotFound) return false;
      throw;
    }
  }

  std::shared_ptr<FileSystem> files_;
  std::shared_ptr<FileHook> hook_;
};

}  // namespace perfmodel
