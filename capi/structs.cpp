#include "structs.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace perfmodel::capi {

namespace {

constexpr std::size_t kMinStructBytes = 2 * sizeof(std::size_t);  // the size itself and one field
constexpr std::size_t kMaxStructBytes = 4096;                     // more than any version will ever have

}  // namespace

void check_struct_size(std::size_t struct_size, const char* name) {
  if (struct_size < kMinStructBytes || struct_size > kMaxStructBytes || struct_size % sizeof(std::size_t) != 0) {
    throw Error(
        ErrorCode::kInvalidArgument,
        fmt::format("{}: struct_size is {}, which no version of it has; {}_init() sets it", name, struct_size, name));
  }
}

void read_bytes(const void* source, std::size_t struct_size, void* value, std::size_t known_bytes, const char* name) {
  check_struct_size(struct_size, name);
  const auto* bytes = static_cast<const unsigned char*>(source);
  const auto is_zero = [](unsigned char byte) { return byte == 0; };
  if (struct_size > known_bytes && !std::all_of(bytes + known_bytes, bytes + struct_size, is_zero)) {
    throw Error(ErrorCode::kUnsupported,
                fmt::format("{}: the program set a field beyond the {} bytes that this older library knows", name,
                            known_bytes));
  }
  std::memcpy(value, source, std::min(struct_size, known_bytes));
}

void write_bytes(const void* value, std::size_t known_bytes, void* destination, std::size_t struct_size) noexcept {
  const std::size_t bytes = std::min(struct_size, known_bytes);
  std::memcpy(destination, value, bytes);
  std::memset(static_cast<unsigned char*>(destination) + bytes, 0, struct_size - bytes);
  std::memcpy(destination, &struct_size, sizeof struct_size);
}

}  // namespace perfmodel::capi
