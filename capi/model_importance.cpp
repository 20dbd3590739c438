#include <fmt/format.h>

#include <algorithm>

#include "guard.h"
#include "handles.h"
#include "perfmodel/learner/trees.h"

namespace capi = perfmodel::capi;

perfmodel_status perfmodel_model_feature_importance(const perfmodel_model* model, double* out_importance,
                                                    std::size_t num_features) noexcept {
  return capi::guard([&] {
    capi::require(model != nullptr && out_importance != nullptr, "model or out_importance is NULL");
    const std::vector<double> importance = perfmodel::feature_importance(model->impl);
    if (num_features != importance.size()) {
      throw perfmodel::Error(
          perfmodel::ErrorCode::kMismatch,
          fmt::format("num_features is {}, the model has {} features", num_features, importance.size()));
    }
    std::copy(importance.begin(), importance.end(), out_importance);
  });
}
