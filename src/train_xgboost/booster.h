#pragma once

#include <xgboost/c_api.h>

#include <cstddef>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include "perfmodel/core/span.h"

namespace perfmodel {

/// Rows with labels in XGBoost's memory.
class DMatrix {
 public:
  /// @param rows     n x d, finite
  /// @param labels   n
  /// @param weights  n, > 0, or none: all rows count alike
  /// @throws Error kInternal with XGBoost's text; so do all functions here.
  DMatrix(MatrixView<const float> rows, Span<const float> labels, Span<const float> weights = {});

  DMatrixHandle handle() const noexcept { return handle_.get(); }

 private:
  struct Free {
    void operator()(DMatrixHandle handle) const noexcept { XGDMatrixFree(handle); }
  };
  std::unique_ptr<std::remove_pointer_t<DMatrixHandle>, Free> handle_;
};

/// XGBoost's booster on fixed training rows. Calls on one object come from one thread.
class Booster {
 public:
  explicit Booster(std::shared_ptr<const DMatrix> training);

  void set(const std::string& parameter, const std::string& value);

  /// Grows tree `round` (from 0).
  void grow(int round);

  /// Value of the metric that "eval_metric" names, on `rows`, after `round`.
  double evaluate(int round, const DMatrix& rows);

  /// Predictions for `rows` with the first `num_rounds` trees.
  std::vector<float> predict(const DMatrix& rows, int num_rounds);

  /// The model in XGBoost's JSON format.
  std::string to_json();

 private:
  struct Free {
    void operator()(BoosterHandle handle) const noexcept { XGBoosterFree(handle); }
  };
  std::shared_ptr<const DMatrix> training_;
  std::unique_ptr<std::remove_pointer_t<BoosterHandle>, Free> handle_;
};

}  // namespace perfmodel
