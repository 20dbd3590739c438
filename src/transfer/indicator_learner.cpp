#include "perfmodel/transfer/indicator_learner.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "learner/training_info.h"
#include "perfmodel/core/error.h"
#include "transfer/option_columns.h"

namespace perfmodel {
namespace {

constexpr const char* kTrees[] = {"tree", "forest", "xgboost"};

class IndicatorLearner final : public Learner {
 public:
  IndicatorLearner(std::shared_ptr<const Learner> inner, OptionColumns columns)
      : inner_(std::move(inner)), columns_(std::move(columns)) {}

  std::string name() const override { return inner_->name(); }

  Model fit(const Dataset& data, const FitOptions& options) const override {
    const Model on_columns = inner_->fit(columns_.spread(data), options);
    ModelInfo info = on_columns.info();
    ModelInfo on_options = training_info(info.kind, data);
    info.features = std::move(on_options.features);
    info.training_hash = std::move(on_options.training_hash);
    return Model(std::move(info), columns_.gather(on_columns.shared_evaluator()));
  }

 private:
  std::shared_ptr<const Learner> inner_;
  OptionColumns columns_;
};

bool is_tree(const Learner& learner) {
  return std::find(std::begin(kTrees), std::end(kTrees), learner.name()) != std::end(kTrees);
}

}  // namespace

std::shared_ptr<const Learner> make_indicator_learner(std::shared_ptr<const Learner> learner,
                                                      const ConfigSpace& space) {
  if (learner == nullptr) throw Error(ErrorCode::kInvalidArgument, "there is no learner");
  if (is_tree(*learner)) return learner;
  OptionColumns columns(space);
  if (!columns.has_indicators()) return learner;
  return std::make_shared<IndicatorLearner>(std::move(learner), std::move(columns));
}

}  // namespace perfmodel
