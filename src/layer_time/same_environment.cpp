#include "layer_time/same_environment.h"

#include <fmt/format.h>

namespace perfmodel {

void require_same_environment(const Environment& first, const Environment& other, const char* what) {
  const auto require_same = [what](const char* member, const std::string& a, const std::string& b) {
    if (a == b) return;
    throw Error(ErrorCode::kMismatch,
                fmt::format("{} of different environments: {} '{}' and '{}'", what, member, a, b));
  };
  require_same("timing", layer_timing_name(first.timing), layer_timing_name(other.timing));
  require_same("device", first.device, other.device);
  require_same("device name", first.device_name, other.device_name);
  require_same("framework", first.framework, other.framework);
  require_same("framework version", first.framework_version, other.framework_version);
  require_same("number of threads", std::to_string(first.num_threads), std::to_string(other.num_threads));
}

}  // namespace perfmodel
