#pragma once

#include <memory>
#include <string>
#include <vector>

#include "perfmodel/learner/learner.h"

namespace perfmodel::bench {

/// A learner with settings that are tried.
struct Setting {
  std::string says;  ///< e.g. "degree 3"
  std::shared_ptr<const Learner> learner;
};

/// Share of the training rows that settings are chosen on.
constexpr double kChoosingFraction = 0.15;

/// Fits each setting to all but kChoosingFraction of `training` and gives the one with the least MAPE on those. A
/// single setting is taken as it is.
Setting choose_setting(const std::vector<Setting>& settings, const Dataset& training, const FitOptions& fit);

}  // namespace perfmodel::bench
