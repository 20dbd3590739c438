#pragma once

#include <string>
#include <utility>

#include "perfmodel/learner/model.h"

namespace perfmodel {

/// The model under the name of the learner that was asked for it, as ModelInfo::kind.
inline Model with_kind(const Model& model, std::string kind) {
  ModelInfo info = model.info();
  info.kind = std::move(kind);
  return model.with_info(std::move(info));
}

}  // namespace perfmodel
