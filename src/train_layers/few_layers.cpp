#include "perfmodel/train/few_layers.h"

#include <utility>
#include <vector>

#include "perfmodel/learner/blend.h"
#include "perfmodel/learner/gaussian_process.h"
#include "perfmodel/train/xgboost.h"
#include "train_layers/with_kind.h"

namespace perfmodel {
namespace {

XGBoostOptions tree_options() {
  XGBoostOptions options;
  options.num_rounds = 300;
  options.early_stopping_rounds = 0;
  options.max_depth = 4;
  options.learning_rate = 0.05;
  options.column_sample = 0.5;
  return options;
}

GaussianProcessOptions process_options() {
  GaussianProcessOptions options;
  options.log_target = true;
  options.log_ratio_above = 4;
  options.restarts = 1;
  options.max_rows = 600;
  return options;
}

/// A blend under a name of its own.
class FewLayers final : public Learner {
 public:
  explicit FewLayers(std::unique_ptr<Learner> blend) : blend_(std::move(blend)) {}
  std::string name() const override { return "few_layers"; }
  Model fit(const Dataset& data, const FitOptions& options) const override {
    return with_kind(blend_->fit(data, options), name());
  }

 private:
  std::unique_ptr<Learner> blend_;
};

}  // namespace

std::unique_ptr<Learner> make_few_layers_learner() {
  std::vector<std::shared_ptr<const Learner>> members;
  members.push_back(make_xgboost_learner(tree_options()));
  members.push_back(make_gaussian_process_learner(process_options()));
  BlendOptions blend;
  blend.folds = 5;
  return std::make_unique<FewLayers>(make_blend_learner(std::move(members), blend));
}

}  // namespace perfmodel
