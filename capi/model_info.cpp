#include "model_info.h"

#include <fmt/format.h>

#include <string_view>

#include "perfmodel/core/error.h"

namespace perfmodel::capi {

const std::string& find_text(const std::vector<KeyedText>& texts, const char* key) {
  std::string known;
  for (const KeyedText& entry : texts) {
    if (std::string_view(entry.key) == key) return entry.text;
    known += fmt::format("{}{}", known.empty() ? "" : ", ", entry.key);
  }
  throw Error(ErrorCode::kNotFound, fmt::format("key '{}' does not exist; there are {}", key, known));
}

std::string model_text(const ModelInfo& info, const char* key) {
  return find_text(
      {{"kind", info.kind}, {"preset", info.preset}, {"target", info.target}, {"training_hash", info.training_hash}},
      key);
}

const FeatureInfo& feature_at(const ModelInfo& info, std::size_t feature_index) {
  if (feature_index < info.features.size()) return info.features[feature_index];
  throw Error(ErrorCode::kInvalidArgument,
              fmt::format("feature_index is {}, the model has {} features", feature_index, info.features.size()));
}

perfmodel_model_info to_c(const ModelInfo& info) noexcept {
  return {sizeof(perfmodel_model_info), info.features.size(),   info.training_rows,         info.interval_level,
          info.held_out.rows,           info.held_out.mape_pct, info.held_out.within_10_pct};
}

perfmodel_feature to_c(const FeatureInfo& info) noexcept {
  return {sizeof(perfmodel_feature), info.minimum, info.maximum, info.used ? 1 : 0, 0};
}

}  // namespace perfmodel::capi
