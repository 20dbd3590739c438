#include "learner/option_json.h"
#include "perfmodel/train/register_learners.h"
#include "perfmodel/train/xgboost.h"

namespace perfmodel {
namespace {

std::unique_ptr<Learner> xgboost_from_json(const std::string& json) {
  using Loss = XGBoostOptions::Loss;
  const OptionReader reader("xgboost", json,
                            {"loss", "num_rounds", "early_stopping_rounds", "max_depth", "learning_rate", "subsample",
                             "column_sample", "min_child_weight", "l2", "log_target", "cost_terms"});
  XGBoostOptions options;
  reader.read("loss", options.loss,
              {{"squared_error", Loss::kSquaredError}, {"absolute_percentage", Loss::kAbsolutePercentage}});
  reader.read("num_rounds", options.num_rounds);
  reader.read("early_stopping_rounds", options.early_stopping_rounds);
  reader.read("max_depth", options.max_depth);
  reader.read("learning_rate", options.learning_rate);
  reader.read("subsample", options.subsample);
  reader.read("column_sample", options.column_sample);
  reader.read("min_child_weight", options.min_child_weight);
  reader.read("l2", options.l2);
  reader.read("log_target", options.log_target);
  reader.read("cost_terms", options.cost_terms);
  return make_xgboost_learner(options);
}

}  // namespace

void add_xgboost_learners(LearnerRegistry& registry) {
  registry.add("xgboost", xgboost_from_json);
}

}  // namespace perfmodel
