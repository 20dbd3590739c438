#pragma once

#include <fmt/format.h>
#include <fnmatch.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "perfmodel/core/error.h"
#include "sysfs/file_system.h"
#include "sysfs/path_pattern.h"

namespace perfmodel {

/// Files that are functions: what a sensor says at the moment it is read. What a function throws, read() throws.
class FakeFiles : public FileSystem {
 public:
  using Content = std::function<std::string()>;

  void put(const std::string& path, Content content) { files_[path] = std::move(content); }
  void put(const std::string& path, const std::string& text) {
    files_[path] = [text] { return text; };
  }
  /// A whole number that changes, as the kernel prints it.
  void put_number(const std::string& path, std::function<double()> number) {
    files_[path] = [number = std::move(number)] { return fmt::format("{:.0f}", number()); };
  }
  void erase(const std::string& path) { files_.erase(path); }
  /// What lies in `folder` may not be looked for.
  void forbid(const std::string& folder) { forbidden_ = folder + "/"; }

  std::string read(const std::string& path) override {
    const auto file = files_.find(path);
    if (file == files_.end()) {
      throw Error(ErrorCode::kNotFound, fmt::format("cannot read '{}': No such file or directory", path));
    }
    ++num_reads;
    return file->second();
  }
  bool exists(const std::string& path) override { return !match(path).empty(); }
  bool is_writable(const std::string&) override { return false; }
  std::vector<std::string> match(const std::string& pattern) override {
    if (!forbidden_.empty() && pattern.compare(0, forbidden_.size(), forbidden_) == 0) {
      throw Error(ErrorCode::kPermission, fmt::format("'{}' may not be looked for", pattern));
    }
    std::map<std::string, int, decltype(&natural_less)> found(&natural_less);
    for (const auto& [path, content] : files_) {  // the file, and every folder on the way to it
      for (std::size_t end = path.size(); end != std::string::npos && end > 0; end = path.rfind('/', end - 1)) {
        const std::string part = path.substr(0, end);
        if (::fnmatch(pattern.c_str(), part.c_str(), FNM_PATHNAME) == 0) found[part];
      }
    }
    std::vector<std::string> paths;
    for (const auto& [path, ignored] : found) paths.push_back(path);
    return paths;
  }
  void write(const std::string& path, std::string_view) override { throw_read_only(path); }
  void append_synced(const std::string& path, std::string_view) override { throw_read_only(path); }
  void remove_synced(const std::string& path) override { throw_read_only(path); }

  int num_reads = 0;

 private:
  [[noreturn]] static void throw_read_only(const std::string& path) {
    throw Error(ErrorCode::kInternal, "a power meter writes to " + path);
  }
  std::map<std::string, Content> files_;
  std::string forbidden_;
};

}  // namespace perfmodel
