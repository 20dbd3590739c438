#pragma once

#include <string>
#include <vector>

namespace perfmodel {

/// @throws Error kInvalidArgument: not absolute, a part that is "..", or a zero byte.
void require_plain_path(const std::string& path);

/// Existing paths under `root` that match `pattern`, without the root; FileSystem::match().
/// @throws Error kInvalidArgument as above; kPermission, kIo: this process may not look everywhere that it asks for.
std::vector<std::string> match_paths(const std::string& root, const std::string& pattern);

/// Orders text with its runs of digits as numbers: "cpu2" before "cpu10".
bool natural_less(const std::string& left, const std::string& right);

}  // namespace perfmodel
