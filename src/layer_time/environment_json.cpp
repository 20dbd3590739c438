#include "layer_time/environment_json.h"

#include <fmt/format.h>

#include <cstdint>
#include <nlohmann/json.hpp>

#include "core/json.h"

namespace perfmodel {
namespace {

using nlohmann::json;

constexpr ErrorCode kBad = ErrorCode::kCorrupt;

LayerTiming timing_from_json(const json& value, const std::string& where) {
  if (!value.contains("timing")) return LayerTiming::kPhases;
  const std::string name = string_at(value, "timing", where, kBad);
  for (int index = 0; index < kNumLayerTimings; ++index) {
    if (name == layer_timing_name(static_cast<LayerTiming>(index))) return static_cast<LayerTiming>(index);
  }
  throw Error(kBad, fmt::format("{}: timing '{}' is not known (phases, total)", where, name));
}

}  // namespace

json environment_to_json(const Environment& environment) {
  json value = {{"device", environment.device},
                {"device_name", environment.device_name},
                {"framework", environment.framework},
                {"framework_version", environment.framework_version},
                {"num_threads", environment.num_threads}};
  if (environment.timing != LayerTiming::kPhases) value["timing"] = layer_timing_name(environment.timing);
  return value;
}

Environment environment_from_json(const json& value, const std::string& where) {
  require_keys(value, {"device", "device_name", "framework", "framework_version", "num_threads", "timing"}, where,
               kBad);
  Environment environment;
  environment.device = string_at(value, "device", where, kBad);
  environment.device_name = string_at(value, "device_name", where, kBad);
  environment.framework = string_at(value, "framework", where, kBad);
  environment.framework_version = string_at(value, "framework_version", where, kBad);
  const std::int64_t num_threads = integer_at(value, "num_threads", where, kBad);
  if (num_threads < 1 || num_threads > Environment::kMaxThreads) {
    throw Error(
        kBad, fmt::format("{}: num_threads is {}, allowed are 1 to {}", where, num_threads, Environment::kMaxThreads));
  }
  environment.num_threads = static_cast<int>(num_threads);
  environment.timing = timing_from_json(value, where);
  return environment;
}

}  // namespace perfmodel
