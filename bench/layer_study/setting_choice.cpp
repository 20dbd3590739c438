#include "setting_choice.h"

#include <limits>

#include "perfmodel/core/random.h"
#include "study_data.h"

namespace perfmodel::bench {
namespace {

constexpr std::uint64_t kChoosingStream = 500;

double error_of(const Model& model, const Dataset& rows) {
  std::vector<double> means;
  for (const Prediction& prediction : predict_all(model, rows)) means.push_back(prediction.mean);
  return mape_pct(rows.targets(), means);
}

}  // namespace

Setting choose_setting(const std::vector<Setting>& settings, const Dataset& training, const FitOptions& fit) {
  if (settings.size() == 1) return settings.front();
  const Split split =
      random_split(training.num_rows(), kChoosingFraction, Random(fit.seed).fork(kChoosingStream).bits());
  const Dataset fitted = training.subset(split.first), judged = training.subset(split.second);
  FitOptions trial = fit;
  trial.interval_level = 0;
  const Setting* best = nullptr;
  double least = std::numeric_limits<double>::infinity();
  for (const Setting& setting : settings) {
    const double error = error_of(setting.learner->fit(fitted, trial), judged);
    if (best != nullptr && !(error < least)) continue;
    best = &setting;
    least = error;
  }
  return *best;
}

}  // namespace perfmodel::bench
