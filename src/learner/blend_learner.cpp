#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "learner/blend_weights.h"
#include "learner/calibration.h"
#include "learner/left_out.h"
#include "learner/left_out_rows.h"
#include "learner/option_json.h"
#include "learner/option_range.h"
#include "learner/training_info.h"
#include "perfmodel/core/random.h"
#include "perfmodel/learner/blend.h"
#include "perfmodel/learner/registry.h"
#include "predict/evaluators.h"

namespace perfmodel {
namespace {

enum RandomStream : std::uint64_t { kSplitStream = 300, kFirstMemberStream };

const double kLargestLogError = std::log(2.0);

/// Answers of each member for the same rows.
using Answers = std::vector<std::vector<double>>;

class BlendLearner final : public Learner {
 public:
  BlendLearner(std::vector<std::shared_ptr<const Learner>> members, const BlendOptions& options)
      : members_(std::move(members)), options_(options) {
    if (members_.empty()) throw Error(ErrorCode::kInvalidArgument, "a blend without members, it needs one at least");
    for (const auto& member : members_) {
      if (member == nullptr) throw Error(ErrorCode::kInvalidArgument, "a member of a blend is null");
    }
    require_between("shrinkage", options.shrinkage, 0, 1);
    if (options.folds != 0) require_between("folds", options.folds, 2, 100);
  }

  std::string name() const override { return "blend"; }

  Model fit(const Dataset& data, const FitOptions& fit) const override {
    check_fit(data, fit);
    if (options_.geometric) require_positive_targets(data, "a geometric blend");
    if (options_.folds > 0) return fit_by_folds(data, fit);
    const double fraction = fit.interval_level > 0 || members_.size() > 1 ? fit.validation_fraction : 0;
    const Split split = random_split(data.num_rows(), fraction, Random(fit.seed).fork(kSplitStream).bits());
    const std::vector<double> alike(members_.size(), 1.0);
    if (split.second.size() < kMinCalibrationRows) return blend(fit_members(data, fit, 0, 1), alike, data);

    const Dataset set_aside = data.subset(split.second);
    const std::vector<Model> first = fit_members(data.subset(split.first), fit, 0, 2);
    const std::vector<double> weights = members_.size() > 1 ? weights_for(first, set_aside) : alike;
    const ModelInfo calibrated = calibrate_interval(blend(first, weights, data), set_aside, fit.interval_level);
    const Model model = blend(fit_members(data, fit, 1, 2), weights, data);
    ModelInfo info = model.info();
    info.interval_level = calibrated.interval_level;
    info.interval_lower_factor = calibrated.interval_lower_factor;
    info.interval_upper_factor = calibrated.interval_upper_factor;
    return model.with_info(std::move(info));
  }

 private:
  Model fit_by_folds(const Dataset& data, FitOptions fit) const {
    fit.validation_fraction = 0;
    const auto num_folds = static_cast<std::size_t>(options_.folds);
    const auto folds = left_out_rows(data.num_rows(), num_folds, Random(fit.seed).fork(kSplitStream).bits());
    Answers answers(members_.size());
    std::vector<double> measured;
    std::size_t round = 0;
    leave_out(data.targets(), folds, [&](const auto& kept, const auto& left_out) {
      const std::vector<Model> models = fit_members(data.subset(kept), fit, round++, folds.size() + 1);
      const Dataset rows = data.subset(left_out);
      measured.insert(measured.end(), rows.targets().begin(), rows.targets().end());
      for (std::size_t m = 0; m < models.size(); ++m) {
        const std::vector<double> own = answers_of(models[m], rows);
        answers[m].insert(answers[m].end(), own.begin(), own.end());
      }
      return std::vector<double>(left_out.size());
    });
    const std::vector<double> weights = weights_for(answers, measured);
    const Model model = blend(fit_members(data, fit, folds.size(), folds.size() + 1), weights, data);
    if (fit.interval_level == 0) return model;
    return with_interval(model, {measured, blended(answers, weights), {}}, fit.interval_level);
  }

  std::vector<double> blended(const Answers& answers, const std::vector<double>& weights) const {
    std::vector<double> means(answers.front().size(), 0.0);
    for (std::size_t m = 0; m < answers.size(); ++m) {
      for (std::size_t i = 0; i < means.size(); ++i) {
        means[i] += weights[m] * (options_.geometric ? std::log(answers[m][i]) : answers[m][i]);
      }
    }
    if (!options_.geometric) return means;
    for (double& mean : means) mean = std::exp(mean);
    return means;
  }

