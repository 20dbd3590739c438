#include "knob/knob_errors.h"

#include <fmt/format.h>

namespace perfmodel {

void throw_for_knob(const std::string& knob, const Error& error) {
  ErrorCode code = error.code();
  if (code == ErrorCode::kNotFound) code = ErrorCode::kUnsupported;
  if (code == ErrorCode::kInvalidArgument) code = ErrorCode::kMismatch;
  throw Error(code, fmt::format("knob '{}': {}", knob, error.what()));
}

}  // namespace perfmodel
