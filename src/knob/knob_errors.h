#pragma once

#include <string>
#include <utility>

#include "perfmodel/core/error.h"

namespace perfmodel {

/// The code that tells the user of a knob most.
ErrorCode code_for_knob(ErrorCode code) noexcept;

/// Throws `error` again with the knob's name before its message, and with the code that tells the user of a knob most:
/// a file that is not there or vanished is kUnsupported, a level that the device refuses is kMismatch.
[[noreturn]] void throw_for_knob(const std::string& knob, const Error& error);

/// What `action` answers; its errors as throw_for_knob().
template <typename Action>
auto for_knob(const std::string& knob, Action&& action) {
  try {
    return std::forward<Action>(action)();
  } catch (const Error& error) {
    throw_for_knob(knob, error);
  }
}

}  // namespace perfmodel
