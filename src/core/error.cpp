#include "perfmodel/core/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace perfmodel {
namespace {

/// A message quotes what was given, which may hold line ends.
std::string one_line(std::string text) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; };
  std::replace_if(text.begin(), text.end(), is_control, ' ');
  return text;
}

}  // namespace

const char* error_code_name(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::kOk:
      return "ok";
    case ErrorCode::kInvalidArgument:
      return "invalid argument";
    case ErrorCode::kUnsupported:
      return "unsupported";
    case ErrorCode::kNotFound:
      return "not found";
    case ErrorCode::kIo:
      return "input/output error";
    case ErrorCode::kParse:
      return "parse error";
    case ErrorCode::kCorrupt:
      return "corrupt file";
    case ErrorCode::kVersion:
      return "unknown version";
    case ErrorCode::kBufferTooSmall:
      return "buffer too small";
    case ErrorCode::kBusy:
      return "busy";
    case ErrorCode::kPermission:
      return "permission denied";
    case ErrorCode::kMismatch:
      return "mismatch";
    case ErrorCode::kNoSpace:
      return "no space left";
    case ErrorCode::kOutOfMemory:
      return "out of memory";
    case ErrorCode::kCancelled:
      return "cancelled";
    case ErrorCode::kTimeout:
      return "timeout";
    case ErrorCode::kInternal:
      return "internal error";
  }
  return "unknown error code";
}

Error::Error(ErrorCode code, std::string message) : code_(code), message_(one_line(std::move(message))) {}
Error::Error(const Error&) = default;
Error& Error::operator=(const Error&) = default;
Error::~Error() = default;

const char* Error::what() const noexcept {
  return message_.c_str();
}

void Status::throw_if_error() const {
  if (ok()) return;
  std::string text = message;
  if (given != 0 || needed != 0) text += fmt::format(" ({} given, {} needed)", given, needed);
  if (index >= 0) text += fmt::format(" (at index {}", index);
  if (index >= 0 && column_index >= 0) text += fmt::format(", column {}", column_index);
  if (index >= 0) text += ")";
  throw Error(code, std::move(text));
}

}  // namespace perfmodel
