#include "learner/calibration.h"
#include "learner/training_info.h"
#include "perfmodel/train/mlp.h"
#include "perfmodel/train/resperfnet.h"
#include "train_torch/check_options.h"
#include "train_torch/resperfnet_fit.h"
#include "train_torch/torch_errors.h"

namespace perfmodel {
namespace {

class NetworkLearner final : public Learner {
 public:
  NetworkLearner(const NetworkDesign& design, const ResPerfNetOptions& options) : design_(design), options_(options) {
    check_options(options);
  }

  std::string name() const override { return design_.name; }

  Model fit(const Dataset& data, const FitOptions& options) const override {
    check_fit(data, options);
    return translate_torch_errors(
        design_.name, [&] { return to_model(data, fit_networks(data, design_, options_, options), options); });
  }

 private:
  Model to_model(const Dataset& data, const ResPerfNetFit& fit, const FitOptions& options) const {
    ModelInfo info = training_info(name(), data.subset(fit.data.training_rows));
    info.preset = options_.preset;
    for (std::size_t j = 0; j < info.features.size(); ++j) {
      const std::vector<double>& costs = fit.data.target.costs;
      info.features[j].used = fit.data.features.columns()[j].used || (!costs.empty() && costs[j] > 0);
    }
    const Model model(std::move(info), to_evaluator(fit));
    if (fit.data.validation_rows.empty()) return model;
    return model.with_info(calibrate_interval(model, data.subset(fit.data.validation_rows), options.interval_level));
  }

  NetworkDesign design_;
  ResPerfNetOptions options_;
};

}  // namespace

std::unique_ptr<Learner> make_resperfnet_learner(const ResPerfNetOptions& options) {
  return std::make_unique<NetworkLearner>(kResPerfNet, options);
}

std::unique_ptr<Learner> make_perfnet_learner(const PerfNetOptions& options) {
  return std::make_unique<NetworkLearner>(kPerfNet, options);
}

}  // namespace perfmodel
