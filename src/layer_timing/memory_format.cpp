#include <fmt/format.h>

#include "perfmodel/core/error.h"
#include "perfmodel/train/network_benchmark.h"

namespace perfmodel {

const char* memory_format_name(MemoryFormat format) noexcept {
  return format == MemoryFormat::kChannelsLast ? "channels_last" : "contiguous";
}

MemoryFormat parse_memory_format(const std::string& name) {
  for (const MemoryFormat format : {MemoryFormat::kContiguous, MemoryFormat::kChannelsLast}) {
    if (name == memory_format_name(format)) return format;
  }
  throw Error(ErrorCode::kInvalidArgument,
              fmt::format("memory format '{}' does not exist (contiguous, channels_last)", name));
}

}  // namespace perfmodel
