#include <c10/util/Exception.h>
#include <fmt/format.h>

#include <new>
#include <string>

#include "learner/calibration.h"
#include "learner/training_info.h"
#include "perfmodel/core/error.h"
#include "perfmodel/train/resperfnet.h"
#include "train_torch/check_options.h"
#include "train_torch/resperfnet_fit.h"

namespace perfmodel {
namespace {

/// Runs `work`; LibTorch's errors come out as ours.
template <typename Work>
auto translate_errors(Work work) {
  try {
    return work();
  } catch (const c10::Error& error) {
    const std::string text = error.what_without_backtrace();
    const bool out_of_memory = text.find("not enough memory") != std::string::npos;
    throw Error(out_of_memory ? ErrorCode::kOutOfMemory : ErrorCode::kInternal,
                fmt::format("LibTorch: {}", text.substr(0, text.find('\n'))));
  } catch (const std::bad_alloc&) {
    throw Error(ErrorCode::kOutOfMemory, "no memory left to fit resperfnet");
  }
}

class ResPerfNetLearner final : public Learner {
 public:
  explicit ResPerfNetLearner(const ResPerfNetOptions& options) : options_(options) {}

  std::string name() const override { return "resperfnet"; }

  Model fit(const Dataset& data, const FitOptions& options) const override {
    check_fit(data, options);
    return translate_errors([&] { return to_model(data, fit_networks(data, options_, options), options); });
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

  ResPerfNetOptions options_;
};

}  // namespace

std::unique_ptr<Learner> make_resperfnet_learner(const ResPerfNetOptions& options) {
  check_options(options);
  return std::make_unique<ResPerfNetLearner>(options);
}

}  // namespace perfmodel
