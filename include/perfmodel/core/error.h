#pragma once

#include <cstddef>
#include <exception>
#include <string>

#include "perfmodel/core/export.h"

namespace perfmodel {

/// What went wrong, for programs. The numbers are those of `perfmodel_status` in the C API and never change.
enum class ErrorCode : int {
  kOk = 0,
  kInvalidArgument = 1,  ///< an argument breaks the documented requirements
  kUnsupported = 2,      ///< not in this build, not on this machine, or no model for it
  kNotFound = 3,         ///< a file, column, network or option of that name does not exist
  kIo = 4,               ///< the operating system refused to read or write
  kParse = 5,            ///< text (CSV, JSON) that does not follow its format
  kCorrupt = 6,          ///< a binary file that is truncated, damaged or inconsistent
  kVersion = 7,          ///< a file of a format version or schema that this build does not know
  kBufferTooSmall = 8,   ///< the caller's buffer or workspace cannot hold the result
  kBusy = 9,             ///< somebody else holds the file or device
  kPermission = 10,      ///< the process may not do that
  kMismatch = 11,        ///< two things that must agree do not (shapes, schemas, read-back values)
  kNoSpace = 12,         ///< the disk is full
  kOutOfMemory = 13,     ///< an allocation failed
  kCancelled = 14,       ///< the caller's cancel callback said so
  kTimeout = 15,         ///< a bounded wait ran out
  kInternal = 16,        ///< a broken invariant: a fault of perfmodel itself
};

/// The code in words, e.g. "invalid argument". Never NULL, static storage.
PERFMODEL_EXPORT const char* error_code_name(ErrorCode code) noexcept;

/// The one exception of perfmodel. The code decides, the message explains: one line that says what was wrong,
/// what was given and what is allowed. Control characters in what it quotes become blanks.
class PERFMODEL_EXPORT Error : public std::exception {
 public:
  Error(ErrorCode code, std::string message);
  Error(const Error&);
  Error& operator=(const Error&);
  ~Error() override;

  ErrorCode code() const noexcept { return code_; }
  const char* what() const noexcept override;

 private:
  ErrorCode code_;
  std::string message_;
};

/// Outcome of a call that neither throws nor allocates (prediction). Trivially copyable.
struct Status {
  ErrorCode code = ErrorCode::kOk;
  std::ptrdiff_t index = -1;          ///< the row or layer that is to blame, -1 when it is none in particular
  const char* message = "";           ///< static storage, one line
  std::ptrdiff_t column_index = -1;   ///< of the value in row `index` that is to blame, -1 when it is none
  std::size_t given = 0, needed = 0;  ///< the sizes that should agree; both 0 when it is not about sizes

  constexpr bool ok() const noexcept { return code == ErrorCode::kOk; }

  /// @throws Error with the code, and with the message and whichever of index, column and sizes there are, unless ok.
  PERFMODEL_EXPORT void throw_if_error() const;
};

}  // namespace perfmodel
