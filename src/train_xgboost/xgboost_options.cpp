#include "learner/option_range.h"
#include "perfmodel/train/xgboost.h"
#include "train_xgboost/check_options.h"

namespace perfmodel {

void check_options(const XGBoostOptions& options) {
  require_between("num_rounds", options.num_rounds, 1, 100000);
  require_between("early_stopping_rounds", options.early_stopping_rounds, 0, 100000);
  require_between("max_depth", options.max_depth, 1, 24);
  require_above_zero("learning_rate", options.learning_rate);
  require_between("learning_rate", options.learning_rate, 0, 1);
  require_above_zero("subsample", options.subsample);
  require_between("subsample", options.subsample, 0, 1);
  require_above_zero("column_sample", options.column_sample);
  require_between("column_sample", options.column_sample, 0, 1);
  require_at_least("min_child_weight", options.min_child_weight, 0);
  require_at_least("l2", options.l2, 0);
}

}  // namespace perfmodel
