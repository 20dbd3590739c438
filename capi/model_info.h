#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "perfmodel/learner/model.h"
#include "perfmodel_c.h"

namespace perfmodel::capi {

/// One text that a key stands for.
struct KeyedText {
  const char* key;
  std::string text;
};

/// @throws Error kNotFound: no such key; lists them.
const std::string& find_text(const std::vector<KeyedText>& texts, const char* key);

/// What perfmodel_predictor_model_text() and perfmodel_model_text() give.  @throws Error kNotFound.
std::string model_text(const ModelInfo& info, const char* key);

/// @throws Error kInvalidArgument: the model has not so many features.
const FeatureInfo& feature_at(const ModelInfo& info, std::size_t feature_index);

perfmodel_model_info to_c(const ModelInfo& info) noexcept;
perfmodel_feature to_c(const FeatureInfo& info) noexcept;

}  // namespace perfmodel::capi