  static std::vector<double> answers_of(const Model& model, const Dataset& rows) {
    std::vector<Prediction> predictions(rows.num_rows());
    Workspace workspace(model.workspace_bytes(rows.num_rows()));
    model.predict(rows.features(), predictions, workspace).throw_if_error();
    std::vector<double> means;
    for (const Prediction& prediction : predictions) means.push_back(prediction.mean);
    return means;
  }

  /// @param round, num_rounds  how often all members are fitted, for progress
  std::vector<Model> fit_members(const Dataset& data, const FitOptions& fit, std::size_t round,
                                 std::size_t num_rounds) const {
    std::vector<Model> models;
    for (std::size_t m = 0; m < members_.size(); ++m) {
      FitOptions own = fit;
      own.seed = Random(fit.seed).fork(kFirstMemberStream + m).bits();
      own.interval_level = 0;  // the blend's is calibrated
      if (fit.callbacks.progress) {
        const std::size_t done = round * members_.size() + m, total = num_rounds * members_.size();
        own.callbacks.progress = [tell = fit.callbacks.progress, done, total](const Progress& progress) {
          Progress whole = progress;
          whole.done = done * progress.total + progress.done;
          whole.total = total * progress.total;
          tell(whole);
        };
      }
      models.push_back(members_[m]->fit(data, own));
    }
    return models;
  }

  std::vector<double> weights_for(const std::vector<Model>& models, const Dataset& rows) const {
    Answers answers;
    for (const Model& model : models) answers.push_back(answers_of(model, rows));
    return weights_for(answers, {rows.targets().begin(), rows.targets().end()});
  }

  std::vector<double> weights_for(const Answers& answers, const std::vector<double>& measured) const {
    Answers errors;
    for (const std::vector<double>& member : answers) {
      std::vector<double>& own = errors.emplace_back();
      for (std::size_t i = 0; i < member.size(); ++i) own.push_back(error_of(member[i], measured[i]));
    }
    std::vector<double> weights = blend_weights(errors);
    const double equal = 1 / static_cast<double>(weights.size());
    for (double& weight : weights) weight += options_.shrinkage * (equal - weight);
    return weights;
  }

  double error_of(double predicted, double measured) const {
    if (!options_.geometric) return predicted - measured;
    if (!(predicted > 0)) return -kLargestLogError;
    return std::clamp(std::log(predicted / measured), -kLargestLogError, kLargestLogError);
  }

  Model blend(const std::vector<Model>& models, const std::vector<double>& weights, const Dataset& data) const {
    std::vector<std::shared_ptr<const Evaluator>> evaluators;
    std::vector<double> used;
    for (std::size_t m = 0; m < models.size(); ++m) {
      if (weights[m] == 0) continue;  // it would cost time and change nothing
      evaluators.push_back(models[m].shared_evaluator());
      used.push_back(weights[m]);
    }
    ModelInfo info = training_info("blend", data);
    return Model(std::move(info), make_mean(std::move(evaluators), std::move(used), options_.geometric));
  }

  std::vector<std::shared_ptr<const Learner>> members_;
  BlendOptions options_;
};

std::unique_ptr<Learner> blend_from_json(const LearnerRegistry& registry, const std::string& default_members,
                                         const std::string& json) {
  constexpr ErrorCode kBad = ErrorCode::kParse;
  const OptionReader reader("blend", json, {"members", "geometric", "shrinkage", "folds"});
  BlendOptions options;
  reader.read("geometric", options.geometric);
  reader.read("shrinkage", options.shrinkage);
  reader.read("folds", options.folds);
  std::vector<std::shared_ptr<const Learner>> members;
  nlohmann::json given = json.empty() ? nlohmann::json::object() : parse_json(json, "blend", kBad);
  if (!given.contains("members") && !default_members.empty()) {
    given["members"] = parse_json(default_members, "blend", kBad);
  }
  if (given.contains("members")) {
    for (const nlohmann::json& member : array_at(given, "members", "blend", kBad)) {
      const std::string where = fmt::format("blend: member {}", members.size());
      require_keys(member, {"learner", "options"}, where, kBad);
      const std::string own = member.contains("options") ? object_at(member, "options", where, kBad).dump() : "";
      members.push_back(registry.make(string_at(member, "learner", where, kBad), own));
    }
  }
  return make_blend_learner(std::move(members), options);
}

}  // namespace

std::unique_ptr<Learner> make_blend_learner(std::vector<std::shared_ptr<const Learner>> members,
                                            const BlendOptions& options) {
  return std::make_unique<BlendLearner>(std::move(members), options);
}

void add_blend_learner(LearnerRegistry& registry, const std::string& default_members) {
  registry.add("blend", [members = registry, default_members](const std::string& json) {
    return blend_from_json(members, default_members, json);
  });
}

}  // namespace perfmodel
