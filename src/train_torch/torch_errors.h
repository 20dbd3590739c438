#pragma once

#include <c10/util/Exception.h>
#include <fmt/format.h>

#include <new>
#include <string>

#include "perfmodel/core/error.h"

namespace perfmodel {

/// Runs `work` for a learner of that name; LibTorch's errors come out as ours.
template <typename Work>
auto translate_torch_errors(const char* learner, Work work) {
  try {
    return work();
  } catch (const c10::Error& error) {
    const std::string text = error.what_without_backtrace();
    const bool out_of_memory = text.find("not enough memory") != std::string::npos;
    throw Error(out_of_memory ? ErrorCode::kOutOfMemory : ErrorCode::kInternal,
                fmt::format("LibTorch: {}", text.substr(0, text.find('\n'))));
  } catch (const std::bad_alloc&) {
    throw Error(ErrorCode::kOutOfMemory, fmt::format("no memory left to fit {}", learner));
  }
}

}  // namespace perfmodel
