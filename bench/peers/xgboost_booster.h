#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "perfmodel/core/span.h"

namespace perfmodel {

struct TreeEnsemble;

/// By how much answers may differ where perfmodel adds leaves in double precision, not in float32 as XGBoost does. Each
/// of 500 additions rounds at random by up to 2^-25 to 2^-24 of the sum: deviation 8e-7 of the answer, and the worst of
/// 46 080 rows has four times that.
constexpr double kXGBoostRelative = 5e-6;

/// A model in XGBoost's memory that predicts float32 rows through XGBoosterPredictFromDense, on one thread.
class XGBoostBooster {
 public:
  /// @param json  in XGBoost's format
  /// @throws Error kInternal with XGBoost's text; so does predict().
  explicit XGBoostBooster(std::string_view json);

  /// The rows that predict() answers; they stay alive and unchanged.
  void set_rows(MatrixView<const float> rows);
  Span<const float> predict();  ///< valid until the next call

 private:
  struct Free {
    void operator()(void* handle) const noexcept;
  };
  std::unique_ptr<void, Free> handle_;
  std::string rows_json_;
};

/// Trees of perfmodel's in XGBoost's JSON format, for what was fitted by XGBoost and kept in perfmodel's form.
std::string to_xgboost_json(const TreeEnsemble& trees);

}  // namespace perfmodel
