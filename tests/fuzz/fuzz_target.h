#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include "perfmodel/core/error.h"
#include "perfmodel/core/span.h"

/// A fuzz target: does with any bytes what a program would do with a file of them. Defined once per target. What
/// escapes from it, but for nothing, is a fault.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace perfmodel {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

inline Span<const std::byte> bytes_of(std::string_view file) {
  return {reinterpret_cast<const std::byte*>(file.data()), file.size()};
}

/// For what must hold of all that is read.
inline void require(bool holds, const std::string& what) {
  if (!holds) throw std::logic_error(what);
}

/// Does `work`, which may throw our Error, with a message of one line, and nothing else.
template <typename Work>
void expect_answer_or_error(const Work& work) {
  try {
    work();
  } catch (const Error& error) {
    const std::string_view message = error.what();
    require(!message.empty() && message.find('\n') == message.npos,
            "a message of not one line: " + std::string(message));
  }
}

}  // namespace perfmodel
