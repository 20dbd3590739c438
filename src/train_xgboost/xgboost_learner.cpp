#include <string>

#include "learner/calibration.h"
#include "learner/training_info.h"
#include "perfmodel/train/xgboost.h"
#include "train_xgboost/check_options.h"
#include "train_xgboost/xgboost_fit.h"

namespace perfmodel {
namespace {

class XGBoostLearner final : public Learner {
 public:
  explicit XGBoostLearner(const XGBoostOptions& options) : options_(options) {}

  std::string name() const override { return "xgboost"; }

  Model fit(const Dataset& data, const FitOptions& options) const override {
    check_fit(data, options);
    const XGBoostFit fit = fit_trees(data, options_, options);
    ModelInfo info = training_info(name(), data.subset(fit.training_rows));
    for (std::size_t j = 0; j < info.features.size(); ++j) {
      const std::vector<double>& costs = fit.target.costs;
      info.features[j].used = fit.features.columns()[j].used || (!costs.empty() && costs[j] > 0);
    }
    const Model model(std::move(info), to_evaluator(fit));
    if (fit.validation_rows.empty()) return model;
    return model.with_info(calibrate_interval(model, data.subset(fit.validation_rows), options.interval_level));
  }

 private:
  XGBoostOptions options_;
};

}  // namespace

std::unique_ptr<Learner> make_xgboost_learner(const XGBoostOptions& options) {
  check_options(options);
  return std::make_unique<XGBoostLearner>(options);
}

}  // namespace perfmodel
