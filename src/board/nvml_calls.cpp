#include "board/nvml_calls.h"

#include <fmt/format.h>

#include "config/option_text.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

/// nvmlReturn_t of the reference manual.
ErrorCode error_code_of(int code) {
  switch (code) {
    case kNvmlInvalidArgument:
    case 24:  // frequency not supported
      return ErrorCode::kInvalidArgument;
    case 3:   // not supported
    case 6:   // not found
    case 9:   // driver not loaded
    case 12:  // library not found
    case 13:  // function not found
    case 18:  // library and driver of different versions
    case 25:  // version of an argument
    case 26:  // deprecated
    case 28:  // GPU not found
      return ErrorCode::kUnsupported;
    case 4:  // no permission
      return ErrorCode::kPermission;
    case 19:  // in use
    case 27:  // not ready
      return ErrorCode::kBusy;
    case 10:  // timeout
      return ErrorCode::kTimeout;
    case 20:  // memory
    case 23:  // insufficient resources
      return ErrorCode::kOutOfMemory;
    default:
      return ErrorCode::kIo;
  }
}

}  // namespace

SharedLibrary::SharedLibrary(const std::string& name) : name_(name), handle_(::dlopen(name.c_str(), RTLD_NOW)) {
  if (handle_ == nullptr) {
    const char* const reason = ::dlerror();
    throw Error(ErrorCode::kUnsupported, fmt::format("NVML is not on this machine: {}",
                                                     shown_text(reason == nullptr ? name : std::string(reason))));
  }
}

SharedLibrary::~SharedLibrary() {
  ::dlclose(handle_);
}

void check_nvml(const NvmlCalls& calls, int code, const std::string& what) {
  if (code == kNvmlSuccess) return;
  const char* const text = calls.error_text.function(code);
  throw Error(error_code_of(code),
              fmt::format("{}: '{}' (NVML error {})", what, text == nullptr ? "" : shown_text(text), code));
}

void throw_missing_call(const NvmlCalls& calls, const char* name) {
  throw Error(ErrorCode::kUnsupported, fmt::format("'{}' has no {}", shown_text(calls.library.name()), name));
}

}  // namespace perfmodel
