#include "learner_method.h"

#include <algorithm>
#include <chrono>

#include "epoch_curve.h"
#include "json_line.h"
#include "learner_settings.h"
#include "perfmodel/layer_time/fit_predictor.h"
#include "perfmodel/train/layer_blend.h"
#include "perfmodel/train/mlp.h"
#include "perfmodel/train/xgboost.h"
#include "study_data.h"
#include "svr.h"

namespace perfmodel::bench {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return tools::rounded(std::chrono::duration<double>(Clock::now() - start).count(), 1);
}

/// What XGBoost says at its end: "812 trees kept"; nothing of other learners.
std::string trees_kept(const std::string& note) {
  const std::string before = ", ", says = "trees kept";
  const std::size_t found = note.rfind(before);
  const bool is_said = found != std::string::npos && note.find(says, found) != std::string::npos;
  return is_said ? note.substr(found + before.size()) : std::string();
}

/// As users get it: the model of fit_layer_time_predictor(), with what that adds, on all training rows.
FittedMethod fit_learner(const Learner& learner, FeatureSet features, const LayerTable& training,
                         const std::string& kind, const FitOptions& fit) {
  FitPredictorOptions options;
  options.features = features;
  options.held_out_fraction = 0;
  options.fit = fit;
  std::string note;
  options.fit.callbacks.progress = [&note, tell = fit.callbacks.progress](const Progress& progress) {
    note = progress.note;
    if (tell) tell(progress);
  };
  const auto start = Clock::now();
  const FittedPredictor fitted = fit_layer_time_predictor(training, learner, options);
  const Model& model = fitted.predictor.model(parse_layer_kind(kind), Phase::kExecution);
  FittedMethod method;
  method.predict = [model](const Dataset& rows) { return predict_all(model, rows); };
  method.interval_level = model.info().interval_level;
  method.details["training_rows"] = training.rows.size();
  method.details["fit_s"] = seconds_since(start);
  const std::string kept = trees_kept(note);
  if (!kept.empty()) method.details["kept"] = kept;
  return method;
}

LearnerMethod with_choice(const std::string& name, const std::string& learner, FeatureSet features,
                          const std::function<std::vector<Setting>()>& settings) {
  const auto fit = [features, settings](const LayerTable& training, const std::string& kind, const FitOptions& fit) {
    const auto start = Clock::now();
    const Setting chosen = choose_setting(settings(), call_dataset(training, kind, features), fit);
    const double choose_s = seconds_since(start);
    FittedMethod method = fit_learner(*chosen.learner, features, training, kind, fit);
    method.details["chosen"] = chosen.says;
    method.details["choose_s"] = choose_s;
    return method;
  };
  return {name, learner, features, fit};
}

LearnerMethod with_defaults(const std::string& name, const std::function<std::unique_ptr<Learner>()>& make) {
  const auto fit = [make](const LayerTable& training, const std::string& kind, const FitOptions& fit) {
    return fit_learner(*make(), FeatureSet::kPhysics, training, kind, fit);
  };
  return {name, name, FeatureSet::kPhysics, fit};
}

/// XGBoost, ResPerfNet and MLP.
std::unique_ptr<Learner> make_blend() {
  LearnerRegistry registry;
  add_layer_learners(registry);
  return registry.make("blend");
}

using MakeNetwork = std::unique_ptr<Learner> (*)(const ResPerfNetOptions&);

LearnerMethod network(const std::string& name, const std::string& learner, MakeNetwork make,
                      const ResPerfNetOptions& options) {
  const FeatureSet features = options.preset == "paper" ? FeatureSet::kPaper : FeatureSet::kPhysics;
  const auto fit = [make, options, features](const LayerTable& training, const std::string& kind,
                                             const FitOptions& fit) {
    EpochCurve curve;
    ResPerfNetOptions heard = options;
    heard.on_epoch = curve.listener();
    FittedMethod method = fit_learner(*make(heard), features, training, kind, fit);
    curve.add_to(method.details, options.epochs);
    return method;
  };
  return {name, learner, features, fit};
}

LearnerMethod support_vectors(double minutes) {
  const auto fit = [minutes](const LayerTable& training, const std::string& kind, const FitOptions& fit) {
    const SvrFit svr = fit_svr(call_dataset(training, kind, FeatureSet::kPaper), minutes, fit);
    FittedMethod method;
    method.predict = [svr](const Dataset& rows) {
      std::vector<Prediction> predictions;
      for (const double mean : svr.predict(rows.features())) predictions.push_back({mean, mean, mean, true});
      return predictions;
    };
    method.details["training_rows"] = svr.training_rows;
    method.details["fit_s"] = tools::rounded(svr.fit_s, 1);
    method.details["chosen"] = svr.chosen;
    method.details["choose_s"] = tools::rounded(svr.choose_s, 1);
    return method;
  };
  return {"svr", "svr", FeatureSet::kPaper, fit, {{"svr_minutes", minutes}}};
}

ResPerfNetOptions without_box_cox() {
  ResPerfNetOptions options = resperfnet_preset("paper");
  options.box_cox_features.clear();
  return options;
}

}  // namespace

std::vector<LearnerMethod> learner_methods(const StudyOptions& options) {
  const ResPerfNetOptions paper = resperfnet_preset("paper"), own = resperfnet_preset("default");
  return {
      with_defaults("xgboost", [] { return make_xgboost_learner({}); }),
      with_choice("polynomial", "polynomial", FeatureSet::kPaper, polynomial_settings),
      with_choice("xgboost_paper", "xgboost", FeatureSet::kPaper, [] { return xgboost_settings(false); }),
      with_choice("xgboost_log", "xgboost", FeatureSet::kPaper, [] { return xgboost_settings(true); }),
      network("perfnet", "perfnet", make_perfnet_learner, own),
      with_defaults("layer_blend", make_layer_blend_learner),
      with_choice("mlp", "mlp", FeatureSet::kPhysics, mlp_settings),
      network("perfnet_paper", "perfnet", make_perfnet_learner, paper),
      network("resperfnet_paper", "resperfnet", make_resperfnet_learner, paper),
      network("resperfnet_no_box_cox", "resperfnet", make_resperfnet_learner, without_box_cox()),
      support_vectors(options.svr_minutes),
      network("resperfnet", "resperfnet", make_resperfnet_learner, own),
      with_defaults("blend", make_blend),
  };
}

std::vector<std::string> method_names() {
  std::vector<std::string> names;
  for (const LearnerMethod& method : learner_methods({})) names.push_back(method.name);
  return names;
}

std::vector<LearnerMethod> chosen_methods(const StudyOptions& options, const std::vector<std::string>& names) {
  const std::vector<std::string>& wanted = options.learners.empty() ? names : options.learners;
  std::vector<LearnerMethod> methods;
  for (const LearnerMethod& method : learner_methods(options)) {
    if (std::find(wanted.begin(), wanted.end(), method.name) != wanted.end()) methods.push_back(method);
  }
  return methods;
}

}  // namespace perfmodel::bench
