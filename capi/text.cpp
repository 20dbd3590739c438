#include "text.h"

#include <fmt/format.h>

#include <cstring>

#include "guard.h"

namespace perfmodel::capi {

void copy_string(const std::string& text, char* buffer, std::size_t capacity, std::size_t* out_size) {
  require(buffer != nullptr || capacity == 0, "buffer is NULL but capacity is not 0");
  require(buffer != nullptr || out_size != nullptr, "buffer and out_size are both NULL");
  const std::size_t size = text.size() + 1;
  if (out_size != nullptr) *out_size = size;
  if (buffer == nullptr) return;
  if (capacity < size) {
    throw Error(ErrorCode::kBufferTooSmall, fmt::format("the text needs {} bytes, the buffer has {}", size, capacity));
  }
  std::memcpy(buffer, text.c_str(), size);
}

std::vector<std::string> names_from_c(const char* const* names, std::size_t num_names, const char* what) {
  if (num_names > 0 && names == nullptr) throw Error(ErrorCode::kInvalidArgument, fmt::format("{} is NULL", what));
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < num_names; ++i) {
    if (names[i] == nullptr) throw Error(ErrorCode::kInvalidArgument, fmt::format("{}[{}] is NULL", what, i));
    texts.emplace_back(names[i]);
  }
  return texts;
}

}  // namespace perfmodel::capi
