#pragma once

#include <string>

namespace perfmodel {

/// Makes a folder and those it lies in, where they are not there; each is on the disk on return.
/// @throws Error kPermission, kNoSpace, kIo; kNotFound: a part of the path is no folder.
void make_folder_synced(const std::string& folder);

/// What was made or removed in a folder is on the disk on return.
/// @throws Error kNotFound, kPermission, kIo.
void sync_folder(const std::string& folder);

}  // namespace perfmodel
