#include "device_methods.h"

#include <memory>
#include <utility>

#include "device_transfer.h"
#include "network_data.h"
#include "perfmodel/learner/gaussian_process.h"
#include "perfmodel/learner/registry.h"
#include "perfmodel/learner/source_learner.h"

namespace perfmodel::bench {
namespace {

using LearnerMaker = std::function<std::unique_ptr<Learner>()>;

constexpr std::size_t kFewLayers = 300, kManyLayers = 1000, kAllLayers = 16000;

DeviceMethod with_source(const std::string& name, std::size_t most_measured, const LearnerMaker& make,
                         SourceView view) {
  return {name, most_measured, [make, view](const DeviceTask& task, const FitOptions& fit) {
            return make_source_learner(task.source, make(), view)->fit(task.measured, fit);
          }};
}

DeviceMethod alone(const std::string& name, std::size_t most_measured, const LearnerMaker& make,
                   FeatureSet features = FeatureSet::kPhysics) {
  return {name, most_measured,
          [make](const DeviceTask& task, const FitOptions& fit) { return make()->fit(task.measured, fit); }, features};
}

DeviceMethod transfer(const std::string& strategy, std::size_t most_measured) {
  return {"transfer " + strategy, most_measured,
          [strategy](const DeviceTask& task, const FitOptions& fit) { return transfer_to_device(strategy, task, fit); },
          FeatureSet::kPaper, FeatureSet::kPaper};
}

std::unique_ptr<Learner> line() {
  return builtin_learners().make("polynomial", R"({"min_degree": 1, "max_degree": 1})");
}

std::unique_ptr<Learner> forest() {
  return builtin_learners().make("forest", R"({"num_trees": 16})");
}

std::unique_ptr<Learner> process() {
  GaussianProcessOptions options;
  options.log_target = true;
  options.log_ratio_above = 4;
  options.restarts = 1;
  options.max_rows = 600;
  return make_gaussian_process_learner(options);
}

}  // namespace

std::vector<DeviceMethod> device_methods() {
  const LearnerMaker xgboost = [] { return layer_learner("xgboost"); };
  const LearnerMaker few_layers = [] { return layer_learner("few_layers"); };
  return {{"dm", kManyLayers, [](const DeviceTask& task, const FitOptions&) { return task.source; }},
          with_source("lms", kManyLayers, line, SourceView::kAlone),
          with_source("nlms", kManyLayers, forest, SourceView::kAlone),
          with_source("source gp", kFewLayers, process, SourceView::kWithFeatures),
          with_source("source xgboost", kManyLayers, xgboost, SourceView::kWithFeatures),
          with_source("source few_layers", kFewLayers, few_layers, SourceView::kWithFeatures),
          transfer("dm", kFewLayers),
          transfer("lms", kFewLayers),
          transfer("nlms", kFewLayers),
          transfer("residual", kFewLayers),
          transfer("auto", kFewLayers),
          alone("alone xgboost", kAllLayers, xgboost),
          alone("alone gp", kFewLayers, process),
          alone("alone few_layers", kFewLayers, few_layers),
          alone("alone xgboost, paper's features", kManyLayers, xgboost, FeatureSet::kPaper)};
}

}  // namespace perfmodel::bench
