#include "perfmodel/learner/source_learner.h"

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "learner/training_info.h"
#include "perfmodel/core/error.h"
#include "predict/evaluators.h"

namespace perfmodel {
namespace {

class SourceLearner final : public Learner {
 public:
  SourceLearner(Model source, std::shared_ptr<const Learner> learner, SourceView view)
      : source_(std::move(source)), learner_(std::move(learner)), keeps_features_(view == SourceView::kWithFeatures) {
    if (learner_ == nullptr) throw Error(ErrorCode::kInvalidArgument, "there is no learner to give a source to");
  }

  std::string name() const override { return learner_->name(); }

  Model fit(const Dataset& data, const FitOptions& options) const override {
    require_same_features(data);
    const Model fitted = learner_->fit(with_answers(data), options);
    ModelInfo info = fitted.info();
    ModelInfo seen = training_info(info.kind, data);
    info.features = std::move(seen.features);
    info.training_hash = std::move(seen.training_hash);
    auto stacked = make_stacked(source_.shared_evaluator(), fitted.shared_evaluator(), keeps_features_, false);
    return Model(std::move(info), std::move(stacked));
  }

 private:
  void require_same_features(const Dataset& data) const {
    const std::vector<FeatureInfo>& features = source_.info().features;
    const std::vector<std::string>& names = data.feature_names();
    for (std::size_t j = 0; j < names.size() || j < features.size(); ++j) {
      const std::string own = j < names.size() ? names[j] : "none",
                        known = j < features.size() ? features[j].name : "none";
      if (own == known) continue;
      throw Error(ErrorCode::kMismatch,
                  fmt::format("feature {} is '{}', that of the source's model '{}'", j, own, known));
    }
  }

  Dataset with_answers(const Dataset& data) const {
    std::vector<double> answers(data.num_rows());
    Workspace workspace(source_.evaluator().scratch_bytes(data.num_rows()));
    source_.evaluator().evaluate(data.features(), answers, workspace.data());
    std::vector<std::string> names;
    if (keeps_features_) names = data.feature_names();
    names.push_back(std::string(kCostPrefix) + "source");
    Dataset rows(std::move(names), data.target_name());
    std::vector<double> row;
    for (std::size_t i = 0; i < data.num_rows(); ++i) {
      const Span<const double> features = data.features().row(i);
      row.clear();
      if (keeps_features_) row.assign(features.begin(), features.end());
      row.push_back(answers[i]);
      rows.add_row(row, data.targets()[i]);
    }
    return rows;
  }

  const Model source_;
  const std::shared_ptr<const Learner> learner_;
  const bool keeps_features_;
};

}  // namespace

std::unique_ptr<Learner> make_source_learner(Model source, std::shared_ptr<const Learner> learner, SourceView view) {
  return std::make_unique<SourceLearner>(std::move(source), std::move(learner), view);
}

}  // namespace perfmodel
