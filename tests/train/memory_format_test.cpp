#include <string>

#include "expect_error.h"
#include "perfmodel/train/network_benchmark.h"

namespace perfmodel {
namespace {

TEST(MemoryFormat, HasANameThatReadsBack) {
  for (const MemoryFormat format : {MemoryFormat::kContiguous, MemoryFormat::kChannelsLast}) {
    EXPECT_EQ(parse_memory_format(memory_format_name(format)), format);
  }
  EXPECT_STREQ(memory_format_name(MemoryFormat::kChannelsLast), "channels_last");
  EXPECT_PM_ERROR(parse_memory_format("nhwc"), ErrorCode::kInvalidArgument,
                  "memory format 'nhwc' does not exist (contiguous, channels_last)");
}

}  // namespace
}  // namespace perfmodel
