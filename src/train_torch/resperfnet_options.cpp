#include <fmt/format.h>

#include "learner/option_range.h"
#include "perfmodel/core/error.h"
#include "perfmodel/train/resperfnet.h"
#include "train_torch/check_options.h"

namespace perfmodel {

ResPerfNetOptions resperfnet_preset(const std::string& name) {
  ResPerfNetOptions options;
  options.preset = name;
  if (name == "paper") return options;
  if (name != "default") {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("'{}' is not a preset of resperfnet (default, paper)", name));
  }
  options.loss = ResPerfNetOptions::Loss::kLogL1;
  options.cost_terms = true;
  options.log_ratio_above = 20;
  options.box_cox_features.clear();
  options.epochs = 40;
  options.batch_size = 32;
  options.learning_rate = 2e-3;
  options.adam_epsilon = 1e-8;
  options.schedule = ResPerfNetOptions::Schedule::kCosine;
  options.l2 = 0;
  options.weight_decay = 0.1;
  options.dropout = 0.05;
  options.members = 2;
  return options;
}

void check_options(const ResPerfNetOptions& options) {
  require_above_zero("target_scale", options.target_scale);
  require_at_least("trend_ridge", options.trend_ridge, 0);
  require_at_least("log_ratio_above", options.log_ratio_above, 0);
  require_at_least("outlier_deviations", options.outlier_deviations, 0);
  require_between("epochs", options.epochs, 1, 100000);
  require_between("batch_size", options.batch_size, 1, 1 << 20);
  require_above_zero("learning_rate", options.learning_rate);
  require_above_zero("adam_epsilon", options.adam_epsilon);
  require_between("decay_every_epochs", options.decay_every_epochs, 1, 100000);
  require_above_zero("decay_factor", options.decay_factor);
  require_at_least("l2", options.l2, 0);
  require_at_least("weight_decay", options.weight_decay, 0);
  require_between("dropout", options.dropout, 0, 0.99);
  require_between("members", options.members, 1, 100);
  require_between("patience_epochs", options.patience_epochs, 0, 100000);
}

}  // namespace perfmodel
