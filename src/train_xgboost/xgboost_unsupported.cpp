#include "perfmodel/core/error.h"
#include "perfmodel/train/xgboost.h"
#include "train_xgboost/check_options.h"

namespace perfmodel {

std::unique_ptr<Learner> make_xgboost_learner(const XGBoostOptions& options) {
  check_options(options);
  throw Error(ErrorCode::kUnsupported, "xgboost is fitted through XGBoost, which this build of perfmodel lacks");
}

}  // namespace perfmodel
