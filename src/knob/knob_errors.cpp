#include "knob/knob_errors.h"

#include <fmt/format.h>

namespace perfmodel {

ErrorCode code_for_knob(ErrorCode code) noexcept {
  if (code == ErrorCode::kNotFound) return ErrorCode::kUnsupported;
  return code == ErrorCode::kInvalidArgument ? ErrorCode::kMismatch : code;
}

void throw_for_knob(const std::string& knob, const Error& error) {
  throw Error(code_for_knob(error.code()), fmt::format("knob '{}': {}", knob, error.what()));
}

}  // namespace perfmodel
