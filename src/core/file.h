#pragma once

#include <string>
#include <string_view>

namespace perfmodel {

/// Whole contents of a file.  @throws Error kNotFound, kPermission, kIo.
std::string read_file(const std::string& path);

/// Replaces `path` by `contents` as one step: a temporary beside it, synced, renamed, its folder synced.
/// @throws Error kNoSpace, kPermission, kNotFound (no such folder), kIo.
void write_file_atomically(const std::string& path, std::string_view contents);

/// Error for the current errno, e.g. `cannot write 'x.csv': No space left on device`, with the code that fits.
[[noreturn]] void throw_errno(const std::string& action, const std::string& path, int error_number);

}  // namespace perfmodel
