#include "prior_draws.h"

#include "perfmodel/core/random.h"

namespace perfmodel::bench {
namespace {

constexpr double kSizeFactor = 4, kWidthFactor = 2;

void scale(double& number, double factor, Random& random) {
  number *= random.log_uniform(1 / factor, factor);
}

}  // namespace

std::vector<ResidualPriors> draw_priors(std::size_t count, std::uint64_t seed) {
  std::vector<ResidualPriors> settings(count);
  for (std::size_t i = 0; i < count; ++i) {
    Random random = Random(seed).fork(i);
    ResidualPriors& priors = settings[i];
    scale(priors.source_slope_deviation, kSizeFactor, random);
    scale(priors.effect_deviation, kSizeFactor, random);
    for (LogNormal* prior :
         {&priors.slope_deviation, &priors.signal_deviation, &priors.noise_deviation, &priors.stretch}) {
      scale(prior->median, kSizeFactor, random);
      scale(prior->deviation, kWidthFactor, random);
    }
  }
  return settings;
}

const std::vector<std::string>& prior_names() {
  static const std::vector<std::string> names = {"source_slope",   "effect",       "slope_median", "slope_width",
                                                 "signal_median",  "signal_width", "noise_median", "noise_width",
                                                 "stretch_median", "stretch_width"};
  return names;
}

std::vector<double> prior_numbers(const ResidualPriors& priors) {
  std::vector<double> numbers = {priors.source_slope_deviation, priors.effect_deviation};
  for (const LogNormal& prior :
       {priors.slope_deviation, priors.signal_deviation, priors.noise_deviation, priors.stretch}) {
    numbers.push_back(prior.median);
    numbers.push_back(prior.deviation);
  }
  return numbers;
}

}  // namespace perfmodel::bench
