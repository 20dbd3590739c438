#include "measure/load_sampler.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <limits>
#include <utility>

#include "perfmodel/data/metrics.h"

namespace perfmodel {

LoadSampler::LoadSampler(const KnobDriver& driver, std::vector<std::string> knobs, Clock& clock, double period_s)
    : driver_(driver), knobs_(std::move(knobs)), values_(knobs_.size()) {
  if (!knobs_.empty()) ticker_ = clock.tick_every(period_s, [this] { sample(); });
}

void LoadSampler::sample() noexcept {
  try {
    for (const KnobReading& reading : driver_.read()) {
      const auto knob = std::find(knobs_.begin(), knobs_.end(), reading.name);
      if (knob == knobs_.end() || !std::isfinite(reading.effective)) continue;
      values_[static_cast<std::size_t>(knob - knobs_.begin())].push_back(reading.effective);
    }
  } catch (const std::exception&) {
    // A look that was not to be had: the median is of the others.
  }
}

std::vector<double> LoadSampler::finish() {
  ticker_.reset();
  std::vector<double> medians;
  for (const std::vector<double>& values : values_) {
    medians.push_back(values.empty() ? std::numeric_limits<double>::quiet_NaN() : median(values));
  }
  return medians;
}

}  // namespace perfmodel
