#include <fmt/format.h>

#include "perfmodel/core/error.h"
#include "perfmodel/learner/trees.h"
#include "predict/evaluator.h"

namespace perfmodel {

std::vector<double> feature_importance(const Model& model) {
  std::vector<double> importance = model.evaluator().feature_importance();
  if (importance.empty()) {
    throw Error(
        ErrorCode::kUnsupported,
        fmt::format("a model of kind '{}' does not keep how much each feature matters; tree, forest and xgboost "
                    "do",
                    model.info().kind));
  }
  return importance;
}

}  // namespace perfmodel
