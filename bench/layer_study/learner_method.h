#pragma once

#include <functional>
#include <string>
#include <vector>

#include "perfmodel/data/dataset.h"
#include "perfmodel/layer_time/layer_table.h"
#include "perfmodel/learner/learner.h"
#include "study.h"

namespace perfmodel::bench {

/// What came of a method's fit.
struct FittedMethod {
  std::function<std::vector<Prediction>(const Dataset&)> predict;  ///< rows with the method's features
  double interval_level = 0;                                       ///< of the predictions; 0: they have no interval
  /// For the study's row: training_rows, chosen (on validation rows) and choose_s where there was a choice, kept (where
  /// validation ended it), fit_s, and of a network of table 1 its epochs.
  Json details = Json::object();
};

/// A learner as the study runs it, with its features, and how its settings come about.
struct LearnerMethod {
  std::string name;     ///< of --learners
  std::string learner;  ///< the library's name of it
  FeatureSet features = FeatureSet::kPhysics;
  /// Fits layers of one kind. Sees training rows only: settings are chosen on some that are left out of trial fits.
  std::function<FittedMethod(const LayerTable& training, const std::string& kind, const FitOptions& fit)> fit;
  Json settings = Json::object();  ///< as StudyStep::settings
};

/// All methods, the cheap ones first. Those named *_paper, and polynomial and svr, are the columns of ResPerfNet's
/// table 1 on the paper's features; the others are perfmodel's own on physics features.
std::vector<LearnerMethod> learner_methods(const StudyOptions& options);

/// Names of learner_methods(), in their order.
std::vector<std::string> method_names();

/// Of these, those that --learners names; those in `names` where it names none.
std::vector<LearnerMethod> chosen_methods(const StudyOptions& options, const std::vector<std::string>& names);

}  // namespace perfmodel::bench
