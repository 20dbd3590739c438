#include "require_writable.h"

#include <unistd.h>

#include <filesystem>

#include "perfmodel/core/error.h"

namespace perfmodel::tools {

void require_writable(const std::string& path) {
  namespace fs = std::filesystem;
  if (path.empty()) return;
  const auto fail = [&path](ErrorCode code, const std::string& why) {
    throw Error(code, "cannot write '" + path + "': " + why);
  };
  std::error_code ignored;
  const fs::file_status there = fs::status(path, ignored);
  if (fs::is_directory(there)) fail(ErrorCode::kIo, "it is a folder");
  if (fs::exists(there) && access(path.c_str(), W_OK) != 0) fail(ErrorCode::kPermission, "no permission to write it");
  if (fs::exists(there) && !fs::is_regular_file(there)) return;  // a device or pipe: its folder stays as it is

  const fs::path parent = fs::path(path).parent_path();
  const fs::path folder = parent.empty() ? fs::path(".") : parent;
  if (!fs::is_directory(folder, ignored)) fail(ErrorCode::kNotFound, "there is no folder '" + folder.string() + "'");
  if (access(folder.c_str(), W_OK | X_OK) != 0) {
    fail(ErrorCode::kPermission, "no permission to write in '" + folder.string() + "'");
  }
}

}  // namespace perfmodel::tools
