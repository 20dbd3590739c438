#include "learner_settings.h"

#include "perfmodel/core/csv.h"
#include "perfmodel/learner/regression.h"
#include "perfmodel/train/mlp.h"
#include "perfmodel/train/xgboost.h"

namespace perfmodel::bench {

std::vector<Setting> polynomial_settings() {
  constexpr int kHighestDegree = 5;
  std::vector<Setting> settings;
  for (int degree = 1; degree <= kHighestDegree; ++degree) {
    PolynomialOptions options;
    options.min_degree = options.max_degree = degree;
    settings.push_back({"degree " + std::to_string(degree), make_polynomial_learner(options)});
  }
  return settings;
}

std::vector<Setting> xgboost_settings(bool log_target) {
  std::vector<Setting> settings;
  for (const int depth : {4, 6, 8, 10}) {
    for (const double rate : {0.05, 0.1, 0.3}) {
      XGBoostOptions options;
      options.log_target = log_target;
      options.cost_terms = false;
      options.num_rounds = 4000;
      options.max_depth = depth;
      options.learning_rate = rate;
      settings.push_back(
          {"depth " + std::to_string(depth) + ", rate " + format_number(rate), make_xgboost_learner(options)});
    }
  }
  return settings;
}

std::vector<Setting> mlp_settings() {
  std::vector<Setting> settings;
  for (const std::vector<int>& hidden : {std::vector<int>{40}, {64, 64}, {128, 128}}) {
    MlpOptions options;
    options.hidden_units = hidden;
    options.log_target = true;
    std::string says = "hidden";
    for (const int units : hidden) says += " " + std::to_string(units);
    settings.push_back({says, make_mlp_learner(options)});
  }
  return settings;
}

}  // namespace perfmodel::bench
