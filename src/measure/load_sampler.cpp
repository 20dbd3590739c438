#include "measure/load_sampler.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <limits>
#include <utility>

#include "measure/look_period.h"
#include "perfmodel/data/metrics.h"

namespace perfmodel {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double median_or_nan(const std::vector<double>& values) {
  return values.empty() ? kNaN : median(values);
}

}  // namespace

LoadSampler::LoadSampler(const KnobDriver& driver, std::vector<std::string> knobs, Clock& clock, double period_s)
    : driver_(driver), clock_(clock), knobs_(std::move(knobs)) {
  if (knobs_.empty()) return;
  const double looks_s = look_period_s(period_s, clock, [this] { driver_.effective(); });
  ticker_ = clock.tick_every(looks_s, [this] { look(); });
}

void LoadSampler::look() noexcept {
  try {
    Look look{clock_.now_s(), std::vector<Level>(knobs_.size(), {kNaN, kNaN})};
    for (const EffectiveValue& value : driver_.effective()) {
      const auto knob = std::find(knobs_.begin(), knobs_.end(), value.name);
      if (knob != knobs_.end())
        look.levels[static_cast<std::size_t>(knob - knobs_.begin())] = {value.mean, value.lowest};
    }
    looks_.push_back(std::move(look));
  } catch (const std::exception&) {
    // A look that was not to be had: the median is of the others.
  }
}

std::vector<LoadSampler::Level> LoadSampler::finish(const std::vector<TimeWindow>& windows) {
  ticker_.reset();
  std::vector<Level> medians;
  for (std::size_t knob = 0; knob < knobs_.size(); ++knob) {
    std::vector<double> means, lowest;
    for (const Look& look : looks_) {
      if (!std::isfinite(look.levels[knob].mean) || !lies_within(look.time_s, windows)) continue;
      means.push_back(look.levels[knob].mean);
      lowest.push_back(look.levels[knob].lowest);
    }
    medians.push_back({median_or_nan(means), median_or_nan(lowest)});
  }
  return medians;
}

}  // namespace perfmodel
