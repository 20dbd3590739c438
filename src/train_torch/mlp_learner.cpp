#include "learner/calibration.h"
#include "learner/training_info.h"
#include "perfmodel/train/mlp.h"
#include "train_torch/check_options.h"
#include "train_torch/mlp_fit.h"
#include "train_torch/torch_errors.h"

namespace perfmodel {
namespace {

class MlpLearner final : public Learner {
 public:
  explicit MlpLearner(const MlpOptions& options) : options_(options) { check_options(options); }

  std::string name() const override { return "mlp"; }

  Model fit(const Dataset& data, const FitOptions& options) const override {
    check_fit(data, options);
    return translate_torch_errors("mlp", [&] {
      const MlpFit fit = fit_mlp(data, options_, options);
      ModelInfo info = training_info(name(), data.subset(fit.data.training_rows));
      for (std::size_t j = 0; j < info.features.size(); ++j) {
        info.features[j].used = fit.data.features.columns()[j].used;
      }
      const Model model(std::move(info), to_evaluator(fit));
      return model.with_info(calibrate(model, data, fit, options));
    });
  }

 private:
  ModelInfo calibrate(const Model& model, const Dataset& data, const MlpFit& fit, const FitOptions& options) const {
    if (!fit.data.validation_rows.empty()) {
      return calibrate_interval(model, data.subset(fit.data.validation_rows), options.interval_level);
    }
    if (options.validation_fraction == 0 || options.interval_level == 0) return model.info();
    const LeftOutAnswers answers = answer_left_out_rows(data, fit, options_, options);
    return calibrate_interval(model.info(), answers.measured, answers.predicted, {}, options.interval_level);
  }

  MlpOptions options_;
};

}  // namespace

std::unique_ptr<Learner> make_mlp_learner(const MlpOptions& options) {
  return std::make_unique<MlpLearner>(options);
}

}  // namespace perfmodel
