#pragma once

#include <string>
#include <vector>

#include "perfmodel/layer_time/layer_features.h"
#include "perfmodel/layer_time/layer_time_predictor.h"
#include "perfmodel/layer_time/network_table.h"
#include "perfmodel/learner/learner.h"
#include "study.h"

namespace perfmodel::bench {

/// Layers of all kinds that one device was timed with, apart by what they are for.
struct DeviceLayers {
  LayerTable training;         ///< what a predictor is fitted to
  std::vector<LayerRow> held;  ///< a tenth, that intervals of networks are fitted to
  std::vector<LayerRow> test;  ///< that nothing is fitted to
};

/// Of the GTX 1080 Ti, training and held are its training rows and test those of the table of devices; of another
/// device all are of that table, a fifth for the test.
DeviceLayers layers_of_device(const StudyOptions& options, const std::string& device);

/// A predictor of whole calls.
LayerTimePredictor fit_device(const LayerTable& training, const Learner& learner, const StudyOptions& options,
                              const Callbacks& callbacks, FeatureSet features = FeatureSet::kPhysics);

/// The learner of that name, with what it takes for layers: of networks the preset "default".
/// @throws Error kUnsupported: not in this build.
std::unique_ptr<Learner> layer_learner(const std::string& name);

/// Learners of layers that predictors of all kinds are fitted with.
std::vector<std::string> layer_learner_names();

/// Of these, those that --learners names; those in `names` where it names none.
std::vector<std::string> chosen_layer_learners(const StudyOptions& options, const std::vector<std::string>& names);

/// LeNet, AlexNet and VGG16 at batch sizes up to 64, which the authors timed layer by layer on the device.
std::vector<MeasuredNetwork> networks_of_device(const StudyOptions& options, const std::string& device);

/// Whether times lie in intervals, and how wide those are.
class IntervalCount {
 public:
  void add(const TimeEstimate& time, double measured_ms);
  /// Adds the members <prefix>coverage_pct and <prefix>width_pct (mean, in percent of the prediction).
  void add_to(Json& row, const std::string& prefix) const;

 private:
  double num_times_ = 0, num_inside_ = 0, width_sum_ = 0;
};

}  // namespace perfmodel::bench
