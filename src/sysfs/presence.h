#pragma once

#include <string>

namespace perfmodel {

/// Whether a file is there, for the user whose rights this process has.
/// @param path  what messages call it
/// @throws Error kPermission: a folder on the way may not be entered, so that nobody knows; kIo.
bool is_there(const std::string& file, const std::string& path);

/// @throws Error always, unless `error_number` says that nothing is there: kPermission, else kIo.
void require_absent(const std::string& path, int error_number);

}  // namespace perfmodel
