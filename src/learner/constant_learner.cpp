#include "learner/builtin.h"
#include "learner/calibration.h"
#include "learner/option_json.h"
#include "learner/training_info.h"
#include "perfmodel/data/metrics.h"
#include "perfmodel/learner/learner.h"
#include "predict/evaluators.h"

namespace perfmodel {

Learner::~Learner() = default;

Model ConstantLearner::fit(const Dataset& data, const FitOptions& options) const {
  check_fit(data, options);
  const Split split = random_split(data.num_rows(), options.validation_fraction, options.seed);
  const bool calibrates = split.second.size() >= kMinCalibrationRows;
  const Dataset training = calibrates ? data.subset(split.first) : data;
  const Model model(training_info(name(), training), make_constant(data.num_features(), median(training.targets())));
  if (!calibrates) return model;
  return model.with_info(calibrate_interval(model, data.subset(split.second), options.interval_level));
}

std::unique_ptr<Learner> constant_learner_from_json(const std::string& json) {
  OptionReader("constant", json, {});
  return std::make_unique<ConstantLearner>();
}

}  // namespace perfmodel
