#pragma once

#include <string>

namespace perfmodel::tools {

/// Checks before the work begins that its result can be written: the folder is there and writable, and what stands at
/// `path`, if anything, may be replaced. An empty path is one that was not asked for.
/// @throws Error kNotFound (no such folder), kPermission, kIo (`path` is a folder); names `path` as given.
void require_writable(const std::string& path);

}  // namespace perfmodel::tools
