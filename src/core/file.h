#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/raw_array.h"
#include "perfmodel/core/export.h"

namespace perfmodel {

/// The longest file that read_file() takes: longer ones would fill the memory before anybody could refuse them.
inline constexpr std::uint64_t kMaxFileBytes = std::uint64_t{4} << 30;

/// Whole contents of a file.  @throws Error kNotFound, kPermission, kIo; kCorrupt: longer than kMaxFileBytes.
PERFMODEL_EXPORT std::string read_file(const std::string& path);
RawArray<char> read_file_bytes(const std::string& path);  ///< the same; for large files

/// Replaces `path` by `contents` as one step: a temporary beside it, synced, renamed, its folder synced. Something
/// there that is not a regular file (a pipe, a terminal) is written to directly.
/// @throws Error kNoSpace, kPermission, kNotFound (no such folder), kIo. The old file is then as it was.
PERFMODEL_EXPORT void write_file_atomically(const std::string& path, std::string_view contents);

/// Throws an Error for `error_number`, e.g. `cannot write 'x.csv': No space left on device`, with the code that fits.
/// @param action  a verb: "read", "write", "open"
[[noreturn]] PERFMODEL_EXPORT void throw_errno(const std::string& action, const std::string& path, int error_number);

}  // namespace perfmodel
